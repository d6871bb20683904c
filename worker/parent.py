"""A process that ends with the one that started it, whatever ended that one."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from threading import Thread

_PR_SET_PDEATHSIG = 1
"""Source: prctl(2), <linux/prctl.h>."""

_WATCH_SECONDS = 0.5


def end_with_parent(parent: int, ending: signal.Signals) -> None:
    """Have this process sent `ending` when the process `parent`, which started it, is no more.

    Linux does it itself; elsewhere a thread looks after the parent every half second.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(ending))
    else:
        Thread(target=_watch, args=(parent, ending), name="parent", daemon=True).start()
    if os.getppid() != parent:  # it went before we asked
        os.kill(os.getpid(), ending)


def _watch(parent: int, ending: signal.Signals) -> None:
    while os.getppid() == parent:
        time.sleep(_WATCH_SECONDS)
    os.kill(os.getpid(), ending)
