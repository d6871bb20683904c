"""Checks of the settings of accounts when a process starts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from accounts.directory.grants import read
from accounts.registration import BY_PATTERN
from accounts.roles import Role
from accounts.triggers import RECORD, ROLES, findings


@register(Tags.database)
def triggers_are_there(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Find tables whose rows could be changed because their trigger is missing."""
    return findings((*RECORD, *ROLES), "accounts.W002") if "default" in (options.get("databases") or ()) else []


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


@register
def directory_is_whole(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:
    """Find a directory that is not whole, that others can listen to, or that is the only way in and not there."""
    directory = settings.DIRECTORY
    found: list[CheckMessage] = []
    given = [name for name, value in directory.for_openid.items() if value]
    missing = [name for name, value in {"DIRECTORY_NAME": directory.name, **directory.for_openid}.items() if not value]
    if given and missing:
        found.append(
            Error(
                f"The bank's directory is not offered, because {' and '.join(missing)} is not set.",
                hint="docs/sign-in.md says where each comes from.",
                id="accounts.E010",
            )
        )
    if directory.only and not directory.is_offered:
        found.append(
            Error(
                "DIRECTORY_ONLY is on, and there is no directory: nobody can sign in.",
                hint="Set DIRECTORY_URL and what belongs to it, or leave DIRECTORY_ONLY out.",
                id="accounts.E011",
            )
        )
    if directory.url and not directory.is_private:
        found.append(
            Error(
                "DIRECTORY_URL does not begin with https: what the directory says could be changed on the way.",
                hint="Give the https address of the directory.",
                id="accounts.E012",
            )
        )
    return found


@register
def saml_can_be_used(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:
    """Find an identity provider that cannot be used, that has no name, or that is one directory too many."""
    directory = settings.DIRECTORY
    if directory.saml.metadata is None:
        return []
    if directory.saml.mistake:
        what, hint = (
            directory.saml.mistake,
            "Save the provider's metadata (XML) in the file, where the site can read it.",
        )
    elif directory.speaks_openid:
        what = "SAML_METADATA_FILE and DIRECTORY_URL describe two directories."
        hint = "Leave one of them out. Where the directory speaks both, OpenID Connect needs less."
    elif not directory.name:
        what, hint = "The identity provider is not offered: it has no name.", "Set DIRECTORY_NAME."
    else:
        return []
    return [Error(f"SAML_METADATA_FILE: {what}", hint=hint, id="accounts.E014")]


@register
def directory_roles_can_be_read(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:
    """Find entries of DIRECTORY_ROLES that name no role, or no place that fits it."""
    return [
        Error(
            f"DIRECTORY_ROLES, group “{group}”: {grant} It gives nothing.",
            hint='Write each group with its role: {"cheques-ny": "clerk@NY-01", "cheques-audit": "auditor"}.',
            id="accounts.E013",
        )
        for group, grant in read(settings.DIRECTORY.roles)
        if isinstance(grant, ValueError)
    ]
