"""Worker processes that are alive, and the model that each has loaded."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models

from accounts.clock import Now

ALIVE_SECONDS = 30
"""Seconds of silence after which a worker counts as gone."""


class WorkerProcess(models.Model):
    """One process that reads. While it lives, it updates its row every few seconds."""

    name = models.CharField(max_length=120, unique=True)
    queue = models.CharField(max_length=40)
    model_sha256 = models.CharField(max_length=64)
    started_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now(), db_index=True)

    class Meta:
        verbose_name_plural = "worker processes"
        ordering: ClassVar[list[str]] = ["queue", "name"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def seen(cls, name: str, queue: str, model_sha256: str) -> None:
        """Note that this process is alive."""
        cls.objects.update_or_create(
            name=name, defaults={"queue": queue, "model_sha256": model_sha256, "seen_at": Now()}
        )

    @classmethod
    def alive(cls) -> models.QuerySet[WorkerProcess]:
        """Processes that were heard of within the last `ALIVE_SECONDS`."""
        return cls.objects.filter(seen_at__gte=Now() - timedelta(seconds=ALIVE_SECONDS))
