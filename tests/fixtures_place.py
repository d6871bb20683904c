"""Everything that a test run writes stands in a folder of its own, and its database has a name of its own.

The settings are changed here, before the first test is collected: nothing of a developer's own `var/` is touched, and
two runs at once do not meet.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connections

PLACE = Path(tempfile.mkdtemp(prefix="countersign-tests-"))
RUN_BY = os.getpid()


def _remove_place() -> None:
    if os.getpid() == RUN_BY:  # not in a child that was forked off
        shutil.rmtree(PLACE, ignore_errors=True)


atexit.register(_remove_place)
settings.VAR_DIR = PLACE
settings.QUEUE_DIR = PLACE / "queue"
if not settings.REDIS_URL:
    for folder in ("messages", "control"):
        (settings.QUEUE_DIR / folder).mkdir(parents=True)
    settings.CELERY_BROKER_TRANSPORT_OPTIONS |= {
        "data_folder_in": str(settings.QUEUE_DIR / "messages"),
        "data_folder_out": str(settings.QUEUE_DIR / "messages"),
        "control_folder": str(settings.QUEUE_DIR / "control"),
    }
    settings.CACHES["default"]["LOCATION"] = str(PLACE / "cache")
# Passwords may be quick to try here; other processes still understand them, for the hash names its rounds.
PBKDF2PasswordHasher.iterations = 1000
# Pages in tests need no collected files.
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """A database that other processes can open too: a file where SQLite would else use memory."""
    database = connections["default"].settings_dict
    name = str(PLACE / "countersign.sqlite3") if settings.EMBEDDED else f"test_countersign_{RUN_BY}"
    database["TEST"]["NAME"] = name


@pytest.fixture(scope="session")
def place() -> Path:
    """The run's own folder, as COUNTERSIGN_VAR is for processes."""
    return PLACE
