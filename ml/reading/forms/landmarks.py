"""What a form prints, as landmarks: points that are found again on any picture of the same form, however it lies."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Place

Points = NDArray[np.float32]

FEWEST = 24
"""Landmarks without which a form is not known again."""

_SIDE, _SIDE_SEEN = 1000, 1500
"""Pixels of a form's longer side while its landmarks are looked for, and of a picture's that may show it."""

_MOST, _MOST_SEEN = 500, 3000
"""Landmarks of a form, and points of a picture among which they are looked for."""

_APART = 0.8
"""A point is a landmark's only if the next best is so much farther, Lowe's ratio."""

_OFF = 4.0
"""Pixels by which a landmark may lie beside its place; paper is not flat."""

_RIM = 0.01
"""Around a hidden place, in shares of the sheet: a landmark sees that far beside itself."""

_GRID = (5, 4)
"""Columns and rows of a sheet; the landmarks found have to be spread over them."""

_FOUND_AGAIN = 0.5
"""A cell of the grid counts wholly when this share of its landmarks, or five of them, were found again."""

_SKEWED = 2.0
"""By which factor opposite sides of a sheet differ at most, seen from aside."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """The points of a picture.

    Attributes:
        points: float32, N × 2: x and y in the picture's pixels.
        descriptors: float32, N × 128, each of length one.
    """

    points: Points
    descriptors: NDArray[np.float32]

    @classmethod
    def on(cls, picture: NDArray[np.uint8]) -> Seen:
        """Those of a picture, uint8, height × width × 3, RGB."""
        points, descriptors = _sifted(picture, _SIDE_SEEN, _MOST_SEEN)
        return cls(points, _rooted(descriptors))


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a form's sheet lies on a picture.

    Attributes:
        matrix: float64, 3 × 3: from shares of the sheet to the picture's pixels.
        fit: How much of the form was found again, 0 to 1.
    """

    matrix: NDArray[np.float64]
    fit: float


