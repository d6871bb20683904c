"""Health: each part is really asked, and whoever asks learns which one is missing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from accounts.clock import Now
from recognition.models import Document, Drawing, WorkerProcess

MODEL = "ab" * 32
ROOT = Path(__file__).parents[2]
Upload = Callable[..., Document]
NOWHERE = "127.0.0.1:1"  # nothing listens on port 1


@pytest.fixture
def workers(db: None) -> None:
    """A worker of each queue, just heard of."""
    WorkerProcess.seen("first", "documents", MODEL)
    WorkerProcess.seen("second", "pad", MODEL)


def parts(response: Any) -> dict[str, Any]:
    """The parts of an answer that says 503, those that are well left out."""
    assert response.status_code == 503, response.content
    body = response.json()
    assert body["status"] == "not ready"
    return {name: part for name, part in body["parts"].items() if not part["ok"]}


def test_live_answers_without_asking_anything(client: Client, django_assert_num_queries: Any, db: None) -> None:
    with django_assert_num_queries(0):
        response = client.get("/health/live")
    assert (response.status_code, response.json()) == (200, {"status": "live"})


@pytest.mark.usefixtures("workers")
def test_ready_names_every_part(client: Client) -> None:
    response = client.get("/health/ready")
    assert response.status_code == 200, response.content
    found = response.json()["parts"]
    assert set(found) == {"database", "broker", "disk", "migrations", "worker_documents", "worker_pad"}
    assert all(part["ok"] for part in found.values())
    assert 0 <= found["worker_pad"]["seconds_since_heartbeat"] < 30


@pytest.mark.usefixtures("workers")
def test_strangers_are_not_told_which_model_is_loaded(client: Client) -> None:
    assert MODEL not in client.get("/health/ready").content.decode()


LONG_AGO = timedelta(seconds=61)


@pytest.mark.usefixtures("workers")
def test_documents_that_nobody_begins_are_told(client: Client, upload: Upload) -> None:
    document = upload()
    assert client.get("/health/ready").status_code == 200
    Document.objects.filter(pk=document.pk).update(queued_at=Now() - LONG_AGO)
    missing = parts(client.get("/health/ready"))
    assert list(missing) == ["worker_documents"]
    assert "does not move" in missing["worker_documents"]["problem"]


@pytest.mark.usefixtures("workers")
@pytest.mark.parametrize("sign", ["claimed_at", "finished_at", "lease_until"])
def test_a_long_line_that_moves_is_no_fault(client: Client, upload: Upload, sign: str) -> None:
    waiting, other = upload(), upload()
    Document.objects.filter(pk=waiting.pk).update(queued_at=Now() - 10 * LONG_AGO)
    assert Document.claim(other.pk)
    times = {"claimed_at": Now() - 5 * LONG_AGO, "lease_until": Now() - LONG_AGO} | {sign: Now()}
    Document.objects.filter(pk=other.pk).update(**times | ({sign: Now() + LONG_AGO} if sign == "lease_until" else {}))
    assert client.get("/health/ready").status_code == 200
    Document.objects.filter(pk=other.pk).update(**dict.fromkeys(times, Now() - 5 * LONG_AGO))
    assert list(parts(client.get("/health/ready"))) == ["worker_documents"]


@pytest.mark.usefixtures("workers")
def test_drawings_that_nobody_begins_are_told(client: Client) -> None:
    waiting = Drawing.objects.create(visitor="x", image=b"")
    assert client.get("/health/ready").status_code == 200
    Drawing.objects.filter(pk=waiting.pk).update(created_at=Now() - LONG_AGO)
    assert list(parts(client.get("/health/ready"))) == ["worker_pad"]
    assert Drawing.claim(Drawing.objects.create(visitor="x", image=b"").pk)
    assert client.get("/health/ready").status_code == 200


@pytest.mark.usefixtures("workers")
def test_answers_are_not_cached_and_open_no_session(client: Client) -> None:
    for address in ("/health/live", "/health/ready"):
        response = client.get(address)
        assert "no-store" in response["Cache-Control"]
        assert not response.cookies


@pytest.mark.usefixtures("workers")
def test_checks_from_within_need_no_https_and_no_public_name(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    plain = Client(headers={"host": "127.0.0.1:8000"})
    assert plain.get("/health/ready").status_code == 200
    assert plain.get("/").status_code == 301


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_only_reading_is_allowed(client: Client, method: str, db: None) -> None:
    assert getattr(client, method)("/health/ready").status_code == 405


@pytest.mark.usefixtures("workers")
@pytest.mark.parametrize("queue", ["documents", "pad"])
def test_worker_unheard_of_for_30_seconds_is_named(client: Client, queue: str) -> None:
    WorkerProcess.objects.filter(queue=queue).update(seen_at=timezone.now() - timedelta(seconds=31))
    assert list(parts(client.get("/health/ready"))) == [f"worker_{queue}"]


@pytest.mark.usefixtures("workers")
def test_worker_without_a_model_is_not_ready(client: Client) -> None:
    WorkerProcess.objects.filter(queue="pad").update(model_sha256="")
    assert list(parts(client.get("/health/ready"))) == ["worker_pad"]


@pytest.mark.usefixtures("workers")
def test_waiting_migration_is_named_and_counted(client: Client) -> None:
    newest = MigrationLoader(connection).graph.leaf_nodes("recognition")[0]
    MigrationRecorder(connection).record_unapplied(*newest)
    missing = parts(client.get("/health/ready"))
    assert list(missing) == ["migrations"]
    assert missing["migrations"]["waiting"] == 1


@pytest.mark.usefixtures("workers")
def test_redis_that_is_not_there_is_named(client: Client, settings: Any) -> None:
    settings.REDIS_URL = f"redis://:hunter2@{NOWHERE}/0"
    response = client.get("/health/ready")
    assert "broker" in parts(response)
    assert b"hunter2" not in response.content


@pytest.mark.usefixtures("workers")
def test_queue_folder_that_is_gone_is_named(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.REDIS_URL = ""
    settings.QUEUE_DIR = tmp_path / "queue"
    (settings.QUEUE_DIR / "messages").mkdir(parents=True)
    assert client.get("/health/ready").status_code == 200
    shutil.rmtree(settings.QUEUE_DIR)
    assert list(parts(client.get("/health/ready"))) == ["broker"]


@pytest.mark.servers
def test_database_that_is_not_there_is_named_quickly_and_without_its_password(tmp_path: Path) -> None:
    script = """
import django; django.setup()
from django.test import Client
client = Client(headers={"host": "127.0.0.1"})
print(client.get("/health/live").status_code)
answer = client.get("/health/ready")
print(answer.status_code)
print(answer.content.decode())
"""
    surroundings = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "COUNTERSIGN_VAR": str(tmp_path),
        "DATABASE_URL": f"postgres://somebody:hunter2@{NOWHERE}/countersign",
        "REDIS_URL": "",
        "SECRET_KEY": site_settings.SECRET_KEY,
        "ALLOWED_HOSTS": "cheques.example.com",
    }
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    live, ready, body = done.stdout.strip().splitlines()
    assert (live, ready) == ("200", "503")
    assert [name for name, part in json.loads(body)["parts"].items() if part["ok"]] == ["broker", "disk"]
    assert "hunter2" not in body
    assert "somebody" not in body
    assert time.monotonic() - began < 30
