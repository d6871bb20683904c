"""A disk that is full when a reading is to be recorded: the document waits for room, and it costs it no attempt."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client, override_settings

from recognition.disk import has_room, is_full
from recognition.models import Document, StoredFile
from tests.fixtures_servers import REDIS_AWAY, small_disk
from worker import tasks

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]

MakeRoom = Callable[[], object]
LARGE = os.urandom(4_000_000)


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def full_sqlite() -> Iterator[MakeRoom]:
    """A database that may not grow: SQLite says what it says on a full disk."""
    run("VACUUM")
    with connection.cursor() as cursor:
        (pages,) = cursor.execute("PRAGMA page_count").fetchone()
    run(f"PRAGMA max_page_count = {pages + 20}")

    def make_room() -> None:
        run("PRAGMA max_page_count = 1073741823")

    yield make_room
    make_room()


@contextmanager
def full_postgres() -> Iterator[MakeRoom]:
    """The table of files lies on a disk of 2 MB."""
    table, name = StoredFile._meta.db_table, f"small_{os.getpid()}"
    with tempfile.TemporaryDirectory(prefix="countersign-disk-") as folder, small_disk(Path(folder), "2m"):
        subprocess.run(["chown", "postgres", folder], check=True)
        run(f"CREATE TABLESPACE {name} LOCATION '{folder}'")
        try:
            run(f"ALTER TABLE {table} SET TABLESPACE {name}")
            yield lambda: subprocess.run(["mount", "-o", "remount,size=40m", folder], check=True)
        finally:
            run(f"ALTER TABLE {table} SET TABLESPACE pg_default")
            run(f"DROP TABLESPACE {name}")


@pytest.fixture
def document(upload: Callable[..., Document]) -> Document:
    return upload()


@pytest.fixture
def make_room(document: Document) -> Iterator[MakeRoom]:
    """The document is there, and then the disk is full, until this is called."""
    with full_sqlite() if settings.EMBEDDED else full_postgres() as make_room:
        yield make_room
    cache.clear()


def test_the_document_waits_and_loses_no_attempt(
    document: Document, make_room: MakeRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "jpeg_of", lambda _pixels: LARGE)
    for _ in range(settings.MAX_ATTEMPTS + 1):
        with pytest.raises(OperationalError) as told:
            tasks.read_document(str(document.pk))
        assert is_full(told.value)
        document.refresh_from_db()
        assert (document.state, document.attempts, document.reason) == ("queued", 0, "")
    make_room()
    tasks.read_document(str(document.pk))
    document.refresh_from_db()
    assert (document.state, document.attempts) == ("read", 1)


@pytest.mark.usefixtures("make_room")
def test_the_document_waits_also_where_redis_is_away(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "jpeg_of", lambda _pixels: LARGE)
    with (
        override_settings(CACHES=REDIS_AWAY, REDIS_URL="redis://127.0.0.1:1/0"),
        pytest.raises(OperationalError) as told,
    ):
        tasks.read_document(str(document.pk))
    assert is_full(told.value)
    document.refresh_from_db()
    assert (document.state, document.attempts) == ("queued", 0)


@pytest.mark.usefixtures("make_room")
@pytest.mark.skipif(settings.EMBEDDED, reason="here the room on the disk itself is looked at")
def test_a_full_disk_of_the_database_server_is_told_for_a_while(
    document: Document, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    assert has_room()
    monkeypatch.setattr(tasks, "jpeg_of", lambda _pixels: LARGE)
    with pytest.raises(OperationalError):
        tasks.read_document(str(document.pk))
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert "The disk is full" in answer.json()["parts"]["disk"]["problem"]


def test_other_errors_are_no_full_disk() -> None:
    assert not is_full(ValueError())
    assert not is_full(OSError(2, "No such file or directory"))
    assert is_full(OSError(28, "No space left on device"))
