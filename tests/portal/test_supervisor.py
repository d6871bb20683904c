"""A child that does not listen ends all the same, whether its supervisor is asked to end or is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.portal.test_demo import alive

pytestmark = pytest.mark.servers

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
