"""Worker processes that are alive, and the model that each has loaded."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone

ALIVE_SECONDS = 30
"""A worker that has not been heard of for longer counts as gone."""


class WorkerProcess(models.Model):
    """One process that reads. It writes its row every few seconds while it lives."""

    name = models.CharField(max_length=120, unique=True)
    queue = models.CharField(max_length=40)
    model_sha256 = models.CharField(max_length=64)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name_plural = "worker processes"
        ordering: ClassVar[list[str]] = ["queue", "name"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def seen(cls, name: str, queue: str, model_sha256: str) -> None:
        """Write that this process is alive."""
        cls.objects.update_or_create(
            name=name, defaults={"queue": queue, "model_sha256": model_sha256, "seen_at": timezone.now()}
        )

    @classmethod
    def alive(cls) -> models.QuerySet[WorkerProcess]:
        """Those heard of within `ALIVE_SECONDS`."""
        return cls.objects.filter(seen_at__gte=timezone.now() - timedelta(seconds=ALIVE_SECONDS))
