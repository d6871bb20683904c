"""Four-sided regions of a picture, and lines fit along their sides: what may be sheets of paper.

A small picture is cut in many ways (brightness, colour, edges). Whatever a cut leaves as a four-sided region is only a
guess. It becomes an outline if straight lines fit to the edges along its sides, and if along each of them the colour
changes from something to something else: a printed frame has the same paper on both sides, and drops out here.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Corners = NDArray[np.float64]
Mask = NDArray[np.uint8]

LEAST_AREA, MOST_AREA = 0.04, 0.96
"""Shares of the picture: smaller regions are boxes and labels, larger ones the picture itself, cropped."""

_FAINT = 5.0
"""Steps of 255 in colour (CIE L*a*b*): what is set off by less is not seen to be."""

_LEAST_SET_OFF = 0.8
"""Share of each side along which the colour changes: bars printed at the rim and fingers cover the rest."""

_SAMPLES = 40
"""Places along each side where its edge is looked for."""

_LEAST_SUPPORT = 0.6
"""Share of those places that must agree on one straight line."""

_STEP = 0.5
"""Pixels of the small picture between two samples across a side."""

_INSIDE, _OUTSIDE = 24.0, 12.0
"""How far across a side is looked at, in pixels of the small picture."""

_LEVELS = 9
"""How many times brightness and colour are cut."""

_ALIKE = 0.012
"""Guesses whose corners differ by no more than this share of the diagonal are one."""

_MOST_GUESSES, _MOST_PARTS = 32, 20
"""How many guesses are followed, and how many of the largest are tried as parts of one sheet."""


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """A quadrangle whose sides were followed in the picture.

    Attributes:
        corners: float64, 4 × 2, in pixels of the small picture.
        brighter: Steps of lightness from the surroundings to the paper, on the side where that is least.
        contrast: Steps of colour, likewise.
        ratio: The paper's lightness over that of the surroundings, likewise.
        whole: Whether the picture shows all four sides.
    """

    corners: Corners
    brighter: float
    contrast: float
    ratio: float
    whole: bool


def find_outlines(small: NDArray[np.uint8]) -> list[Outline]:
    """What may be sheets, each once, in no order; they may lie in one another and overlap.

    Args:
        small: uint8, height × width × 3, CIE L*a*b* of 8 bits; some 640 pixels on its longer side.
    """
    found: list[Outline] = []
    for corners in _guesses(small):
        outline = _traced(small, corners)
        if outline is not None and not any(_same(outline.corners, other.corners) for other in found):
            found.append(outline)
    return found


def _guesses(small: NDArray[np.uint8]) -> list[Corners]:
    """Four-sided regions that several ways of cutting the picture leave, the largest first, each once."""
    half = cv2.resize(small, (small.shape[1] // 2, small.shape[0] // 2), interpolation=cv2.INTER_AREA)
    scale = np.array([small.shape[1] / half.shape[1], small.shape[0] / half.shape[0]])
    cuts = _cuts(half.astype(np.uint8, copy=False))
    quads = [(quad + 0.5) * scale - 0.5 for mask in cuts for quad in _four_sided(mask)]
    quads.sort(key=area_of, reverse=True)
    different: list[Corners] = []
    for quad in quads:
        if not any(_same(quad, other) for other in different):
            different.append(quad)
    different = different[:_MOST_GUESSES]
    pairs = itertools.combinations(different[:_MOST_PARTS], 2)
    return different + [quad for pair in pairs if (quad := _joined(*pair)) is not None]


def _joined(quad: Corners, other: Corners) -> Corners | None:
    """The region that two make together, as a shadow's edge parts a sheet; None where they make no four-sided one."""
    together = area_of(quad) + area_of(other)
    if np.abs(quad.mean(axis=0) - other.mean(axis=0)).max() ** 2 > 4 * together:
        return None
    hull = cv2.convexHull(np.concatenate([quad, other]).astype(np.float32))
    area = cv2.contourArea(hull)
    if not 0.95 * together < area < 1.05 * together:
        return None
    union = _reduced_to_four(cv2.approxPolyDP(hull, 0.012 * cv2.arcLength(hull, True), True)[:, 0])
    return union if union is not None and area > 0.92 * area_of(union) and _is_sheet_shaped(union) else None


