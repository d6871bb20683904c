"""Landmarks: printed points by which a form is known again, however it lies on a picture.

In goes a form's sheet, uint8 RGB, out come its landmarks: places in shares of the sheet, and SIFT descriptors. They are
matched with the keypoints of a picture; out comes where the sheet lies on it, in pixels, and how sure that is.
"""

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
from ml.reading.forms.constants import LANDMARK

Points = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Keypoints:
    """The keypoints of a picture.

    Attributes:
        points: float32, N × 2: x and y in the picture's pixels.
        descriptors: float32, N × 128, each of length one.
    """

    points: Points
    descriptors: NDArray[np.float32]

    @classmethod
    def of(cls, picture: NDArray[np.uint8]) -> Keypoints:
        """Detects the keypoints of a picture: uint8, height × width × 3, RGB."""
        points, descriptors = _detect(picture, LANDMARK.picture_side, LANDMARK.picture_most)
        return cls(points, _root_sift(descriptors))


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
    """The landmarks of a form.

    Attributes:
        points: float32, N × 2: x and y in shares of the sheet.
        descriptors: uint8, N × 128.
        shape: The sheet's height divided by its width.
    """

    points: Points
    descriptors: NDArray[np.uint8]
    shape: float

    @classmethod
    def of(cls, picture: NDArray[np.uint8], hidden: Sequence[Place] = ()) -> Landmarks | None:
        """Detects the landmarks of a form.

        Args:
            picture: uint8, height × width × 3, RGB: the sheet from edge to edge, blank or filled in.
            hidden: Zones where people write: points there are not the form's.

        Returns:
            None where the form prints too little to be known by.

        Source: D. Lowe, "Distinctive image features from scale-invariant keypoints", 2004.
        """
        height, width = picture.shape[:2]
        points, descriptors = _detect(picture, LANDMARK.side, LANDMARK.detected * LANDMARK.most)
        shares = (points / np.array([width, height])).astype(np.float32)
        free, rim = np.ones(len(shares), bool), LANDMARK.rim
        for zone in hidden:
            low = np.array([zone.left - rim, zone.top - rim])
            high = np.array([zone.right + rim, zone.bottom + rim])
            free &= ~((shares > low) & (shares < high)).all(axis=1)
        shares, descriptors = shares[free][: LANDMARK.most], descriptors[free][: LANDMARK.most]
        if len(shares) < LANDMARK.fewest:
            return None
        return cls(shares, descriptors.round().astype(np.uint8), height / width)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Landmarks:
        """Landmarks from what `as_json` made of them.

        Raises:
            ValueError: The data are no landmarks.
        """
        points = np.frombuffer(base64.b64decode(data["points"], validate=True), "<u2").reshape(-1, 2)
        descriptors = np.frombuffer(base64.b64decode(data["descriptors"], validate=True), np.uint8).reshape(-1, 128)
        shape, count = float(data["shape"]), len(points)
        if count != len(descriptors) or not LANDMARK.fewest <= count <= LANDMARK.most or not 0.05 < shape < 20:
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

    def placed(self, keypoints: Keypoints) -> Placing | None:
        """Finds where the form lies on a picture.

        Args:
            keypoints: Of the picture.

        Returns:
            None where the picture does not seem to show the form.

        Source: D. Barath et al., "MAGSAC++, a fast, reliable and accurate robust estimator", 2020 (OpenCV's).
        """
        landmarks, matches = self._matches(keypoints)
        if len(landmarks) < LANDMARK.fewest_matches:
            return None
        scale = np.array([LANDMARK.side, LANDMARK.side * self.shape])
        near = LANDMARK.near * _magnification(keypoints)
        points = self.points[landmarks] * scale, keypoints.points[matches]
        fitted: Any = cv2.findHomography(*points, cv2.USAC_MAGSAC, near, maxIters=LANDMARK.most_iterations)
        matrix, inliers = fitted
        if matrix is None or inliers is None:
            return None
        from_shares = np.asarray(matrix, np.float64) @ np.diag([*scale, 1.0])
        fit = self._fit(landmarks[inliers[:, 0] > 0])
        return Placing(from_shares, fit) if _is_sheet(from_shares) else None

    def _matches(self, keypoints: Keypoints) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Indices of landmarks, and of the keypoint that each matches clearly better than any other keypoint."""
        if len(keypoints.points) < 2:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        descriptors = _root_sift(self.descriptors.astype(np.float32))
        pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(descriptors, keypoints.descriptors, k=2)
        ratio = LANDMARK.ratio
        clear = [best for best, second in pairs if best.distance < ratio * second.distance]
        return np.array([match.queryIdx for match in clear], int), np.array([match.trainIdx for match in clear], int)

    def _fit(self, found: NDArray[np.int64]) -> float:
        """How much of the form was found again, 0 to 1.

        The sheet is divided into cells, because many matches in one corner, a letterhead, are not the form. The result
        is the mean over all cells that have landmarks.

        Args:
            found: Indices of the landmarks that were found again.
        """
        grid = LANDMARK.columns, LANDMARK.rows
        cells = (np.clip(self.points, 0, 0.9999) * grid).astype(int) @ np.array([1, grid[0]])
        count = grid[0] * grid[1]
        there, again = np.bincount(cells, minlength=count), np.bincount(cells[found], minlength=count)
        filled = there > 0
        wanted = np.clip(LANDMARK.found_share * there[filled], 1, LANDMARK.found_enough)
        return float(np.minimum(1, again[filled] / wanted).mean())


def _magnification(keypoints: Keypoints) -> float:
    """How much larger a picture's content is than a form of side `LANDMARK.side`; 1 at least."""
    return float(max(1.0, np.ptp(keypoints.points, axis=0).max() / LANDMARK.side))


