"""The sensitivity table: the constants on which most values hang stand first.

Nothing is tuned here. A constant on which much hangs tells where the reader is brittle.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import cv2

from ml.evaluation.reports.report import Table
from ml.evaluation.sensitivity.cases import KINDS, Reads, cases, outcomes_of, screened
from ml.evaluation.sensitivity.moves import MOVED, Move, every_move, moved, set_by_eye, stages, used_constants

FOLLOWED = 40
"""All cases are read with so many constants moved: those that mattered most while screening."""

HEAD = ("constant", "unit", "default", "moved to", "right", "wrong", "asked", "values that changed")
_PROCESSES = 2


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
        f"{len(list(set_by_eye()))} constants were set by eye. The screened files use {len(effects)} of them, and "
        f"{len(ranked)} change something there when they are moved by {MOVED:.0%}. The {min(FOLLOWED, len(ranked))} "
        f"that change most were read on all {len(base)} values. With every constant as it is: {_counts(base)}."
    )
    if folder is None:
        note += " COUNTERSIGN_DATA is not there: drawn sheets alone were read."
    return Table("Sensitivity", HEAD, tuple(_row(move, reads, base) for move, reads in both), note)


def _one_thread() -> None:
    """Set up a process: two of them share two cores."""
    cv2.setNumThreads(1)


def _read(move: Move | None, few: bool) -> Reads:
    """Read all cases, or those that are screened, with a constant moved."""
    with moved(move):
        return [outcome for case in (screened() if few else cases()) for outcome in outcomes_of(case)]


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
