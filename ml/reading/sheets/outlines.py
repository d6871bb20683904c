"""Outlines: quadrangles whose sides were followed in the small picture. They may be sheets of paper.

In goes the small picture, out come outlines in its pixels. A region that `regions` guessed becomes an outline only if
straight lines fit to the edges along its sides, and if the colour changes across each side. A printed frame has the
same paper on both sides, so it drops out here.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.sheets.constants import OUTLINES
from ml.reading.sheets.quadrangles import Corners, is_sheet_shaped, lengths_of, meeting_point, same_corners
from ml.reading.sheets.regions import find_regions


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """A quadrangle whose sides were followed in the picture.

    Attributes:
        corners: float64, 4 × 2, in pixels of the small picture.
        brighter: Steps of lightness from the surroundings to the paper, on the side where that is least.
        contrast: Steps of colour from the surroundings to the paper, on the side where that is least.
        ratio: The paper's lightness over that of the surroundings, on the side where that is least.
        whole: Whether the picture shows all four sides.
    """

    corners: Corners
    brighter: float
    contrast: float
    ratio: float
    whole: bool


def find_outlines(small: NDArray[np.uint8]) -> list[Outline]:
    """Everything that may be a sheet, once each, in no order. Outlines may overlap, and lie in one another.

    Args:
        small: uint8, height × width × 3, CIE L*a*b* of 8 bits; some 640 pixels on its longer side.
    """
    outlines: list[Outline] = []
    for quad in find_regions(small):
        outline = _followed(small, quad)
        if outline is not None and not any(same_corners(outline.corners, other.corners) for other in outlines):
            outlines.append(outline)
    return outlines


def _followed(small: NDArray[np.uint8], quad: Corners) -> Outline | None:
    """Fits lines to the edges along a guess, twice; None where it is not set off from its surroundings all the way."""
    for reach in (OUTLINES.first_reach, OUTLINES.second_reach):
        lines = _Profiles.across(small, quad).fitted_lines(reach)
        if lines is None:
            return None
        met = [meeting_point(*lines[side - 1], *lines[side]) for side in range(4)]
        if any(corner is None for corner in met):
            return None
        quad = np.array(met)
        if not is_sheet_shaped(quad):
            return None
    return _Profiles.across(small, quad).outline()


@dataclass(frozen=True, slots=True, eq=False)
class _Profiles:
    """What the picture shows across the four sides of a quadrangle, at evenly spaced places along each.

    Attributes:
        corners: float64, 4 × 2.
        colours: float32, 4 sides × places along × samples across × 3, in L*a*b* of 8 bits; from outside to inside.
        steps: float32, 4 × places along × 3: the paper's colour less that of the surroundings. They are medians, so
            what is printed near the rim does not count.
        distances: float64, samples across: how far inside the side each sample lies, in pixels; below 0 outside.
        seen: bool, 4 × places along: whether the picture shows the place and what lies just outside it.
        shown: bool, 4: sides that do not run along the picture's rim.
    """

    corners: Corners
    colours: NDArray[np.float32]
    steps: NDArray[np.float32]
    distances: NDArray[np.float64]
    seen: NDArray[np.bool_]
    shown: NDArray[np.bool_]

    @classmethod
    def across(cls, small: NDArray[np.uint8], quad: Corners) -> _Profiles:
        """Samples the picture across the sides of a quadrangle."""
        height, width = small.shape[:2]
        ahead = np.roll(quad, -1, axis=0) - quad
        inwards = np.stack([-ahead[:, 1], ahead[:, 0]], axis=1) / np.linalg.norm(ahead, axis=1, keepdims=True)
        places = quad[:, None] + _places_along()[None, :, None] * ahead[:, None]
        deepest = min(OUTLINES.inside, OUTLINES.most_inside * float(lengths_of(quad).min()))
        distances = np.arange(-OUTLINES.outside, deepest, OUTLINES.step)
        points = places[:, :, None] + distances[:, None] * inwards[:, None, None]
        x, y = (points[..., axis].reshape(4 * places.shape[1], -1).astype(np.float32) for axis in (0, 1))
        samples = cv2.remap(small, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        colours = samples.reshape(*points.shape[:3], 3).astype(np.float32)
        outer = places - OUTLINES.edge_width * inwards[:, None]
        seen = ((outer >= 0) & (outer <= (width - 1, height - 1))).all(axis=2)
        seen &= ((places >= 0) & (places <= (width - 1, height - 1))).all(axis=2)
        steps = _steps_inwards(colours, distances)
        return cls(quad, colours, steps, distances, seen, seen.mean(axis=1) > OUTLINES.least_shown)

    @property
    def may_be_sheet(self) -> bool:
        """Whether the picture shows enough of it: at least two sides that meet."""
        return bool((self.shown & np.roll(self.shown, 1)).any())

    def fitted_lines(self, reach: float) -> list[tuple[Corners, Corners]] | None:
        """Straight lines along the edges of all four sides.

        Args:
            reach: How far from the side its edge may be, in pixels.

        Returns:
            Two points of each line, float64, 2. A side along the picture's rim stays where it is. None where a side
            has no edge, or none that is straight.
        """
        if not self.may_be_sheet:
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
        seen, direction = self.seen[side], self._direction(side)
        ground = np.median(self.colours[side][:, self.distances <= -OUTLINES.edge_width], axis=1)
        rise = (self.colours[side] - ground[:, None]) @ direction
        usual = max(float(np.median(self.steps[side][seen] @ direction)), OUTLINES.least_rise)
        # What rises above the paper is a printed frame, and it may stand out more than the paper does.
        rise = np.clip(rise, -OUTLINES.overshoot * usual, (1 + OUTLINES.overshoot) * usual).astype(np.float32)
        sigma = OUTLINES.blur_across / OUTLINES.step
        smooth = cv2.GaussianBlur(rise, (0, 0), sigmaX=sigma, sigmaY=OUTLINES.blur_along)
        steepness = np.gradient(smooth, OUTLINES.step, axis=1)
        near = np.abs(self.distances) <= reach
        edge = _outermost_edge(np.where(near, steepness, 0), self.distances)
        return _robust_line(_places_along()[seen], edge[seen])

    def _direction(self, side: int) -> NDArray[np.float32]:
        """The direction in which the colour changes from outside to inside: float32, 3, of length 1."""
        step = np.median(self.steps[side][self.seen[side]], axis=0)
        unit: NDArray[np.float32] = (step / max(float(np.linalg.norm(step)), 1e-6)).astype(np.float32)
        return unit

    def outline(self) -> Outline | None:
        """The sides as an outline; None where one of them is not set off along its whole length."""
        if not self.may_be_sheet:
            return None
        brighter, contrast, ratio = [], [], []
        outside = np.median(self.colours[:, :, self.distances <= -OUTLINES.edge_width, 0], axis=2)
        for side in np.flatnonzero(self.shown):
            steps = self.steps[side][self.seen[side]]
            strength = steps @ self._direction(int(side))
            usual = float(np.median(strength))
            set_off = float((strength > OUTLINES.least_strength * usual).mean())
            if usual < OUTLINES.least_contrast or set_off < OUTLINES.least_set_off:
                return None
            contrast.append(usual)
            brighter.append(float(np.median(steps[:, 0])))
            ground = float(np.median(outside[side][self.seen[side]]))
            ratio.append(1 + brighter[-1] / max(ground, OUTLINES.least_ground))
        return Outline(self.corners, min(brighter), min(contrast), min(ratio), bool(self.shown.all()))


def _places_along() -> NDArray[np.float64]:
    """Where along a side it is looked at: float64, in shares of the side."""
    return np.linspace(OUTLINES.margin, 1 - OUTLINES.margin, OUTLINES.samples)


def _steps_inwards(colours: NDArray[np.float32], distances: NDArray[np.float64]) -> NDArray[np.float32]:
    """The median colour inside each place less the median colour outside it: float32, sides × places × 3."""
    inside = np.median(colours[:, :, distances >= OUTLINES.edge_width][:, :, :: OUTLINES.every], axis=2)
    outside = np.median(colours[:, :, distances <= -OUTLINES.edge_width][:, :, :: OUTLINES.every], axis=2)
    return (inside - outside).astype(np.float32)


def _outermost_edge(steepness: NDArray[np.float32], distances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where each place's edge lies, in pixels inside the side, to a part of a sample: float64, places along.

    The outermost edge counts that is at least half as steep as the steepest: the paper's edge comes before the edge of
    a frame that is printed near it.
    """
    strong = steepness >= OUTLINES.least_steepness * np.maximum(steepness.max(axis=1, keepdims=True), 1e-6)
    first = strong.argmax(axis=1)
    samples = np.arange(steepness.shape[1])
    window = (samples >= first[:, None]) & (samples < first[:, None] + int(OUTLINES.edge_window / OUTLINES.step))
    peak = np.where(window, steepness, -np.inf).argmax(axis=1).clip(1, steepness.shape[1] - 2)
    rows = np.arange(len(steepness))
    before, at, after = steepness[rows, peak - 1], steepness[rows, peak], steepness[rows, peak + 1]
    bend = before - 2 * at + after  # the vertex of the parabola through three samples is the peak
    shift = np.where(bend < -1e-6, 0.5 * (before - after) / np.minimum(bend, -1e-6), 0.0).clip(-0.5, 0.5)
    edge: NDArray[np.float64] = distances[peak] + shift * OUTLINES.step
    return edge


def _robust_line(along: NDArray[np.float64], edge: NDArray[np.float64]) -> tuple[float, float] | None:
    """The line that most places agree on.

    Args:
        along: float64, places: where each is, in shares of the side.
        edge: float64, places: how far inside its edge lies, in pixels.

    Returns:
        The line's values at the side's start and at its end, in pixels; None where too few places agree.

    Source: P. K. Sen, "Estimates of the regression coefficient based on Kendall's tau", JASA 63 (1968).
    """
    first, second = np.triu_indices(len(along), OUTLINES.least_distance)
    slope = float(np.median((edge[second] - edge[first]) / (along[second] - along[first])))
    start = float(np.median(edge - slope * along))
    inliers = np.abs(edge - start - slope * along) < OUTLINES.line_tolerance
    if inliers.mean() < OUTLINES.least_support:
        return None
    slope, start = np.polyfit(along[inliers], edge[inliers], 1)
    return float(start), float(start + slope)
