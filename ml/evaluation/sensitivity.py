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
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

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

SCREENED = {"sheet": 21, "cheque": 12, "amount": 5, "cell": 3}
"""Of each kind of case, one in so many is read with every constant moved."""

FOLLOWED = 40
"""All cases are read with so many constants moved: those that mattered most while screening."""

KEPT = ("forms", "micr", "sheets")
"""Rooms on whose constants depends what the reader computes once: printed forms' landmarks, the shapes of E-13B."""

NUMBER = "number"
"""The name under which a picture of one number has its value."""

HEAD = ("constant", "unit", "default", "moved to", "right", "wrong", "asked", "values that changed")
_PROCESSES = 2


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


def sensitivity_table(folder: Path | None) -> Table:
    """Read the cases with every constant as it is, then with each one moved.

    Args:
        folder: The data folder; None: drawn sheets alone are read.
    """
    context = get_context("spawn")  # each process has constants of its own
    with ProcessPoolExecutor(_PROCESSES, context, initializer=_one_thread) as pool:
        used = pool.submit(used_constants).result()
        moves = [move for move in every_move() if (move.stage, move.name) in used]
        base_few, base = pool.map(_read, (None, None), (True, False))
        few = _followed(pool.map(_read, moves, [True] * len(moves)), "screened", len(moves))
        effects: dict[tuple[str, str], tuple[int, float]] = {}
        for move, reads in zip(moves, few, strict=True):
            key = move.stage, move.name
            effects[key] = max(effects.get(key, (0, 0.0)), _effect(reads, base_few))
        ranked = sorted((key for key in effects if effects[key] > (0, 0.0)), key=lambda key: effects[key], reverse=True)
        chosen = [move for move in moves if (move.stage, move.name) in ranked[:FOLLOWED]]
        reads_in_full = _followed(pool.map(_read, chosen, [False] * len(chosen)), "read in full", len(chosen))
    changes = Counter[tuple[str, str]]()
    for move, reads in zip(chosen, reads_in_full, strict=True):
        changes[move.stage, move.name] = max(changes[move.stage, move.name], _effect(reads, base)[0])
    both = sorted(
        zip(chosen, reads_in_full, strict=True),
        key=lambda one: (-changes[one[0].stage, one[0].name], one[0].stage, one[0].name, one[0].value),
    )
    note = (
        f"{len(list(_by_eye()))} constants were set by eye. The screened files use {len(effects)} of them, and "
        f"{len(ranked)} change something there when they are moved by {MOVED:.0%}. The {min(FOLLOWED, len(ranked))} "
        f"that change most were read on all {len(base)} values. With every constant as it is: {_counts(base)}."
    )
    if folder is None:
        note += " COUNTERSIGN_DATA is not there: drawn sheets alone were read."
    return Table("Sensitivity", HEAD, tuple(_row(move, reads, base) for move, reads in both), note)


def stages() -> dict[str, Constants]:
    """Every stage's constants, by the name of their instance."""
    found: dict[str, Constants] = {}
    for module in pkgutil.walk_packages(ml.reading.__path__, "ml.reading."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, Constants) and not any(value is other for other in found.values()):
                found[f"{module.name}.{name}"] = value
    return found


def _by_eye() -> Iterator[tuple[str, Constant]]:
    """Every constant set by eye, with its stage."""
    for stage, constants in stages().items():
        yield from ((stage, constant) for constant in constants.each() if constant.origin is Origin.BY_EYE)


def every_move() -> Iterator[Move]:
    """Each constant set by eye a fifth down and a fifth up, within its allowed range; counts by one at least."""
    for stage, constant in _by_eye():
        yield from (Move(stage, constant.name, value) for value in _moved_values(constant))


def used_constants() -> set[tuple[str, str]]:
    """Stage and name of every constant that the screened cases make the reader look up."""
    used: set[tuple[str, str]] = set()
    known = stages()
    names = {id(constants): stage for stage, constants in known.items()}

    def watched(constants: Constants, name: str) -> Any:
        if id(constants) in names:
            used.add((names[id(constants)], name))
        return object.__getattribute__(constants, name)

    types = {type(constants) for constants in known.values()}
    for own in types:
        own.__getattribute__ = watched  # type: ignore[method-assign, assignment]
    _forget(KEPT[0])
    try:
        _read(None, few=True)
    finally:
        for own in types:
            del own.__getattribute__
    return used


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
    constants, room = stages()[move.stage], move.stage.split(".")[2]
    default = getattr(constants, move.name)
    # They are frozen, and only this report may turn one.
    object.__setattr__(constants, move.name, move.value)
    _forget(room)
    try:
        yield
    finally:
        object.__setattr__(constants, move.name, default)
        _forget(room)


