"""Crafted files through the whole service: `python -m portal.fuzz_crafted`. Some of them take a minute and more.

Each is uploaded before an honest picture, which waits behind it at the one worker. The crafted file must be read or
refused in a sentence in time, the picture must be read, and both at the first attempt. The most memory that the worker
takes with its box is printed for each.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Event, Thread

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.evaluation.hostile.files import CRAFTED
from ml.evaluation.hostile.pictures import pictures
from portal.bench_service import Clerk, megabytes_of, png_of, running_portal
from portal.fuzz import asked

MOST_SECONDS = 90.0
"""Seconds from the upload of a crafted file until it is read or refused."""

MOST_MEGABYTES = 1500.0
"""Memory that the worker may take, with the box."""

_LAST = "SELECT state, reason FROM recognition_document WHERE name = '{name}' ORDER BY created_at DESC"
_AGAIN = "SELECT name FROM recognition_document WHERE attempts > 1"
_NEIGHBOURS = "SELECT count(*) FROM recognition_document WHERE name = 'neighbour.png' AND state <> 'read'"


def main() -> int:
    """Upload every crafted file and picture, print a line for each, and return the process's exit status."""
    words = sys.argv[1:]
    drawn: dict[str, Callable[[], bytes]] = {f"{name}.png": partial(_png, draw) for name, draw in pictures().items()}
    chosen = {
        name: make for name, make in (CRAFTED | drawn).items() if not words or any(word in name for word in words)
    }
    os.environ |= {"MAX_WAITING_DOCUMENTS": "0", "MAX_UPLOADS_AN_HOUR": "0", "MAX_KEPT_BYTES": "0"}
    with tempfile.TemporaryDirectory(prefix="countersign-crafted-") as folder:
        place = Path(folder)
        with running_portal(place) as clerk:
            bad = [name for name, make in chosen.items() if not is_borne(clerk, place, name, make())]
        bad += [str(name) for (name,) in asked(place, _AGAIN)]
        unread = asked(place, _NEIGHBOURS)[0][0]
    print(f"too long, too large or read more than once: {bad or 'none'}; neighbours that were not read: {unread}")
    return 1 if bad or unread else 0


def is_borne(clerk: Clerk, place: Path, name: str, data: bytes) -> bool:
    """Upload a crafted file and a neighbour, print what they cost, and say whether that is within the limits."""
    begun = time.perf_counter()
    with watched() as peak:
        try:
            clerk.finish(clerk.send(data, name))
            (ending, reason), *_ = asked(place, _LAST.format(name=name))
        except RuntimeError as refused:
            ending, reason = "refused", str(refused)[:60]
        seconds = time.perf_counter() - begun
        clerk.finish(clerk.send(png_of("351"), "neighbour.png"))
    print(f"{name:<36} {ending:<8} {seconds:6.1f} s {peak.megabytes:6,.0f} MB  {reason[:50]}", flush=True)
    return seconds <= MOST_SECONDS and peak.megabytes <= MOST_MEGABYTES


@dataclass(slots=True)
class Peak:
    """The most memory that was seen so far, in MB."""

    megabytes: float = 0.0
    done: Event = field(default_factory=Event)


@contextmanager
def watched() -> Iterator[Peak]:
    """Watch the memory of the documents' worker, ten times a second."""
    peak = Peak()
    watcher = Thread(target=_watch, args=(peak,), daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        peak.done.set()
        watcher.join()


def _watch(peak: Peak) -> None:
    while not peak.done.wait(0.1):
        peak.megabytes = max(peak.megabytes, sum(megabytes_of("documents")))


def _png(draw: Callable[[], NDArray[np.uint8]]) -> bytes:
    return bytes(cv2.imencode(".png", draw()[:, :, 0])[1])


if __name__ == "__main__":
    sys.exit(main())
