"""Ends this process when the process that started it ends, for whatever reason."""

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
"""How often the parent is looked for where the system does not send the signal itself."""


def end_with_parent(parent: int, ending: signal.Signals) -> None:
    """Arrange that this process gets the signal `ending` when its parent has ended.

    Linux sends the signal itself. On other systems a thread looks for the parent every half second.

    Args:
        parent: Process id of the parent.
        ending: The signal.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(ending))
    else:
        Thread(target=_watch, args=(parent, ending), name="parent", daemon=True).start()
    if os.getppid() != parent:  # the parent ended before this was arranged
        os.kill(os.getpid(), ending)


def _watch(parent: int, ending: signal.Signals) -> None:
    while os.getppid() == parent:
        time.sleep(_WATCH_SECONDS)
    os.kill(os.getpid(), ending)
