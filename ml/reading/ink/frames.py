"""Printed boxes to write in: their rules found in a zone, the cells between them, and the rules taken out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box

Mask = NDArray[np.uint8]

_LEAST_LONG, _LEAST_TALL = 9.0, 3.4
"""Millimetres: a level rule is at least so long, an upright one so tall."""

_THICKEST = 0.7
"""Millimetres: a rule is no thicker, else it is a bar, or writing."""

_SHORT, _CROSSED = 15.0, (0.15, 0.6)
"""Millimetres: of a level rule that is shorter, and of a longer one, writing covers this share at most. Else it is made
of digits' own bars, or feet, that stand side by side."""

_RIM, _MORE = 0.12, 3
"""Millimetres to both sides of a stroke over a rule that are its soft edge; and pixels by which ink there is thicker
than the rule at least."""

_BROKEN, _ASIDE = 0.6, 0.15
"""Of the shorter of two pieces of an upright rule, what may be missing between them at most; and millimetres by which
they may stand aside."""

_BREAKS = 0.5
"""Millimetres: dots and dashes with smaller holes make a rule."""

_SOFT, _SCREEN = (0.08, 0.2), 0.02
"""Millimetres: a rule may be so fine; but where the paper's lighter three quarters differ by more than this share, it
has a printed screen, and is looked at so soft that the screen is grey."""

_AROUND, _DARKER, _GRAIN = 5.0, 0.1, 3.0
"""A rule is darker than what lies so many millimetres around it, by this share of it, and so many times more than that
difference."""

_MOST_RULES = 10
"""More level rules than that are the rows of a screen's dots."""

_APART = (3.6, 17.0)
"""Millimetres between the upper and the lower rule of a box, at least and at most."""

_SPANS = 0.8
"""An upright rule belongs to a box if it spans this share of its height."""

_BEYOND, _CORNER = 1.5, 1.5
"""Millimetres: and does not reach further beyond it, as a pen's stroke may, unless it is so near a level rule's end."""

_FEW, _REGULAR = 4, 0.75
"""More edges than these make a row of cells, each at least of this share of their usual width."""

_SIGN_CELL = 14.0
"""Millimetres: a cell for the currency's sign is no wider."""

_LEAST_CELL = 2.2
"""Millimetres: no cell is narrower."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Cells side by side between an upper and a lower rule.

    Attributes:
        cells: From the left: what is inside of the rules, in pixels of the zone.
    """

    cells: tuple[Box, ...]

    @property
    def box(self) -> Box:
        """Around all cells."""
        whole = self.cells[0]
        for cell in self.cells[1:]:
            whole = whole.union(cell)
        return whole


@dataclass(frozen=True, slots=True, eq=False)
class Ruled:
    """A zone's rules.

    Attributes:
        rules: uint8, the zone's height × width, 1 where a rule is.
        free: The same less the places where a stroke touches a level one.
        frames: Boxes made of them, those with most cells first.
    """

    rules: Mask
    free: Mask
    frames: tuple[Frame, ...]


def find_frames(picture: NDArray[np.uint8], per_mm: float) -> Ruled:
    """Rules and what they enclose.

    Args:
        picture: uint8, height × width × 3.
        per_mm: Pixels a millimetre.
    """
    dark, fine = _dark(picture, per_mm)
    level, finest = (_level(one, per_mm) for one in (dark, fine))
    if len(_pieces(finest)) > _MOST_RULES:
        return _ruled(level, dark, *_enclosed(level, dark, per_mm), per_mm)
    level = _to_their_ends(level, finest)
    usual, bold = _enclosed(level, dark, per_mm), _enclosed(finest, fine, per_mm)
    # Out of focus, boxes and writing that cover much of a zone pass for its grain.
    most, row = (max((len(frame.cells) for frame in frames), default=0) for _, frames in (usual, bold))
    if row > max(_FEW, most):
        return _ruled(finest, fine, *bold, per_mm)
    return _ruled(level, dark, *usual, per_mm)


