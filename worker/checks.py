"""Checks of the workers' settings when a process starts. Each finding says how to solve it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from worker.malware import address_of


@register
def clamd_can_be_asked(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:
    """Nothing is read while clamd cannot be asked, so a wrong address would stop every document."""
    found: list[CheckMessage] = []
    if settings.CLAMD:
        try:
            address_of(settings.CLAMD)
        except ValueError as wrong:
            found.append(Error(f"CLAMD is {settings.CLAMD!r}.", hint=str(wrong), id="worker.E001"))
    if not 1 <= settings.CLAMD_SECONDS < settings.READ_SOFT_SECONDS:
        hint = f"Set it to 1 or more, and to less than READ_SOFT_SECONDS, {settings.READ_SOFT_SECONDS}."
        found.append(Error(f"CLAMD_SECONDS is {settings.CLAMD_SECONDS}.", hint=hint, id="worker.E002"))
    return found
