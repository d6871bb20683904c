"""Marks of ink gathered into strips that may be one number each, in reading order.

In goes the ink of a page, out come strips in ink pixels. A strip whose line climbs or falls is made level.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box
from ml.reading.forms.layouts import Layout
from ml.reading.ink.constants import STRIPS
from ml.reading.ink.groups import Mark, grouped
from ml.reading.ink.hand import slant_of, slope_of, stroke_of
from ml.reading.ink.ink import Ink

_TURNABLE = 32_000
"""Longest side in pixels of a page whose strips are turned: OpenCV's coordinates have 16 bits."""


@dataclass(frozen=True, eq=False)
class Strip:
    """Marks that may be one number, made level where its line climbs or falls.

    Attributes:
        marks: From left to right.
        box: Around them all once level, in ink pixels.
        labels: Integers, height × width of the box: the label of each pixel's mark, 0 for paper.
        soft: uint8, height × width of the box, paper 0 to full ink 255.
        slope: Rows that its line falls on the page for each column to the right; 0.0 where it was level enough.
        level_from: The box of its marks on the page, in ink pixels, if it had to be made level; else None.
    """

    marks: tuple[Mark, ...]
    box: Box
    labels: NDArray[Any]
    soft: NDArray[np.uint8]
    slope: float = 0.0
    level_from: Box | None = None

    def on_page(self, box: Box, scale: float) -> Box:
        """The same box in pixels of the page.

        Args:
            box: In ink pixels from the strip's top left.
            scale: Pixels of the page to one ink pixel.
        """
        left, right = float(box.left + self.box.left), float(box.right + self.box.left)
        top, bottom = float(box.top + self.box.top), float(box.bottom + self.box.top)
        if self.level_from is not None:
            across, down = self.turned_back((left + right) / 2, (top + bottom) / 2)
            left, right = max(left + across, self.level_from.left), min(right + across, self.level_from.right)
            top, bottom = max(top + down, self.level_from.top), min(bottom + down, self.level_from.bottom)
        x, y = int(left * scale), int(top * scale)
        return Box(x, y, max(math.ceil(right * scale), x + 1), max(math.ceil(bottom * scale), y + 1))

    def turned_back(self, x: float, y: float) -> tuple[float, float]:
        """How far right and down a place of the level strip is moved to its place on the page, in ink pixels."""
        if self.level_from is None:
            return 0.0, 0.0
        middle_x = (self.level_from.left + self.level_from.right) / 2
        middle_y = (self.level_from.top + self.level_from.bottom) / 2
        return -self.slope * (y - middle_y), self.slope * (x - middle_x)

    @cached_property
    def slant(self) -> float:
        """Shear of the writing: pixels to the right for each pixel up."""
        return slant_of(self.labels)

    @cached_property
    def stroke(self) -> float:
        """Thickness of the pen's stroke, in ink pixels."""
        return stroke_of(self.labels)


def locate(ink: Ink, layout: Layout) -> list[Strip]:
    """Gather the marks of a page into strips: lines from the top, the strips of each from the left.

    Marks join when they stand beside each other, have similar heights, and are no further apart than the digits of one
    number.

    Args:
        ink: The ink of a page, without rules.
        layout: With `one_number`, the whole page is one strip.
    """
    marks = marks_on(ink, layout)
    groups = _whole_picture(marks, ink.mask.shape) if layout.one_number else grouped(marks)
    groups = [group for group in groups if len(group) <= STRIPS.most_in_strip or layout.one_number]
    return [strip_of(group, ink) for group in groups[: STRIPS.most_strips]]


def has_too_many_marks(ink: Ink) -> bool:
    """Whether a page has more marks as tall as a digit than are looked at, so that a number may be missing.

    Args:
        ink: The ink of the page, without rules.
    """
    smaller = _largest_first(ink)[STRIPS.most_marks :]
    left_out = ink.rows[smaller, cv2.CC_STAT_HEIGHT] >= STRIPS.least_tall
    return ink.is_crowded or bool(left_out.any())


def _largest_first(ink: Ink) -> NDArray[np.int64]:
    """Labels of all marks."""
    labels: NDArray[np.int64] = np.argsort(-ink.rows[1:, cv2.CC_STAT_AREA]) + 1
    return labels


def usual_height(marks: Sequence[Mark]) -> float:
    """Median height of the marks, each weighted by its height so that dots and commas count little."""
    heights = np.sort([mark.box.height for mark in marks])
    weight = np.cumsum(heights)
    return float(heights[np.searchsorted(weight, weight[-1] / 2)])


def marks_on(ink: Ink, layout: Layout) -> list[Mark]:
    """The largest marks, without specks of a few pixels and without the black edges of the scanner's glass."""
    marks = []
    for label in _largest_first(ink)[: STRIPS.most_marks].tolist():
        left, top, width, height, area = ink.rows[label].tolist()
        mark = Mark(label, Box(left, top, left + width, top + height), area)
        if area >= STRIPS.least_area and not _is_scanner_edge(mark, ink.mask.shape, layout):
            marks.append(mark)
    return marks


