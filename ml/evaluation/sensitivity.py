"""Counts on which constants set by eye the results hang: each is moved by a fifth, one at a time.

In go drawn sheets, real cheques, amounts and cells that may be built on. Out comes a table of constants, those first on
which most values hang. Nothing is tuned here: a constant on which much hangs tells where the reader is brittle.
"""

from __future__ import annotations

import csv
import hashlib
import importlib
import os
import pkgutil
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np

import ml.reading
from ml.evaluation.measures.cheques import american_cheques, indian_cheques
from ml.evaluation.reports.report import Table
from ml.evaluation.sheets.filled import fill_in
from ml.evaluation.sheets.photographs import DAMAGES
from ml.reading.constants import Constant, Constants, Origin
from ml.reading.elements import PageReading
from ml.reading.forms.layout_json import shipped_layouts
from ml.reading.forms.layouts import ONE_NUMBER, Layout
from ml.reading.read import read_scan
from ml.reading.reader import Reader
from ml.training.datasets import data_folder, load_courtesy_amounts
from ml.training.synthesis.strings import png

MOVED = 0.2
"""The share of itself by which a constant is moved, down and up."""

SEED, STATES = 14_000, ("clean, 200 dpi", "from 10° aside", "photo: 15°, shadow, blur, JPEG")
"""The first drawn sheet's seed, one of those that may be chosen on; and the damages, one sheet a layout each."""

EVERY_AMOUNT, EVERY_CHEQUE, EVERY_CELL = 14, 3, 4
"""Of real amounts, Indian cheques and cells, one in so many is read."""

SCREENED, FOLLOWED = 6, 60
"""One case in so many is read with every constant moved; all cases with so many constants that mattered most there."""

NUMBER = "number"
"""The name under which a picture of one number has its value."""

HEAD = ("constant", "unit", "default", "moved to", "right", "wrong", "asked", "values that changed")
_PROCESSES = 2


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A file with what stands on it.

    Attributes:
        data: The file.
        layout: What the reader is told.
        values: By a field's name, the value that a right reading gives.
    """

    data: bytes
    layout: Layout | Sequence[Layout]
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Move:
    """A constant with another value.

    Attributes:
        stage: The name of its instance: "ml.reading.ink.constants.FRAMES".
        name: Of the constant.
        value: In place of its default; of the default's type.
    """

    stage: str
    name: str
    value: float


Reads = list[tuple[str, bool, bool]]
"""For each value of the cases: what was read, whether that was accepted, and whether it is right."""


def sensitivity_table(folder: Path | None) -> Table:
    """Read the cases with every constant as it is, then with each one moved.

    Args:
        folder: The data folder; None: drawn sheets alone are read.
    """
    moves = list(every_move())
    context = get_context("spawn")  # each process has constants of its own
    with ProcessPoolExecutor(_PROCESSES, context, initializer=_one_thread) as pool:
        started = time.monotonic()
        base_few, base = pool.map(_read, (None, None), (True, False))
        few = _followed(pool.map(_read, moves, [True] * len(moves)), "screened", len(moves))
        ranked = sorted(zip(moves, few, strict=True), key=lambda one: -_changed(one[1], base_few))
        constants = dict.fromkeys((move.stage, move.name) for move, reads in ranked if _changed(reads, base_few))
        chosen = [move for move in moves if (move.stage, move.name) in list(constants)[:FOLLOWED]]
        reads = list(_followed(pool.map(_read, chosen, [False] * len(chosen)), "read in full", len(chosen)))
    sys.stderr.write(f"{time.monotonic() - started:.0f} s\n")
    rows = [_row(move, own, base) for move, own in zip(chosen, reads, strict=True)]
    worst: dict[str, int] = {}
    for row in rows:
        worst[row[0]] = max(worst.get(row[0], 0), int(row[-1]))
    rows.sort(key=lambda row: (-worst[row[0]], row[0], row[3]))
    note = (
        f"{len({(move.stage, move.name) for move in moves})} constants set by eye, each moved by {MOVED:.0%}. "
        f"{len(constants)} of them change some value of the {len(base_few)} that were screened; the "
        f"{min(FOLLOWED, len(constants))} that change most were read on all {len(base)} values. With every constant as "
        f"it is: {_counts(base)}."
    )
    if folder is None:
        note += " COUNTERSIGN_DATA is not there: drawn sheets alone were read."
    return Table("Sensitivity", HEAD, tuple(rows), note)


def stages() -> dict[str, Constants]:
    """Every stage's constants, by the name of their instance."""
    found: dict[str, Constants] = {}
    for module in pkgutil.walk_packages(ml.reading.__path__, "ml.reading."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, Constants) and not any(value is other for other in found.values()):
                found[f"{module.name}.{name}"] = value
    return found


def every_move() -> Iterator[Move]:
    """Each constant set by eye a fifth down and a fifth up, within its allowed range; counts by one at least."""
    for stage, constants in stages().items():
        for constant in constants.each():
            if constant.origin is Origin.BY_EYE:
                yield from (Move(stage, constant.name, value) for value in _moved_values(constant))


