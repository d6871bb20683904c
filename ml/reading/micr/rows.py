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
    """
    boxes = _digit_shaped(marks[1:])
    height = boxes[:, cv2.CC_STAT_HEIGHT].astype(np.float64)
    foot = boxes[:, cv2.CC_STAT_TOP] + height
    middle = boxes[:, cv2.CC_STAT_LEFT] + boxes[:, cv2.CC_STAT_WIDTH] / 2
    free = np.ones(len(boxes), bool)
    rows: list[Row] = []
    while free.sum() >= MICR_ROW.fewest_marks and len(rows) < MICR_ROW.most_rows:
        similar = np.abs(height[:, None] - height) < _height_stray(height[:, None])
        foot_stray = MICR_ROW.foot_stray * height[:, None] + MICR_ROW.steepest * np.abs(middle[:, None] - middle)
        level = np.abs(foot[:, None] - foot) < foot_stray
        together = similar & level & free & free[:, None]
        first = int(together.sum(axis=1).argmax())
        members = np.flatnonzero(together[first])
        free[members] = False
        free[first] = False
        if len(members) < MICR_ROW.fewest_marks:
            break
        rows.append(_row(height[members], foot[members], middle[members]))
    return rows


def _digit_shaped(boxes: NDArray[np.int32]) -> NDArray[np.int32]:
    """The marks that are as large and as wide as a printed digit may be."""
    width, height = boxes[:, cv2.CC_STAT_WIDTH], boxes[:, cv2.CC_STAT_HEIGHT]
    narrow, wide = width <= MICR_ROW.widest * height, width >= MICR_ROW.narrowest * height
    return boxes[(height >= MICR_ROW.least_height) & narrow & wide]


def _height_stray(height: NDArray[np.float64] | float) -> NDArray[np.float64] | float:
    """By how many pixels another mark of the row may be higher or lower."""
    return MICR_ROW.height_stray * height + MICR_ROW.height_stray_pixels


def _row(height: NDArray[np.float64], foot: NDArray[np.float64], middle: NDArray[np.float64]) -> Row:
    """The row through marks: a line is fitted to their feet."""
    slope, at = np.polyfit(middle, foot, 1) if np.ptp(middle) > 0 else (0.0, foot[0])
    return Row(float(np.median(height)), float(at), float(slope), middle.min(), middle.max())


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