def _is_scanner_edge(mark: Mark, page: tuple[int, ...], layout: Layout) -> bool:
    """Whether a mark is a bar along the rim: it lies on one side of the page, spans most of it, and is nearly filled.

    In a picture of one number, a 1 may reach from the upper rim to the lower.
    """
    box = mark.box
    at_side, at_end = box.left == 0 or box.right == page[1], box.top == 0 or box.bottom == page[0]
    upright, level = box.height > STRIPS.edge_span * page[0], box.width > STRIPS.edge_span * page[1]
    along = (at_side and upright) or (at_end and level)
    at_rim = along if layout.one_number else (at_side or at_end) and (upright or level)
    return at_rim and mark.area > STRIPS.edge_filled * box.width * box.height


def _whole_picture(marks: list[Mark], shape: tuple[int, ...]) -> list[tuple[Mark, ...]]:
    """All marks as one group, without the rests of lines and boxes that were cut through at the rim."""
    tallest = max((mark.box.height for mark in marks), default=0)
    kept = tuple(mark for mark in marks if not _is_cut_off(mark.box, shape, tallest))
    return [kept] if kept else []


def _is_cut_off(box: Box, shape: tuple[int, ...], tallest: int) -> bool:
    rim = STRIPS.rim
    at_top_or_bottom = box.top <= rim or box.bottom >= shape[0] - rim
    at_side = box.left <= rim or box.right >= shape[1] - rim
    low, narrow = box.height < STRIPS.cut_low * tallest, box.width < STRIPS.cut_narrow * tallest
    return (at_top_or_bottom and low) or (at_side and narrow)


def strip_of(group: tuple[Mark, ...], ink: Ink) -> Strip:
    """The strip of a group of marks, made level where its line climbs or falls."""
    box = reduce(Box.union, (mark.box for mark in group))
    inside = np.s_[box.top : box.bottom, box.left : box.right]
    strip = Strip(_in_order(group), box, ink.labels[inside], ink.soft[inside])
    slope = _slope(strip) if max(ink.mask.shape) * ink.scale < _TURNABLE else 0.0
    return strip if slope == 0 else _levelled(strip, slope)


def _in_order(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Marks from left to right, by their middles."""
    return tuple(sorted(marks, key=lambda mark: (mark.box.left + mark.box.right, mark.label)))


def _slope(strip: Strip) -> float:
    """Slope of a line of writing, in rows down for each column; 0.0 where it is small or unclear."""
    usual, box = usual_height(strip.marks), strip.box
    higher = box.height - usual  # a line that is askew is higher than its digits
    if box.width < STRIPS.long * usual or higher < STRIPS.climb * STRIPS.askew * box.width:
        return 0.0
    slope = slope_of(strip.labels, usual)
    return slope if abs(slope) > STRIPS.askew else 0.0


def _levelled(strip: Strip, slope: float) -> Strip:
    """A strip turned around its middle until it is level, without the specks that vanish."""
    labels, soft, margin = _turned(strip, slope)
    rows, columns = np.flatnonzero(labels.any(axis=1)), np.flatnonzero(labels.any(axis=0))
    if rows.size == 0:  # dust alone
        return strip
    inside = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    labels = np.ascontiguousarray(labels[inside])
    left = max(0, strip.box.left - margin[0] + int(columns[0]))
    top = max(0, strip.box.top - margin[1] + int(rows[0]))
    marks = []
    for mark in strip.marks:
        x, y, across, down = cv2.boundingRect((labels == mark.label).astype(np.uint8))
        if across:
            marks.append(replace(mark, box=Box(left + x, top + y, left + x + across, top + y + down)))
    box = Box(left, top, left + labels.shape[1], top + labels.shape[0])
    return Strip(_in_order(marks), box, labels, np.ascontiguousarray(soft[inside]), slope, strip.box)


def _turned(strip: Strip, slope: float) -> tuple[NDArray[np.int32], NDArray[np.uint8], tuple[int, int]]:
    """Labels and soft ink of a strip turned level; and the pixels by which they grew to the left and above."""
    height, width = strip.labels.shape
    wide, high = (math.ceil(abs(slope) * side / 2 + 1) for side in (height, width))
    size = width + 2 * wide, height + 2 * high
    back = np.array([[1, -slope, 0], [slope, 1, 0]])
    back[:, 2] = ((width - 1) / 2, (height - 1) / 2) - back[:, :2] @ ((size[0] - 1) / 2, (size[1] - 1) / 2)
    flags = cv2.WARP_INVERSE_MAP | cv2.INTER_NEAREST
    labels = cv2.warpAffine(strip.labels.astype(np.float32), back, size, flags=flags).astype(np.int32)
    soft = cv2.warpAffine(strip.soft, back, size, flags=cv2.WARP_INVERSE_MAP | cv2.INTER_LINEAR).astype(np.uint8)
    return labels, soft, (wide, high)