@dataclass(frozen=True, slots=True, eq=False)
class Landmarks:
    """Of a form.

    Attributes:
        points: float32, N × 2: x and y in shares of the sheet.
        descriptors: uint8, N × 128.
        shape: The sheet's height a width.
    """

    points: Points
    descriptors: NDArray[np.uint8]
    shape: float

    @classmethod
    def of(cls, picture: NDArray[np.uint8], hidden: Sequence[Place] = ()) -> Landmarks | None:
        """The landmarks of a form.

        Args:
            picture: uint8, height × width × 3, RGB: the sheet from edge to edge, blank or filled in.
            hidden: Where people write: what stands there is not the form's.

        Returns:
            None where the form prints too little to be known by.

        Source: D. Lowe, "Distinctive image features from scale-invariant keypoints", 2004.
        """
        height, width = picture.shape[:2]
        points, descriptors = _sifted(picture, _SIDE, 4 * _MOST)
        shares = (points / np.array([width, height])).astype(np.float32)
        free = np.ones(len(shares), bool)
        for place in hidden:
            low = np.array([place.left - _RIM, place.top - _RIM])
            high = np.array([place.right + _RIM, place.bottom + _RIM])
            free &= ~((shares > low) & (shares < high)).all(axis=1)
        shares, descriptors = shares[free][:_MOST], descriptors[free][:_MOST]
        if len(shares) < FEWEST:
            return None
        return cls(shares, descriptors.round().astype(np.uint8), height / width)

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> Landmarks:
        """From `as_json`.

        Raises:
            ValueError: This is something else.
        """
        points = np.frombuffer(base64.b64decode(told["points"], validate=True), "<u2").reshape(-1, 2)
        descriptors = np.frombuffer(base64.b64decode(told["descriptors"], validate=True), np.uint8).reshape(-1, 128)
        shape = float(told["shape"])
        if len(points) != len(descriptors) or not FEWEST <= len(points) <= _MOST or not 0.05 < shape < 20:
            raise ValueError("The landmarks are not those of a form.")
        return cls((points / np.float32(65535)).astype(np.float32), descriptors, shape)

    @property
    def as_json(self) -> dict[str, Any]:
        """For a layout's JSON; 70 kB at most."""
        points = (np.clip(self.points, 0, 1) * 65535).round().astype("<u2")
        return {
            "shape": round(self.shape, 5),
            "points": base64.b64encode(points.tobytes()).decode(),
            "descriptors": base64.b64encode(self.descriptors.tobytes()).decode(),
        }

    def placed(self, seen: Seen) -> Placing | None:
        """Where the form lies on a picture; None where it does not seem to be on it.

        Source: D. Barath et al., "MAGSAC++, a fast, reliable and accurate robust estimator", 2020 (OpenCV's).
        """
        own, other = self._matches(seen)
        if len(own) < FEWEST // 3:
            return None
        scale = np.array([_SIDE, _SIDE * self.shape])
        near = _OFF * self._magnified(seen)
        points = self.points[own] * scale, seen.points[other]
        found: Any = cv2.findHomography(*points, cv2.USAC_MAGSAC, near, maxIters=5000)
        matrix, kept = found
        if matrix is None or kept is None:
            return None
        from_shares = np.asarray(matrix, np.float64) @ np.diag([*scale, 1.0])
        fit = self._found_again(own[kept[:, 0] > 0])
        return Placing(from_shares, fit) if _is_sheet(from_shares) else None

    def _matches(self, seen: Seen) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Landmarks, and the points that look like each and like no other."""
        if len(seen.points) < 2:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        own = _rooted(self.descriptors.astype(np.float32))
        pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(own, seen.descriptors, k=2)
        good = [best for best, second in pairs if best.distance < _APART * second.distance]
        return np.array([one.queryIdx for one in good], int), np.array([one.trainIdx for one in good], int)

    def _magnified(self, seen: Seen) -> float:
        """Pixels of the picture for one in which landmarks were found."""
        return float(max(1.0, np.ptp(seen.points, axis=0).max() / _SIDE))

    def _found_again(self, indices: NDArray[np.int64]) -> float:
        """Over the cells of a grid that have landmarks, how many of these were found again."""
        cells = (np.clip(self.points, 0, 0.9999) * _GRID).astype(int) @ np.array([1, _GRID[0]])
        count = _GRID[0] * _GRID[1]
        there, again = np.bincount(cells, minlength=count), np.bincount(cells[indices], minlength=count)
        own = there > 0
        wanted = np.clip(_FOUND_AGAIN * there[own], 1, 5)
        return float(np.minimum(1, again[own] / wanted).mean())


def _sifted(picture: NDArray[np.uint8], side: int, most: int) -> tuple[Points, NDArray[np.float32]]:
    """Points in the picture's own pixels, the clearest first, one at a place, and what each looks like."""
    height, width = picture.shape[:2]
    scale = min(1.0, side / max(height, width))
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    sift: Any = cv2.SIFT.create(nfeatures=most, contrastThreshold=0.03)
    found, descriptors = sift.detectAndCompute(small, None)
    if descriptors is None:
        return np.empty((0, 2), np.float32), np.empty((0, 128), np.float32)
    # Where a point looks several ways, the first: one place counts once.
    places = {found[at].pt: at for at in sorted(range(len(found)), key=lambda at: found[at].response)}
    order = list(reversed(places.values()))
    points = np.array([found[at].pt for at in order], np.float32) / np.float32(scale)
    return points, descriptors[order].astype(np.float32)


def _rooted(descriptors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Root SIFT: Euclid's distance of these is Hellinger's of those.

    Source: R. Arandjelović, A. Zisserman, "Three things everyone should know to improve object retrieval", 2012.
    """
    rooted: NDArray[np.float32] = np.sqrt(descriptors / np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-6))
    return rooted


def _is_sheet(matrix: NDArray[np.float64]) -> bool:
    """Whether a sheet, seen so, is a sheet: not mirrored, not folded, not seen from its edge."""
    corners = np.array([(0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)], float) @ matrix.T
    if (corners[:, 2] <= 0).any():
        return False
    flat = corners[:, :2] / corners[:, 2:]
    sides = np.roll(flat, -1, axis=0) - flat
    after = np.roll(sides, -1, axis=0)
    if (sides[:, 0] * after[:, 1] - sides[:, 1] * after[:, 0] <= 0).any():
        return False
    lengths = np.hypot(*sides.T)
    ratios = (lengths[0] / lengths[2], lengths[1] / lengths[3])
    return all(abs(math.log(ratio)) < math.log(_SKEWED) for ratio in ratios)