def _detect(picture: NDArray[np.uint8], side: int, most: int) -> tuple[Points, NDArray[np.float32]]:
    """Detects SIFT keypoints, the clearest first, one at each place.

    Args:
        picture: uint8, height × width × 3, RGB.
        side: Pixels; a picture whose longer side is longer is shrunk to it first.
        most: How many keypoints are kept.

    Returns:
        float32, N × 2: x and y in pixels of the picture before it was shrunk; and float32, N × 128: descriptors.
    """
    height, width = picture.shape[:2]
    scale = min(1.0, side / max(height, width))
    if min(height, width) * scale < 1:  # so thin that nothing would be left of it
        return np.empty((0, 2), np.float32), np.empty((0, 128), np.float32)
    small = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    if scale < 1:
        small = cv2.resize(small, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    sift: Any = cv2.SIFT.create(nfeatures=most, contrastThreshold=LANDMARK.contrast)
    keypoints, descriptors = sift.detectAndCompute(small, None)
    if descriptors is None:
        return np.empty((0, 2), np.float32), np.empty((0, 128), np.float32)
    # SIFT gives one point for each direction at a place; only the clearest counts.
    by_clarity = sorted(range(len(keypoints)), key=lambda index: keypoints[index].response)
    places = {keypoints[index].pt: index for index in by_clarity}
    order = list(reversed(places.values()))
    points = np.array([keypoints[index].pt for index in order], np.float32) / np.float32(scale)
    return points, descriptors[order].astype(np.float32)


def _root_sift(descriptors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Root SIFT: the Euclidean distance of the results is the Hellinger distance of the descriptors.

    Source: R. Arandjelović, A. Zisserman, "Three things everyone should know to improve object retrieval", 2012.
    """
    rooted: NDArray[np.float32] = np.sqrt(descriptors / np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-6))
    return rooted


def _is_sheet(matrix: NDArray[np.float64]) -> bool:
    """Whether a homography shows a sheet as a camera can see it: not mirrored, folded, or nearly from its edge.

    Args:
        matrix: float64, 3 × 3: from shares of the sheet to pixels.
    """
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
    return all(abs(math.log(ratio)) < math.log(LANDMARK.skewed) for ratio in ratios)