def _to_their_ends(level: Mask, bold: Mask) -> Mask:
    """Level rules with what goes on in line with them once the paper's grain counts as ink: it may hide a part."""
    whole = level.copy()
    for _, top, _, height in _pieces(level).tolist():
        band = np.s_[max(0, top - 1) : top + height + 1]
        _, labels = cv2.connectedComponents(bold[band], connectivity=8)
        same = np.zeros(int(labels.max()) + 1, np.uint8)
        same[labels[level[band] > 0]] = 1
        same[0] = 0
        whole[band] |= same[labels]
    return whole


def _level(dark: Mask, per_mm: float) -> Mask:
    """Level rules among what is dark."""
    return _uncrossed(_rules(dark, round(_LEAST_LONG * per_mm), per_mm), dark, per_mm)


def _ruled(level: Mask, dark: Mask, edges: Mask, frames: list[Frame], per_mm: float) -> Ruled:
    return Ruled(level | edges, _free(level, dark, edges, per_mm) | edges, tuple(frames))


def _enclosed(level: Mask, dark: Mask, per_mm: float) -> tuple[Mask, list[Frame]]:
    """The upright rules among what is dark that belong to level ones, and what they enclose."""
    upright = np.ascontiguousarray(_rules(np.ascontiguousarray(dark.T), round(_LEAST_TALL * per_mm), per_mm).T)
    upright = _mended(upright, per_mm)
    rows = _pieces(level)
    height, width = dark.shape
    cuts = np.array([(0, 0, 0, height), (width, 0, 0, height)], np.int32)  # the zone may show a part of a box
    columns = np.concatenate([_pieces(upright), cuts])
    frames: list[Frame] = []
    used = np.zeros(len(columns), bool)
    for top in range(len(rows)):
        for bottom in range(len(rows)):
            frame, own = _between(rows[top], rows[bottom], columns, per_mm)
            if frame is not None:
                frames.append(frame)
                used |= own
    frames.sort(key=lambda frame: (-len(frame.cells), frame.box.height))
    edges = np.zeros_like(level)
    for left, up, width, height in columns[used].tolist():
        inside = np.s_[up : up + height, left : left + width]
        edges[inside] = upright[inside]
    return edges, _apart(frames)


def without_rules(picture: NDArray[np.uint8], rules: Mask, per_mm: float) -> NDArray[np.uint8]:
    """A picture with its rules painted over with what lies around them; strokes that cross them go on.

    Args:
        picture: uint8, height × width × 3.
        rules: uint8, height × width, 1 where a rule is, of `find_frames`.
        per_mm: Pixels a millimetre.
    """
    if not rules.any():
        return picture
    side = 2 * max(1, round(0.12 * per_mm)) + 1
    mask = cv2.dilate(rules, np.ones((side, side), np.uint8))
    painted: NDArray[np.uint8] = cv2.inpaint(picture, mask, 2, cv2.INPAINT_TELEA).astype(np.uint8)
    return painted


def _dark(picture: NDArray[np.uint8], per_mm: float) -> tuple[Mask, Mask]:
    """Where the picture is darker than around, and than its grain; and with no regard to grain: uint8, 1 there."""
    sharp = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    fine = below = _below(sharp, _SOFT[0], per_mm)
    screen = float(np.percentile(below, 75))
    if screen > _SCREEN:
        below = _below(sharp, _SOFT[1], per_mm)
        screen = float(np.percentile(below, 75))
    return (below > max(_DARKER, _GRAIN * screen)).astype(np.uint8), (fine > _DARKER).astype(np.uint8)


def _below(grey: NDArray[np.float32], soft: float, per_mm: float) -> NDArray[np.float32]:
    """How much darker each place is than its surroundings, as a share of these."""
    calm = cv2.GaussianBlur(grey, (0, 0), soft * per_mm)
    side = round(_AROUND * per_mm) | 1
    around = cv2.blur(calm, (side, side))
    below: NDArray[np.float32] = ((around - calm) / np.maximum(around, 1)).astype(np.float32)
    return below


