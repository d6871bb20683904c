"""What people decided about readings: rows that are added, and never changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from accounts.models import Action
from accounts.models.audit import record
from ml.reading.forms.layouts import Kind
from recognition.values import VALUE_LENGTH

TOLD_KINDS = (Kind.AMOUNT, Kind.DATE)
"""The kinds of fields whose values stand in the record. Others may be numbers of accounts."""


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Decisions."""

    def standing(self) -> DecisionQuerySet:
        """Those that nobody has undone, without the rows that undo others."""
        return self.filter(reverses=None, reversed_by=None)


class Decision(models.Model):
    """A person's decision on the value of a field, and the value that held before.

    To undo one is a row of its own, which names the decision that it reverses. Triggers keep every row as it was made
    (recognition/triggers.py).
    """

    class Verdict(models.TextChoices):
        VALUE = "value", "Has a value"
        UNREADABLE = "unreadable", "Unreadable"
        ABSENT = "absent", "Absent"

    reading = models.ForeignKey("recognition.FieldReading", on_delete=models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=10, choices=Verdict.choices, default=Verdict.VALUE)
    value = models.CharField("empty where there is none", max_length=VALUE_LENGTH, blank=True)
    was = models.CharField(max_length=VALUE_LENGTH, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)
    overrode = models.JSONField("checks against the value that the person was told of", default=list, blank=True)
    reverses = models.OneToOneField(
        "self", on_delete=models.RESTRICT, null=True, related_name="reversed_by", verbose_name="the decision it undoes"
    )

    objects: ClassVar[models.Manager[Decision]] = models.Manager.from_queryset(DecisionQuerySet)()

    class Meta:
        ordering = ("pk",)
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["decided_at"], name="decision_time")]

    def __str__(self) -> str:
        return f"{self.was} → {self.value or self.verdict}"

    def keep(self) -> Decision:
        """Save it, and record it."""
        with transaction.atomic():
            self.save(force_insert=True)
            tell_of([self])
        return self

    @property
    def confirms(self) -> bool:
        """Whether it confirms the value that was read."""
        return self.verdict == self.Verdict.VALUE and self.value == self.reading.value

    def reversal(self, by: Any, at: datetime | None = None) -> Decision:
        """An unsaved row that undoes this decision.

        Args:
            by: The person who undoes it.
            at: When; None for now.
        """
        return Decision(
            reading=self.reading, reverses=self, value=self.was, was=self.value, decided_by=by,
            decided_at=at or timezone.now(),
        )  # fmt: skip


def tell_of(decisions: Sequence[Decision]) -> None:
    """Record decisions that were saved, all of them on one document, made or undone by one person.

    It is called last in a transaction, because events wait for each other.
    """
    first = decisions[0]
    page = first.reading.page
    facts: dict[str, Any] = {
        "decisions": [decision.pk for decision in decisions],
        "readings": [decision.reading_id for decision in decisions],
        "field": first.reading.field,
        "verdict": first.verdict,
    }
    if len(decisions) == 1 and first.reading.kind in TOLD_KINDS:
        facts |= {"before": first.was, "after": first.value}
    action = Action.DECIDED if first.reverses_id is None else Action.UNDONE
    document = page.document
    record(action, document, by=first.decided_by, branch=document.branch_id, **facts)
