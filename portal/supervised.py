"""Run a Python module as a child that ends with its supervisor: `python -m portal.supervised MODULE ARGUMENT...`."""

from __future__ import annotations

import os
import runpy
import signal
import sys

from worker.parent import end_with_parent

SUPERVISOR = "COUNTERSIGN_SUPERVISOR"
"""The environment's name for the supervisor's process id."""

if __name__ == "__main__":
    # Whatever killed the supervisor gave no notice either. Celery can hang when it is asked to end while it starts; the
    # lease and the sweep see to what it was reading. The web server is asked, for it has to end its own processes.
    module = sys.argv[1]
    end_with_parent(int(os.environ[SUPERVISOR]), signal.SIGKILL if module == "celery" else signal.SIGTERM)
    sys.argv = sys.argv[1:]
    sys.path.insert(0, os.getcwd())  # noqa: PTH109  # what `python -m MODULE` does
    runpy.run_module(module, run_name="__main__", alter_sys=True)
