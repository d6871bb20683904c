"""Run a Python module as a child that ends with its supervisor: `python -m portal.supervised MODULE ARGUMENT...`."""

from __future__ import annotations

import os
import runpy
import signal
import sys
import time
from threading import Thread

from worker.parent import end_with_parent

SUPERVISOR = "COUNTERSIGN_SUPERVISOR"
"""The environment variable that holds the supervisor's process id."""

ENDING_SECONDS = 8.0
"""How long the web server has to end by itself once its supervisor has ended."""


def end_by_force(supervisor: int) -> None:
    """Wait for the supervisor's end. Then kill this process and its children, if they have not ended in time."""
    while os.getppid() == supervisor:
        time.sleep(0.5)
    time.sleep(ENDING_SECONDS)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    # Celery is killed, because it can hang when it is asked to end while it starts. The lease and the sweep then take
    # care of the document that it was reading. The web server is asked to end, because it has to end its children.
    module, supervisor = sys.argv[1], int(os.environ[SUPERVISOR])
    if module == "celery":
        end_with_parent(supervisor, signal.SIGKILL)
    else:
        end_with_parent(supervisor, signal.SIGTERM)
        Thread(target=end_by_force, args=(supervisor,), name="supervisor", daemon=True).start()
    sys.argv = sys.argv[1:]
    sys.path.insert(0, os.getcwd())  # noqa: PTH109  # what `python -m MODULE` does
    runpy.run_module(module, run_name="__main__", alter_sys=True)
