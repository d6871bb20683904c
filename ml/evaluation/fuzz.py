"""Hostile files through the box and the reader: `make fuzz`, or `python -m ml.evaluation.fuzz --seconds 600`.

Every crafted file and picture is tried, then damaged files until the time is up. Each must be read or refused in a
sentence, within `MOST_SECONDS`. What is not ends the run with its name, which makes it again.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.evaluation.hostile.files import CRAFTED
from ml.evaluation.hostile.mutations import CRASHERS, MOST_SECONDS, mutated
from ml.evaluation.hostile.pictures import pictures
from ml.reading.errors import RefusedFile
from ml.reading.forms.layout_json import shipped_layouts
from ml.reading.read import read_scan
from ml.reading.reader import Reader

MOST_CRAFTED_SECONDS = 90.0
"""Seconds that a crafted file may take, which asks for all the time that the box gives."""


PICTURE_SIDE = 2000
"""Side in pixels of the crafted pictures. `python -m ml.evaluation.hostile.measure` reads them at 5,000."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file.

    Attributes:
        name: The file's name.
        ending: "read", the code of its refusal, or "error".
        seconds: How long it took.
        error: The traceback of an error that is no refusal; else empty.
    """

    name: str
    ending: str
    seconds: float
    error: str = ""


def tried(name: str, data: bytes, reader: Reader) -> Outcome:
    """Read a file as a worker does, and say what became of it."""
    begun, error = time.perf_counter(), ""
    try:
        for _page in read_scan(data, shipped_layouts(), reader):
            pass
        ending = "read"
    except RefusedFile as refusal:
        ending = refusal.code
    except Exception:  # noqa: BLE001  # any error that is no refusal is what is looked for
        ending, error = "error", traceback.format_exc()
    return Outcome(name, ending, time.perf_counter() - begun, error)


def damaged(first_seed: int, reader: Reader) -> Iterator[Outcome]:
    """Try known crashers, then the files of all seeds from the first one on, without an end."""
    for seed in CRASHERS:
        yield tried(*mutated(seed), reader)
    seed = first_seed
    while True:
        yield tried(*mutated(seed), reader)
        seed += 1


def is_good(outcome: Outcome, most_seconds: float) -> bool:
    """Whether the file was read or refused in time."""
    return outcome.ending != "error" and outcome.seconds <= most_seconds


def main() -> int:
    """Try all files, print what became of them, and return the process's exit status."""
    parser = argparse.ArgumentParser(description="Try hostile files on the box and the reader.")
    parser.add_argument("--seconds", type=float, default=180, help="how long damaged files are tried")
    parser.add_argument("--seed", type=int, default=0, help="of the first damaged file")
    parser.add_argument("--no-crafted", action="store_true", help="leave out the crafted files, which take minutes")
    chosen = parser.parse_args()
    reader = Reader.shipped()
    bad = [] if chosen.no_crafted else _crafted(reader)
    endings: Counter[str] = Counter()
    slowest = Outcome("none", "", 0.0)
    end = time.monotonic() + chosen.seconds
    for outcome in damaged(chosen.seed, reader):
        endings[outcome.ending] += 1
        slowest = max(slowest, outcome, key=lambda one: one.seconds)
        if not is_good(outcome, MOST_SECONDS):
            bad.append(outcome)
        if time.monotonic() > end:
            break
    told = ", ".join(f"{ending} {count:,}" for ending, count in endings.most_common())
    print(f"{endings.total():,} damaged files: {told}; the slowest took {slowest.seconds:.1f} s ({slowest.name})")
    for outcome in bad:
        print(f"BAD {outcome.name}: {outcome.ending} after {outcome.seconds:.1f} s\n{outcome.error}")
    return 1 if bad else 0


def _crafted(reader: Reader) -> list[Outcome]:
    """Try crafted files and pictures, print a line for each, and return what was neither read nor refused in time."""
    bad = []
    drawn: dict[str, Callable[[], bytes]] = {
        f"{name}.png": partial(_png, draw) for name, draw in pictures(PICTURE_SIDE).items()
    }
    for name, make in (CRAFTED | drawn).items():
        outcome = tried(name, make(), reader)
        print(f"{name:<36} {outcome.ending:<8} {outcome.seconds:6.1f} s", flush=True)
        if not is_good(outcome, MOST_CRAFTED_SECONDS):
            bad.append(outcome)
    return bad


def _png(draw: Callable[[], NDArray[np.uint8]]) -> bytes:
    return bytes(cv2.imencode(".png", draw()[:, :, ::-1])[1])


if __name__ == "__main__":
    sys.exit(main())
