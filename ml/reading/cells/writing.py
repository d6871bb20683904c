"""The writing in each cell of a table: a table without its rules in, a line ready to be read for each written cell out.

Ink of a neighbour that reaches into a cell is left out of its picture. Boxes are in ink pixels of the page, unless a
docstring says otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.cells.clean import CleanTable
from ml.reading.cells.constants import WRITING
from ml.reading.cells.marks import CellMarks, marks_of_cells
from ml.reading.cells.rings import is_ringed, without_rings
from ml.reading.elements import Box
from ml.reading.grids.find import GridCell
from ml.reading.ink.constants import LINES, ZONES
from ml.reading.ink.groups import Mark
from ml.reading.ink.lines import Cutting, as_line
from ml.reading.ink.locate import Strip, usual_height


@dataclass(frozen=True, slots=True, eq=False)
class CellWriting:
    """The writing in a cell.

    Attributes:
        cell: The cell.
        cutting: Its line for the network of strings.
        picture: uint8, height × width × 3, RGB: the same with more room, for the network of notes.
        corner: Left and top of that picture, in ink pixels of the page.
        digit_height: Usual height of its digits, in ink pixels.
        line_count: How many lines of writing stand one below the other.
        is_parted: Whether there is a gap in it that is wider than gaps within a number.
        is_torn: Whether a mark of it stands in a neighbouring cell too.
        is_on_rule: Whether a stroke lies along a rule, so that a part of it may have gone with the rule.
        small_marks: How many of its marks are too small for a digit: points, commas, dashes, specks.
        has_points: Whether it has small marks, and all of them are as round as points.
        is_ringed: Whether a ring is drawn around a digit and touches it.
    """

    cell: GridCell
    cutting: Cutting
    picture: NDArray[np.uint8]
    corner: tuple[int, int]
    digit_height: float
    line_count: int
    is_parted: bool
    is_torn: bool
    is_on_rule: bool
    small_marks: int
    has_points: bool
    is_ringed: bool = False

    @property
    def box(self) -> Box:
        """Around its ink, in ink pixels of the page."""
        return self.cutting.strip.box


def writing_in(table: CleanTable, scale: float) -> list[CellWriting]:
    """The writing in each cell that has any.

    Args:
        table: The table.
        scale: Pixels of the page to one ink pixel.
    """
    marks = marks_of_cells(table)
    tall = [mark for group in marks.of_cell for mark in group if mark.box.height >= WRITING.least_tall]
    if not tall:
        return []
    usual = usual_height(tall)
    least = max(WRITING.least_tall, WRITING.tall * usual)
    heights = _heights_by_row(table, marks, least)
    written = []
    for cell, marked in zip(table.grid.cells, marks.of_cell, strict=True):
        group = without_rings(marked, marks.labels)
        large = [mark for mark in group if max(mark.box.width, mark.box.height) >= least]
        if large:
            ringed = any(is_ringed(mark, marks.labels, heights[cell.row]) for mark in large)
            written.append(replace(_writing(cell, group, large, marks, table, scale), is_ringed=ringed))
    return written


def _heights_by_row(table: CleanTable, marks: CellMarks, least: float) -> dict[int, float]:
    """The usual height of a digit in each row that has writing: print in other rows may be smaller."""
    rows: defaultdict[int, list[Mark]] = defaultdict(list)
    for cell, group in zip(table.grid.cells, marks.of_cell, strict=True):
        rows[cell.row] += [mark for mark in group if max(mark.box.width, mark.box.height) >= least]
    return {row: usual_height(found) for row, found in rows.items() if found}


def _writing(
    cell: GridCell, group: Sequence[Mark], large: list[Mark], marks: CellMarks, table: CleanTable, scale: float
) -> CellWriting:
    """The writing of a cell: its large marks, and the small ones near them."""
    height = usual_height(large)
    box = reduce(Box.union, (mark.box for mark in large))
    kept = [mark for mark in group if _is_near(mark.box, box, WRITING.near * height)]
    box = reduce(Box.union, (mark.box for mark in kept))
    beside, above = round(ZONES.room_beside * height), round(ZONES.room_above * height)
    left, top = max(0, box.left - beside), max(0, box.top - above)
    inside = np.s_[top : box.bottom + above, left : box.right + beside]
    labels = marks.labels[inside]
    own = np.isin(labels, [mark.label for mark in kept])
    picture = _without_others(table.picture[inside], labels, own)
    strip = _strip(kept, box, labels, own, (left, top), table)
    room = round(LINES.room * box.height)
    close = Box(max(left, box.left - room), max(top, box.top - room), box.right + room, box.bottom + room)
    line = np.ascontiguousarray(picture[close.top - top : close.bottom - top, close.left - left : close.right - left])
    corner = (left + table.left, top + table.top)
    place = _scaled(_moved(close, table), scale)
    grey = cv2.cvtColor(line, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)
    torn = any(mark.label in marks.torn for mark in kept)
    on_rule = _lies_along(own, table.rules[inside], WRITING.along * height)
    cutting = Cutting(as_line(grey), line, place, strip, scale)
    small = _small_marks([mark.box for mark in kept], height)
    points = bool(small) and all(_is_point(mark, height) for mark in small)
    return CellWriting(
        cell,
        cutting,
        picture,
        corner,
        height,
        _line_count(large, height),
        _is_parted(kept, height),
        torn,
        on_rule,
        len(small),
        points,
    )


def _small_marks(marks: Sequence[Box], height: float) -> list[Box]:
    """The marks that are too low for a digit of this height, and no part of one: none stands above or below them."""
    tall = [mark for mark in marks if mark.height >= WRITING.small * height]
    low = [mark for mark in marks if mark.height < WRITING.small * height]
    return [mark for mark in low if all(_shared(mark, digit) <= WRITING.beside * mark.width for digit in tall)]


def _shared(mark: Box, other: Box) -> int:
    """The columns that two marks share."""
    return max(0, min(mark.right, other.right) - max(mark.left, other.left))


def _is_point(mark: Box, height: float) -> bool:
    """Whether a small mark is as round as a point beside digits of this height."""
    return mark.width <= WRITING.point_wide * height and mark.width <= WRITING.point_round * mark.height


def _is_near(mark: Box, writing: Box, reach: float) -> bool:
    across = max(mark.left - writing.right, writing.left - mark.right)
    down = max(mark.top - writing.bottom, writing.top - mark.bottom)
    return max(across, down) <= reach


def _without_others(picture: NDArray[np.uint8], labels: NDArray[np.int32], own: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """A part of a picture in which all marks but a cell's own are painted over."""
    others = ((labels > 0) & ~own).astype(np.uint8)
    if not others.any():
        return picture.copy()
    side = 2 * WRITING.soft_rim + 1
    painted, paper = picture.copy(), labels == 0
    foreign = (cv2.dilate(others, np.ones((side, side), np.uint8)) > 0) & ~own
    painted[foreign] = np.median(picture[paper], axis=0) if paper.any() else 255
    return painted


