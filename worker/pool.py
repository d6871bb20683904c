"""Runs a worker's tasks, one at a time, in the worker's own process.

A worker with a pool of processes shares locks with them. A process that is killed while it holds one stops the worker
for good, and nothing tells. This worker shares no lock: if it is killed, its supervisor starts a new one. Its only
children decode files (`ml.reading.files.boxed`), and end with it.
"""

from __future__ import annotations

import faulthandler
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from billiard.exceptions import SoftTimeLimitExceeded
from celery.concurrency import solo
from celery.concurrency.base import apply_target


class TaskPool(solo.TaskPool):
    """Celery's pool of one, with limits on a task's time.

    Celery imports this module before it sets Django up. So what needs Django is imported later.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.on_apply = self.apply_within_limits  # type: ignore[method-assign]  # Celery's pool sets it here too

    def on_start(self) -> None:
        """Load the reader before the first task is taken."""
        from worker.process import reader, warm_up

        reader()
        warm_up()

    def apply_within_limits(self, target: Callable[..., Any], *given: Any, **options: Any) -> Any:
        """Run a task, within the limits that Celery names for it."""
        from worker.process import alive_while

        def limited(*args: Any, **kwargs: Any) -> Any:
            with alive_while(), within(options["soft_timeout"], options["timeout"]):
                return target(*args, **kwargs)

        return apply_target(limited, *given, **options)


@contextmanager
def within(soft_seconds: float, hard_seconds: float) -> Iterator[None]:
    """Limit the time of what is done meanwhile, in the process's main thread.

    After the hard limit the process ends, and prints where it was. The timer for that is a thread without Python, so
    that it also ends code which never lets another thread of Python run.

    Args:
        soft_seconds: After so long, `SoftTimeLimitExceeded` is raised, as soon as Python's own code runs.
        hard_seconds: After so long, the process ends.
    """
    signal.signal(signal.SIGALRM, _stop)
    # Celery puts its log in the place of `sys.stderr`, and that is no file.
    faulthandler.dump_traceback_later(hard_seconds, exit=True, file=sys.__stderr__ or 2)
    signal.setitimer(signal.ITIMER_REAL, soft_seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        faulthandler.cancel_dump_traceback_later()


def _stop(*_signal: object) -> None:
    raise SoftTimeLimitExceeded
