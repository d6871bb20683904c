"""Checks of the settings of accounts when a process starts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from accounts.registration import BY_PATTERN


@register
def pattern_is_given(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:
    """Find registration by pattern without any pattern, which lets nobody register."""
    if settings.REGISTRATION == BY_PATTERN and not settings.REGISTRATION_PATTERNS:
        return [
            Error(
                "REGISTRATION is 'pattern', and there is no pattern.",
                hint="Set REGISTRATION_PATTERNS, for example to *@example.com.",
                id="accounts.E001",
            )
        ]
    return []
