"""Where numbers may stand: marks of ink gathered into strips, in reading order."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box
from ml.reading.forms.layouts import Layout
from ml.reading.ink.hand import slant_of, slope_of, stroke_of
from ml.reading.ink.ink import Ink

_LEAST_TALL = 9
"""Lower marks stand for no digit of their own: dots, dashes, specks. (Digits are read from 12 pixels.)"""

_MOST_MARKS = 4000
_MOST_IN_STRIP = 60
"""More marks than this side by side are a pattern or a line of print, not a number."""

_GAP = 0.9
"""Marks further apart than this, in heights of the taller, belong to different numbers."""

_REACH = 1.0
"""The end of a group is its last mark and what lies within so many heights of it."""

_NEAR = 0.4
"""A low mark within this many heights of a group is part of its writing."""

_ASKEW, _LONG = 0.1, 2
"""Writing that climbs or falls by more rows a column is made level, if it is so many times longer than high."""

_TURNABLE = 32_000
"""Pixels of a page's longer side: OpenCV turns pictures with coordinates of 16 bits."""

_LIKE = 0.35
"""Digits of one number differ in height, but not by more than this."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Ink that hangs together: its label in the strip's page, its box in ink pixels, its area in pixels."""

    label: int
    box: Box
    area: int


@dataclass(frozen=True, eq=False)
class Strip:
    """Marks that may be one number, made level where its line climbs or falls.

    Attributes:
        marks: From left to right.
        box: Around them all, in ink pixels, once level.
        labels: int32, the box's height × width: each pixel's mark, 0 for paper.
        soft: uint8, same shape, paper 0 to ink 255.
        slope: Rows that the line falls on the page for each column to the right; 0.0 where it was level enough.
        level_from: Where its marks stand on the page, in ink pixels, if it had to be made level.
    """

    marks: tuple[Mark, ...]
    box: Box
    labels: NDArray[np.int32]
    soft: NDArray[np.uint8]
    slope: float = 0.0
    level_from: Box | None = None

    def on_page(self, box: Box, scale: float) -> Box:
        """Where something stands on the page.

        Args:
            box: In the strip's pixels.
            scale: Pixels of the page for one of the strip's.
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
        """How far to the right and down a place has to go to be where it stands on the page, all in ink pixels."""
        if self.level_from is None:
            return 0.0, 0.0
        middle_x = (self.level_from.left + self.level_from.right) / 2
        middle_y = (self.level_from.top + self.level_from.bottom) / 2
        return -self.slope * (y - middle_y), self.slope * (x - middle_x)

    @cached_property
    def slant(self) -> float:
        """The writing's shear: pixels to the right for each pixel up."""
        return slant_of(self.labels)

    @cached_property
    def stroke(self) -> float:
        """How thick the pen's stroke is, in pixels."""
        return stroke_of(self.labels)


def locate(ink: Ink, layout: Layout) -> list[Strip]:
    """Gather the marks of a page into strips, lines from the top, each from the left.

    Marks join when they stand beside each other, are of like height, and no further apart than digits of one number.
    With `layout.one_number` everything is one strip.
    """
    marks = _marks(ink, layout)
    groups = _whole_picture(marks, ink.mask.shape) if layout.one_number else _reading_order(_groups(marks))
    groups = [group for group in groups if len(group) <= _MOST_IN_STRIP or layout.one_number]
    return [_strip(group, ink) for group in groups]


def _marks(ink: Ink, layout: Layout) -> list[Mark]:
    """The largest marks; specks of a few pixels and black edges of the scanner's glass left out."""
    rows = ink.rows
    order = np.argsort(-rows[1:, cv2.CC_STAT_AREA])[:_MOST_MARKS] + 1
    marks = []
    for label in order.tolist():
        left, top, width, height, area = rows[label].tolist()
        if area >= 4 and not _is_scanner_edge(left, top, width, height, area, ink.mask.shape, layout):
            marks.append(Mark(label, Box(left, top, left + width, top + height), area))
    return marks


def _is_scanner_edge(
    left: int, top: int, width: int, height: int, area: int, page: tuple[int, ...], layout: Layout
) -> bool:
    """A bar along the rim: it lies on one side of the page, spans most of it, and is nearly filled.

    In a picture of one number a 1 may reach from the upper rim to the lower.
    """
    beside, across = left == 0 or left + width == page[1], top == 0 or top + height == page[0]
    upright, level = height > 0.8 * page[0], width > 0.8 * page[1]
    along = (beside and upright) or (across and level)
    at_rim = along if layout.one_number else (beside or across) and (upright or level)
    return at_rim and area > 0.6 * width * height


