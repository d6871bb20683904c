"""A table without its rules: the ink of a page and a grid in, the same ink and picture without rules out.

A stroke that crosses a rule keeps its ink. All pixels are ink pixels of the table's part of the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.cells.constants import CLEANING
from ml.reading.grids.find import Grid
from ml.reading.ink.ink import Ink

Mask = NDArray[np.uint8]
Places = NDArray[np.int64]

_BESIDE = 3
"""Rows above and below a rule that are looked at; the nearest may be its uneven rim."""


@dataclass(frozen=True, slots=True, eq=False)
class CleanTable:
    """A table's part of a page, without its rules.

    Attributes:
        grid: In pixels of this part.
        left, top: Where this part begins on the page, in ink pixels.
        picture: uint8, height × width × 3, RGB.
        ink: Of this part.
        rules: uint8, height × width, 1 where a rule was.
    """

    grid: Grid
    left: int
    top: int
    picture: NDArray[np.uint8]
    ink: Ink
    rules: Mask


@dataclass(frozen=True, slots=True, eq=False)
class _Band:
    """A rule's ink: for each place along it, its first row across; and how many rows it is thick."""

    along: Places
    first: Places
    thick: int

    def rows(self, shape: tuple[int, ...], before: int = 0, behind: int = 0) -> tuple[Places, Places]:
        """Row and column of each of its pixels, with so many rows more on both sides: both int64, rows × places."""
        rows = self.first + np.arange(-before, self.thick + behind)[:, None]
        return np.clip(rows, 0, shape[0] - 1), np.broadcast_to(self.along, rows.shape)


def clean_table(picture: NDArray[np.uint8], ink: Ink, grid: Grid) -> CleanTable:
    """Cut a table out of its page, and take its rules out.

    Args:
        picture: uint8, height × width × 3, RGB: the page in ink pixels.
        ink: Of the page.
        grid: In ink pixels.
    """
    left, top, right, bottom = grid.bounds
    room = CLEANING.room * float(np.median([grid.size(cell)[1] for cell in grid.cells]))
    height, width = ink.mask.shape
    first, last = max(0, round(left - room)), min(width, round(right + room))
    upper, lower = max(0, round(top - room)), min(height, round(bottom + room))
    inside = np.s_[upper:lower, first:last]
    grid = grid.moved(-first, -upper)
    soft, mask, part = ink.soft[inside].copy(), ink.mask[inside].copy(), picture[inside].copy()
    level = list(_bands(grid, soft))
    upright = list(_bands(grid.turned, cv2.transpose(soft).astype(np.uint8, copy=False))) if grid.ruled_columns else []
    rules = _drawn(level, soft.shape) | _drawn(upright, soft.T.shape).T
    # An uneven rim of a rule is no stroke that goes on beside it.
    writing = mask * (1 - cv2.dilate(rules, np.ones((3, 3), np.uint8)).astype(np.uint8))
    _erase(level, writing, mask, soft, part)
    # Turned pictures are views, so this erases in the same pixels.
    _erase(upright, cv2.transpose(writing).astype(np.uint8, copy=False), mask.T, soft.T, part.transpose(1, 0, 2))
    return CleanTable(grid, first, upper, part, Ink.of(soft, mask, 1.0), rules)


def _bands(grid: Grid, soft: NDArray[np.uint8]) -> Iterator[_Band]:
    """The ink of each level boundary, between cells that it parts.

    Args:
        grid: The grid; turned, for its upright boundaries.
        soft: uint8, height × width of the table's part, turned likewise.
    """
    owners = grid.owners
    for row, nodes in enumerate(grid.nodes):
        for start, end in _parting(owners, row):
            x, y = nodes[start : end + 1].T
            along = np.arange(max(0, int(x[0]) - CLEANING.beyond), min(soft.shape[1], int(x[-1]) + CLEANING.beyond + 1))
            if len(along):
                yield _band(along, np.interp(along, x, y), soft)


