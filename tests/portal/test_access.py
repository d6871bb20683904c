"""Who gets what at every address that belongs to one person."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from recognition.models import Document, FieldReading

PAGES = ["document", "reading", "document-progress"]
FILES = ["document-original", "page-image", "page-thumbnail"]
CHANGES = ["document-again", "document-layout", "document-delete", "reading-correct", "reading-undo"]


@pytest.fixture
def address(read: Callable[..., Document]) -> Callable[[str], str]:
    """An address of Alice's document, or of its first page or number."""
    document = read("351")
    number = FieldReading.objects.get(page__document=document)

    def of(name: str) -> str:
        more = [1] if name.startswith("page-") else [number.pk] if name.startswith("reading") else []
        return reverse(name, args=[document.pk, *more])

    return of


def send(client: Client, name: str, address: str) -> int:
    method = client.post if name in (*CHANGES, "document-restore") else client.get
    return method(address, {"value": "351"} if name == "reading-correct" else {}).status_code


@pytest.mark.parametrize("name", PAGES + FILES)
def test_owner_sees_it(name: str, address: Callable[[str], str], owner: Client) -> None:
    assert send(owner, name, address(name)) == 200


@pytest.mark.parametrize("name", PAGES)
def test_nothing_stays_in_the_browser_after_signing_out(
    name: str, address: Callable[[str], str], owner: Client
) -> None:
    assert "no-store" in owner.get(address(name))["Cache-Control"]
    assert "no-store" in owner.get(reverse("history"))["Cache-Control"]


@pytest.mark.parametrize("name", CHANGES)
def test_owner_may_change_it(name: str, address: Callable[[str], str], owner: Client) -> None:
    assert send(owner, name, address(name)) == 302


@pytest.mark.parametrize("person", ["bob", "charlie", "dana"])
@pytest.mark.parametrize("name", PAGES + FILES + CHANGES)
def test_colleague_stranger_and_administrator_get_404(
    name: str,
    person: str,
    address: Callable[[str], str],
    signed_in: Callable[[User], Client],
    request: pytest.FixtureRequest,
) -> None:
    client = signed_in(request.getfixturevalue(person))
    assert send(client, name, address(name)) == 404
    assert Document.objects.count() == 1
    assert FieldReading.objects.get().decision is None


@pytest.mark.parametrize("name", ["document", *CHANGES])
def test_anonymous_is_asked_to_sign_in(name: str, address: Callable[[str], str], client: Client) -> None:
    method = client.post if name in CHANGES else client.get
    answer = method(address(name))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", [*FILES, "reading", "document-progress"])
def test_anonymous_gets_404_for_files_and_parts(name: str, address: Callable[[str], str], client: Client) -> None:
    assert client.get(address(name)).status_code == 404


@pytest.mark.parametrize("name", ["upload", "history"])
def test_anonymous_is_sent_from_own_pages_to_sign_in(name: str, client: Client, db: None) -> None:
    assert client.get(reverse(name))["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", [*CHANGES, "document-restore"])
def test_changes_are_made_by_post_alone(name: str, address: Callable[[str], str], owner: Client) -> None:
    assert owner.get(address(name)).status_code == 405


@pytest.mark.parametrize("name", PAGES + FILES)
def test_pages_and_files_take_no_post(name: str, address: Callable[[str], str], owner: Client) -> None:
    assert owner.post(address(name)).status_code == 405


def test_deleted_document_is_gone_for_its_owner_too(
    read: Callable[..., Document], owner: Client, signed_in: Callable[[User], Client], bob: User
) -> None:
    document = read("351")
    document.hide()
    assert owner.get(reverse("document", args=[document.pk])).status_code == 404
    assert owner.get(reverse("page-image", args=[document.pk, 1])).status_code == 404
    assert signed_in(bob).post(reverse("document-restore", args=[document.pk])).status_code == 404
    assert owner.post(reverse("document-restore", args=[document.pk])).status_code == 302
    assert owner.get(reverse("document", args=[document.pk])).status_code == 200