def _rules(dark: Mask, length: int, per_mm: float) -> Mask:
    """Level runs of ink at least so long, small holes closed, and no thicker than a rule: uint8, 1 where they are."""
    holes = np.ones((1, max(3, round(_BREAKS * per_mm) | 1)), np.uint8)
    thick = cv2.dilate(dark, np.ones((3, 1), np.uint8))  # a rule that is not quite level steps up or down
    runs = cv2.morphologyEx(
        cv2.morphologyEx(thick, cv2.MORPH_CLOSE, holes), cv2.MORPH_OPEN, np.ones((1, length), np.uint8)
    )
    _, labels, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    thickness = stats[:, cv2.CC_STAT_AREA] / np.maximum(stats[:, cv2.CC_STAT_WIDTH], 1)
    thin = thickness <= _THICKEST * per_mm + 2
    thin[0] = False
    rules: Mask = thin[labels].astype(np.uint8)
    return rules


def _uncrossed(rules: Mask, dark: Mask, per_mm: float) -> Mask:
    """Level rules less those that are thin in too few places to be printed."""
    thick = np.ones((round(_THICKEST * per_mm) + 2, 1), np.uint8)
    tall = cv2.morphologyEx(dark, cv2.MORPH_OPEN, thick)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(rules, connectivity=8)
    kept = np.zeros(len(stats), np.uint8)
    for number, (left, top, width, height, _) in enumerate(stats[1:].tolist(), 1):
        inside = np.s_[top : top + height, left : left + width]
        own = labels[inside] == number
        inked = np.count_nonzero((own & (dark[inside] > 0)).any(axis=0))
        crossed = np.count_nonzero((own & (tall[inside] > 0)).any(axis=0))
        kept[number] = crossed <= _CROSSED[width > _SHORT * per_mm] * inked
    uncrossed: Mask = kept[labels]
    return uncrossed


def _free(rules: Mask, dark: Mask, edges: Mask, per_mm: float) -> Mask:
    """Level rules less the places where ink goes on above or below: a stroke crosses there, or a digit's foot lies.

    Args:
        rules: uint8, height × width, 1 where a level rule is.
        dark: Likewise, where ink is.
        edges: Upright rules; they are no strokes.
        per_mm: Pixels a millimetre.
    """
    free = rules.copy()
    reach, side = round(_THICKEST * per_mm), 2 * round(_RIM * per_mm) + 1
    printed = cv2.dilate(edges, np.ones((1, 2 * reach + 1), np.uint8))
    for left, top, width, height in _pieces(rules).tolist():
        inside = np.s_[max(0, top - reach) : top + height + reach, left : left + width]
        usual = np.percentile(np.count_nonzero(dark[inside], axis=0), 40)
        own = np.count_nonzero(rules[inside]) / width - 2  # `_rules` looks at ink made thicker by two
        thick = round(max(float(usual), own))
        strokes = cv2.morphologyEx(dark[inside], cv2.MORPH_OPEN, np.ones((thick + _MORE, 1), np.uint8))
        strokes = cv2.dilate(strokes, np.ones((1, side), np.uint8))
        free[inside] &= (strokes == 0) | (printed[inside] > 0)
    return free


def _mended(upright: Mask, per_mm: float) -> Mask:
    """Upright rules whole where bold writing beside one made it look pale, and broke it: two pieces in one line."""
    mended = upright.copy()
    pieces = sorted(_pieces(upright).tolist(), key=lambda piece: piece[1])
    for number, (left, top, width, height) in enumerate(pieces):
        for other, below, wide, high in pieces[number + 1 :]:
            gap, apart = below - (top + height), abs(left + width / 2 - other - wide / 2)
            if 0 < gap <= _BROKEN * min(height, high) and apart <= _ASIDE * per_mm:
                mended[top + height : below, min(left, other) : max(left + width, other + wide)] = 1
    return mended