def _cuts(small: NDArray[np.uint8]) -> Iterator[Mask]:
    """Masks, 0 or 255, in which a sheet may be a region of its own."""
    lightness = cv2.medianBlur(small, 5)
    grey = np.ascontiguousarray(lightness[:, :, 0])
    # Over the lightness, since both fall in the shade alike.
    colour = np.linalg.norm(lightness[:, :, 1:].astype(np.float32) - 128, axis=2) / np.maximum(grey, 16)
    for channel in (grey, _stretched(colour)):
        low, high = np.percentile(channel[::2, ::2], (2, 98))
        for level in np.linspace(low, high, _LEVELS + 2)[1:-1]:
            bright = _mask(channel > level)
            yield bright
            yield 255 - bright
    # Under a shadow, paper is still brighter than what lies beside it.
    for share in (3, 8):
        side = int(max(small.shape) / share) | 1
        local = _mask(grey > cv2.blur(grey, (side, side)).astype(np.float32) + 3)
        yield local
        # Where the shadow's own edge crosses the paper's, it breaks that rim.
        yield cv2.morphologyEx(local, cv2.MORPH_CLOSE, np.ones((11, 11), np.uint8)).astype(np.uint8)
    for strong in (24, 60, 120):
        edges = cv2.Canny(grey, strong / 2, strong)
        yield 255 - cv2.dilate(edges, np.ones((3, 3), np.uint8)).astype(np.uint8)


def _mask(where: NDArray[np.bool_]) -> Mask:
    return where.astype(np.uint8) * np.uint8(255)


def _stretched(values: NDArray[Any]) -> Mask:
    """Any values as 0 to 255."""
    return (values * (255 / max(float(values.max()), 1e-3))).astype(np.uint8)


def _four_sided(mask: Mask) -> Iterator[Corners]:
    """The regions of a mask that four lines go round closely: float64, 4 × 2, clockwise."""
    opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    contours, _ = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    picture = mask.shape[0] * mask.shape[1]
    for contour in contours:
        if cv2.contourArea(contour) < LEAST_AREA * picture / 2:
            continue
        hull = cv2.convexHull(contour)
        area = cv2.contourArea(hull)
        if not LEAST_AREA * picture <= area <= MOST_AREA * picture:
            continue
        quad = _reduced_to_four(cv2.approxPolyDP(hull, 0.012 * cv2.arcLength(hull, True), True)[:, 0])
        if quad is not None and area > 0.88 * area_of(quad) and _is_sheet_shaped(quad):
            yield quad


def _reduced_to_four(polygon: NDArray[Any]) -> Corners | None:
    """The quadrangle round a convex polygon: short sides go and their neighbours are drawn out until they meet.

    So rounded, folded and cut-off corners are made whole. None where that is not possible.
    """
    points = polygon.astype(np.float64)
    if len(points) < 4:
        return None
    while len(points) > 4:
        short = int(lengths_of(points).argmin())
        before, first, second, after = (points[(short + place) % len(points)] for place in (-1, 0, 1, 2))
        met = _meeting(before, first, second, after)
        if met is None or np.linalg.norm(met - first) > np.linalg.norm(points.max(axis=0) - points.min(axis=0)):
            return None
        points[short] = met
        points = np.delete(points, (short + 1) % len(points), axis=0)
    return _from_top_left(points)


def _meeting(a: Corners, b: Corners, c: Corners, d: Corners) -> Corners | None:
    """Where the line through a and b meets that through c and d; None where they are parallel."""
    along, other, between = b - a, d - c, c - a
    turn = along[0] * other[1] - along[1] * other[0]
    if abs(turn) < 1e-6 * (np.linalg.norm(along) * np.linalg.norm(other) + 1e-9):
        return None
    met: Corners = a + along * (between[0] * other[1] - between[1] * other[0]) / turn
    return met


def lengths_of(corners: Corners) -> NDArray[np.float64]:
    """Of a polygon's sides, each from one corner to the next."""
    lengths: NDArray[np.float64] = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    return lengths


def area_of(corners: Corners) -> float:
    """Of a convex polygon, in square pixels."""
    return float(cv2.contourArea(corners.astype(np.float32)))


def _from_top_left(corners: Corners) -> Corners:
    """Four corners clockwise, from the one whose side goes to the right the most."""
    ahead = np.roll(corners, -1, axis=0) - corners
    if (
        float((ahead[:, 0] * np.roll(ahead, -1, axis=0)[:, 1] - ahead[:, 1] * np.roll(ahead, -1, axis=0)[:, 0]).sum())
        < 0
    ):
        corners = corners[::-1]
        ahead = np.roll(corners, -1, axis=0) - corners
    # Both of two opposite sides count: in perspective one of them alone may lean more than it should.
    unit = ahead / np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-9)
    top = int((unit[:, 0] - np.roll(unit, 2, axis=0)[:, 0]).argmax())
    return np.ascontiguousarray(np.roll(corners, -top, axis=0))


