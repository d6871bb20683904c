"""Marks of ink gathered into groups that may be one number each, by where they stand and how high they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box
from ml.reading.ink.constants import STRIPS


@dataclass(frozen=True, slots=True)
class Mark:
    """Ink that hangs together.

    Attributes:
        label: Its number in `Ink.labels`.
        box: Around it, in ink pixels.
        area: Ink pixels in it.
    """

    label: int
    box: Box
    area: int


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """Marks that belong together, with the box around them all."""

    marks: tuple[Mark, ...]
    box: Box

    def with_marks(self, marks: tuple[Mark, ...], box: Box) -> _Group:
        return _Group(self.marks + marks, self.box.union(box))


def grouped(marks: list[Mark]) -> list[tuple[Mark, ...]]:
    """Marks grouped by the number that they may belong to: lines from the top, the groups of each from the left."""
    return _in_reading_order(_groups(marks))


def _groups(marks: list[Mark]) -> list[_Group]:
    alone = [_Group((mark,), mark.box) for mark in marks]
    groups = _joined([group for group in alone if group.box.height >= STRIPS.least_tall])
    # A mark that stays alone and is low beside a group is that group's dot, comma, dash or broken-off bar.
    corners = _corners(groups)
    whole = [group for group in groups if len(group.marks) > 1 or _stands_alone(group.box, corners)]
    grouped = {mark.label for group in whole for mark in group.marks}
    corners = _corners(whole)
    for mark in marks:
        if whole and mark.label not in grouped:
            distances = _distances(corners, mark.box)
            nearest = int(distances.argmin())
            if distances[nearest] <= STRIPS.near:
                whole[nearest] = whole[nearest].with_marks((mark,), mark.box)
    return _joined(whole)


def _corners(groups: list[_Group]) -> NDArray[np.float64]:
    """Left, top, right, bottom of each group: float64, groups × 4."""
    rows = [(group.box.left, group.box.top, group.box.right, group.box.bottom) for group in groups]
    return np.array(rows, np.float64).reshape(-1, 4)


def _stands_alone(box: Box, corners: NDArray[np.float64]) -> bool:
    """Whether no taller group is so near that the mark is only a part of its writing."""
    taller = corners[corners[:, 3] - corners[:, 1] > STRIPS.taller * box.height]
    return not (_distances(taller, box) <= STRIPS.near).any()


def _distances(corners: NDArray[np.float64], box: Box) -> NDArray[np.float64]:
    """Distance from a mark to each group of `_corners`, in heights of the group; 0 inside: float64, groups."""
    left, top, right, bottom = corners.T
    across = np.maximum(left - box.right, box.left - right)
    down = np.maximum(top - box.bottom, box.top - bottom)
    distances: NDArray[np.float64] = np.maximum(np.maximum(across, down), 0) / (bottom - top)
    return distances


def _joined(groups: list[_Group]) -> list[_Group]:
    """Groups merged where they stand beside each other, seen from left to right."""
    done: list[_Group] = []
    seen: list[_Group] = []
    bounds = np.empty((len(groups), 4))  # top, bottom, right and height of each that was seen
    growing = np.empty(0, np.int64)  # their places in `seen`
    for place, group in enumerate(sorted(groups, key=lambda group: group.box.left)):
        box = group.box
        top, bottom, right, height = bounds[growing].T
        level = (top < box.bottom) & (box.top < bottom)
        hits = [at for at in growing[level].tolist() if _goes_on(seen[at], box)]
        # A group that ended too far to the left meets nothing from here on.
        within = box.left - right <= STRIPS.gap * height / STRIPS.like
        alone = ~np.isin(growing, hits)
        done += [seen[at] for at in growing[alone & ~within].tolist()]
        for at in hits:
            group = seen[at].with_marks(group.marks, group.box)
        seen.append(group)
        bounds[place] = group.box.top, group.box.bottom, group.box.right, group.box.height
        growing = np.append(growing[alone & within], place)
    return done + [seen[at] for at in growing.tolist()]


def _goes_on(group: _Group, right: Box) -> bool:
    """Whether a group goes on with a box: it is near the group's end, and level with and as high as a mark there.

    The marks at the end are those within a digit's reach of it, so that lines may climb. One of them is enough: the
    very last may be a comma, or a piece of a broken digit.
    """
    if group.box.bottom <= right.top or right.bottom <= group.box.top:
        return False
    gap, reach = STRIPS.gap, STRIPS.reach
    if right.left - group.box.right > gap * max(group.box.height, right.height):
        return False
    return any(
        _may_be_neighbours(mark.box, right)
        for mark in reversed(group.marks)
        if right.left - group.box.right <= gap * max(mark.box.height, right.height)
        and right.left - mark.box.right <= (gap + reach) * max(mark.box.height, right.height)
    )


def _may_be_neighbours(left: Box, right: Box) -> bool:
    """Whether two marks stand on one line and differ in height no more than digits of one number do."""
    overlap = min(left.bottom, right.bottom) - max(left.top, right.top)
    lower, higher = sorted((left.height, right.height))
    return overlap >= STRIPS.overlap * lower and lower >= STRIPS.like * higher


def _in_reading_order(groups: list[_Group]) -> list[tuple[Mark, ...]]:
    """Lines from the top, each from the left. Groups share a line where the middle of one is within the other."""
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