def _parting(owners: Places, row: int) -> Iterator[tuple[int, int]]:
    """The runs of columns, first and behind the last, in which a boundary parts two cells.

    Args:
        owners: int64, rows × columns: the number of the cell there.
        row: The boundary's: the row below it.
    """
    count = owners.shape[1]
    parts = np.ones(count, bool) if row in (0, len(owners)) else owners[row - 1] != owners[row]
    edges = np.flatnonzero(np.diff(np.concatenate([[0], parts.astype(np.int8), [0]])))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def _band(along: Places, across: NDArray[np.float64], soft: NDArray[np.uint8]) -> _Band:
    """The ink of a rule that is known to about a pixel: its middle is looked for near there, and how thick it is.

    Args:
        along: int64: each column.
        across: float64: the row where the rule is supposed to be.
        soft: uint8, height × width.
    """
    reach = CLEANING.reach
    offsets = np.arange(-reach, reach + 1)
    near = _sampled(soft, along, np.rint(across).astype(np.int64), offsets)
    # A stroke that crosses is dark at all offsets alike, so the darkest in the mean of some columns is the rule.
    smooth = cv2.blur(near, (CLEANING.smooth, 1), borderType=cv2.BORDER_REPLICATE)
    found = cv2.medianBlur(smooth.argmax(axis=0)[None, :].astype(np.uint8), 2 * CLEANING.smooth + 1).ravel()
    middle = np.rint(across).astype(np.int64) + offsets[found]
    profile = np.median(_sampled(soft, along, middle, offsets), axis=1)
    dark = profile >= max(CLEANING.edge * float(profile[reach]), 1.0)
    above = int(np.argmin(dark[reach::-1])) if not dark[: reach + 1].all() else reach
    below = int(np.argmin(dark[reach:])) if not dark[reach:].all() else reach
    return _Band(along, middle - max(above, 1), max(above, 1) + max(below, 1) + 1)


def _sampled(soft: NDArray[np.uint8], along: Places, across: Places, offsets: Places) -> NDArray[np.float32]:
    """The ink at some rows beside a rule: float32, offsets × columns."""
    rows = np.clip(across + offsets[:, None], 0, soft.shape[0] - 1)
    sampled: NDArray[np.float32] = soft[rows, along].astype(np.float32)
    return sampled


def _drawn(bands: list[_Band], shape: tuple[int, ...]) -> Mask:
    """Where some rules are: uint8, height × width, 1 there."""
    mask = np.zeros(shape, np.uint8)
    for band in bands:
        mask[band.rows(shape)] = 1
    return mask


def _erase(bands: list[_Band], writing: Mask, mask: Mask, soft: Mask, picture: NDArray[np.uint8]) -> None:
    """Take rules out of a table's ink and picture, except where a stroke goes on at both sides.

    Args:
        bands: The rules, level ones.
        writing: uint8, height × width, 1 where there is ink and no rule, nor its rim.
        mask: Of the table's ink; changed.
        soft: The same.
        picture: uint8, height × width × 3, RGB; changed.
    """
    for band in bands:
        rows, columns = band.rows(mask.shape, _BESIDE, _BESIDE)
        inked = writing[rows, columns]
        above, below = inked[:2].max(axis=0), inked[-2:].max(axis=0)
        near = np.ones((1, 2 * band.thick + 1), np.uint8)
        wide = [cv2.dilate(side[None, :], near).ravel() > 0 for side in (above, below)]
        crossed = wide[0] & wide[1]
        rows, columns = rows[:, ~crossed], columns[:, ~crossed]
        inside = rows[_BESIDE:-_BESIDE], columns[_BESIDE:-_BESIDE]
        mask[inside], soft[inside] = 0, 0
        # The paper at the side of the rule that has no stroke.
        picture[inside] = np.maximum(picture[rows[0], columns[0]], picture[rows[-1], columns[-1]])
