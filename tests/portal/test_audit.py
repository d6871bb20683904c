"""What pages put into the record: the story of a document, and every look of an auditor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.chain import verify
from accounts.models import Action, AuditEvent, Branch, User
from accounts.models.audit import record
from accounts.roles import Role
from recognition.models import Document, FieldReading
from tests.fixtures_branches import Join


def test_a_document_tells_its_story(read: Callable[..., Document], alice: User, client: Client) -> None:
    document = read("351")
    client.force_login(alice)
    client.get(reverse("document", args=[document.pk]))
    b"".join(client.get(reverse("document-original", args=[document.pk])).streaming_content)  # type: ignore[attr-defined]
    client.post(reverse("document-delete", args=[document.pk]))
    client.post(reverse("document-restore", args=[document.pk]))
    about = f"document {document.pk}"
    document.remove()
    story = AuditEvent.objects.filter(about=about).order_by("number")
    told = ["uploaded", "looked", "downloaded", "deleted", "restored", "removed"]
    assert list(story.values_list("action", flat=True)) == told
    assert story.last().facts["sha256"] == document.sha256  # type: ignore[union-attr]


def test_every_look_of_an_auditor_is_recorded(join: Join, read: Callable[..., Document], branch: Branch) -> None:
    auditor, document = join(Role.AUDITOR), read("351", branch_id=branch.pk)
    client = Client()
    client.force_login(auditor)
    number = FieldReading.objects.filter(page__document=document).first()
    assert number is not None
    asked = [("history", []), ("document", []), ("page-image", [1]), ("page-thumbnail", [1]), ("reading", [number.pk])]
    for name, more in asked:
        client.get(reverse(name, args=[] if name == "history" else [document.pk, *more]))
    seen = AuditEvent.objects.filter(actor=auditor.pk).order_by("number").values_list("action", "branch")
    assert list(seen)[-5:] == [("listed", None), *[("looked", branch.pk)] * 4]


@pytest.mark.django_db(transaction=True)
def test_events_of_many_at_once_make_one_chain(alice: User, at_once: Callable[..., list[Any]]) -> None:
    at_once([lambda: [record(Action.LOOKED, alice) for _ in range(5)] for _ in range(8)])
    assert verify() == AuditEvent.objects.count() >= 40


def test_what_an_operator_changes_is_recorded(dana: User, bob: User) -> None:
    client = Client()
    client.force_login(dana)
    client.post(f"/admin/accounts/user/{bob.pk}/change/", {"is_staff": "on"})
    event = AuditEvent.objects.get(action=Action.OPERATOR_CHANGED)
    assert (event.actor, event.about) == (dana.pk, f"user {bob.pk}")
    assert event.facts == {"after": {"is_active": False, "is_staff": True}}


def test_an_upload_that_is_sent_again_brings_nothing_back_that_is_no_longer_theirs(
    join: Join, branch: Branch, honest_files: Any
) -> None:
    clerk = join(Role.CLERK)
    client = Client()
    client.force_login(clerk)

    def send() -> Any:
        file = SimpleUploadedFile("a.png", honest_files[".png"])
        return client.post(reverse("upload"), {"files": file, "idempotency_key": "k"}, headers={"HX-Request": "true"})

    assert send().status_code == 200
    Document.objects.get().hide()
    clerk.memberships.get(role="clerk").end()
    answer = send()
    assert answer.status_code == 422
    assert "to a branch in which you may no longer see it" in answer.content.decode()
    assert not Document.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_layout_with_its_sample_and_an_upload_at_once_wait_for_each_other(
    alice: User, honest_files: Any, at_once: Callable[..., list[Any]]
) -> None:
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(alice)

    def teach() -> int:
        sample = SimpleUploadedFile("a.png", honest_files[".png"])
        return clients[0].post(reverse("layout-new"), {"title": "Slip", "sample": sample}).status_code

    def send() -> int:
        file = SimpleUploadedFile("b.png", honest_files[".png"])
        return clients[1].post(reverse("upload"), {"files": file}, headers={"HX-Request": "true"}).status_code

    for _ in range(4):
        assert set(at_once([teach, send])) <= {200, 302, 422}
    verify()
