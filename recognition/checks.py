"""Checks of the settings when a process starts. Each finding says how to solve it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.db import DatabaseError, transaction

from accounts.triggers import findings
from recognition.models.stored_file import StoredFile
from recognition.models.worker_process import ALIVE_SECONDS
from recognition.triggers import DECISIONS

SQLITE = "django.db.backends.sqlite3"


@register
def queue_fits_database(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:
    """A site of several machines needs a queue that all of them reach."""
    engine = settings.DATABASES["default"]["ENGINE"]
    if engine != SQLITE and not settings.REDIS_URL and settings.HTTPS:
        return [
            Error(
                "The database is a server, the queue is a folder on this machine.",
                hint="Set REDIS_URL, so that workers on other machines get their messages.",
                id="recognition.E001",
            )
        ]
    if engine == SQLITE and settings.REDIS_URL:
        return [
            Caution(
                "The queue is Redis, the database is a file on this machine.",
                hint="Set DATABASE_URL to PostgreSQL, or leave REDIS_URL empty for the embedded default.",
                id="recognition.W001",
            )
        ]
    return []


@register(Tags.database)
def triggers_are_there(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Find tables whose rows could be changed because their trigger is missing."""
    return findings(DECISIONS, "recognition.W006") if "default" in (options.get("databases") or ()) else []


@register
def times_follow_each_other(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:
    """Find limits and intervals that contradict each other."""
    steps = [
        ("E002", "READ_SOFT_SECONDS", "READ_HARD_SECONDS", settings.READ_HARD_SECONDS),
        ("E003", "WORKER_HEARTBEAT_SECONDS", "what a worker may be silent,", ALIVE_SECONDS),
    ]
    visibility = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("visibility_timeout")
    if visibility is not None:
        # Redis would hand a message to a second worker while the first still reads.
        steps.append(("E004", "READ_HARD_SECONDS", "REDIS_VISIBILITY_SECONDS", visibility))
    return [
        Error(
            f"{shorter} is {getattr(settings, shorter)}; it must be less than {longer} {limit}.",
            hint=f"Lower {shorter}, or leave it at its default.",
            id=f"recognition.{number}",
        )
        for number, shorter, longer, limit in steps
        if getattr(settings, shorter) >= limit
    ]


@register
def numbers_are_positive(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:
    """Limits below 1 would refuse every file, and times below 1 would never renew a lease."""
    names = ("MAX_UPLOAD_BYTES", "MAX_PAGE_PIXELS", "MAX_PAGES", "MAX_ATTEMPTS")
    times = ("LEASE_SECONDS", "SWEEP_SECONDS", "RESEND_SECONDS", "WORKER_HEARTBEAT_SECONDS", "READ_SOFT_SECONDS")
    return [
        Error(f"{name} is {getattr(settings, name)}.", hint=f"Set {name} to 1 or more.", id="recognition.E005")
        for name in (*names, *times)
        if getattr(settings, name) < 1
    ]


@register
def pictures_can_be_good_enough(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:
    """Find limits that no picture can meet, and limits that measure nothing."""
    ranges = {
        "PICTURE_DARKEST_PAPER": (0, 254, "a grey from 0 (black) to 254, 64 as usual"),
        "PICTURE_MOST_BLUR_MM": (0.01, 100, "millimetres from 0.01 to 100, 0.32 as usual"),
        "PICTURE_LEAST_PIXELS_PER_MM": (0, 100, "pixels a millimetre from 0 to 100, 4 as usual"),
        "PICTURE_MOST_GLARE_PERCENT": (0, 100, "a share of the picture from 0 to 100, 0.4 as usual"),
        "PICTURE_RIM_PIXELS": (0, 100, "pixels from 0 to 100, 1 as usual"),
    }
    return [
        Error(f"{name} is {getattr(settings, name)}.", hint=f"Set {name} to {sense}.", id="recognition.E006")
        for name, (least, most, sense) in ranges.items()
        if not least <= getattr(settings, name) <= most
    ]


@register
def days_of_cheques_are_counted(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:
    """A negative number of days would flag cheques that are dated on the day of their presentment."""
    return [
        Error(f"{name} is {getattr(settings, name)}.", hint=f"Set {name} to 0 or more, or leave it empty for never.",
              id="recognition.E007")
        for name in ("STALE_AFTER_DAYS", "POST_DATED_AFTER_DAYS")
        if (getattr(settings, name) or 0) < 0
    ]  # fmt: skip


@register(Tags.database)
def keys_open_what_is_sealed(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_options: Any
) -> list[CheckMessage]:
    """Files that no key opens are as good as lost. `manage.py migrate` asks, which runs before everything else."""
    if not databases or "default" not in databases:
        return []
    try:
        with transaction.atomic():
            used = set(filter(None, StoredFile.objects.values_list("key", flat=True).distinct()))
    except DatabaseError:  # it is away, which others tell, or has no such column yet
        return []
    missing = ", ".join(f"“{name}”" for name in sorted(used - set(settings.ENCRYPTION_KEYS.keys)))
    if not missing:
        return []
    hint = "Put the key back into ENCRYPTION_KEYS, behind the newest: nothing else opens these files."
    return [
        Error(f"Files are sealed with {missing}; ENCRYPTION_KEYS has no such key.", hint=hint, id="recognition.E008")
    ]


@register(Tags.security, deploy=True)
def production_is_not_embedded(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:
    """The embedded default is for one machine. A site that other machines reach needs PostgreSQL and HTTPS."""
    found: list[CheckMessage] = []
    if settings.EMBEDDED:
        hint = "Set DATABASE_URL and REDIS_URL; docker-compose.yml shows both."
        found.append(Caution("The database is SQLite, on this machine alone.", hint=hint, id="recognition.W002"))
    if not settings.HTTPS:
        hint = "Set SITE_URL to the address that people open, with https://."
        found.append(Caution(f"SITE_URL is {settings.SITE_URL}, without HTTPS.", hint=hint, id="recognition.W003"))
    if settings.HTTPS and not settings.ENCRYPTION_KEYS:
        hint = "Set ENCRYPTION_KEYS, and seal what is there already: manage.py seal_files."
        found.append(Caution("Files are kept as they are, not sealed.", hint=hint, id="recognition.W005"))
    if settings.HTTPS and settings.MAIL_ON_CONSOLE:
        hint = "Set EMAIL_URL; without it nobody can confirm an address or reset a password."
        found.append(Caution("Mails are printed on the console.", hint=hint, id="recognition.W004"))
    return found
