"""Where numbers may stand: marks of ink gathered into strips, in reading order."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box, Layout
from ml.reading.ink import Ink

_LEAST_TALL = 9
"""Lower marks stand for no digit of their own: dots, dashes, specks. (Digits are read from 12 pixels.)"""

_MOST_MARKS = 6000
_GAP = 0.9
"""Marks further apart than this, in heights of the taller, belong to different numbers."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Ink that hangs together: its label in the strip's page, its box in ink pixels, its area in pixels."""

    label: int
    box: Box
    area: int


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """Marks that may be one number.

    Attributes:
        marks: From left to right.
        box: Around them all, in ink pixels.
        labels: int32, the box's height × width: each pixel's mark, 0 for paper.
        soft: uint8, same shape, paper 0 to ink 255.
    """

    marks: tuple[Mark, ...]
    box: Box
    labels: NDArray[np.int32]
    soft: NDArray[np.uint8]


def locate(ink: Ink, layout: Layout) -> list[Strip]:
    """Gather the marks of a page into strips, lines from the top, each from the left.

    Marks join when they stand beside each other, are of like height, and no further apart than digits of one number.
    With `layout.one_number` everything is one strip.
    """
    marks, labels = _marks(ink.mask)
    groups = _whole_picture(marks, ink.mask.shape) if layout.one_number else _reading_order(_groups(marks))
    return [_strip(group, labels, ink.soft) for group in groups]


def _marks(mask: NDArray[np.uint8]) -> tuple[list[Mark], NDArray[np.int32]]:
    """The largest marks; specks of a few pixels and black edges of the scanner's glass left out."""
    _, labels, rows, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_32S)
    order = np.argsort(-rows[1:, cv2.CC_STAT_AREA])[:_MOST_MARKS] + 1
    marks = []
    for label in order.tolist():
        left, top, width, height, area = rows[label].tolist()
        if area >= 4 and not _is_scanner_edge(left, top, width, height, area, mask.shape):
            marks.append(Mark(label, Box(left, top, left + width, top + height), area))
    return marks, labels.astype(np.int32, copy=False)


def _is_scanner_edge(left: int, top: int, width: int, height: int, area: int, page: tuple[int, ...]) -> bool:
    """A bar along the rim: it lies on one side of the page, spans most of it, and is nearly filled."""
    at_rim = left == 0 or top == 0 or left + width == page[1] or top + height == page[0]
    spans = height > 0.8 * page[0] or width > 0.8 * page[1]
    return at_rim and spans and area > 0.6 * width * height


def _whole_picture(marks: list[Mark], shape: tuple[int, ...]) -> list[list[Mark]]:
    """Everything as one strip, less what is left at the rim of lines and boxes that the cut went through."""
    tallest = max((mark.box.height for mark in marks), default=0)
    kept = [mark for mark in marks if not _is_cut_off(mark.box, shape, tallest)]
    return [kept] if kept else []


def _is_cut_off(box: Box, shape: tuple[int, ...], tallest: int) -> bool:
    at_top_or_bottom = box.top <= 1 or box.bottom >= shape[0] - 1
    at_side = box.left <= 1 or box.right >= shape[1] - 1
    low, narrow = box.height < 0.25 * tallest, box.width < 0.12 * tallest
    return (at_top_or_bottom and low) or (at_side and narrow)


def _groups(marks: list[Mark]) -> list[list[Mark]]:
    tall = sorted((mark for mark in marks if mark.box.height >= _LEAST_TALL), key=lambda mark: mark.box.left)
    groups = _joined([[mark] for mark in tall], _GAP)
    # What stays alone and is low beside a group is that group's dot, comma, dash or broken-off bar.
    whole = [group for group in groups if len(group) > 1 or _stands_alone(group[0], groups)]
    kept = {mark.label for group in whole for mark in group}
    for mark in sorted((mark for mark in marks if mark.label not in kept), key=lambda mark: mark.box.left):
        home = min(whole, key=lambda group: _distance(group, mark), default=None)
        if home is not None and _distance(home, mark) <= 0.4:
            home.append(mark)
    return _joined(whole, _GAP / 2)


def _stands_alone(mark: Mark, groups: list[list[Mark]]) -> bool:
    """Whether no taller group is so near that the mark is only a part of its writing."""
    return not any(
        _box(group).height > 2.2 * mark.box.height and _distance(group, mark) <= 0.4
        for group in groups
        if mark not in group
    )


def _distance(group: list[Mark], mark: Mark) -> float:
    """From a mark to a group's box, in the box's heights; 0 inside."""
    box = _box(group)
    across = max(box.left - mark.box.right, mark.box.left - box.right, 0)
    down = max(box.top - mark.box.bottom, mark.box.top - box.bottom, 0)
    return max(across, down) / max(box.height, 1)


def _box(group: list[Mark]) -> Box:
    box = group[0].box
    for mark in group[1:]:
        box = box.union(mark.box)
    return box


def _joined(groups: list[list[Mark]], gap: float) -> list[list[Mark]]:
    """Merge groups that stand beside each other, seen from left to right."""
    done: list[list[Mark]] = []
    for group in sorted(groups, key=lambda group: _box(group).left):
        hits = [other for other in done if _beside(other, _box(group), gap)]
        for other in hits:
            done.remove(other)
        done.append([mark for other in [*hits, group] for mark in other])
    return done


def _edge(group: list[Mark], towards: Box) -> Box:
    """The mark of a group that a neighbour is compared with: the nearest of its tall ones, so that lines may climb."""
    tallest = max(mark.box.height for mark in group)
    tall = [mark.box for mark in group if mark.box.height >= 0.4 * tallest]
    return max(tall, key=lambda box: (min(box.right, towards.left), box.height))


def _beside(group: list[Mark], right: Box, gap: float) -> bool:
    """Whether a box goes on where a group ends: of like height, level with its end, and near its last mark."""
    left = _edge(group, right)
    overlap = min(left.bottom, right.bottom) - max(left.top, right.top)
    lower, higher = sorted((left.height, right.height))
    near = right.left - _box(group).right <= gap * higher
    return near and overlap >= 0.4 * lower and lower >= 0.35 * higher


def _reading_order(groups: list[list[Mark]]) -> list[list[Mark]]:
    """Lines from the top (two groups share a line where their middles are within each other), each from the left."""
    lines: list[list[list[Mark]]] = []
    for group in sorted(groups, key=lambda group: _box(group).top + _box(group).bottom):
        box = _box(group)
        for line in lines:
            other = _box(line[-1])
            if other.top <= (box.top + box.bottom) / 2 <= other.bottom:
                line.append(group)
                break
        else:
            lines.append([group])
    return [group for line in lines for group in sorted(line, key=lambda group: _box(group).left)]


def _strip(group: list[Mark], labels: NDArray[np.int32], soft: NDArray[np.uint8]) -> Strip:
    box = _box(group)
    inside = np.s_[box.top : box.bottom, box.left : box.right]
    marks = tuple(sorted(group, key=lambda mark: (mark.box.left + mark.box.right, mark.label)))
    return Strip(marks, box, labels[inside], soft[inside])
