"""Columns of a table that has level rules alone: they follow from how the writing stands in its rows.

Level rules and the ink of a picture go in, lattices come out, in pixels of the picture. Lined paper has no columns: its
writing leaves no gap that goes through all rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.grids.constants import COLUMNS, TABLE_RULES
from ml.reading.grids.lattice import Boundary, Lattice, boundaries_of
from ml.reading.grids.rules import Mask, Rule


def open_lattices(level: Sequence[Rule], soft: NDArray[np.uint8], level_mask: Mask) -> list[Lattice]:
    """The lattices of level rules that stand one below the other, where the writing between them stands in columns.

    Args:
        level: Level rules that belong to no table with walls.
        soft: uint8, height × width, paper 0 to full ink 255.
        level_mask: uint8, height × width, 1 where a level rule is, or next to one.
    """
    found = [_lattice(group, soft, level_mask) for group in _groups(level)]
    return [lattice for lattice in found if lattice is not None]


def _groups(level: Sequence[Rule]) -> list[list[Rule]]:
    """Rules of one table each: from the top, as long as one another, and about evenly apart."""
    groups: list[list[Rule]] = []
    for rule in sorted(level, key=lambda rule: float(np.median(rule.across))):
        group = next((group for group in groups if _goes_on(group, rule)), None)
        if group is None:
            groups.append([rule])
        else:
            group.append(rule)
    return [group for group in groups if len(group) >= COLUMNS.least_rules]


def _goes_on(group: Sequence[Rule], rule: Rule) -> bool:
    last = group[-1]
    shared = min(last.along[-1], rule.along[-1]) - max(last.along[0], rule.along[0])
    if shared < COLUMNS.alike * max(last.length, rule.length):
        return False
    apart = _below(last, rule)
    usual = float(np.median([_below(*pair) for pair in pairwise(group)])) if len(group) > 1 else apart
    return TABLE_RULES.least_apart <= apart <= COLUMNS.uneven * usual and apart <= COLUMNS.high * last.length


def _below(upper: Rule, lower: Rule) -> float:
    return float(np.median(lower.across - upper.at(lower.along)))


def _lattice(group: Sequence[Rule], soft: NDArray[np.uint8], level_mask: Mask) -> Lattice | None:
    """The lattice of some rules and the columns of writing between them; None if there are not two columns."""
    rows = boundaries_of(group)
    model = rows[0].model
    left, right = (float(np.median([rule.along[end] for rule in group])) for end in (0, -1))
    marks = _marks(group, soft, level_mask)
    if len(rows) < COLUMNS.least_rules or not len(marks):
        return None
    tops = [float(np.median(row.at(np.array([left, right])))) for row in rows]
    middle = (tops[0] + tops[-1]) / 2
    # Where the rules are askew, columns are too.
    across, down = (marks[:, 0] + marks[:, 2]) / 2, (marks[:, 1] + marks[:, 3]) / 2
    x, y = across + model.slope * (down - middle), down - model.slope * (across - (left + right) / 2)
    half = (marks[:, 2] - marks[:, 0]) / 2 + COLUMNS.gap / 2 * float(np.median(marks[:, 3] - marks[:, 1]))
    starts = _starts(x - half, x + half, np.searchsorted(tops, y), len(rows) - 1)
    if len(starts) < 2:
        return None
    edges = [left, *((before[1] + behind[0]) / 2 for before, behind in pairwise(starts)), right]
    ends = np.array([tops[0], tops[-1]])
    walls = [Rule(ends, edge - model.slope * (ends - middle), 0.0) for edge in edges]
    columns = tuple(Boundary(wall, ends, np.zeros(2)) for wall in walls)
    return Lattice(tuple(rows), columns)


def _marks(group: Sequence[Rule], soft: NDArray[np.uint8], level_mask: Mask) -> NDArray[np.float64]:
    """Left, top, right and bottom of each mark as tall as writing between some rules: float64, marks × 4."""
    first, last = group[0], group[-1]
    left, right = int(min(first.along[0], last.along[0])), int(max(first.along[-1], last.along[-1])) + 1
    top, bottom = int(first.across.min()), int(last.across.max()) + 1
    inside = np.s_[top:bottom, left:right]
    ink = (soft[inside] >= TABLE_RULES.ink).astype(np.uint8) * (1 - level_mask[inside])
    _, _, rows, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    x, y, width, height, _ = rows[1:].T.astype(np.float64)
    apart = (bottom - top) / (len(group) - 1)
    tall = (height >= COLUMNS.least_tall * apart) & (width <= COLUMNS.widest * height)
    boxes: NDArray[np.float64] = np.stack([x + left, y + top, x + left + width, y + top + height], axis=1)[tall]
    return boxes


def _starts(
    first: NDArray[np.float64], last: NDArray[np.float64], row: NDArray[np.int64], rows: int
) -> list[tuple[float, float]]:
    """Where each column of writing begins and ends; columns in few rows go to the writing of none.

    Args:
        first: float64, marks: where each mark begins, with half a gap before it.
        last: The same: where it ends.
        row: int64, marks: its row, from 1.
        rows: How many rows there are.
    """
    order = np.argsort(first)
    spans: list[tuple[float, float, set[int]]] = []
    for at in order.tolist():
        if spans and first[at] <= spans[-1][1]:
            start, end, seen = spans[-1]
            spans[-1] = start, max(end, float(last[at])), seen | {int(row[at])}
        else:
            spans.append((float(first[at]), float(last[at]), {int(row[at])}))
    least = max(2, COLUMNS.filled * rows)
    return [(start, end) for start, end, seen in spans if len(seen) >= least]