def _moved_values(constant: Constant) -> Iterator[float]:
    least, most = constant.allowed
    for share in (-MOVED, MOVED):
        value = constant.value * (1 + share)
        if isinstance(constant.value, int):
            value = constant.value + round(constant.value * share) if abs(constant.value) > 2 else constant.value
            value = value if value != constant.value else constant.value + (1 if share > 0 else -1)
        value = type(constant.value)(min(max(value, least), most))
        if value != constant.value:
            yield value


@contextmanager
def moved(move: Move | None) -> Iterator[None]:
    """Within, a constant has another value; and nothing that was kept of the reader's work depends on the old one."""
    if move is None:
        yield
        return
    constants = stages()[move.stage]
    default = getattr(constants, move.name)
    # They are frozen, and only this report may turn one.
    object.__setattr__(constants, move.name, move.value)
    _forget()
    try:
        yield
    finally:
        object.__setattr__(constants, move.name, default)
        _forget()


def _forget() -> None:
    """Empty every cache of the reader: what is in one may come of a constant."""
    for name, module in list(sys.modules.items()):
        if name.startswith("ml.reading"):
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


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
            yield Case(png(damage(filled.picture, rng)), layout, filled.values)


def _cheques(folder: Path) -> Iterator[Case]:
    """US cheques, and some of the Indian ones; the reader finds their layouts."""
    for cheque in (*american_cheques(folder), *list(indian_cheques(folder))[::EVERY_CHEQUE]):
        yield Case(cheque.file.read_bytes(), shipped_layouts(), cheque.values)


def _amounts(folder: Path) -> Iterator[Case]:
    """Some amounts cut from real cheques, as pictures of one number."""
    for amount in load_courtesy_amounts(folder)[::EVERY_AMOUNT]:
        yield Case(amount.data, ONE_NUMBER, {NUMBER: amount.digits})


def _cells(folder: Path) -> Iterator[Case]:
    """Some cells of clinics' log books that hold digits alone, among those that may be built on."""
    cells = folder / "pages" / "meza_cells"
    truth = cells / "truth.tsv"
    if not truth.exists():
        return
    rows = list(csv.DictReader(truth.read_text("utf-8").splitlines(), delimiter="\t"))
    own = [row for row in rows if row["value"].isdigit() and _may_be_built_on(row["file"])]
    for row in own[::EVERY_CELL]:
        yield Case((cells / row["file"]).read_bytes(), shipped_layouts(), {NUMBER: row["value"]})


def _may_be_built_on(name: str) -> bool:
    """Whether a page may be looked at while building: half of them are kept to report on."""
    return int(hashlib.sha256(name.encode()).hexdigest()[0], 16) % 2 == 0


def _one_thread() -> None:
    """Set up a process: two of them share two cores."""
    os.environ["OMP_NUM_THREADS"] = "1"
    cv2.setNumThreads(1)


@cache
def _reader() -> Reader:
    return Reader.shipped()


def _read(move: Move | None, few: bool) -> Reads:
    """Read all cases, or a few, with a constant moved."""
    with moved(move):
        return [one for case in cases()[:: SCREENED if few else 1] for one in _reads(case)]


def _reads(case: Case) -> Reads:
    try:
        pages = list(read_scan(case.data, case.layout, _reader()))
    # A stage may break with a constant that is far off, in any way; then nothing is read.
    except Exception:  # noqa: BLE001
        pages = []
    return [_outcome(name, value, pages) for name, value in case.values.items()]


def _outcome(name: str, value: str, pages: list[PageReading]) -> tuple[str, bool, bool]:
    """What was read of one value; of a picture of one number, the first number that was accepted."""
    fields = [field for page in pages for field in page.fields if field.field == name]
    numbers = [number for page in pages for number in page.readings] if name == NUMBER else []
    best = max((*fields, *numbers), key=lambda reading: (reading.accepted, reading.value == value), default=None)
    return ("", False, False) if best is None else (best.value, best.accepted, best.value == value)


def _followed(reads: Iterator[Reads], how: str, count: int) -> list[Reads]:
    """The same, with a line of progress now and then."""
    done: list[Reads] = []
    for own in reads:
        done.append(own)
        if len(done) % 20 == 0:
            sys.stderr.write(f"sensitivity: {how} {len(done)} of {count}\n")
    return done


def _changed(reads: Reads, base: Reads) -> int:
    """How many values are read or accepted otherwise."""
    return sum(one[:2] != other[:2] for one, other in zip(reads, base, strict=True))


def _row(move: Move, reads: Reads, base: Reads) -> tuple[str, ...]:
    constants = stages()[move.stage]
    constant = next(one for one in constants.each() if one.name == move.name)
    room, instance = move.stage.split(".")[2], move.stage.rsplit(".", 1)[1]
    counts = Counter(map(_kind, reads))
    shares = (f"{counts[kind]} ({counts[kind] - Counter(map(_kind, base))[kind]:+})" for kind in _KINDS)
    name = f"{room}: {instance}.{move.name}"
    return (name, constant.unit, f"{constant.value:g}", f"{move.value:g}", *shares, f"{_changed(reads, base)}")


_KINDS = ("right", "wrong", "asked")


def _kind(read: tuple[str, bool, bool]) -> str:
    _, accepted, right = read
    return "asked" if not accepted else "right" if right else "wrong"


def _counts(reads: Reads) -> str:
    counts = Counter(map(_kind, reads))
    return ", ".join(f"{counts[kind]} {kind}" for kind in _KINDS)
