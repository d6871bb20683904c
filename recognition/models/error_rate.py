"""The error rates that administrators chose, with who chose them and when."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from accounts.models import Action
from accounts.models.audit import record
from ml.reading.operating_points import shipped_card


class ErrorRate(models.Model):
    """One choice. The latest holds for all later readings. Earlier choices stay, so that people can look them up."""

    rate = models.FloatField("of what passes without a person, so much may be wrong")
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]

    def __str__(self) -> str:
        return f"{self.rate:.2%}"

    @classmethod
    def choose(cls, rate: float, by: Any) -> ErrorRate:
        """Let this rate hold from now on."""
        with transaction.atomic():
            before = cls.current()
            chosen = cls.objects.create(rate=rate, chosen_by=by)
            record(Action.ERROR_RATE_CHOSEN, chosen, by=by, before=str(before), after=str(rate))
        return chosen

    @classmethod
    def current(cls) -> float:
        """The rate that holds now: the latest choice, or the rate that the reader ships with."""
        rate = cls.objects.values_list("rate", flat=True).first()
        return float(shipped_card()["error_rate"]) if rate is None else rate
