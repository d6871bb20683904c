"""Each misconfiguration is told with an id and the way out; what we ship has none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.checks import CheckMessage, run_checks
from django.core.files.base import ContentFile
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.keyring import Keyring
from recognition.storage import originals

POSTGRES = "django.db.backends.postgresql"
SQLITE = "django.db.backends.sqlite3"


@pytest.fixture
def engine(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Say that the database is another one."""
    return lambda name: monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", name)


def ours(*, deploy: bool = False) -> list[CheckMessage]:
    return [found for found in run_checks(include_deployment_checks=deploy) if str(found.id).startswith("recognition")]


def test_what_we_ship_has_nothing_to_complain_of() -> None:
    assert ours() == []


@pytest.mark.parametrize(
    ("changes", "number"),
    [
        ({"READ_SOFT_SECONDS": 400, "READ_HARD_SECONDS": 330}, "recognition.E002"),
        ({"WORKER_HEARTBEAT_SECONDS": 30}, "recognition.E003"),
        ({"CELERY_BROKER_TRANSPORT_OPTIONS": {"visibility_timeout": 300}}, "recognition.E004"),
        ({"MAX_PAGES": 0}, "recognition.E005"),
        ({"PICTURE_DARKEST_PAPER": 255}, "recognition.E006"),
        ({"PICTURE_MOST_BLUR_MM": 0}, "recognition.E006"),
        ({"PICTURE_LEAST_PIXELS_PER_MM": -1}, "recognition.E006"),
        ({"PICTURE_MOST_GLARE_PERCENT": 101}, "recognition.E006"),
        ({"PICTURE_RIM_PIXELS": float("nan")}, "recognition.E006"),
        ({"STALE_AFTER_DAYS": -1}, "recognition.E007"),
        ({"POST_DATED_AFTER_DAYS": -1}, "recognition.E007"),
    ],
)
def test_a_misconfiguration_is_told(settings: Any, changes: dict[str, Any], number: str) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)
    (found,) = ours()
    assert found.id == number
    assert found.hint


def test_a_bank_without_a_rule_for_dates_is_no_misconfiguration(settings: Any) -> None:
    settings.STALE_AFTER_DAYS = settings.POST_DATED_AFTER_DAYS = None
    assert ours() == []


@pytest.mark.parametrize(
    ("database", "redis", "number"),
    [(POSTGRES, "", "recognition.E001"), (SQLITE, "redis://somewhere", "recognition.W001")],
)
def test_a_queue_that_does_not_fit_the_database_is_told(
    settings: Any, engine: Callable[[str], None], database: str, redis: str, number: str
) -> None:
    settings.REDIS_URL, settings.HTTPS = redis, True
    engine(database)
    (found,) = ours()
    assert found.id == number
    assert found.hint


@pytest.mark.parametrize(
    ("changes", "number"),
    [
        ({"EMBEDDED": True}, "recognition.W002"),
        ({"HTTPS": False}, "recognition.W003"),
        ({"MAIL_ON_CONSOLE": True}, "recognition.W004"),
        ({"ENCRYPTION_KEYS": Keyring({})}, "recognition.W005"),
    ],
)
def test_a_deployment_is_told_what_is_only_good_for_one_machine(
    settings: Any, engine: Callable[[str], None], changes: dict[str, Any], number: str
) -> None:
    engine(POSTGRES)
    settings.EMBEDDED, settings.HTTPS, settings.MAIL_ON_CONSOLE = False, True, False
    settings.REDIS_URL, settings.ENCRYPTION_KEYS = "redis://somewhere", Keyring({"2026": bytes(32)})
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900}
    assert ours(deploy=True) == []
    for name, value in changes.items():
        setattr(settings, name, value)
    assert [found.id for found in ours(deploy=True)] == [number]


def of_database() -> list[CheckMessage]:
    return [found for found in run_checks(databases=["default"]) if str(found.id).startswith("recognition")]


@pytest.mark.django_db
def test_a_key_that_sealed_files_and_is_gone_is_told(settings: Any) -> None:
    settings.ENCRYPTION_KEYS = Keyring({"2026": bytes(32)})
    originals().save("originals/one", ContentFile(b"x"))
    assert of_database() == []
    settings.ENCRYPTION_KEYS = Keyring({"2027": bytes(32)})
    (found,) = of_database()
    assert found.id == "recognition.E008"
    assert "“2026”" in found.msg
    assert found.hint
    assert ours() == [], "only who asks for the database waits for it"


@pytest.mark.django_db(transaction=True)
def test_a_database_before_its_first_migration_is_no_misconfiguration() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate([("recognition", "0014_amount_in_words")])
    try:
        assert "recognition.E008" not in [found.id for found in of_database()]
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
