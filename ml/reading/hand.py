"""What the ink of a strip tells of the hand that wrote it: how it slants, and how thick its pen is."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

_SHEARS = np.arange(-0.8, 1.5, 0.1)
"""Slants tried, in pixels to the right for each pixel up; around the best of them, finer."""

_FINER = np.arange(-2, 3) / 30
_ROWS = 48


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
        moved = np.rint(columns + shears[:, None] * rows).astype(np.int32)
        moved -= moved.min(axis=1, keepdims=True)
        width = int(moved.max()) + 1
        moved += width * np.arange(len(shears), dtype=np.int32)[:, None]
        profiles = np.bincount(moved.ravel(), minlength=width * len(shears)).reshape(len(shears), width)
        sharpness = np.square(profiles, dtype=np.float64).sum(axis=1)
        # Upright unless leaning explains clearly more: round digits fit any shear about equally well.
        return float(shears[(sharpness * (1 - 0.25 * np.abs(shears))).argmax()])

    return sharpest(sharpest(_SHEARS) + _FINER)
