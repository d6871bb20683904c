"""Rings around digits in a table's cells, as people circle a score: the marks of a cell in, those without a ring out.

A ring that touches its digit cannot be taken away. It is told, so that a person is asked: together they look like
another digit.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ml.reading.cells.constants import RINGS
from ml.reading.elements import Box
from ml.reading.ink.groups import Mark


def without_rings(marks: Sequence[Mark], labels: NDArray[np.int32]) -> list[Mark]:
    """The marks of a cell without those that are a ring around another one.

    Args:
        marks: The cell's.
        labels: int32, height × width: the label of each pixel's mark.
    """
    rings = {
        ring.label
        for ring in marks
        if any(_is_within(mark.box, ring.box) for mark in marks) and _is_round(ring, labels, is_filled=False)
    }
    return [mark for mark in marks if mark.label not in rings]


def is_ringed(mark: Mark, labels: NDArray[np.int32], usual: float) -> bool:
    """Whether a mark is a digit with a ring that touches it: larger than a digit, round, and with ink in the middle.

    Args:
        mark: The mark.
        labels: int32, height × width: the label of each pixel's mark.
        usual: Usual height of a digit of the table, in pixels.
    """
    large = min(mark.box.width, mark.box.height) >= RINGS.large * usual
    return large and _is_round(mark, labels, is_filled=True)


def _is_within(inner: Box, outer: Box) -> bool:
    """Whether a digit lies within the box of a ring, free on all sides."""
    free = min(inner.left - outer.left, inner.top - outer.top, outer.right - inner.right, outer.bottom - inner.bottom)
    return free >= 1 and inner.height >= RINGS.digit * outer.height


def _is_round(mark: Mark, labels: NDArray[np.int32], *, is_filled: bool) -> bool:
    """Whether a mark's ink goes all around its box, and whether there is some of it in the middle, or none."""
    box = mark.box
    y, x = np.nonzero(labels[box.top : box.bottom, box.left : box.right] == mark.label)
    across, down = (x + 0.5) / box.width * 2 - 1, (y + 0.5) / box.height * 2 - 1
    far = np.hypot(across, down)
    turns = np.arctan2(down, across)[far >= RINGS.rim] / (2 * np.pi) % 1
    around = len(np.unique((turns * RINGS.sectors).astype(int))) / RINGS.sectors
    middle = np.count_nonzero(far < RINGS.middle) / (np.pi / 4 * RINGS.middle**2 * box.width * box.height)
    return bool(around >= RINGS.around and (middle >= RINGS.filled) == is_filled)
