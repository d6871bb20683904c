"""Run a Python module as a child that ends with its supervisor: `python -m portal.supervised MODULE ARGUMENT...`."""

from __future__ import annotations

import os
import runpy
import signal
import sys

from worker.parent import end_with_parent

SUPERVISOR = "COUNTERSIGN_SUPERVISOR"
"""The environment variable that holds the supervisor's process id."""

if __name__ == "__main__":
    # Celery is killed, because it can hang when it is asked to end while it starts. The lease and the sweep then take
    # care of the document that it was reading. The web server is asked to end, because it has to end its children.
    module = sys.argv[1]
    end_with_parent(int(os.environ[SUPERVISOR]), signal.SIGKILL if module == "celery" else signal.SIGTERM)
    sys.argv = sys.argv[1:]
    sys.path.insert(0, os.getcwd())  # noqa: PTH109  # what `python -m MODULE` does
    runpy.run_module(module, run_name="__main__", alter_sys=True)