def _is_sheet_shaped(corners: Corners) -> bool:
    """Convex, no corner far from square, opposite sides alike: what perspective leaves of a rectangle."""
    ahead = np.roll(corners, -1, axis=0) - corners
    lengths = np.linalg.norm(ahead, axis=1)
    if lengths.min() < 12:
        return False
    unit = ahead / lengths[:, None]
    after = np.roll(unit, -1, axis=0)
    square = unit[:, 0] * after[:, 1] - unit[:, 1] * after[:, 0]  # sine of the turn at each corner
    leaning = np.abs((unit * after).sum(axis=1))
    similarity = min(lengths[0] / lengths[2], lengths[2] / lengths[0], lengths[1] / lengths[3], lengths[3] / lengths[1])
    return bool(square.min() > 0 and leaning.max() < 0.5 and similarity > 0.55)


def _same(corners: Corners, other: Corners) -> bool:
    diagonal = float(np.linalg.norm(corners[2] - corners[0]))
    return bool(np.abs(corners - other).max() < _ALIKE * diagonal)


def _traced(small: NDArray[np.uint8], corners: Corners) -> Outline | None:
    """Fit lines to the edges along a guess; None where it is not set off from its surroundings all the way."""
    for reach in (7.0, 3.0):
        sides = _Sides.along(small, corners)
        lines = sides.fitted(reach)
        if lines is None:
            return None
        met = [_meeting(*lines[place - 1], *lines[place]) for place in range(4)]
        if any(corner is None for corner in met):
            return None
        corners = np.array(met)
        if not _is_sheet_shaped(corners):
            return None
    sides = _Sides.along(small, corners)
    return sides.outline()


