"""Measures of the hand that wrote a strip: slant, slope and thickness of the stroke.

In go the labels of a strip, int32, height × width, 0 for paper. Out come a shear, a slope or a thickness, in pixels.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.ink.constants import HAND

_MOST_MOVED = 2_000_000
"""Pixels that are moved at once."""


def stroke_of(labels: NDArray[np.int32]) -> float:
    """Thickness of the pen's stroke in pixels, at least one.

    In a bar, the mean distance to the paper is a quarter of its width, plus half a pixel.

    Args:
        labels: int32, height × width of a strip, 0 for paper.
    """
    mask = np.pad((labels > 0).astype(np.uint8), 1)
    distance = cv2.distanceTransform(mask, cv2.DIST_L2, 3)
    return max(1.0, 4 * float(distance[mask > 0].mean()) - 2) if mask.any() else 1.0


def slant_of(labels: NDArray[np.int32]) -> float:
    """The shear that makes slanted strokes upright: their columns then hold much ink, the columns between them little.

    Args:
        labels: int32, height × width of a strip, 0 for paper.

    Returns:
        Pixels to the right for each pixel up.
    """
    rows, columns = _inked(labels, min(1.0, HAND.rows / labels.shape[0]))
    if rows.size == 0:
        return 0.0

    def sharpest(shears: NDArray[np.float64]) -> float:
        # Round digits fit any shear about equally well, so a larger shear has to be clearly sharper.
        favour = 1 - HAND.upright_favour * np.abs(shears)
        return float(shears[(_sharpness(columns, rows, shears) * favour).argmax()])

    coarse = sharpest(np.arange(HAND.least_shear, HAND.most_shear, HAND.shear_step))
    return sharpest(coarse + _around_zero(HAND.fine_reach, HAND.fine_shears))


def slope_of(labels: NDArray[np.int32], height: float) -> float:
    """Slope of the line along which the writing stands closest together; 0.0 where that is not clear.

    Args:
        labels: int32, height × width of a strip, 0 for paper.
        height: Height of its digits in pixels.

    Returns:
        Rows down for each column to the right.
    """
    rows, columns = _inked(labels, min(1.0, HAND.digit_rows / height))
    if rows.size == 0:
        return 0.0
    slopes = _around_zero(HAND.slope_reach, HAND.slopes)
    sharpness = _sharpness(rows, columns, -slopes)
    best = int(sharpness.argmax())
    if sharpness[best] < HAND.clearly * sharpness[len(slopes) // 2]:
        return 0.0
    finer = slopes[best] + _around_zero(HAND.fine_reach, HAND.fine_slopes)
    return float(finer[_sharpness(rows, columns, -finer).argmax()])


def _around_zero(reach: int, parts: int) -> NDArray[np.float64]:
    """Steps of 1 / `parts` to both sides of 0: float64, 2 × `reach` + 1."""
    return np.arange(-reach, reach + 1) / parts


def _inked(labels: NDArray[np.int32], share: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row and column of each pixel with ink, once the strip is shrunk to a share of its size."""
    size = max(1, round(labels.shape[1] * share)), max(1, round(labels.shape[0] * share))
    small = cv2.resize((labels > 0).astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    rows, columns = np.nonzero(small)
    return rows, columns


def _sharpness(along: NDArray[np.int64], across: NDArray[np.int64], shears: NDArray[np.float64]) -> NDArray[np.float64]:
    """How unevenly ink fills the lines under each shear: the sum of the squares of their pixels.

    Args:
        along: int64, one for each pixel with ink: the line that it is in without a shear.
        across: int64, likewise: its place along that line.
        shears: float64: lines that a pixel moves for each place.

    Returns:
        float64, one for each shear.
    """
    # A page full of ink has millions of pixels: not all shears are tried on them at once.
    parts = np.array_split(shears, max(1, len(shears) * len(along) // _MOST_MOVED))
    return np.concatenate([_sharpness_at_once(along, across, part) for part in parts if len(part)])


def _sharpness_at_once(
    along: NDArray[np.int64], across: NDArray[np.int64], shears: NDArray[np.float64]
) -> NDArray[np.float64]:
    """As `_sharpness`, for all shears in one table."""
    moved = np.rint(along + shears[:, None] * across).astype(np.int32)
    moved -= moved.min(axis=1, keepdims=True)
    lines = int(moved.max()) + 1
    moved += lines * np.arange(len(shears), dtype=np.int32)[:, None]
    profiles = np.bincount(moved.ravel(), minlength=lines * len(shears)).reshape(len(shears), lines)
    sharpness: NDArray[np.float64] = np.square(profiles, dtype=np.float64).sum(axis=1)
    return sharpness
