"""Cheques of our own drawing, in every layout that has a MICR line, clean and photographed: what passes, what is wrong.

The hands are those of MNIST's 10,000 test digits and strokes, the seeds begin at 9,000: neither training nor
calibration draws from either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from ml.evaluation.filled import Filled, fill_in
from ml.evaluation.photographs import DAMAGES
from ml.evaluation.report import Table
from ml.reading.layouts import Layout, shipped_layouts
from ml.reading.operating import wilson
from ml.reading.read import read_scan
from ml.reading.reader import Reader
from ml.training.amounts import Writers
from ml.training.datasets import Digits
from ml.training.strings import png

SEED, COUNT = 9_000, 20
"""Of the first sheet; and how many of each layout are drawn, each with every damage."""

HEAD = ("damage", "layout", "fields", "accepted and right", "accepted and wrong", "asked", "95 % interval of wrong")
MICR_HEAD = ("damage", "lines", "complete and right", "wrong with a valid check digit")


@dataclass(slots=True)
class Fare:
    """What became of the fields of some sheets."""

    right: int = 0
    wrong: int = 0
    asked: int = 0

    @property
    def count(self) -> int:
        """All of them."""
        return self.right + self.wrong + self.asked

    def row(self) -> tuple[str, ...]:
        """For the table."""
        low, high = wilson(self.wrong, self.right + self.wrong)
        shares = (f"{part} ({part / max(1, self.count):.1%})" for part in (self.right, self.wrong, self.asked))
        return (f"{self.count}", *shares, f"{low:.2%} to {high:.2%}")


@dataclass(slots=True)
class Fares:
    """The same by layout, and of the MICR lines."""

    by_layout: dict[str, Fare] = field(default_factory=dict)
    micr: Counter[str] = field(default_factory=Counter)


def forms_part(test: Digits, reader: Reader, count: int = COUNT) -> list[Table]:
    """Two tables: fields by layout and damage, and MICR lines by damage."""
    writers = Writers(test)
    rows, lines = [], []
    for damage in DAMAGES:
        fares = fares_of(damage, writers, reader, count)
        rows += [(damage, name, *fare.row()) for name, fare in fares.by_layout.items()]
        lines.append((damage, *(f"{fares.micr[key]}" for key in ("lines", "right", "wrong"))))
    note = (
        f"{count} cheques of each layout, drawn and filled in with MNIST's test digits and strokes; the reader finds "
        "the layout. Amount and date by hand, the parts of the MICR line printed."
    )
    return [Table("Cheques of our own drawing", HEAD, tuple(rows), note), Table("MICR lines", MICR_HEAD, tuple(lines))]


def fares_of(damage: str, writers: Writers | None, reader: Reader, count: int) -> Fares:
    """What becomes of sheets with one damage; two are read at a time."""
    sheets = [(layout, seed) for layout in _layouts() for seed in range(SEED, SEED + count)]
    fares = Fares({layout.name: Fare() for layout in _layouts()})
    with ThreadPoolExecutor(2) as pool:
        for filled, found in pool.map(lambda sheet: _read(sheet[0], sheet[1], damage, writers, reader), sheets):
            _count(filled, found, fares)
    return fares


def _layouts() -> Iterator[Layout]:
    return (layout for layout in shipped_layouts() if layout.micr is not None)


Found = dict[str, tuple[str, bool]]
"""By a field's name its value and whether it was accepted."""


def _read(layout: Layout, seed: int, damage: str, writers: Writers | None, reader: Reader) -> tuple[Filled, Found]:
    rng = np.random.default_rng(seed)
    dpi, spoil = DAMAGES[damage]
    filled = fill_in(layout, writers, rng, dpi / 25.4)
    pages = list(read_scan(png(spoil(filled.picture, rng)), shipped_layouts(), reader))
    return filled, {one.field: (one.value, one.accepted) for page in pages for one in page.fields}


def _count(filled: Filled, found: Found, fares: Fares) -> None:
    fare = fares.by_layout[filled.layout.name]
    micr = {one.name for one in filled.layout.fields if one.in_micr}
    for name, value in filled.values.items():
        said, accepted = found.get(name, ("", False))
        fare.right += accepted and said == value
        fare.wrong += accepted and said != value
        fare.asked += not accepted
    line = [(found.get(name, ("", False)), filled.values[name]) for name in micr if name in filled.values]
    fares.micr["lines"] += 1
    fares.micr["right"] += all(said == value for (said, _), value in line)
    fares.micr["wrong"] += any(accepted and said != value for (said, accepted), value in line)
