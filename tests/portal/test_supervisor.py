"""A child that does not listen ends with its supervisor all the same; one that cannot start stops no other."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal.supervisor import LONGEST_WAIT, Child
from tests.portal.test_demo import alive

ROOT = Path(__file__).parent.parent.parent
STUBBORN = [
    "timeit",
    "-n",
    "1",
    "-s",
    "import signal; signal.signal(15, signal.SIG_IGN)",
    "import time; time.sleep(60)",
]
PROGRAM = f"""
import time
from portal.supervisor import Child, supervise
child = Child("stubborn", {STUBBORN!r}, {{}})
def tell():
    if child.process and time.monotonic() - child.started > 2:
        print(child.process.pid, flush=True)
supervise([child], print, 1.0, tell)
"""


@pytest.mark.servers
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_a_child_that_ignores_sigterm_ends_with_its_supervisor(
    ending: signal.Signals, wait_for: Callable[..., None]
) -> None:
    supervisor = subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=ROOT, stdout=subprocess.PIPE)
    assert supervisor.stdout is not None
    child = int(supervisor.stdout.readline())
    try:
        assert alive([child])
        supervisor.send_signal(ending)
        supervisor.wait(20)
        wait_for(lambda: not alive([child]), 20, "for the child to end")
    finally:
        if alive([child]):
            os.kill(child, signal.SIGKILL)
        supervisor.kill()
        supervisor.stdout.close()


def test_a_child_that_cannot_be_started_is_tried_again_later_and_the_others_run_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start, tried = subprocess.Popen, 0

    def refuse(*_asked: Any, **_more: Any) -> None:
        nonlocal tried
        tried += 1
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(subprocess, "Popen", refuse)
    said: list[str] = []
    child = Child("stubborn", STUBBORN, {})
    child.look(said.append)
    child.look(said.append)
    assert (tried, child.process) == (1, None), "it is not tried again at once"
    assert 0 < child.due - time.monotonic() <= LONGEST_WAIT
    (told,) = said
    assert "The stubborn process could not be started" in told
    assert os.strerror(errno.EAGAIN) in told
    monkeypatch.setattr(subprocess, "Popen", start)
    child.due = 0
    child.look(said.append)
    try:
        assert child.process is not None
        assert child.process.poll() is None
    finally:
        child.end_group()
