"""Marks of writing in the picture of a zone, pale digits and broken ones included.

In goes a picture without rules, uint8, height × width × 3, RGB, with its pixels a millimetre. Out come boxes in pixels
of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import chain

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box, Page
from ml.reading.ink.constants import MARKS
from ml.reading.ink.ink import Ink, find_ink


@dataclass(frozen=True, slots=True)
class Marks:
    """Boxes around the marks of a picture.

    Attributes:
        tall: Those as tall as writing.
        low: Dots and dashes.
        is_crowded: Whether there were more marks than any field has. They are a pattern, and none of them is here.
    """

    tall: tuple[Box, ...] = ()
    low: tuple[Box, ...] = ()
    is_crowded: bool = False


def marks_of(clean: NDArray[np.uint8], per_mm: float) -> Marks:
    """The marks of a picture.

    Args:
        clean: uint8, height × width × 3, RGB, without rules.
        per_mm: Pixels a millimetre.
    """
    calm = cv2.GaussianBlur(clean, (0, 0), MARKS.calm * per_mm).astype(np.uint8)
    ink = find_ink(Page(calm, 1, None, ""))
    rows = np.concatenate([ink.rows[1:], pale_rows(ink, per_mm)])
    as_large = rows[:, cv2.CC_STAT_AREA] >= MARKS.least_area
    rows = rows[as_large & (rows[:, cv2.CC_STAT_HEIGHT] * ink.scale <= MARKS.most_tall * per_mm)]
    if ink.is_crowded or len(rows) > MARKS.most_marks:
        return Marks(is_crowded=True)
    marks = [
        scaled(Box(left, top, left + width, top + height), ink.scale) for left, top, width, height, _ in rows.tolist()
    ]
    least, least_piece = MARKS.least_tall * per_mm, MARKS.least_piece * per_mm
    pieces = [mark for mark in marks if mark.height < least and max(mark.width, mark.height) >= least_piece]
    marks = [mark for mark in marks if mark.height >= least] + _stacked(pieces, per_mm)
    tall = tuple(mark for mark in marks if mark.height >= least)
    low = tuple(mark for mark in marks if mark.height < least)
    return Marks(is_crowded=True) if len(tall) > MARKS.most_tall_marks else Marks(tall, low)


def pale_rows(ink: Ink, per_mm: float) -> NDArray[np.int32]:
    """Marks as tall as writing once pale ink counts too.

    Beside dark print, only a piece or some specks of a pale pen's digit are found as ink. So a pale mark counts only
    where a part of it is ink, and where it reaches well beyond that part.

    Args:
        ink: The ink of the picture.
        per_mm: Pixels of the picture a millimetre.

    Returns:
        int32, marks × 5: left, top, width, height and area of each, in ink pixels.
    """
    least = max(MARKS.pale, MARKS.above_paper * float(np.median(ink.soft)))
    pale = np.where(ink.soft > least, np.uint8(1), np.uint8(0))
    _, labels, rows, _ = cv2.connectedComponentsWithStats(pale, connectivity=8)
    # Height of the tallest dark mark in each pale one.
    dark = np.zeros(len(rows), np.int32)
    both = (ink.mask > 0) & (pale > 0)
    np.maximum.at(dark, labels[both].astype(np.int32), ink.rows[ink.labels[both], cv2.CC_STAT_HEIGHT])
    height = rows[:, cv2.CC_STAT_HEIGHT]
    most_dark = np.maximum(MARKS.least_tall * per_mm / ink.scale, height / MARKS.pale_longer)
    high, wide = height * ink.scale, rows[:, cv2.CC_STAT_WIDTH] * ink.scale
    as_tall = (high >= MARKS.least_tall * per_mm) & (high <= MARKS.most_tall * per_mm)
    kept = (dark > 0) & (dark < most_dark) & as_tall & (wide <= MARKS.pale_wide * high)
    kept[0] = False
    digits: NDArray[np.int32] = rows[kept].astype(np.int32, copy=False)
    return digits


def scaled(box: Box, scale: float) -> Box:
    """A box with its sides multiplied by the scale, at least one pixel wide and high."""
    x, y = int(box.left * scale), int(box.top * scale)
    return Box(x, y, max(x + 1, int(box.right * scale)), max(y + 1, int(box.bottom * scale)))


def _stacked(pieces: list[Box], per_mm: float) -> list[Box]:
    """Low marks; those that stand above one another and may be one digit become one."""
    if len(pieces) > MARKS.most_pieces:
        return pieces
    stacks: list[list[Box]] = []
    for piece in sorted(pieces, key=lambda box: box.top):
        joined = [stack for stack in stacks if any(_is_above(upper, piece, per_mm) for upper in stack)]
        stacks = [stack for stack in stacks if stack not in joined] + [[*chain.from_iterable(joined), piece]]
    unions = [(reduce(Box.union, stack), stack) for stack in stacks]
    tallest = MARKS.stacked_tall * per_mm
    return [mark for union, stack in unions for mark in ([union] if union.height <= tallest else stack)]


def _is_above(first: Box, second: Box, per_mm: float) -> bool:
    """Whether two marks stand close above one another."""
    across = min(first.right, second.right) - max(first.left, second.left)
    apart = max(first.top, second.top) - min(first.bottom, second.bottom)
    over = MARKS.pieces_over * min(first.width, second.width)
    return across >= over and apart <= MARKS.pieces_apart * per_mm