def _forget(room: str) -> None:
    """Empty the reader's caches after a constant of a room was turned, where one may depend on it."""
    for name, module in list(sys.modules.items()) if room in KEPT else []:
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
            yield Case("sheet", png(damage(filled.picture, rng)), layout, filled.values)


def _cheques(folder: Path) -> Iterator[Case]:
    """US cheques, and some of the Indian ones; the reader finds their layouts."""
    for cheque in (*american_cheques(folder), *list(indian_cheques(folder))[::EVERY_CHEQUE]):
        yield Case("cheque", cheque.file.read_bytes(), shipped_layouts(), cheque.values)


def _amounts(folder: Path) -> Iterator[Case]:
    """Some amounts cut from real cheques, as pictures of one number."""
    for amount in load_courtesy_amounts(folder)[::EVERY_AMOUNT]:
        yield Case("amount", amount.data, ONE_NUMBER, {NUMBER: amount.digits})


def _cells(folder: Path) -> Iterator[Case]:
    """Some cells of clinics' log books that hold digits alone, among those that may be built on."""
    cells = folder / "pages" / "meza_cells"
    truth = cells / "truth.tsv"
    if not truth.exists():
        return
    rows = list(csv.DictReader(truth.read_text("utf-8").splitlines(), delimiter="\t"))
    own = [row for row in rows if row["value"].isdigit() and _may_be_built_on(row["file"])]
    for row in own[::EVERY_CELL]:
        yield Case("cell", (cells / row["file"]).read_bytes(), shipped_layouts(), {NUMBER: row["value"]})


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
    """Read all cases, or those that are screened, with a constant moved."""
    with moved(move):
        return [outcome for case in (_screened() if few else cases()) for outcome in _reads(case)]


@cache
def _screened() -> tuple[Case, ...]:
    """Some cases of each kind."""
    kinds = {kind: [case for case in cases() if case.kind == kind] for kind in SCREENED}
    return tuple(case for kind, every in SCREENED.items() for case in kinds[kind][every // 2 :: every])


def _reads(case: Case) -> Reads:
    try:
        pages = list(read_scan(case.data, case.layout, _reader()))
    # A stage may break with a constant that is far off, in any way; then nothing is read.
    except Exception:  # noqa: BLE001
        pages = []
    return [_outcome(name, value, pages) for name, value in case.values.items()]


def _outcome(name: str, value: str, pages: list[PageReading]) -> Outcome:
    """What became of one value. In a picture of one number, an accepted reading counts first, then a right one."""
    fields = [field for page in pages for field in page.fields if field.field == name]
    numbers = [number for page in pages for number in page.readings] if name == NUMBER else []
    best = max((*fields, *numbers), key=lambda reading: (reading.accepted, reading.value == value), default=None)
    return Outcome() if best is None else Outcome(best.value, best.confidence, best.accepted, best.value == value)


def _followed(reads: Iterator[Reads], how: str, count: int) -> list[Reads]:
    """The same, with a line of progress now and then."""
    done: list[Reads] = []
    for outcomes in reads:
        done.append(outcomes)
        if len(done) % 20 == 0:
            sys.stderr.write(f"sensitivity: {how} {len(done)} of {count}\n")
    return done


def _effect(reads: Reads, base: Reads) -> tuple[int, float]:
    """How many values are read or accepted otherwise, and by how much all confidences differ together."""
    pairs = list(zip(reads, base, strict=True))
    return sum(one.differs(other) for one, other in pairs), sum(abs(one.confidence - b.confidence) for one, b in pairs)


def _row(move: Move, reads: Reads, base: Reads) -> tuple[str, ...]:
    constant = next(one for one in stages()[move.stage].each() if one.name == move.name)
    counts, before = (Counter(outcome.kind for outcome in outcomes) for outcomes in (reads, base))
    shares = (f"{counts[kind]} ({counts[kind] - before[kind]:+})" for kind in KINDS)
    room, instance = move.stage.split(".")[2], move.stage.rsplit(".", 1)[1]
    name = f"{room}: {instance}.{move.name}"
    return (name, constant.unit, f"{constant.value:g}", f"{move.value:g}", *shares, f"{_effect(reads, base)[0]}")


def _counts(reads: Reads) -> str:
    counts = Counter(outcome.kind for outcome in reads)
    return ", ".join(f"{counts[kind]} {kind}" for kind in KINDS)
