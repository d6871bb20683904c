"""From a mark's ink to what the network reads; the same for training and for reading."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import GLYPH_SIDE

_BODY_SIDE = 20
_FAINT = 0.05
_RAMP = np.arange(_BODY_SIDE, dtype=np.float32)


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
    left, top, width, height = cv2.boundingRect((ink >= _FAINT).view(np.uint8))
    if width == 0:
        return glyph
    body = ink[top : top + height, left : left + width]
    scale = _BODY_SIDE / max(width, height)
    width, height = max(1, round(width * scale)), max(1, round(height * scale))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    body = np.minimum(np.maximum(cv2.resize(body, (width, height), interpolation=method), 0), 1).astype(np.float32)
    rows, columns = body.sum(axis=1), body.sum(axis=0)
    mass = float(rows.sum())
    middle = (GLYPH_SIDE - 1) / 2
    top = min(max(round(middle - float(rows @ _RAMP[:height]) / mass), 0), GLYPH_SIDE - height)
    left = min(max(round(middle - float(columns @ _RAMP[:width]) / mass), 0), GLYPH_SIDE - width)
    glyph[top : top + height, left : left + width] = body
    return glyph