@dataclass(frozen=True, slots=True, eq=False)
class _Sides:
    """What the picture shows across the four sides of a quadrangle.

    Attributes:
        corners: float64, 4 × 2.
        colours: float32, 4 sides × samples along × samples across × 3, in L*a*b* of 8 bits; from outside to inside.
        steps: float32, 4 × samples along × 3: paper less surroundings; what is printed near the rim is passed over.
        across: float64: how far inside each sample across lies, in pixels; below 0 outside.
        seen: bool, 4 × samples along: whether the picture shows the place and what lies outside it.
        shown: bool, 4: sides that do not run along the picture's rim.
    """

    corners: Corners
    colours: NDArray[np.float32]
    steps: NDArray[np.float32]
    across: NDArray[np.float64]
    seen: NDArray[np.bool_]
    shown: NDArray[np.bool_]

    @classmethod
    def along(cls, small: NDArray[np.uint8], corners: Corners) -> _Sides:
        """Look across the sides, from 4 to 96 hundredths of each."""
        height, width = small.shape[:2]
        ahead = np.roll(corners, -1, axis=0) - corners
        inwards = np.stack([-ahead[:, 1], ahead[:, 0]], axis=1) / np.linalg.norm(ahead, axis=1, keepdims=True)
        places = corners[:, None] + np.linspace(0.04, 0.96, _SAMPLES)[None, :, None] * ahead[:, None]
        across = np.arange(-_OUTSIDE, min(_INSIDE, 0.3 * float(lengths_of(corners).min())), _STEP)
        points = places[:, :, None] + across[:, None] * inwards[:, None, None]
        x, y = (points[..., axis].reshape(4 * _SAMPLES, -1).astype(np.float32) for axis in (0, 1))
        flat = cv2.remap(small, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        outer = places - 2.5 * inwards[:, None]
        seen = ((outer >= 0) & (outer <= (width - 1, height - 1))).all(axis=2)
        seen &= ((places >= 0) & (places <= (width - 1, height - 1))).all(axis=2)
        colours = flat.reshape(4, _SAMPLES, len(across), 3).astype(np.float32)
        # Every second will do for a median.
        inside = np.median(colours[:, :, across >= 2.5][:, :, ::2], axis=2)
        steps = inside - np.median(colours[:, :, across <= -2.5][:, :, ::2], axis=2)
        return cls(corners, colours, steps.astype(np.float32), across, seen, seen.mean(axis=1) > 0.4)

    @property
    def may_be_a_sheet(self) -> bool:
        """Whether enough of it is shown: two sides that meet at least."""
        return bool((self.shown & np.roll(self.shown, 1)).any())

    def fitted(self, reach: float) -> list[tuple[Corners, Corners]] | None:
        """Two points of a line along each side; None where there is no edge, or none that is straight.

        Args:
            reach: How far from the side its edge may be, in pixels.
        """
        if not self.may_be_a_sheet:
            return None
        lines = []
        for side, (start, end) in enumerate(zip(self.corners, np.roll(self.corners, -1, axis=0), strict=True)):
            if not self.shown[side]:
                lines.append((start, end))
                continue
            moved = self._straight_edge(side, reach)
            if moved is None:
                return None
            inwards = np.array([start[1] - end[1], end[0] - start[0]]) / np.linalg.norm(end - start)
            lines.append((start + moved[0] * inwards, end + moved[1] * inwards))
        return lines

    def _straight_edge(self, side: int, reach: float) -> tuple[float, float] | None:
        """How far inside a side's two ends its edge lies, in pixels."""
        seen, toward = self.seen[side], self._step_of(side)
        ground = np.median(self.colours[side][:, self.across <= -2.5], axis=1)
        rise = (self.colours[side] - ground[:, None]) @ toward
        usual = max(float(np.median(self.steps[side][seen] @ toward)), 1.0)
        # What rises above the paper is a printed frame, which may stand out more than the paper does.
        rise = np.clip(rise, -0.25 * usual, 1.25 * usual).astype(np.float32)
        smooth = cv2.GaussianBlur(rise, (0, 0), sigmaX=1.0 / _STEP, sigmaY=1.0)
        steep = np.gradient(smooth, _STEP, axis=1)
        near = np.abs(self.across) <= reach
        edge = _outermost_edge(np.where(near, steep, 0), self.across)
        return _robust_line(np.linspace(0.04, 0.96, _SAMPLES)[seen], edge[seen])

    def _step_of(self, side: int) -> NDArray[np.float32]:
        """The direction in which the colour changes from outside to inside: float32, 3, of length 1."""
        step = np.median(self.steps[side][self.seen[side]], axis=0)
        unit: NDArray[np.float32] = (step / max(float(np.linalg.norm(step)), 1e-6)).astype(np.float32)
        return unit

    def outline(self) -> Outline | None:
        """The sides as an outline, or None where a side is not set off along its whole length."""
        if not self.may_be_a_sheet:
            return None
        brighter, contrast, ratio = [], [], []
        outside = np.median(self.colours[:, :, self.across <= -2.5, 0], axis=2)
        for side in np.flatnonzero(self.shown):
            along = self.steps[side][self.seen[side]]
            strength = along @ self._step_of(int(side))
            usual = float(np.median(strength))
            if usual < _FAINT or float((strength > 0.35 * usual).mean()) < _LEAST_SET_OFF:
                return None
            contrast.append(usual)
            brighter.append(float(np.median(along[:, 0])))
            ratio.append(1 + brighter[-1] / max(float(np.median(outside[side][self.seen[side]])), 8.0))
        return Outline(self.corners, min(brighter), min(contrast), min(ratio), bool(self.shown.all()))


def _outermost_edge(steep: NDArray[np.float32], across: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where each row rises first at least half as steeply as at its steepest, to a part of a sample: float64, rows.

    Paper's edge comes before the edge of a frame that is printed near it.
    """
    strong = steep >= 0.5 * np.maximum(steep.max(axis=1, keepdims=True), 1e-6)
    first = strong.argmax(axis=1)
    places = np.arange(steep.shape[1])
    window = (places >= first[:, None]) & (places < first[:, None] + int(3 / _STEP))
    peak = np.where(window, steep, -np.inf).argmax(axis=1).clip(1, steep.shape[1] - 2)
    rows = np.arange(len(steep))
    before, at, after = steep[rows, peak - 1], steep[rows, peak], steep[rows, peak + 1]
    bend = before - 2 * at + after
    shift = np.where(bend < -1e-6, 0.5 * (before - after) / np.minimum(bend, -1e-6), 0.0).clip(-0.5, 0.5)
    edge: NDArray[np.float64] = across[peak] + shift * _STEP
    return edge


def _robust_line(along: NDArray[np.float64], edge: NDArray[np.float64]) -> tuple[float, float] | None:
    """The line that most places agree on, as its values at 0 and at 1; None where too few do.

    Source: P. K. Sen, "Estimates of the regression coefficient based on Kendall's tau", JASA 63 (1968).
    """
    first, second = np.triu_indices(len(along), 8)
    slope = float(np.median((edge[second] - edge[first]) / (along[second] - along[first])))
    start = float(np.median(edge - slope * along))
    inliers = np.abs(edge - start - slope * along) < 1.5
    if inliers.mean() < _LEAST_SUPPORT:
        return None
    slope, start = np.polyfit(along[inliers], edge[inliers], 1)
    return float(start), float(start + slope)
