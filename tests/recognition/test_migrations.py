"""A database of the version before branches: nothing in it is lost or changed on the way here, and on the way back."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from accounts.models import Branch, Membership, Rights, User
from accounts.roles import May
from recognition.models import Document, FieldReading

BEFORE = [("accounts", "0002_invitations"), ("recognition", "0014_amount_in_words")]
DOCUMENTS = int(os.environ.get("COUNTERSIGN_MIGRATED_DOCUMENTS", "200"))
"""How many documents are taken along. The report on ten thousand of them says so."""
PEOPLE = 20


def apps_at(targets: list[tuple[str, str]]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


def fill(apps: Any) -> None:
    """People, documents, pages, readings and decisions, as the version before made them."""
    model = apps.get_model
    people = [
        model("accounts", "User").objects.create(email=f"p{number}@example.com", is_staff=number == 0)
        for number in range(PEOPLE)
    ]
    facts = {"media_type": "image/png", "size": 7, "page_count": 1, "sha256": "a" * 64, "state": "read"}
    deleted = timezone.now()
    documents = model("recognition", "Document")._base_manager.bulk_create(
        model("recognition", "Document")(
            owner=people[number % PEOPLE], name=f"{number}.png", upload_key=f"key:{number}",
            deleted_at=deleted if number % 10 == 0 else None, **facts,
        )
        for number in range(DOCUMENTS)
    )  # fmt: skip
    pages = model("recognition", "Page").objects.bulk_create(
        model("recognition", "Page")(document=document, number=1, width=9, height=9, sha256="b" * 64)
        for document in documents
    )
    readings = model("recognition", "FieldReading").objects.bulk_create(
        model("recognition", "FieldReading")(
            page=page, position=1, field="number", text="1?", value=f"{number}", confidence=0.5, accepted=False,
            left=0, top=0, width=5, height=5, digits=[], model_sha256="c" * 64, settings="any",
        )
        for number, page in enumerate(pages)
    )  # fmt: skip
    model("recognition", "Decision").objects.bulk_create(
        model("recognition", "Decision")(
            reading=reading, value=f"{number}{turn}", was=reading.value, decided_by=people[(number + turn) % PEOPLE]
        )
        for number, reading in enumerate(readings)
        for turn in range(number % 3)
    )
    for number in range(5):
        model("recognition", "Layout")._base_manager.create(owner=people[number], name=f"l-{number}", title="L")
    model("recognition", "ErrorRate").objects.create(rate=0.01, chosen_by=people[0])


def rows(apps: Any, app: str, name: str, **renamed: str) -> list[dict[str, Any]]:
    """The rows of a table as the version before has them, by key; `renamed` has its columns' names of today."""
    old = {"document": ["id", "name", "upload_key", "sha256", "state", "deleted_at", "created_at"],
           "decision": ["id", "reading_id", "value", "was", "verdict", "decided_by_id", "decided_at", "overrode"],
           "fieldreading": ["id", "page_id", "value", "text", "confidence", "accepted"],
           "page": ["id", "document_id", "number", "sha256"],
           "layout": ["id", "name", "title"], "errorrate": ["id", "rate", "chosen_by_id"],
           "user": ["id", "email", "is_staff"]}[name.lower()]  # fmt: skip
    found = apps.get_model(app, name)._base_manager.order_by("pk").values(*old, *renamed.values())
    return [{key: row[key] for key in old} | {key: row[now] for key, now in renamed.items()} for row in found]


def everything(apps: Any, document_of: str, layout_of: str) -> dict[str, list[dict[str, Any]]]:
    return {
        "documents": rows(apps, "recognition", "Document", owner_id=document_of),
        "layouts": rows(apps, "recognition", "Layout", owner_id=layout_of),
        **{name: rows(apps, "recognition", name) for name in ("Page", "FieldReading", "Decision", "ErrorRate")},
        "people": rows(apps, "accounts", "User"),
    }


@pytest.mark.django_db(transaction=True)
def test_a_filled_database_comes_along_and_goes_back_as_it_was() -> None:
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        then = apps_at(BEFORE)
        fill(then)
        before = everything(then, "owner_id", "owner_id")
        assert len(before["documents"]) == DOCUMENTS
        now = apps_at(latest)
        assert everything(now, "uploaded_by_id", "made_by_id") == before
        _each_has_what_was_theirs(before)
        _undo_one(before)
        assert everything(apps_at(BEFORE), "owner_id", "owner_id") == before
    finally:
        apps_at(latest)


def _undo_one(before: dict[str, list[dict[str, Any]]]) -> None:
    """Undo a decision, and have its document read again. The version before would have deleted the decision."""
    reading = FieldReading.objects.filter(decisions__isnull=False, page__document__deleted_at=None).first()
    assert reading is not None
    document, decisions = reading.page.document, list(reading.decisions.values_list("pk", flat=True))
    for _ in decisions:
        FieldReading.objects.get(pk=reading.pk).undo_correction(by=document.uploaded_by)
    reading.page.make_way()
    assert document.former_pages.count() == 1
    before["Decision"] = [row for row in before["Decision"] if row["id"] not in decisions]
    before["FieldReading"] = [row for row in before["FieldReading"] if row["id"] != reading.pk]
    before["Page"] = [row for row in before["Page"] if row["id"] != reading.page_id]


def _each_has_what_was_theirs(before: dict[str, list[dict[str, Any]]]) -> None:
    """Everybody owns a private branch with their documents, and who administered still does."""
    assert Branch.objects.filter(private_of=None).count() == 0
    administrators = Membership.objects.now().filter(role="administrator").values_list("person__email", flat=True)
    assert list(administrators) == ["p0@example.com"]
    for person in User.objects.all():
        rights = Rights.of(person)
        theirs = set(Document.everything.filter(rights.where(May.SEE)).values_list("pk", flat=True))
        assert theirs == {row["id"] for row in before["documents"] if row["owner_id"] == person.pk}
    decided = FieldReading.objects.filter(decisions__isnull=False).distinct().prefetch_related("decisions")
    for reading in decided:
        assert reading.current_value == reading.decisions.last().value  # type: ignore[union-attr]
