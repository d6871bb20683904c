"""Printed boxes to write in: the cells between the rules of a zone.

In goes the picture of a zone, uint8, height × width × 3, RGB, with its pixels a millimetre. Out come its rules and the
boxes made of them, in pixels of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box
from ml.reading.ink.constants import FRAMES, RULES
from ml.reading.ink.zone_rules import (
    Mask,
    bounds_of,
    continued,
    dark_masks,
    level_rules,
    upright_rules,
    without_strokes,
)

Bounds = NDArray[np.int32]
"""Left, top, width and height of a rule: int32, 4; of several: rules × 4."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A printed box, or a row of them: cells side by side between an upper and a lower rule.

    Attributes:
        cells: From the left; the inside of each, without the rules, in pixels of the zone's picture.
    """

    cells: tuple[Box, ...]

    @property
    def box(self) -> Box:
        """Around all cells."""
        return reduce(Box.union, self.cells)


@dataclass(frozen=True, slots=True, eq=False)
class Ruled:
    """The rules of a zone.

    Attributes:
        rules: uint8, height × width of the zone's picture, 1 where a rule is.
        free: The same mask without the places where a stroke touches a level rule.
        frames: Boxes made of the rules, those with most cells first.
    """

    rules: Mask
    free: Mask
    frames: tuple[Frame, ...]


def find_frames(picture: NDArray[np.uint8], per_mm: float) -> Ruled:
    """Find the rules of a zone and the boxes that they enclose.

    Args:
        picture: uint8, height × width × 3, RGB.
        per_mm: Pixels a millimetre.
    """
    dark, dark_with_grain = dark_masks(picture, per_mm)
    level, level_with_grain = (level_rules(mask, per_mm) for mask in (dark, dark_with_grain))
    if len(bounds_of(level_with_grain)) > RULES.most_rules:
        return _ruled(level, dark, *_enclosed(level, dark, per_mm), per_mm)
    level = continued(level, level_with_grain)
    edges, frames = _enclosed(level, dark, per_mm)
    edges_with_grain, frames_with_grain = _enclosed(level_with_grain, dark_with_grain, per_mm)
    # Out of focus, boxes and writing that cover much of a zone look like its grain.
    if _most_cells(frames_with_grain) > max(FRAMES.few, _most_cells(frames)):
        return _ruled(level_with_grain, dark_with_grain, edges_with_grain, frames_with_grain, per_mm)
    return _ruled(level, dark, edges, frames, per_mm)


def _ruled(level: Mask, dark: Mask, edges: Mask, frames: list[Frame], per_mm: float) -> Ruled:
    free = without_strokes(level, dark, edges, per_mm)
    return Ruled(level | edges, free | edges, tuple(frames))


def _most_cells(frames: list[Frame]) -> int:
    return max((len(frame.cells) for frame in frames), default=0)


def _enclosed(level: Mask, dark: Mask, per_mm: float) -> tuple[Mask, list[Frame]]:
    """Upright rules that are edges of boxes, and the boxes that they and the level rules enclose, most cells first."""
    upright = upright_rules(dark, per_mm)
    rows = bounds_of(level)
    height, width = dark.shape
    # The zone may show only a part of a box, so its sides count as edges without width.
    cuts = np.array([(0, 0, 0, height), (width, 0, 0, height)], np.int32)
    columns = np.concatenate([bounds_of(upright), cuts])
    frames: list[Frame] = []
    used = np.zeros(len(columns), bool)
    tops, bottoms = rows[:, 1], rows[:, 1] + rows[:, 3]
    least, most = FRAMES.least_apart * per_mm, FRAMES.most_apart * per_mm
    for upper, bottom in zip(rows, bottoms.tolist(), strict=True) if len(rows) <= FRAMES.most_rules else ():
        for lower in rows[(least <= tops - bottom) & (tops - bottom <= most)]:
            frame, edges = _between(upper, lower, columns, per_mm)
            if frame is not None:
                frames.append(frame)
                used[edges] = True
    frames.sort(key=lambda frame: (-len(frame.cells), frame.box.height))
    mask = np.zeros_like(level)
    for left, top, width, height in columns[used].tolist():
        inside = np.s_[top : top + height, left : left + width]
        mask[inside] = upright[inside]
    return mask, _not_overlapping(frames)


def _between(upper: Bounds, lower: Bounds, columns: Bounds, per_mm: float) -> tuple[Frame | None, list[int]]:
    """The box between two level rules, if there is one, and the places in `columns` of its edges, from the left."""
    top, bottom = int(upper[1] + upper[3]), int(lower[1])
    left, right = int(max(upper[0], lower[0])), int(min(upper[0] + upper[2], lower[0] + lower[2]))
    if right - left < RULES.least_long * per_mm:
        return None, []
    edges = _edges(Box(left, top, right, bottom), upper, lower, columns, per_mm)
    bounds = columns[edges].tolist()
    cells = [
        Box(max(0, before[0] + before[2]), top, after[0], bottom)
        for before, after in pairwise(bounds)
        if after[0] - (before[0] + before[2]) >= FRAMES.least_cell * per_mm
    ]
    return (Frame(tuple(cells)), edges) if cells else (None, [])


def _edges(space: Box, upper: Bounds, lower: Bounds, columns: Bounds, per_mm: float) -> list[int]:
    """Places in `columns` of the edges of a box, from the left; none where no box fills the space.

    Args:
        space: The space between two level rules, in pixels.
        upper: Bounds of the upper rule.
        lower: Bounds of the lower rule.
        columns: Bounds of the upright rules, and of the zone's sides, which have no width.
        per_mm: Pixels a millimetre.
    """
    middles = columns[:, 0] + columns[:, 2] / 2
    from_end = np.minimum(np.abs(middles - space.left), np.abs(middles - space.right))
    cut = columns[:, 2] == 0
    at_corner = (from_end < FRAMES.corner * per_mm) & (~cut | (from_end <= FRAMES.at_cut))
    near = (middles > space.left - FRAMES.near * per_mm) & (middles < space.right + FRAMES.near * per_mm)
    ends = columns[:, 1] + columns[:, 3]
    spans = np.minimum(ends, space.bottom) - np.maximum(columns[:, 1], space.top) >= FRAMES.spans * space.height
    beyond = np.maximum(upper[1] - columns[:, 1], ends - (lower[1] + lower[3])) > FRAMES.beyond * per_mm
    edges = np.flatnonzero(spans & near & (~beyond | at_corner) & (~cut | at_corner)).tolist()
    edges.sort(key=lambda edge: int(columns[edge][0]))
    outer = [edge for edge in edges if at_corner[edge]]
    if not outer or cut[outer].all() or middles[outer[-1]] - middles[outer[0]] < FRAMES.wide * space.width:
        return []
    return _printed(edges[edges.index(outer[0]) : edges.index(outer[-1]) + 1], columns, per_mm)


def _printed(edges: list[int], columns: Bounds, per_mm: float) -> list[int]:
    """The outermost edges, and those between them that stand where a form has them. A pen's 1 may look like one.

    The cells of a row have one width. A box has at most one narrow cell, at its left, for the currency's sign.
    """
    at = [int(columns[edge][0]) for edge in edges]
    pitch = float(np.median(np.diff(at))) if len(at) > FRAMES.few else 0.0
    kept = edges[:1]
    for edge in edges[1:-1]:
        here = int(columns[edge][0])
        if pitch:
            is_printed = here - int(columns[kept[-1]][0]) >= FRAMES.regular * pitch
        else:
            is_printed = len(kept) == 1 and here - at[0] <= FRAMES.sign_cell * per_mm
        if is_printed:
            kept.append(edge)
    return [*kept, *edges[-1:]] if len(edges) > 1 else kept


def _not_overlapping(frames: list[Frame]) -> list[Frame]:
    """Frames without those that lie over an earlier one, which has more cells."""
    kept: list[Frame] = []
    for frame in frames:
        if not any(_overlap(frame.box, before.box) > FRAMES.overlap for before in kept):
            kept.append(frame)
    return kept


def _overlap(first: Box, second: Box) -> float:
    """The area that two boxes share, as a share of the smaller one's."""
    across = min(first.right, second.right) - max(first.left, second.left)
    down = min(first.bottom, second.bottom) - max(first.top, second.top)
    smaller = min(first.width * first.height, second.width * second.height)
    return max(0, across) * max(0, down) / smaller
