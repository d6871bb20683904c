"""Rules of a page that may be a table's: how dark each pixel is in, level and upright rules out.

A rule need not be straight: it is followed piece by piece, so one that is askew, drawn by hand or curved in a photo is
found too. All pixels are those of the picture that goes in.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.tables.constants import TABLE_RULES

Mask = NDArray[np.uint8]
Line = NDArray[np.float64]

_THICKENED = 2
"""Pixels by which a run is thicker than its ink: one row above it and one below."""


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A rule, followed from its beginning to its end.

    Attributes:
        along: float64, rising: of a level rule each x, of an upright one each y, in pixels.
        across: float64, of the same length: the y, or the x, in the middle of its ink there.
        thick: Usual thickness of its ink, in pixels.
    """

    along: Line
    across: Line
    thick: float

    @property
    def length(self) -> float:
        """In pixels."""
        return float(self.along[-1] - self.along[0])

    @property
    def slope(self) -> float:
        """Pixels across for each pixel along, over its whole length."""
        along = self.along - self.along.mean()
        return float(along @ self.across / max(float(along @ along), 1.0))

    @property
    def is_even(self) -> bool:
        """Whether it is straight, or bowed evenly: strokes of digits one below the other are not."""
        along = (self.along - self.along.mean()) / max(self.length, 1.0)
        powers = np.stack([np.ones_like(along), along, along**2], axis=1)
        stray = np.abs(powers @ np.linalg.lstsq(powers, self.across, rcond=None)[0] - self.across)
        return bool(np.quantile(stray, 0.98) <= max(TABLE_RULES.stray, TABLE_RULES.bent * self.length))

    def at(self, along: Line, slope: float | None = None) -> Line:
        """Where it is at some places; beyond its ends it goes on with a slope, its own unless one is given."""
        slope = self.slope if slope is None else slope
        inside = np.interp(along, self.along, self.across)
        before = np.minimum(along - self.along[0], 0) + np.maximum(along - self.along[-1], 0)
        places: Line = inside + slope * before
        return places


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """The rules of a picture.

    Attributes:
        level: Level rules.
        upright: Upright rules.
        meets: bool, level × upright: whether two rules meet or cross.
        level_mask: uint8, height × width, 1 where a level rule is, or next to one.
        upright_mask: The same for upright rules.
    """

    level: tuple[Rule, ...]
    upright: tuple[Rule, ...]
    meets: NDArray[np.bool_]
    level_mask: Mask
    upright_mask: Mask


def find_rules(soft: NDArray[np.uint8]) -> Rules | None:
    """Find the level rules of a picture, and the upright rules that meet at least two of them.

    Args:
        soft: uint8, height × width, paper 0 to full ink 255: `Ink.soft`.

    Returns:
        None where fewer than two level rules have something upright between them.
    """
    levels = _pieces(soft, TABLE_RULES.least_long)
    if levels is None:
        return None
    uprights = _pieces(soft.T, TABLE_RULES.least_tall)
    if uprights is None:
        return None
    level_labels, upright_labels = levels, np.ascontiguousarray(uprights.T)
    side = 2 * TABLE_RULES.near + 1
    near = np.ones((side, side), np.uint8)
    # Where widened labels overlap, the larger label wins: two rules so near each other are one boundary.
    wide_level, wide_upright = (
        cv2.dilate(labels.astype(np.uint16), near).astype(np.uint16) for labels in (level_labels, upright_labels)
    )
    meets = np.zeros((int(level_labels.max()) + 1, int(upright_labels.max()) + 1), bool)
    both = (wide_level > 0) & (wide_upright > 0)
    meets[wide_level[both], wide_upright[both]] = True
    meets[0] = meets[:, 0] = False
    level = _even(level_labels, meets.sum(axis=1) >= 1, soft)
    upright = _even(upright_labels.T, meets.sum(axis=0) >= 2, soft.T)
    kept = meets[np.ix_(list(level), list(upright))]
    masks = (np.minimum(wide, 1).astype(np.uint8) for wide in (wide_level, wide_upright))
    return Rules(tuple(level.values()), tuple(upright.values()), kept, *masks)


def _pieces(soft: NDArray[np.uint8], least: int) -> NDArray[np.int32] | None:
    """For each pixel the number of the straight piece of ink that it is in, from 1; None where there are too few.

    Args:
        soft: uint8, height × width; turned, for upright rules.
        least: A rule is no shorter, in pixels.
    """
    runs = _runs(np.ascontiguousarray(soft))
    _, labels, rows, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    wide, area = rows[:, cv2.CC_STAT_WIDTH], rows[:, cv2.CC_STAT_AREA]
    kept = (wide >= least) & (area <= (TABLE_RULES.thickest + _THICKENED) * wide)
    kept[0] = False
    numbers = np.where(kept, np.cumsum(kept), 0).astype(np.int32)
    return numbers[labels] if 0 < numbers.max() <= TABLE_RULES.most_pieces else None


def _even(labels: NDArray[np.int32], wanted: NDArray[np.bool_], soft: NDArray[np.uint8]) -> dict[int, Rule]:
    """The rules, by their labels, among the wanted labels, that are straight or bowed evenly and stand free."""
    columns, tops = np.nonzero(labels.T)
    numbers = labels[tops, columns]
    order = np.lexsort((columns, numbers))
    numbers, columns, tops = numbers[order], columns[order], tops[order]
    starts = np.searchsorted(numbers, np.arange(len(wanted) + 1))
    rules = {}
    for label in np.flatnonzero(wanted).tolist():
        inside = slice(starts[label], starts[label + 1])
        along, firsts, counts = np.unique(columns[inside], return_index=True, return_counts=True)
        middles = np.add.reduceat(tops[inside].astype(float), firsts) / counts
        rule = Rule(along.astype(float), middles, float(np.median(counts)) - _THICKENED)
        if rule.is_even and _stands_free(rule, soft):
            rules[label] = rule
    return rules


def _stands_free(rule: Rule, soft: NDArray[np.uint8]) -> bool:
    """Whether there is paper at both sides of a rule in most of its length; beside a line of print there is not."""
    along, middle = rule.along.astype(np.int64), np.rint(rule.across).astype(np.int64)
    apart = int(np.ceil(rule.thick / 2)) + TABLE_RULES.free_by
    before, behind = (np.clip(middle + side, 0, soft.shape[0] - 1) for side in (-apart, apart))
    inked = (soft[before, along] >= TABLE_RULES.ink) | (soft[behind, along] >= TABLE_RULES.ink)
    return bool(inked.mean() <= TABLE_RULES.free)


def _runs(soft: NDArray[np.uint8]) -> Mask:
    """Thin, level, long enough ink, its small breaks closed: uint8, height × width, thicker by `_THICKENED`."""
    thick = cv2.morphologyEx(soft, cv2.MORPH_OPEN, np.ones((TABLE_RULES.thickest, 1), np.uint8))
    thin = cv2.subtract(soft, thick)
    grain = float(np.median(thin[::4, ::4])) if thin.size else 0.0
    dark = np.uint8(1) * (thin >= max(TABLE_RULES.faint, TABLE_RULES.grain * grain))
    # A rule that is not quite level steps up or down by a pixel.
    thickened = cv2.dilate(dark, np.ones((1 + _THICKENED, 1), np.uint8))
    closed = cv2.morphologyEx(thickened, cv2.MORPH_CLOSE, np.ones((1, TABLE_RULES.breaks), np.uint8))
    runs: Mask = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((1, TABLE_RULES.straight), np.uint8)).astype(np.uint8)
    return runs
