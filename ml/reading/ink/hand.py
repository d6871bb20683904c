"""What the ink of a strip tells of the hand that wrote it: how it slants and climbs, and how thick its pen is."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

_SHEARS = np.arange(-0.8, 1.5, 0.1)
"""Slants tried, in pixels to the right for each pixel up; around the best of them, finer."""

_FINER = np.arange(-2, 3) / 30
_ROWS = 48

_SLOPES, _CLEARLY, _SMALL_DIGIT = np.arange(-12, 13) / 25, 1.2, 32
"""Slopes tried, in rows down for each column; how much more than none the best explains; how high digits then are."""


def stroke_of(labels: NDArray[np.int32]) -> float:
    """How thick the pen's stroke is, in pixels, at least one.

    In a bar the mean distance to the paper is a quarter of its width, and half a pixel.

    Args:
        labels: Of a strip, 0 for paper.
    """
    mask = np.pad((labels > 0).astype(np.uint8), 1)
    distance = cv2.distanceTransform(mask, cv2.DIST_L2, 3)
    return max(1.0, 4 * float(distance[mask > 0].mean()) - 2) if mask.any() else 1.0


def slant_of(labels: NDArray[np.int32]) -> float:
    """The shear under which uprights stand upright: their columns then hold much ink, those between them little.

    Args:
        labels: Of a strip, 0 for paper.

    Returns:
        Pixels to the right for each pixel up.
    """
    share = min(1.0, _ROWS / labels.shape[0])
    size = max(1, round(labels.shape[1] * share)), max(1, round(labels.shape[0] * share))
    small = cv2.resize((labels > 0).astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    rows, columns = np.nonzero(small)
    if rows.size == 0:
        return 0.0

    def sharpest(shears: NDArray[np.float64]) -> float:
        # Upright unless leaning explains clearly more: round digits fit any shear about equally well.
        return float(shears[(_sharpness(columns, rows, shears) * (1 - 0.25 * np.abs(shears))).argmax()])

    return sharpest(sharpest(_SHEARS) + _FINER)


def slope_of(labels: NDArray[np.int32], height: float) -> float:
    """How the line falls along which the writing stands closest together; 0.0 where that is not clear.

    Args:
        labels: Of a strip, 0 for paper.
        height: Of its digits, in pixels.

    Returns:
        Rows for each column to the right.
    """
    share = min(1.0, _SMALL_DIGIT / height)
    size = max(1, round(labels.shape[1] * share)), max(1, round(labels.shape[0] * share))
    small = cv2.resize((labels > 0).astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    rows, columns = np.nonzero(small)
    if rows.size == 0:
        return 0.0
    sharpness = _sharpness(rows, columns, -_SLOPES)
    best = int(sharpness.argmax())
    if sharpness[best] < _CLEARLY * sharpness[len(_SLOPES) // 2]:
        return 0.0
    finer = _SLOPES[best] + _FINER / 2
    return float(finer[_sharpness(rows, columns, -finer).argmax()])


def _sharpness(along: NDArray[np.int64], across: NDArray[np.int64], shears: NDArray[np.float64]) -> NDArray[np.float64]:
    """How unevenly ink fills the lines under each shear: the sum of their squares."""
    moved = np.rint(along + shears[:, None] * across).astype(np.int32)
    moved -= moved.min(axis=1, keepdims=True)
    lines = int(moved.max()) + 1
    moved += lines * np.arange(len(shears), dtype=np.int32)[:, None]
    profiles = np.bincount(moved.ravel(), minlength=lines * len(shears)).reshape(len(shears), lines)
    sharpness: NDArray[np.float64] = np.square(profiles, dtype=np.float64).sum(axis=1)
    return sharpness