def _strip(
    kept: Sequence[Mark],
    box: Box,
    labels: NDArray[np.int32],
    own: NDArray[np.bool_],
    corner: tuple[int, int],
    table: CleanTable,
) -> Strip:
    """The strip of a cell's marks, on the page.

    Args:
        kept: The cell's marks.
        box: Around them, in pixels of the table's part.
        labels: The labels of a part of it.
        own: Which of these pixels are the cell's own.
        corner: Left and top of that part.
        table: The table.
    """
    left, top = corner
    inside = np.s_[box.top - top : box.bottom - top, box.left - left : box.right - left]
    soft = table.ink.soft[box.top : box.bottom, box.left : box.right].copy()
    soft[(labels[inside] > 0) & ~own[inside]] = 0
    ordered = sorted(kept, key=lambda mark: (mark.box.left + mark.box.right, mark.label))
    placed = tuple(replace(mark, box=_moved(mark.box, table)) for mark in ordered)
    return Strip(placed, _moved(box, table), labels[inside] * own[inside], soft)


def _moved(box: Box, table: CleanTable) -> Box:
    """A box of a table's part, in ink pixels of the page."""
    return Box(box.left + table.left, box.top + table.top, box.right + table.left, box.bottom + table.top)


def _scaled(box: Box, scale: float) -> Box:
    left, top = int(box.left * scale), int(box.top * scale)
    return Box(left, top, max(left + 1, int(box.right * scale)), max(top + 1, int(box.bottom * scale)))


def _line_count(large: Sequence[Mark], height: float) -> int:
    """How many lines of writing stand one below the other: marks as tall as digits that share no row."""
    tall = sorted((mark.box for mark in large if mark.box.height >= WRITING.line * height), key=lambda box: box.top)
    count, bottom = 0, -1
    for box in tall:
        count += box.top >= bottom
        bottom = max(bottom, box.bottom)
    return max(count, 1)


def _is_parted(kept: Sequence[Mark], height: float) -> bool:
    """Whether there is a gap between two neighbouring marks that is wider than gaps within a number."""
    boxes = sorted((mark.box for mark in kept), key=lambda box: box.left)
    right = boxes[0].right
    for box in boxes[1:]:
        if box.left - right > WRITING.gap * height:
            return True
        right = max(right, box.right)
    return False


def _lies_along(own: NDArray[np.bool_], rules: NDArray[np.uint8], most: float) -> bool:
    """Whether writing touches a rule for longer than where a stroke ends at it or crosses it.

    Args:
        own: bool, height × width: the writing of a cell.
        rules: uint8, height × width, 1 where a rule was.
        most: A stroke that ends or crosses touches a rule for no longer, in pixels.
    """
    beside = cv2.dilate(own.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(np.uint8)
    touching: NDArray[np.uint8] = beside & rules
    if not touching.any():
        return False
    _, _, rows, _ = cv2.connectedComponentsWithStats(touching, connectivity=8)
    return bool(rows[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max() > most)
