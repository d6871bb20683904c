"""A worker whose clock is wrong reads like every other, because times are compared by the database's clock alone."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import F

from accounts.clock import Now
from recognition.models import Document, Drawing, WorkerProcess
from worker.send import send_document

pytestmark = [
    pytest.mark.servers,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(settings.EMBEDDED, reason="SQLite's clock is that of the worker itself"),
]

Start = Callable[..., subprocess.Popen[bytes]]
WaitFor = Callable[..., None]

BEHIND, AHEAD = "-120", "+3600"


@pytest.fixture
def wrong_clock() -> Callable[[str], dict[str, str]]:
    """The environment of a process whose clock is wrong by so many seconds: Debian's libfaketime, loaded before all."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    if library is None:
        missing = "faketime is not installed (Debian: apt install faketime)"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    return lambda by: {"LD_PRELOAD": str(library), "FAKETIME": by, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def state(document: Document) -> str:
    document.refresh_from_db()
    return document.state


@pytest.mark.parametrize("by", [BEHIND, AHEAD])
def test_a_long_document_keeps_its_lease_and_no_longer(
    long_document: Document,
    start_worker: Start,
    start_clock: Start,
    wait_for: WaitFor,
    wrong_clock: Callable[[str], dict[str, str]],
    by: str,
) -> None:
    send_document(long_document)
    start_clock()
    start_worker("pad")
    victim = start_worker("documents", **wrong_clock(by))
    wait_for(lambda: state(long_document) == "reading" and long_document.pages_done > 0, 120)
    lease = Document.objects.filter(pk=long_document.pk).values_list(F("lease_until") - Now(), flat=True)
    assert timedelta(0) < lease.get() <= timedelta(seconds=2)  # tests/fixtures_servers.py sets two seconds
    time.sleep(4)
    assert (state(long_document), long_document.attempts) in {("reading", 1), ("read", 1)}
    assert WorkerProcess.alive().filter(queue="documents").exists()
    os.killpg(victim.pid, signal.SIGKILL)
    start_worker("documents")
    wait_for(lambda: state(long_document) in ("reading", "read") and long_document.attempts == 2, 120)


def test_a_sweep_by_a_clock_that_is_ahead_is_done_and_fails_nothing_too_early(
    upload: Callable[..., Document],
    start_worker: Start,
    start_clock: Start,
    wait_for: WaitFor,
    wrong_clock: Callable[[str], dict[str, str]],
) -> None:
    young = Drawing.objects.create(visitor="x", image=b"")
    late = Drawing.objects.create(visitor="x", image=b"")
    Drawing.objects.filter(pk=late.pk).update(created_at=Now() - timedelta(seconds=61))
    lost, claimed = upload(), upload()  # no message is sent for either
    assert Document.claim(claimed.pk)
    Document.objects.filter(pk=claimed.pk).update(lease_until=Now() + timedelta(seconds=600))
    start_worker("documents", "pad", **wrong_clock(AHEAD))
    start_clock()
    wait_for(lambda: Drawing.objects.get(pk=late.pk).state == "failed", 120)
    assert Drawing.objects.get(pk=young.pk).state == "queued"
    wait_for(lambda: state(lost) == "read", 60)
    assert (state(claimed), claimed.attempts) == ("reading", 1)
