"""A number written on the pad, or the sample on the home page. It is read once, shown, and forgotten."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models

from accounts.clock import Now
from ml.reading.elements import PageReading
from recognition.export import number_as_json


class Drawing(models.Model):
    """A small picture that the pad's worker reads. The sweep removes it within the hour.

    `visitor` is the browser session that drew it. No other session sees the result.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        READING = "reading"
        READ = "read"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visitor = models.CharField(max_length=64)
    image = models.BinaryField()
    one_number = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    reason = models.CharField(max_length=300, blank=True)
    numbers = models.JSONField("what was read: value, text, confidence, accepted, box, digits", default=list)
    created_at = models.DateTimeField(db_default=Now(), db_index=True)
    claimed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"drawing {self.pk}"

    @classmethod
    def claim(cls, drawing_id: uuid.UUID | str) -> Drawing | None:
        """Claim the drawing for reading; None where another worker has it, or where it is gone."""
        won = cls.objects.filter(pk=drawing_id, state=cls.State.QUEUED).update(
            state=cls.State.READING, claimed_at=Now()
        )
        return cls.objects.get(pk=drawing_id) if won else None

    def record(self, reading: PageReading) -> None:
        """Save what was read."""
        numbers: list[dict[str, Any]] = [number_as_json(number) for number in reading.readings]
        Drawing.objects.filter(pk=self.pk, state=self.State.READING).update(state=self.State.READ, numbers=numbers)

    def fail(self, reason: str) -> None:
        """End the reading with a sentence that a person understands."""
        Drawing.objects.filter(pk=self.pk, state=self.State.READING).update(
            state=self.State.FAILED, reason=reason[:300]
        )
