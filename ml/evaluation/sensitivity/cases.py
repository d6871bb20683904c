"""The files that the sensitivity report reads: drawn sheets, and real cheques, amounts and cells that may be built on.

A case goes in; the outcome of each of its values comes out.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import eq
from pathlib import Path

import numpy as np

from ml.reading.elements import PageReading
from ml.reading.forms.layout_json import shipped_layouts
from ml.reading.forms.layouts import ONE_NUMBER, Layout
from ml.reading.read import read_scan
from ml.reading.reader import Reader
from ml.training.datasets import data_folder, load_courtesy_amounts
from ml.training.real_cheques import american_cheques, indian_cheques
from ml.training.real_pages import may_be_built_on
from ml.training.sheets.filled import fill_in
from ml.training.sheets.photographs import DAMAGES
from ml.training.synthesis.strings import png

SEED, STATES = 14_000, ("clean, 200 dpi", "from 10° aside", "photo: 15°, shadow, blur, JPEG")
"""The first drawn sheet's seed, one of those that may be chosen on; and the damages, one sheet a layout each."""

EVERY_AMOUNT, EVERY_CHEQUE, EVERY_CELL = 14, 3, 4
"""Of real amounts, Indian cheques and cells, one in so many is read."""

AMOUNT = "amount"
"""The kind of case of real amounts: their digits are labelled, and their marks are not."""

SCREENED = {"sheet": 21, "cheque": 12, AMOUNT: 5, "cell": 3}
"""Of each kind of case, one in so many is read with every constant moved."""

NUMBER = "number"
"""The name under which a picture of one number has its value."""


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A file with what stands on it.

    Attributes:
        kind: One of `SCREENED`.
        data: The file.
        layout: What the reader is told.
        values: By a field's name, the value that a right reading gives.
    """

    kind: str
    data: bytes
    layout: Layout | Sequence[Layout]
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one value: what was read, how surely, whether it was accepted, and whether it is right."""

    value: str = ""
    confidence: float = 0.0
    accepted: bool = False
    right: bool = False

    @property
    def kind(self) -> str:
        """One of `KINDS`."""
        return "asked" if not self.accepted else "right" if self.right else "wrong"

    def differs(self, other: Outcome) -> bool:
        """Whether another value was read, or the same was accepted otherwise."""
        return (self.value, self.accepted) != (other.value, other.accepted)


KINDS = ("right", "wrong", "asked")
Reads = list[Outcome]
"""The outcome of each value of the cases, in their order."""


@cache
def cases() -> tuple[Case, ...]:
    """All files, drawn ones first."""
    folder = data_folder()
    real = [*_cheques(folder), *_amounts(folder), *_cells(folder)] if folder else []
    return (*_drawn(), *real)


def _drawn() -> Iterator[Case]:
    """A sheet of each shipped layout in each state, with digits of strokes."""
    for at, layout in enumerate(shipped_layouts()):
        for place, state in enumerate(STATES):
            rng = np.random.default_rng(SEED + len(STATES) * at + place)
            dpi, damage = DAMAGES[state]
            filled = fill_in(layout, None, rng, dpi / 25.4)
            yield Case("sheet", png(damage(filled.picture, rng)), layout, filled.values)


def _cheques(folder: Path) -> Iterator[Case]:
    """US cheques, and some of the Indian ones; the reader finds their layouts."""
    for cheque in (*american_cheques(folder), *list(indian_cheques(folder))[::EVERY_CHEQUE]):
        yield Case("cheque", cheque.file.read_bytes(), shipped_layouts(), cheque.values)


def _amounts(folder: Path) -> Iterator[Case]:
    """Some amounts cut from real cheques, as pictures of one number."""
    for amount in load_courtesy_amounts(folder)[::EVERY_AMOUNT]:
        yield Case(AMOUNT, amount.data, ONE_NUMBER, {NUMBER: amount.digits})


def _cells(folder: Path) -> Iterator[Case]:
    """Some cells of clinics' log books that hold digits alone, among those that may be built on."""
    cells = folder / "pages" / "meza_cells"
    truth = cells / "truth.tsv"
    if not truth.exists():
        return
    rows = list(csv.DictReader(truth.read_text("utf-8").splitlines(), delimiter="\t"))
    own = [row for row in rows if row["value"].isdigit() and may_be_built_on(row["file"])]
    for row in own[::EVERY_CELL]:
        yield Case("cell", (cells / row["file"]).read_bytes(), shipped_layouts(), {NUMBER: row["value"]})


@cache
def _reader() -> Reader:
    return Reader.shipped()


@cache
def screened() -> tuple[Case, ...]:
    """Some cases of each kind."""
    kinds = {kind: [case for case in cases() if case.kind == kind] for kind in SCREENED}
    return tuple(case for kind, every in SCREENED.items() for case in kinds[kind][every // 2 :: every])


def outcomes_of(case: Case) -> Reads:
    """Read a case, with the reader as shipped."""
    try:
        pages = list(read_scan(case.data, case.layout, _reader()))
    # A stage may break with a constant that is far off, in any way; then nothing is read.
    except Exception:  # noqa: BLE001
        pages = []
    same = _has_digits if case.kind == AMOUNT else eq
    return [_outcome(name, value, pages, same) for name, value in case.values.items()]


def _has_digits(value: str, digits: str) -> bool:
    """Whether a value has these digits: of real amounts the marks are not labelled."""
    return "".join(filter(str.isdigit, value)) == digits


def _outcome(name: str, value: str, pages: list[PageReading], same: Callable[[str, str], bool]) -> Outcome:
    """What became of one value. In a picture of one number, an accepted reading counts first, then a right one."""
    fields = [field for page in pages for field in page.fields if field.field == name]
    numbers = [number for page in pages for number in page.readings] if name == NUMBER else []
    best = max((*fields, *numbers), key=lambda reading: (reading.accepted, same(reading.value, value)), default=None)
    return Outcome() if best is None else Outcome(best.value, best.confidence, best.accepted, same(best.value, value))
