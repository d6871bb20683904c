"""Real pages to build on: photographs and scans of forms and tables, with the numbers that people wrote on them.

Of each set the files may be looked at whose name's SHA-256 begins with an even digit; the others are to report on. A
set of fewer than six files is to report on as a whole. See the notes beside the data.
"""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FEWEST = 6
"""A set of fewer files is to report on as a whole."""


@dataclass(frozen=True, slots=True)
class RealPage:
    """A page to build on.

    Attributes:
        source: The name of its set.
        name: Of its file.
        data: The file.
        values: What is written on it, with a point before decimals; of a doubtful one the likeliest reading.
    """

    source: str
    name: str
    data: bytes
    values: tuple[str, ...]


def pages_to_build_on(folder: Path | None) -> Iterator[RealPage]:
    """The pages to build on, set by set; none where there is no folder of data sets."""
    for truth in sorted(folder.glob("pages/*/truth.tsv")) if folder is not None else ():
        values = _values(truth)
        for name in values if len(values) >= FEWEST else ():
            if int(hashlib.sha256(name.encode()).hexdigest()[0], 16) % 2 == 0:
                yield RealPage(truth.parent.name, name, (truth.parent / name).read_bytes(), tuple(values[name]))


def _values(truth: Path) -> dict[str, list[str]]:
    """By file what is written on it; what is struck out is no value."""
    values: dict[str, list[str]] = defaultdict(list)
    with truth.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row.get("note") != "struck out" and row["value"]:
                values[row["file"]].append(row["value"].rstrip("?"))
    return values
