"""Checks of the settings of accounts when a process starts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution

from accounts.registration import BY_PATTERN
from accounts.roles import Role
from accounts.triggers import RECORD, ROLES, missing


@register(Tags.database)
def triggers_are_there(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Find tables whose rows could be changed because their trigger is missing."""
    if "default" not in (options.get("databases") or ()):
        return []
    # A warning, because `migrate` itself stops at an error.
    return [
        Caution(
            f"{refusal.statement} of {refusal.table} is not refused: the trigger {refusal.name} is missing.",
            hint="Run `manage.py migrate`: it puts the triggers in their place.",
            id="accounts.W002",
        )
        for refusal in missing((*RECORD, *ROLES))
    ]


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


@register
def roles_exist(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:
    """Find names of roles that no role has. Of such a role nothing would be asked, and nobody would notice."""
    limits = settings.SESSION_LIMITS
    named = {
        "SECOND_FACTOR_FOR": settings.SECOND_FACTOR_FOR,
        "IDLE_MINUTES_BY_ROLE": limits.idle_minutes.by_role,
        "SESSION_HOURS_BY_ROLE": limits.hours.by_role,
    }
    return [
        Error(
            f"{setting} names “{name}”, which is no role.",
            hint=f"The roles are {', '.join(Role.values)}.",
            id="accounts.E003",
        )
        for setting, names in named.items()
        for name in names
        if name not in Role.values
    ]
