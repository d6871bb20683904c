"""Finds the rows of marks on a page that may be its MICR line.

In go a page's marks, out come rows: marks of one height whose feet lie on one line, in pixels of the ink.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box
from ml.reading.ink.ink import Ink
from ml.reading.micr.constants import MICR_ROW

_BLOCK = 128
"""Marks that are compared with all others at once."""


@dataclass(frozen=True, slots=True)
class Row:
    """Marks of one height on one line; all in pixels of the ink.

    Attributes:
        height: The marks' median height.
        foot: Where the line of their feet meets the left edge.
        slope: Pixels by which that line falls in each pixel to the right: the feet are at `foot + slope * x`.
        left: The middle of the first mark.
        right: The middle of the last mark.
    """

    height: float
    foot: float
    slope: float
    left: float
    right: float


def find_rows(marks: NDArray[np.int32]) -> list[Row]:
    """Rows of marks of one height, those with the most marks first.

    Args:
        marks: int32, labels × 5: OpenCV's left, top, width, height and area; the first is the paper.

    Returns:
        Empty where there are more marks than `MICR_ROW.most_marks`: they are a pattern.
    """
    printed = _Marks.digit_shaped(marks[1:])
    if len(printed.height) > MICR_ROW.most_marks:
        return []
    free = np.ones(len(printed.height), bool)
    neighbours = printed.neighbours_among(np.arange(len(free)))
    rows: list[Row] = []
    while free.sum() >= MICR_ROW.fewest_marks and len(rows) < MICR_ROW.most_rows:
        first = int((neighbours * free).argmax())
        members = np.flatnonzero(printed.are_together(np.array([first]), np.arange(len(free)))[0] & free)
        if len(members) < MICR_ROW.fewest_marks:
            break
        rows.append(printed.row_of(members))
        free[members] = False
        neighbours -= printed.neighbours_among(members)
    return rows


@dataclass(frozen=True, slots=True, eq=False)
class _Marks:
    """Marks as large and as wide as a printed digit: float64, one value a mark, in pixels of the ink."""

    height: NDArray[np.float64]
    foot: NDArray[np.float64]
    middle: NDArray[np.float64]

    @classmethod
    def digit_shaped(cls, boxes: NDArray[np.int32]) -> _Marks:
        """Those of some marks that may be printed digits."""
        width, height = boxes[:, cv2.CC_STAT_WIDTH], boxes[:, cv2.CC_STAT_HEIGHT]
        narrow, wide = width <= MICR_ROW.widest * height, width >= MICR_ROW.narrowest * height
        left, top, width, high, _ = boxes[(height >= MICR_ROW.least_height) & narrow & wide].T
        height = high.astype(np.float64)
        return cls(height, top + height, left + width / 2)

    def are_together(self, some: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether each of some marks may stand in one row with each of the others: bool, some × others."""
        height, foot, middle = self.height[some, None], self.foot[some, None], self.middle[some, None]
        similar = np.abs(height - self.height[others]) < _height_stray(height)
        foot_stray = MICR_ROW.foot_stray * height + MICR_ROW.steepest * np.abs(middle - self.middle[others])
        together: NDArray[np.bool_] = similar & (np.abs(foot - self.foot[others]) < foot_stray)
        return together

    def neighbours_among(self, others: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many of some marks may stand in one row with each mark: int64, one number a mark.

        Marks are compared by blocks, and only with those whose feet are about as high: all pairs of a page of noise
        would fill gigabytes.
        """
        counts = np.zeros(len(self.foot), np.int64)
        reach = MICR_ROW.foot_stray * self.height + MICR_ROW.steepest * np.ptp(self.middle) + 1 if len(counts) else 0
        others = others[np.argsort(self.foot[others])]
        feet, order = self.foot[others], np.argsort(self.foot)
        for start in range(0, len(order), _BLOCK):
            block = order[start : start + _BLOCK]
            lowest, highest = (self.foot - reach)[block].min(), (self.foot + reach)[block].max()
            near = others[np.searchsorted(feet, lowest) : np.searchsorted(feet, highest, "right")]
            counts[block] = self.are_together(block, near).sum(axis=1)
        return counts

    def row_of(self, members: NDArray[np.int64]) -> Row:
        """The row through some marks: a line is fitted to their feet."""
        height, foot, middle = self.height[members], self.foot[members], self.middle[members]
        slope, at = np.polyfit(middle, foot, 1) if np.ptp(middle) > 0 else (0.0, foot[0])
        return Row(float(np.median(height)), float(at), float(slope), middle.min(), middle.max())


def _height_stray(height: NDArray[np.float64] | float) -> NDArray[np.float64] | float:
    """By how many pixels another mark of the row may be higher or lower."""
    return MICR_ROW.height_stray * height + MICR_ROW.height_stray_pixels


def refitted(row: Row, ink: Ink, symbols: Iterable[Box]) -> Row:
    """Fits a row to its symbols alone: marks of a pattern beside them may have tilted it.

    Args:
        row: As it was found.
        ink: Of the page.
        symbols: The boxes of the symbols that were read in the row, in pixels of the page.

    Returns:
        The same row where too few marks lie in these boxes.
    """
    left, top, width, height = ink.rows[1:, : cv2.CC_STAT_AREA].T
    middle, foot = left + width / 2, (top + height).astype(np.float64)
    similar = np.abs(height - row.height) < _height_stray(row.height)
    members = np.zeros(len(middle), bool)
    for box in symbols:
        inside = (middle > box.left / ink.scale) & (middle < box.right / ink.scale)
        level = np.abs(foot - box.bottom / ink.scale) < MICR_ROW.foot_stray * row.height
        members |= inside & similar & level
    if members.sum() < MICR_ROW.fewest_marks:
        return row
    slope, at = np.polyfit(middle[members], foot[members], 1)
    return replace(row, foot=float(at), slope=float(slope))
