"""Marks of ink given to the cells of a table: a table without its rules in, the marks of each cell out.

A digit that reaches over a rule goes to the cell in which most of it stands. A mark that stands in several cells about
equally is cut at the rule between them, and its parts are said to be torn. Boxes are in ink pixels of the table's part
of the page.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.cells.clean import CleanTable
from ml.reading.cells.constants import WRITING
from ml.reading.elements import Box
from ml.reading.ink.groups import Mark


@dataclass(frozen=True, slots=True, eq=False)
class CellMarks:
    """The marks of a table's cells.

    Attributes:
        labels: int32, height × width of the table's part: the label of each pixel's mark, 0 for paper.
        of_cell: For each cell of the grid its marks.
        torn: The labels of marks of which a part stands in another cell.
    """

    labels: NDArray[np.int32]
    of_cell: tuple[tuple[Mark, ...], ...]
    torn: frozenset[int]


def marks_of_cells(table: CleanTable) -> CellMarks:
    """Give each mark of a table to the cell in which it stands; marks outside of all cells are left out."""
    cells, labels = len(table.grid.cells), table.ink.labels.astype(np.int32)
    owners = _owners(table)
    marks = {
        label: Mark(label, Box(left, top, left + width, top + height), area)
        for label, (left, top, width, height, area) in enumerate(table.ink.rows.tolist())
        if label and area >= WRITING.least_area
    }
    inked = labels > 0
    keys, counts = np.unique(labels[inked].astype(np.int64) * (cells + 1) + owners[inked], return_counts=True)
    shares: dict[int, dict[int, int]] = {}
    for key, count in zip(keys.tolist(), counts.tolist(), strict=True):
        shares.setdefault(key // (cells + 1), {})[key % (cells + 1)] = count
    groups: list[list[Mark]] = [[] for _ in range(cells + 1)]
    torn: set[int] = set()
    for label, mark in marks.items():
        owner, most = max(shares[label].items(), key=lambda entry: entry[1])
        parts = [mark] if most >= WRITING.whole * mark.area else _torn(mark, shares[label], labels, owners)
        torn.update(part.label for part in parts if len(parts) > 1)
        for part in parts:
            at = owner if len(parts) == 1 else int(owners[labels == part.label][0])
            groups[at].append(part)
    kept = [tuple(mark for mark in group if not _is_left_of_rule(mark, labels, table)) for group in groups[1:]]
    return CellMarks(labels, tuple(kept), frozenset(torn))


def _owners(table: CleanTable) -> NDArray[np.int32]:
    """The cell in which each pixel stands, from 1; 0 outside of all: int32, height × width."""
    owners = np.zeros(table.ink.mask.shape, np.int32)
    for number, cell in enumerate(table.grid.cells, 1):
        cv2.fillPoly(owners, [np.rint(table.grid.corners(cell)).astype(np.int32)], number)
    return owners


def _torn(mark: Mark, shares: dict[int, int], labels: NDArray[np.int32], owners: NDArray[np.int32]) -> list[Mark]:
    """The parts of a mark in the cells in which enough of it stands, each with a label of its own.

    Args:
        mark: The mark.
        shares: Its pixels in each cell, by the cell's number.
        labels: int32, height × width; changed.
        owners: int32, height × width, from `_owners`.
    """
    inside = np.s_[mark.box.top : mark.box.bottom, mark.box.left : mark.box.right]
    whole, parts = labels[inside] == mark.label, []
    for owner, count in shares.items():
        if owner and count >= WRITING.part * mark.area:
            part = whole & (owners[inside] == owner)
            left, top, width, height = cv2.boundingRect(part.astype(np.uint8))
            left, top = left + mark.box.left, top + mark.box.top
            label = int(labels.max()) + 1
            labels[inside][part] = label
            parts.append(Mark(label, Box(left, top, left + width, top + height), count))
    return parts or [mark]


def _is_left_of_rule(mark: Mark, labels: NDArray[np.int32], table: CleanTable) -> bool:
    """Whether a mark is what is left of a rule: thin, and beside it."""
    if min(mark.box.width, mark.box.height) > WRITING.rest_thin:
        return False
    near = WRITING.rest_near
    around = np.s_[
        max(0, mark.box.top - near) : mark.box.bottom + near, max(0, mark.box.left - near) : mark.box.right + near
    ]
    side = 2 * near + 1
    beside = cv2.dilate(np.ascontiguousarray(table.rules[around]), np.ones((side, side), np.uint8))
    return bool(beside[labels[around] == mark.label].mean() >= WRITING.rest_beside)