def _pieces(rules: Mask) -> NDArray[np.int32]:
    """Left, top, width, height of each rule."""
    stats: NDArray[np.int32] = cv2.connectedComponentsWithStats(rules, connectivity=8)[2][1:, :4].astype(np.int32)
    return stats


def _between(
    upper: NDArray[np.int32], lower: NDArray[np.int32], columns: NDArray[np.int32], per_mm: float
) -> tuple[Frame | None, NDArray[np.bool_]]:
    """The box between two level rules, if there is one; and which upright rules are its edges."""
    top, bottom = int(upper[1] + upper[3]), int(lower[1])
    left, right = int(max(upper[0], lower[0])), int(min(upper[0] + upper[2], lower[0] + lower[2]))
    none = np.zeros(len(columns), bool)
    if not _APART[0] * per_mm <= bottom - top <= _APART[1] * per_mm or right - left < _LEAST_LONG * per_mm:
        return None, none
    spans = np.minimum(columns[:, 1] + columns[:, 3], bottom) - np.maximum(columns[:, 1], top)
    middles = columns[:, 0] + columns[:, 2] / 2
    near = (middles > left - per_mm) & (middles < right + per_mm)
    below = columns[:, 1] + columns[:, 3] - (lower[1] + lower[3])
    beyond = np.maximum(upper[1] - columns[:, 1], below) > _BEYOND * per_mm
    at_corner = np.minimum(np.abs(middles - left), np.abs(middles - right)) < _CORNER * per_mm
    cut = columns[:, 2] == 0
    at_corner &= ~cut | (np.minimum(np.abs(middles - left), np.abs(middles - right)) <= 1)
    own = (spans >= _SPANS * (bottom - top)) & near & (~beyond | at_corner) & (~cut | at_corner)
    order = sorted(np.flatnonzero(own).tolist(), key=lambda column: int(columns[column][0]))
    outer = [one for one in order if at_corner[one]]
    if not outer or cut[outer].all() or middles[outer[-1]] - middles[outer[0]] < 0.8 * (right - left):
        return None, none
    kept = _printed_edges(order[order.index(outer[0]) : order.index(outer[-1]) + 1], columns, per_mm)
    edges = [(int(columns[one][0]), int(columns[one][0] + columns[one][2])) for one in kept]
    cells = [
        Box(max(0, one[1]), top, other[0], bottom)
        for one, other in pairwise(edges)
        if other[0] - one[1] >= _LEAST_CELL * per_mm
    ]
    own[[one for one in order if one not in kept]] = False
    return (Frame(tuple(cells)), own) if cells else (None, none)


def _printed_edges(order: list[int], columns: NDArray[np.int32], per_mm: float) -> list[int]:
    """The outermost edges and those between that stand where a form has them; a pen's 1 or stroke may look like one.

    Cells of a row are of one width; a box has at most one narrow cell, at its left, for the currency's sign.
    """
    at = [int(columns[one][0]) for one in order]
    pitch = float(np.median(np.diff(at))) if len(at) > _FEW else 0.0
    kept = order[:1]
    for one in order[1:-1]:
        before, left = int(columns[one][0]) - int(columns[kept[-1]][0]), int(columns[one][0]) - at[0]
        if before >= _REGULAR * pitch if pitch else len(kept) == 1 and left <= _SIGN_CELL * per_mm:
            kept.append(one)
    return [*kept, *order[-1:]] if len(order) > 1 else kept


def _apart(frames: list[Frame]) -> list[Frame]:
    """Frames less those that lie over one with more cells."""
    kept: list[Frame] = []
    for frame in frames:
        if not any(_overlap(frame.box, other.box) > 0.5 for other in kept):
            kept.append(frame)
    return kept


def _overlap(one: Box, other: Box) -> float:
    """What two share, as a share of the smaller one."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    smaller = min(one.width * one.height, other.width * other.height)
    return max(0, across) * max(0, down) / smaller