def _whole_picture(marks: list[Mark], shape: tuple[int, ...]) -> list[tuple[Mark, ...]]:
    """Everything as one strip, less what is left at the rim of lines and boxes that the cut went through."""
    tallest = max((mark.box.height for mark in marks), default=0)
    kept = tuple(mark for mark in marks if not _is_cut_off(mark.box, shape, tallest))
    return [kept] if kept else []


def _is_cut_off(box: Box, shape: tuple[int, ...], tallest: int) -> bool:
    at_top_or_bottom = box.top <= 1 or box.bottom >= shape[0] - 1
    at_side = box.left <= 1 or box.right >= shape[1] - 1
    low, narrow = box.height < 0.25 * tallest, box.width < 0.12 * tallest
    return (at_top_or_bottom and low) or (at_side and narrow)


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """Marks that belong together, with the box around them all."""

    marks: tuple[Mark, ...]
    box: Box

    def with_marks(self, marks: tuple[Mark, ...], box: Box) -> _Group:
        return _Group(self.marks + marks, self.box.union(box))


def _groups(marks: list[Mark]) -> list[_Group]:
    alone = [_Group((mark,), mark.box) for mark in marks]
    groups = _joined([group for group in alone if group.box.height >= _LEAST_TALL], _GAP)
    # What stays alone and is low beside a group is that group's dot, comma, dash or broken-off bar.
    boxes = _corners(groups)
    whole = [group for group in groups if len(group.marks) > 1 or _stands_alone(group.box, boxes)]
    grouped = {mark.label for group in whole for mark in group.marks}
    boxes = _corners(whole)
    for mark in marks:
        if whole and mark.label not in grouped:
            distances = _distances(boxes, mark.box)
            home = int(distances.argmin())
            if distances[home] <= _NEAR:
                whole[home] = whole[home].with_marks((mark,), mark.box)
    return _joined(whole, _GAP)


def _corners(groups: list[_Group]) -> NDArray[np.float64]:
    """Left, top, right, bottom of each group: float64, groups × 4."""
    rows = [(group.box.left, group.box.top, group.box.right, group.box.bottom) for group in groups]
    return np.array(rows, np.float64).reshape(-1, 4)


def _stands_alone(box: Box, boxes: NDArray[np.float64]) -> bool:
    """Whether no taller group is so near that the mark is only a part of its writing."""
    taller = boxes[boxes[:, 3] - boxes[:, 1] > 2.2 * box.height]
    return not (_distances(taller, box) <= _NEAR).any()


def _distances(boxes: NDArray[np.float64], box: Box) -> NDArray[np.float64]:
    """From a mark to each of some boxes, in those boxes' heights; 0 inside."""
    left, top, right, bottom = boxes.T
    across = np.maximum(left - box.right, box.left - right)
    down = np.maximum(top - box.bottom, box.top - bottom)
    distances: NDArray[np.float64] = np.maximum(np.maximum(across, down), 0) / (bottom - top)
    return distances


def _joined(groups: list[_Group], gap: float) -> list[_Group]:
    """Merge groups that stand beside each other, seen from left to right."""
    done: list[_Group] = []
    growing: list[_Group] = []
    for group in sorted(groups, key=lambda group: group.box.left):
        hits = [other for other in growing if _beside(other, group.box, gap)]
        # Whatever ended too far to the left meets nothing from here on.
        within = [other for other in growing if group.box.left - other.box.right <= gap * other.box.height / _LIKE]
        done += [other for other in growing if other not in hits and other not in within]
        growing = [other for other in within if other not in hits]
        for other in hits:
            group = other.with_marks(group.marks, group.box)
        growing.append(group)
    return done + growing


def _beside(group: _Group, right: Box, gap: float) -> bool:
    """Whether a box goes on where a group ends: near its end, and level with and as high as one of its last marks.

    The last marks are those within a digit's reach of the end, so that lines may climb. One of them is enough: the very
    last may be a comma, or a piece of a broken digit.
    """
    if group.box.bottom <= right.top or right.bottom <= group.box.top:
        return False
    return any(
        _alike(mark.box, right)
        for mark in group.marks
        if right.left - group.box.right <= gap * max(mark.box.height, right.height)
        and right.left - mark.box.right <= (gap + _REACH) * max(mark.box.height, right.height)
    )


