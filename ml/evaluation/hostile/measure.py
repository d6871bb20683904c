"""Memory and time that reading takes for each hostile picture, each in a process of its own.

`python -m ml.evaluation.hostile.measure` prints a table; with words behind it, only of the pictures whose names have
one of them.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ml.evaluation.hostile.pictures import pictures
from ml.reading.elements import Page
from ml.reading.forms.layout_json import shipped_layouts
from ml.reading.forms.layouts import ANY_NUMBER, ONE_DIGIT, ONE_NUMBER, Layout
from ml.reading.read import read_page
from ml.reading.reader import Reader

AUTO = "auto"
"""Not a layout's name: every shipped layout is tried."""

_PROGRAM = "import sys; from ml.evaluation.hostile.measure import print_used; print_used(*sys.argv[1:])"
_SECONDS = 300
"""A picture that takes longer is given up."""


@dataclass(frozen=True, slots=True)
class Used:
    """What a process took that loaded the reader and read one picture.

    Attributes:
        megabytes: The most memory that it had at once, with the networks and the picture itself.
        seconds: Of processor time, for reading alone.
        numbers: How many numbers or fields were read.
        accepted: How many of them would pass without a person.
        faults: What the page says is wrong with it.
    """

    megabytes: int
    seconds: float
    numbers: int
    accepted: int
    faults: tuple[str, ...]


def read_apart(name: str, layout: str) -> Used:
    """Read a picture in a process of its own.

    Args:
        name: Of `pictures`.
        layout: The name of a layout; or `AUTO`.

    Raises:
        RuntimeError: The process died, or took longer than five minutes.
    """
    command = [sys.executable, "-c", _PROGRAM, name, layout]
    try:
        process = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=True)  # noqa: S603 (our own program)
    except subprocess.CalledProcessError as error:
        raise RuntimeError(
            f"reading {name!r} as {layout} ended with {error.returncode}: {error.stderr[-600:]}"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise RuntimeError(f"reading {name!r} as {layout} took more than {_SECONDS} seconds") from error
    return Used(**json.loads(process.stdout.splitlines()[-1]))


def print_used(name: str, layout: str) -> None:
    """Read a picture in this process, and print what that took as JSON."""
    reader, pixels = Reader.shipped(), pictures()[name]()
    page = Page(pixels, 1, None, hashlib.sha256(pixels.data).hexdigest())
    start = time.process_time()
    read = read_page(page, _layouts()[layout], reader)
    seconds = time.process_time() - start
    values = (*read.readings, *read.fields)
    used = Used(_most_megabytes(), seconds, len(values), sum(value.accepted for value in values), read.faults)
    print(json.dumps(asdict(used)))


def _most_megabytes() -> int:
    """The most memory that this process had at once.

    `getrusage` would also count what the process that started this one had.
    """
    status = Path("/proc/self/status").read_text("ascii", "replace")
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def _layouts() -> dict[str, Layout | Sequence[Layout]]:
    shipped = shipped_layouts()
    return {layout.name: layout for layout in (ANY_NUMBER, ONE_NUMBER, ONE_DIGIT, *shipped)} | {AUTO: shipped}


def main() -> None:
    """Measure the pictures that the command names, or all, and print a table."""
    words, names = sys.argv[1:], list(pictures())
    chosen = [name for name in names if not words or any(word in name for word in words)]
    print(f"{'picture':<34} {'layout':<16} {'MB':>6} {'seconds':>8} {'read':>6} {'pass':>5}  faults")
    for name in chosen:
        for layout in (ANY_NUMBER.name, ONE_NUMBER.name, AUTO, "courtesy-amount"):
            try:
                used = read_apart(name, layout)
            except RuntimeError as error:
                print(f"{name:<34} {layout:<16} {error}", flush=True)
                continue
            figures = f"{used.megabytes:>6,} {used.seconds:>8.1f} {used.numbers:>6,} {used.accepted:>5,}"
            print(f"{name:<34} {layout:<16} {figures}  {' '.join(used.faults)[:60]}", flush=True)


if __name__ == "__main__":
    main()
