"""Limits on a task's time, in a process of their own, because they end it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from worker.process import alive_while

ROOT = Path(__file__).parent.parent.parent

WORK = {
    "sleeps": "time.sleep(60)",
    "computes": "while True: pass",
    # This is C alone: no signal is looked at, and no other thread of Python runs.
    "lets nothing run": "collections.deque(itertools.repeat(None, 10**12), maxlen=0)",
}


def limited(work: str, soft: float, hard: float) -> tuple[int, float, str]:
    """Do the work within the limits: the process's status, its seconds, its output."""
    program = f"""
import collections, itertools, time
from billiard.exceptions import SoftTimeLimitExceeded
from worker.pool import within
try:
    with within({soft}, {hard}):
        {work}
except SoftTimeLimitExceeded:
    print("stopped")
time.sleep({hard})
print("went on")
"""
    begun = time.monotonic()
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    return ran.returncode, time.monotonic() - begun, ran.stdout + ran.stderr


@pytest.mark.parametrize("kind", ["sleeps", "computes"])
def test_after_the_soft_limit_the_task_is_told_and_the_process_goes_on(kind: str) -> None:
    status, _, output = limited(WORK[kind], 0.5, 2)
    assert (status, output.split()) == (0, ["stopped", "went", "on"])


def test_what_ends_in_time_is_not_disturbed() -> None:
    status, _, output = limited("time.sleep(0.1)", 0.5, 1)
    assert (status, output.split()) == (0, ["went", "on"])


def test_after_the_hard_limit_the_process_ends_whatever_it_does() -> None:
    status, seconds, output = limited(WORK["lets nothing run"], 0.5, 1)
    assert status != 0
    assert seconds < 30
    assert "Timeout" in output  # and where it was
    assert "went on" not in output


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_reads_for_long_is_alive(settings: settings, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[float] = []
    settings.WORKER_HEARTBEAT_SECONDS = 0.1
    monkeypatch.setattr("worker.process.say_alive", lambda: told.append(time.monotonic()))
    with alive_while():
        time.sleep(0.75)
    count = len(told)
    assert count >= 3
    time.sleep(0.3)
    assert len(told) == count