def _alike(left: Box, right: Box) -> bool:
    """Whether two marks stand on one line and differ in height no more than digits of one number do."""
    overlap = min(left.bottom, right.bottom) - max(left.top, right.top)
    lower, higher = sorted((left.height, right.height))
    return overlap >= 0.4 * lower and lower >= _LIKE * higher


def _reading_order(groups: list[_Group]) -> list[tuple[Mark, ...]]:
    """Lines from the top (two groups share a line where the middle of one is within the other), each from the left."""
    lines: list[list[_Group]] = []
    for group in sorted(groups, key=lambda group: group.box.top + group.box.bottom):
        middle = (group.box.top + group.box.bottom) / 2
        for line in lines:
            if line[-1].box.top <= middle <= line[-1].box.bottom:
                line.append(group)
                break
        else:
            lines.append([group])
    return [group.marks for line in lines for group in sorted(line, key=lambda group: group.box.left)]


def _strip(group: tuple[Mark, ...], ink: Ink) -> Strip:
    box = reduce(Box.union, (mark.box for mark in group))
    inside = np.s_[box.top : box.bottom, box.left : box.right]
    strip = Strip(_in_order(group), box, ink.labels[inside].astype(np.int32), ink.soft[inside])
    slope = _slope(strip) if max(ink.mask.shape) * ink.scale < _TURNABLE else 0.0
    return strip if slope == 0 else _level(strip, slope)


def _in_order(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    return tuple(sorted(marks, key=lambda mark: (mark.box.left + mark.box.right, mark.label)))


def usual_height(marks: Sequence[Mark]) -> float:
    """The height that the larger marks agree on, each counting by its height so that dots and commas do not."""
    heights = np.sort([mark.box.height for mark in marks])
    weight = np.cumsum(heights)
    return float(heights[np.searchsorted(weight, weight[-1] / 2)])


def _slope(strip: Strip) -> float:
    """How a line of writing falls, in rows for each column; 0.0 where that is little or unclear."""
    usual, box = usual_height(strip.marks), strip.box
    higher = box.height - usual  # a line that is askew is higher than its digits
    if box.width < _LONG * usual or higher < 0.6 * _ASKEW * box.width:
        return 0.0
    slope = slope_of(strip.labels, usual)
    return slope if abs(slope) > _ASKEW else 0.0


def _level(strip: Strip, slope: float) -> Strip:
    """A strip turned around its middle until it is level; what vanished of its specks is left out."""
    height, width = strip.labels.shape
    wide, high = (2 * math.ceil(abs(slope) * side / 2 + 1) for side in (height, width))
    size = width + wide, height + high
    back = np.array([[1, -slope, 0], [slope, 1, 0]])
    back[:, 2] = ((width - 1) / 2, (height - 1) / 2) - back[:, :2] @ ((size[0] - 1) / 2, (size[1] - 1) / 2)
    flags = cv2.WARP_INVERSE_MAP | cv2.INTER_NEAREST
    labels = cv2.warpAffine(strip.labels.astype(np.float32), back, size, flags=flags).astype(np.int32)
    soft = cv2.warpAffine(strip.soft, back, size, flags=cv2.WARP_INVERSE_MAP | cv2.INTER_LINEAR).astype(np.uint8)
    rows, columns = np.flatnonzero(labels.any(axis=1)), np.flatnonzero(labels.any(axis=0))
    if rows.size == 0:  # dust alone
        return strip
    inside = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    labels = np.ascontiguousarray(labels[inside])
    left = max(0, strip.box.left - wide // 2 + int(columns[0]))
    top = max(0, strip.box.top - high // 2 + int(rows[0]))
    marks = []
    for mark in strip.marks:
        x, y, across, down = cv2.boundingRect((labels == mark.label).astype(np.uint8))
        if across:
            marks.append(replace(mark, box=Box(left + x, top + y, left + x + across, top + y + down)))
    box = Box(left, top, left + labels.shape[1], top + labels.shape[0])
    return Strip(_in_order(marks), box, labels, np.ascontiguousarray(soft[inside]), slope, strip.box)
