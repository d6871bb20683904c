"""Rules of a page that may be a table's: how dark each pixel is in, level and upright rules out.

A rule need not be straight: it is followed piece by piece, so one that is askew, drawn by hand or curved in a photo is
found too. All pixels are those of the picture that goes in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.grids.constants import TABLE_RULES

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
        places: Line = np.interp(along, self.along, self.across)
        before = np.minimum(along - self.along[0], 0) + np.maximum(along - self.along[-1], 0)
        if before.any():
            places += (self.slope if slope is None else slope) * before
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


@dataclass(frozen=True, slots=True, eq=False)
class _Pieces:
    """Straight pieces of ink.

    Attributes:
        labels: uint16, height × width: the label of the ink that each pixel is in; 0 for none.
        kept: int64: the label of each piece. Other labels are too short or too thick.
        boxes: int32, pieces × 4: left, top, width and height of each.
    """

    labels: NDArray[np.uint16]
    kept: NDArray[np.int64]
    boxes: NDArray[np.int32]

    @property
    def numbers(self) -> NDArray[np.uint16]:
        """The number of the piece that each pixel is in, from 1; 0 for none: uint16, height × width."""
        numbers = np.zeros(int(self.labels.max()) + 1, np.uint16)
        numbers[self.kept] = np.arange(1, len(self.kept) + 1)
        numbered: NDArray[np.uint16] = numbers.take(self.labels)
        return numbered


def find_rules(soft: NDArray[np.uint8]) -> Rules | None:
    """Find the level rules of a picture, and the upright rules that meet at least two of them; there may be none.

    Args:
        soft: uint8, height × width, paper 0 to full ink 255: `Ink.soft`.

    Returns:
        None where no level rule stands below another.
    """
    level, levels = _level_rules(soft)
    if level is None or not _may_enclose(list(levels.values())):
        return None
    side = 2 * TABLE_RULES.near + 1
    near = np.ones((side, side), np.uint8)
    # Where widened labels overlap, the larger label wins: two rules so near each other are one boundary.
    wide_level = cv2.dilate(level.numbers, near)
    turned = cv2.transpose(soft).astype(np.uint8, copy=False)
    upright = _pieces(_straight(_closed(_thin(turned))), TABLE_RULES.least_tall)
    if upright is None:
        lone = (wide_level > 0).view(np.uint8)
        return Rules(tuple(levels.values()), (), np.zeros((len(levels), 0), bool), lone, np.zeros_like(lone))
    wide_upright = cv2.dilate(cv2.transpose(upright.numbers), near)
    meets = np.zeros((len(level.kept), len(upright.kept)), bool)
    both = (wide_level > 0) & (wide_upright > 0)
    meets[wide_level[both] - 1, wide_upright[both] - 1] = True
    crossing = meets[list(levels)].sum(axis=0) >= 2
    uprights = _even(upright, np.flatnonzero(crossing).tolist(), turned)
    kept = meets[np.ix_(list(levels), list(uprights))]
    masks = ((wide > 0).view(np.uint8) for wide in (wide_level, wide_upright))
    return Rules(tuple(levels.values()), tuple(uprights.values()), kept, *masks)


def _level_rules(soft: NDArray[np.uint8]) -> tuple[_Pieces | None, dict[int, Rule]]:
    """The level pieces of ink, and the rules among them by their numbers.

    Where strokes or print beside a rule ran together with it when its breaks were closed, it is looked for again in
    what was straight before.

    Args:
        soft: uint8, height × width, paper 0 to full ink 255.
    """
    least = max(TABLE_RULES.least_long, round(TABLE_RULES.least_of_width * soft.shape[1]))
    thin = _thin(soft)
    runs = _straight(_closed(thin))
    clear, level, levels = np.zeros_like(runs), _pieces(runs, least), {}
    if level is not None:
        levels = _even(level, range(len(level.kept)), soft)
        numbers = [number for number in levels if _is_clear(level, number)]
        clear = _mask_of(level, numbers)
        if len(numbers) == len(level.kept):
            return level, levels
    elif not cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((1, least), np.uint8)).any():
        return None, levels  # as on most pages
    beside = cv2.dilate(clear, np.ones((1 + _THICKENED, 1 + _THICKENED), np.uint8))
    level = _pieces(np.maximum(clear, _closed(_straight(thin)) * (beside == 0)), least)
    return level, {} if level is None else _even(level, range(len(level.kept)), soft, again=True)


def _mask_of(pieces: _Pieces, numbers: Iterable[int]) -> Mask:
    """Where some pieces are, by their numbers: uint8, height × width, 1 or 0."""
    is_one = np.zeros(int(pieces.labels.max()) + 1, np.uint8)
    is_one[pieces.kept[list(numbers)]] = 1
    mask: Mask = is_one[pieces.labels]
    return mask


def _pieces(runs: Mask, least: int) -> _Pieces | None:
    """The straight, level pieces of ink; None where there is none, or so many that they are a pattern.

    Args:
        runs: uint8, height × width, 1 where ink is thin and level; turned, for upright rules.
        least: A rule is no shorter, in pixels.
    """
    if not cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((1, least), np.uint8)).any():
        return None  # as on most pages
    try:
        _, labels, rows, _ = cv2.connectedComponentsWithStats(runs, connectivity=8, ltype=cv2.CV_16U)
    except cv2.error:  # more than 65,534
        return None
    wide, area = rows[:, cv2.CC_STAT_WIDTH], rows[:, cv2.CC_STAT_AREA]
    slim = (wide >= least) & (area <= (TABLE_RULES.thickest + _THICKENED) * wide)
    kept = np.flatnonzero(slim[1:]) + 1
    if not 0 < len(kept) <= TABLE_RULES.most_pieces:
        return None
    return _Pieces(labels.astype(np.uint16, copy=False), kept, rows[kept, :4].astype(np.int32))


def _may_enclose(level: list[Rule]) -> bool:
    """Whether two level rules stand one above the other, with room for writing between them."""
    ends = np.array([(rule.along[0], rule.along[-1], np.median(rule.across)) for rule in level]).reshape(-1, 3)
    first, last, middle = ends.T
    across = np.minimum.outer(last, last) - np.maximum.outer(first, first)
    shorter = np.minimum.outer(last - first, last - first)
    apart = np.abs(np.subtract.outer(middle, middle))
    return bool(((across >= TABLE_RULES.above * shorter) & (apart >= TABLE_RULES.least_apart)).any())


def _even(pieces: _Pieces, wanted: Iterable[int], soft: NDArray[np.uint8], *, again: bool = False) -> dict[int, Rule]:
    """The rules, by their numbers, among the wanted pieces, that are straight or bowed evenly and stand free.

    Among pieces whose breaks were not closed there is no print, and paper at one side of a rule is enough, as beside a
    shaded band; but dots of a pattern make rows, thinner than the thinnest rule.
    """
    rules = {number: _rule(pieces, number) for number in wanted}
    return {
        number: rule
        for number, rule in rules.items()
        if rule.is_even and _stands_free(rule, soft, one_side=again) and (rule.thick >= 1 or not again)
    }


def _inside(pieces: _Pieces, number: int) -> NDArray[np.bool_]:
    """Where a piece is in its box: bool, height × width."""
    left, top, width, height = pieces.boxes[number].tolist()
    inside: NDArray[np.bool_] = pieces.labels[top : top + height, left : left + width] == pieces.kept[number]
    return inside


def _is_clear(pieces: _Pieces, number: int) -> bool:
    """Whether a piece is one rule, with hardly a column in which something else hangs on it."""
    inside = _inside(pieces, number)
    count = inside.sum(axis=0)
    extent = len(inside) - inside.argmax(axis=0) - inside[::-1].argmax(axis=0)
    return bool((extent[count > 0] > np.median(count[count > 0]) + TABLE_RULES.hangs).mean() <= TABLE_RULES.unclear)


def _rule(pieces: _Pieces, number: int) -> Rule:
    """The rule that a piece is: in each of its columns the middle of its ink.

    Where strokes hang on it, so that it is thicker than elsewhere, it goes on as it does beside them.
    """
    left, top = pieces.boxes[number, :2].tolist()
    inside = _inside(pieces, number)
    count = inside.sum(axis=0)
    middles = (inside * np.arange(len(inside))[:, None]).sum(axis=0) / np.maximum(count, 1)
    columns = np.flatnonzero(count)
    thick = float(np.median(count[columns]))
    bare = columns[count[columns] <= thick + TABLE_RULES.hangs]
    along: Line = columns.astype(np.float64) + left
    across: Line = top + np.interp(columns, bare, middles[bare])
    return Rule(along, across, thick - _THICKENED)


def _stands_free(rule: Rule, soft: NDArray[np.uint8], *, one_side: bool) -> bool:
    """Whether there is paper at both sides of a rule in most of its length; beside a line of print there is not.

    Args:
        rule: The rule.
        soft: uint8, height × width, paper 0 to full ink 255.
        one_side: Whether paper at one side is enough.
    """
    along, middle = rule.along.astype(np.int64), np.rint(rule.across).astype(np.int64)
    apart = int(np.ceil(rule.thick / 2)) + TABLE_RULES.free_by
    before, behind = (
        soft[np.clip(middle + side, 0, soft.shape[0] - 1), along] >= TABLE_RULES.ink for side in (-apart, apart)
    )
    share = min(before.mean(), behind.mean()) if one_side else (before | behind).mean()
    return bool(share <= TABLE_RULES.free)


def _thin(soft: NDArray[np.uint8]) -> Mask:
    """Where ink is thin, from above to below: uint8, height × width, 1 or 0, thicker by `_THICKENED`."""
    thick = cv2.morphologyEx(soft, cv2.MORPH_OPEN, np.ones((TABLE_RULES.thickest, 1), np.uint8))
    thin = cv2.subtract(soft, thick)
    grain = float(np.median(thin[::4, ::4])) if thin.size else 0.0
    dark = np.uint8(1) * (thin >= max(TABLE_RULES.faint, TABLE_RULES.grain * grain))
    # A rule that is not quite level steps up or down by a pixel.
    return cv2.dilate(dark, np.ones((1 + _THICKENED, 1), np.uint8)).astype(np.uint8, copy=False)


def _closed(thin: Mask) -> Mask:
    """Level ink, its small breaks closed: uint8, height × width."""
    closed: Mask = cv2.morphologyEx(thin, cv2.MORPH_CLOSE, np.ones((1, TABLE_RULES.breaks), np.uint8)).astype(np.uint8)
    return closed


def _straight(thin: Mask) -> Mask:
    """Level ink that is long enough: uint8, height × width."""
    runs: Mask = cv2.morphologyEx(thin, cv2.MORPH_OPEN, np.ones((1, TABLE_RULES.straight), np.uint8)).astype(np.uint8)
    return runs
