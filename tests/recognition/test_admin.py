"""Administrators see states and counts, never a name, an image or a value."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from urllib.parse import urljoin

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from recognition.models import Document, FieldReading, Page, WorkerProcess
from tests.fixtures_html import on_one_line
from tests.fixtures_layouts import Teach

NAME = "salary-of-mrs-quill.png"
VALUE = "90817263544"
CORRECTED = "90817263545"
TEXT = "9081726-3544"
DOCUMENTS = "/admin/recognition/document/"
LAYOUTS = "/admin/recognition/layout/"
WORKERS = "/admin/recognition/workerprocess/"


@pytest.fixture
def document(upload: Callable[..., Document], alice: User) -> Document:
    """A document that was read and corrected."""
    document = upload(name=NAME)
    Document.everything.filter(pk=document.pk).update(state="read", finished_at=timezone.now())
    page = Page.objects.create(
        document=document, number=1, width=9, height=9, sha256="c0ffee" * 10, preview="previews/1"
    )
    reading = FieldReading.objects.create(
        page=page, position=1, field="", text=TEXT, value=VALUE, confidence=0.9, accepted=True,
        left=0, top=0, width=5, height=5, digits=[], model_sha256="a" * 64, settings="",
    )  # fmt: skip
    reading.correct(CORRECTED, by=alice)
    document.refresh_from_db()
    return document


@pytest.fixture
def admin_client(client: Client, dana: User) -> Client:
    """Dana, signed in."""
    client.force_login(dana)
    return client


def crawl(client: Client, start: str) -> dict[str, str]:
    """Every page of the administrators' site that can be reached by links."""
    found: dict[str, str] = {}
    waiting = [start]
    while waiting and len(found) < 150:
        address = waiting.pop()
        if address in found or "/logout/" in address:
            continue
        response = client.get(address, follow=True)
        assert response.status_code == 200, address
        found[address] = on_one_line(response.content.decode())
        links = (urljoin(address, unescape(link)) for link in re.findall(r'href="([^"#]+)', found[address]))
        waiting += [link for link in links if link.startswith("/admin/")]
    return found


def test_no_page_that_links_lead_to_tells_a_name_a_value_or_an_image(admin_client: Client, document: Document) -> None:
    pages = crawl(admin_client, "/admin/")
    assert {"/admin/", DOCUMENTS, WORKERS} <= set(pages)
    assert str(document.pk) in pages[DOCUMENTS]
    secrets = (NAME, VALUE, CORRECTED, TEXT, document.sha256, "originals/", f"/documents/{document.pk}")
    for address, page in pages.items():
        assert not [secret for secret in secrets if secret in page], address
        assert not re.findall(r'<img(?! src="/static/)', page), address


@pytest.mark.parametrize("way", ["{pk}/change/", "{pk}/delete/", "{pk}/history/", "{pk}/", "add/"])
def test_there_is_no_page_of_one_document(admin_client: Client, document: Document, way: str) -> None:
    assert admin_client.get(DOCUMENTS + way.format(pk=document.pk)).status_code == 404
    assert Document.objects.filter(pk=document.pk).exists()


@pytest.mark.parametrize("lookup", ["name__startswith", "sha256", "original", "pages__readings__value__startswith"])
def test_address_cannot_spell_out_what_is_not_shown(admin_client: Client, document: Document, lookup: str) -> None:
    response = admin_client.get(DOCUMENTS, {lookup: "s"})
    assert response.status_code in (302, 400)


def test_completion_tells_no_file_name(admin_client: Client, document: Document) -> None:
    source = {"app_label": "recognition", "model_name": "page", "field_name": "document"}
    response = admin_client.get("/admin/autocomplete/", source)
    assert response.status_code == 404
    assert NAME not in response.content.decode()


def test_documents_can_be_found_by_owner_and_state(
    admin_client: Client, document: Document, upload: Callable[..., Document], bob: User
) -> None:
    other = upload(uploaded_by=bob)
    by_owner = admin_client.get(DOCUMENTS, {"q": "alice"}).content.decode()
    assert str(document.pk) in by_owner
    assert str(other.pk) not in by_owner
    by_state = admin_client.get(DOCUMENTS, {"state__exact": "queued"}).content.decode()
    assert str(other.pk) in by_state
    assert str(document.pk) not in by_state


def test_layouts_are_listed_without_title_draft_or_sample(admin_client: Client, teach: Teach, bob: User) -> None:
    layout = teach(title=NAME)
    layout.record(layout.revision, [{"value": VALUE}])
    gone = teach(owner=bob, sample=False)
    gone.hide()
    pages = crawl(admin_client, LAYOUTS)
    assert str(layout.pk) in pages[LAYOUTS]
    assert str(gone.pk) not in pages[LAYOUTS]
    secrets = (NAME, layout.name, VALUE, "layouts/" + str(layout.pk), "account</")
    for address, page in pages.items():
        assert not [secret for secret in secrets if secret in page], address
    assert admin_client.get(f"{LAYOUTS}{layout.pk}/change/").status_code == 404
    assert admin_client.get(LAYOUTS, {"title__startswith": "s"}).status_code in (302, 400)


def test_deleted_document_is_not_listed(admin_client: Client, document: Document) -> None:
    document.hide()
    assert str(document.pk) not in admin_client.get(DOCUMENTS).content.decode()


def test_posting_to_the_list_changes_nothing(admin_client: Client, document: Document) -> None:
    admin_client.post(DOCUMENTS, {"action": "delete_selected", "_selected_action": str(document.pk), "post": "yes"})
    assert Document.objects.filter(pk=document.pk).exists()


def test_workers_are_listed_with_their_model_and_whether_they_live(admin_client: Client) -> None:
    WorkerProcess.seen("reader-1", "documents", "feedface" * 8)
    WorkerProcess.seen("reader-2", "pad", "feedface" * 8)
    WorkerProcess.objects.filter(name="reader-2").update(seen_at=timezone.now() - timedelta(minutes=2))
    page = admin_client.get(WORKERS).content.decode()
    assert {"reader-1", "reader-2", "feedfacefeed"} <= set(re.findall(r"[\w-]+", page))
    assert re.findall(r'title="(True|False)"', page) == ["True", "False"]


def test_the_number_of_queries_does_not_grow_with_the_list(
    admin_client: Client, upload: Callable[..., Document], django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(12):
        upload(uploaded_by=User.objects.create_user(f"p{number}@example.com"))
    with django_assert_max_num_queries(9):  # type: ignore[attr-defined]
        admin_client.get(DOCUMENTS)
