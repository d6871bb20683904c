"""A number as read, and what a person decided about it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone

from ml.reading.elements import Reading
from recognition.export import digit_as_json, readings_as_json, writing_as_json
from recognition.models.page import Page

VALUE_LENGTH = 120
"""What a row holds of a number; none that is longer passes without a person."""

VALUE_PATTERN = RegexValidator(
    rf"^[0-9]{{1,{VALUE_LENGTH}}}\Z", f"A number is written in digits, 0 to 9, at most {VALUE_LENGTH} of them."
)


class FieldReading(models.Model):
    """One number on a page. What was read is never changed; a correction stands beside it as a `Decision`."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="readings")
    position = models.PositiveIntegerField("place in reading order, from 1")
    field = models.CharField(max_length=60)
    text = models.CharField("as written", max_length=VALUE_LENGTH)
    value = models.CharField("digits as read", max_length=VALUE_LENGTH, db_index=True)
    confidence = models.FloatField()
    accepted = models.BooleanField("may pass without a person")
    left = models.PositiveIntegerField()
    top = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    digits = models.JSONField("each digit: digit, confidence, box [x, y, w, h], alternatives")
    checks = models.JSONField(default=list)
    readings = models.JSONField("the likeliest values: value, confidence", default=list)
    writing = models.JSONField("how it was written: words, and the figures behind them", null=True, default=None)
    model_sha256 = models.CharField(max_length=64)
    settings = models.CharField(max_length=300)

    class Meta:
        ordering = ("page__number", "position")
        constraints = (models.UniqueConstraint(fields=["page", "position"], name="one_reading_a_place"),)

    def __str__(self) -> str:
        return self.text

    @classmethod
    def of(cls, page: Page, position: int, reading: Reading) -> FieldReading:
        """An unsaved row of what was read."""
        left, top, width, height = reading.box.xywh
        return cls(
            page=page,
            position=position,
            field=reading.field,
            text=reading.text[:VALUE_LENGTH],
            value=reading.value[:VALUE_LENGTH],
            confidence=reading.confidence,
            accepted=reading.accepted and len(reading.value) <= VALUE_LENGTH,
            left=left,
            top=top,
            width=width,
            height=height,
            digits=[digit_as_json(digit) for digit in reading.digits],
            checks=list(reading.checks),
            readings=readings_as_json(reading),
            writing=writing_as_json(reading.writing),
            model_sha256=reading.provenance.model_sha256,
            settings=reading.provenance.settings,
        )

    @property
    def decision(self) -> Decision | None:
        """The person's latest word, or None; uses what `prefetch_related("decisions")` brought."""
        return max(self.decisions.all(), key=lambda decision: decision.pk, default=None)

    @property
    def current_value(self) -> str:
        """What holds now: the correction if there is one, else what was read."""
        decision = self.decision
        return decision.value if decision else self.value

    @property
    def own_box(self) -> list[int]:
        """Left, top, width and height on the page, in pixels."""
        return [self.left, self.top, self.width, self.height]

    @property
    def needs_person(self) -> bool:
        """Whether it was not accepted and nobody has decided yet."""
        return not self.accepted and self.decision is None

    def correct(self, value: str, by: Any) -> Decision:
        """Keep a person's value beside what was read.

        Raises:
            ValidationError: The value is not 1 to 120 digits.
        """
        VALUE_PATTERN(value)
        return self.decisions.create(value=value, was=self.current_value, decided_by=by)

    def undo_correction(self) -> None:
        """Take the latest decision back; what held before it holds again."""
        decision = self.decision
        if decision is not None:
            decision.delete()


class Decision(models.Model):
    """What a person said a number is, and what stood there before."""

    reading = models.ForeignKey(FieldReading, on_delete=models.CASCADE, related_name="decisions")
    value = models.CharField(max_length=VALUE_LENGTH, validators=[VALUE_PATTERN])
    was = models.CharField(max_length=VALUE_LENGTH)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("pk",)
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["decided_at"], name="decision_time")]

    def __str__(self) -> str:
        return f"{self.was} → {self.value}"
