"""The walls between two level rules: a page's rules and ink in, for each room between two of them its walls out.

All places are in ink pixels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.boxes.constants import ROWS
from ml.reading.grids.rules import Rule

Soft = NDArray[np.uint8]
Places = NDArray[np.float64]

_INK, DOTTED = np.uint8(1), np.uint8(2)
"""Bits of a dark picture, uint8, height × width: where there is ink, and the same with the gaps in dotted lines."""


def dark_of(soft: Soft) -> Soft:
    """Where a page is dark, as bits; `soft` is uint8, height × width, paper 0 to full ink 255."""
    ink = _INK * (soft >= ROWS.ink)
    broken, dots = (
        cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((gap, 1), np.uint8)) for gap in (ROWS.broken, ROWS.dots)
    )
    bits: Soft = (broken + DOTTED * dots).astype(np.uint8, copy=False)
    return bits


@dataclass(frozen=True, eq=False)
class Gap:
    """The room between two level rules, one above the other.

    Attributes:
        upper, lower: The rules.
        first: The first column that is looked at, in pixels.
        walled: float64, columns: the share of its height in which an upright line through each column is dark.
        dotted: The same, where the gaps in a dotted line count as dark.
        filled: float64, columns: the share of its height in which each column is dark.
        ruled: bool, columns: whether both rules are dark there.
    """

    upper: Rule
    lower: Rule
    first: int
    walled: Places
    dotted: Places
    filled: Places
    ruled: NDArray[np.bool_]

    @classmethod
    def between(cls, upper: Rule, lower: Rule, columns: tuple[int, int], dark: Soft) -> Gap:
        """The gap of two rules from a column to another."""
        middle = np.array([sum(columns) / 2])
        room = ROWS.room + round(ROWS.lean * float((lower.at(middle) - upper.at(middle))[0]))  # a wall may lean
        first, last = max(0, columns[0] - room), min(dark.shape[1] - 1, columns[1] + room)
        x = np.arange(first, last + 1, dtype=np.int64)
        top, bottom = (rule.at(x.astype(np.float64), slope=0.0) for rule in (upper, lower))
        height = float((bottom - top)[len(x) // 2])
        upright = -float(top[-1] - top[0] + bottom[-1] - bottom[0]) / max(1, 2 * (len(x) - 1))
        seen = [_leaning(top, bottom, x, round(upright * height), dark)]
        walled, dotted = _lines(seen)
        if dotted.max() >= ROWS.any_covered:  # on most pages nothing stands between two rules
            leans = {round((upright + lean) * height) for lean in (-ROWS.lean, ROWS.lean)}
            seen += [_leaning(top, bottom, x, lean, dark) for lean in sorted(leans)]
            walled, dotted = _lines(seen)
        filled = np.mean([(each & _INK).mean(axis=0) for each in seen], axis=0)
        ruled = _is_dark_along(x, top, dark) & _is_dark_along(x, bottom, dark)
        return cls(upper, lower, first, walled, dotted, filled, ruled)

    @property
    def height(self) -> float:
        """In its middle, in pixels."""
        middle = np.array([self.first + len(self.walled) / 2])
        return float((self.lower.at(middle) - self.upper.at(middle))[0])

    def may_be_walled(self, x: Places, least: float) -> bool:
        """Whether a wall, perhaps a dotted one, stands at one of some places."""
        columns = np.rint(x).astype(int) - self.first
        seen = columns[(columns >= 0) & (columns < len(self.dotted))]
        return bool((self.dotted[seen] >= least).any())

    def is_ruled(self, first: float, last: float) -> bool:
        """Whether both rules are dark from a place to another: strokes of digits side by side are not."""
        between = self.ruled[max(0, round(first) - self.first) : round(last) - self.first + 1]
        return bool(len(between) and between.mean() >= ROWS.covered)

    @cached_property
    def walls(self) -> Places:
        """The middle of each wall, from the left, in pixels; both edges of what is broader than a wall, as a bar."""
        dark = np.concatenate([[0], (self.walled >= ROWS.covered).astype(np.int8), [0]])
        edges = np.flatnonzero(np.diff(dark))
        places: list[float] = []
        for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            if end - start - 2 <= ROWS.thickest:
                places.append(self.first + (start + end - 1) / 2)
            else:
                places += [self.first + start + 1, self.first + end - 2]
        return np.array(places)


def _is_dark_along(x: NDArray[np.int64], y: Places, dark: Soft) -> NDArray[np.bool_]:
    """At which columns there is ink on a rule's way, small breaks closed: bool, columns.

    Args:
        x: int64: the columns, one beside the other.
        y: The rule's place at each.
        dark: uint8, height × width, as bits.
    """
    rows = np.rint(y).astype(np.int64)[:, None] + np.arange(-1, 2)
    inked = (dark[np.clip(rows, 0, dark.shape[0] - 1), x[:, None]] & _INK).max(axis=1)[None]
    return np.asarray(cv2.morphologyEx(inked, cv2.MORPH_CLOSE, np.ones((1, ROWS.broken), np.uint8))[0] > 0)


def _leaning(top: Places, bottom: Places, x: NDArray[np.int64], lean: int, dark: Soft) -> Soft:
    """What is dark between two rules, along lines that lean: uint8, rows × columns, as bits.

    Args:
        top: float64: the upper rule's place at each column.
        bottom: The lower rule's.
        x: int64: the columns, in the middle of the way from one rule to the other.
        lean: How far to the right the way leads from the upper rule to the lower one, in pixels.
        dark: uint8, height × width, as bits.
    """
    shares = np.linspace(ROWS.rim, 1 - ROWS.rim, ROWS.samples)[:, None]
    y = np.rint(top + shares * (bottom - top)).astype(np.int64)
    across = x + np.rint((shares - 0.5) * lean).astype(np.int64)
    inside: Soft = dark[np.clip(y, 0, dark.shape[0] - 1), np.clip(across, 0, dark.shape[1] - 1)]
    return inside


def _lines(seen: Sequence[Soft]) -> tuple[Places, Places]:
    """The share of its length in which a line through each column is dark, and the same with its gaps closed."""
    wide = [[cv2.dilate(part & bit, np.ones((1, 3), np.uint8)) for part in seen] for bit in (_INK, DOTTED)]
    walled, dotted = (np.max([(part > 0).mean(axis=0) for part in parts], axis=0) for parts in wide)
    return walled, dotted


def _is_unbroken(rule: Rule, long: int, dark: Soft) -> NDArray[np.bool_]:
    """At which columns, from its first to its last, a rule is dark over so many pixels: bool, columns."""
    x = np.arange(int(rule.along[0]), int(rule.along[-1]) + 1)
    inked = np.uint8(1) * _is_dark_along(x, rule.at(x.astype(np.float64), slope=0.0), dark)[None]
    return np.asarray(cv2.morphologyEx(inked, cv2.MORPH_OPEN, np.ones((1, long), np.uint8))[0] > 0)


def gaps_of(level: Sequence[Rule], dark: Soft) -> Iterator[Gap]:
    """The room between each level rule and the ones below it, as far as no long rule lies between them."""
    below = _below(level)
    for upper, heights in zip(level, below, strict=True):
        is_open = np.ones(dark.shape[1], bool)
        is_open[: int(upper.along[0])] = is_open[int(upper.along[-1]) + 1 :] = False
        for at in np.argsort(heights).tolist():
            lower, height = level[at], float(heights[at])
            if height > ROWS.most_high or not is_open.any():
                break
            columns = np.s_[int(lower.along[0]) : int(lower.along[-1]) + 1]
            free = np.flatnonzero(is_open[columns])
            if height < ROWS.least_high or len(free) < 2 * ROWS.narrowest * height:
                continue
            # A rule of the cells beside may seem to run on into the strokes of the first or the last box.
            first = max(int(free[0]) + columns.start - round(height), int(upper.along[0]), columns.start)
            last = min(int(free[-1]) + columns.start + round(height), int(upper.along[-1]), columns.stop - 1)
            yield Gap.between(upper, lower, (first, last), dark)
            long = round(min(ROWS.long * height, ROWS.covered * upper.length))
            if lower.length >= long:
                is_open[columns] &= ~_is_unbroken(lower, long, dark)


def _below(level: Sequence[Rule]) -> Places:
    """How far each rule stands below each other one, in the middle of the columns that they share.

    Of rules that are askew, as in a photo, the longer one may have its own middle above what it stands below.

    Returns:
        float64, rules × rules, in pixels: row by row below one rule; infinite where it is above, or beside.
    """
    first, last, start, end = np.array([(*rule.along[[0, -1]], *rule.across[[0, -1]]) for rule in level]).T
    left, right = np.maximum.outer(first, first), np.minimum.outer(last, last)
    slope = (end - start) / np.maximum(last - first, 1)
    place = start + slope * ((left + right) / 2 - first)
    own = start[:, None] + slope[:, None] * ((left + right) / 2 - first[:, None])
    below: Places = np.where((left < right) & (place > own), place - own, np.inf)
    return below
