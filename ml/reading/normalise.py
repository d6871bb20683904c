"""From a mark's ink to what the network reads; the same for training and for reading."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import GLYPH_SIDE

_BODY_SIDE = 20


def normalise(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale and centre a mark as MNIST's authors did.

    The ink's bounding box is scaled, aspect kept, until its longer side is 20 pixels, then placed on 28 × 28 with its
    centre of mass in the middle (in whole pixels, the body kept inside).

    Args:
        ink: float32, height × width, paper 0.0 and ink 1.0; any size. Values below 0.05 count as paper when the
            bounding box is taken.

    Returns:
        float32, 28 × 28, 0.0 to 1.0. All zeros where there is no ink.

    Raises:
        ValueError: `ink` is not a float32 matrix.

    Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits".
    """
    if ink.dtype != np.float32 or ink.ndim != 2:
        raise ValueError(f"ink is float32, height × width, not {ink.dtype} {ink.shape}")
    glyph = np.zeros((GLYPH_SIDE, GLYPH_SIDE), np.float32)
    rows, columns = np.nonzero(ink >= 0.05)
    if rows.size == 0:
        return glyph
    body = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    scale = _BODY_SIDE / max(body.shape)
    width, height = (max(1, round(side * scale)) for side in body.shape[::-1])
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    body = np.clip(cv2.resize(body, (width, height), interpolation=method), 0.0, 1.0).astype(np.float32)
    mass = float(body.sum())
    centre_y = float((body.sum(axis=1) * np.arange(height)).sum()) / mass
    centre_x = float((body.sum(axis=0) * np.arange(width)).sum()) / mass
    middle = (GLYPH_SIDE - 1) / 2
    top = int(np.clip(round(middle - centre_y), 0, GLYPH_SIDE - height))
    left = int(np.clip(round(middle - centre_x), 0, GLYPH_SIDE - width))
    glyph[top : top + height, left : left + width] = body
    return glyph
