"""What pages put into the record: the story of a document, and every look of an auditor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.chain import verify
from accounts.models import Action, AuditEvent, Branch, User
from accounts.models.audit import record
from accounts.roles import Role
from recognition.models import Document
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
    for name, more in (("history", []), ("document", [document.pk]), ("page-image", [document.pk, 1])):
        client.get(reverse(name, args=more))
    seen = AuditEvent.objects.filter(actor=auditor.pk).order_by("number").values_list("action", "branch")
    assert list(seen)[-3:] == [("listed", None), ("looked", branch.pk), ("looked", branch.pk)]


@pytest.mark.django_db(transaction=True)
def test_events_of_many_at_once_make_one_chain(alice: User, at_once: Callable[..., list[Any]]) -> None:
    at_once([lambda: [record(Action.LOOKED, alice) for _ in range(5)] for _ in range(8)])
    assert verify() == AuditEvent.objects.count() >= 40
