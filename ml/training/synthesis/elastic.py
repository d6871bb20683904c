"""Elastic distortion of written strokes: float32 ink in, ink of the same shape out, paper 0.0 and ink 1.0."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Ink = NDArray[np.float32]

_PITCH = 12
"""Pixels between two control points: strokes bend as a whole, and their edges stay smooth."""


def distort(ink: Ink, rng: Generator) -> Ink:
    """Bend strokes smoothly, as no spline is bent.

    Args:
        ink: float32, height × width, paper 0.0 and ink 1.0.
        rng: Decides everything.

    Returns:
        float32, height × width.

    Source: P. Simard, D. Steinkraus, J. Platt, "Best practices for convolutional neural networks", 2003.
    """
    height, width = ink.shape
    coarse = (max(2, width // _PITCH), max(2, height // _PITCH))
    shift = [
        cv2.resize(
            rng.normal(0, rng.uniform(0.3, 1.6), coarse[::-1]).astype(np.float32),
            (width, height),
            interpolation=cv2.INTER_CUBIC,
        )
        for _ in range(2)
    ]
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    return cv2.remap(ink, across + shift[0], down + shift[1], cv2.INTER_LINEAR).astype(np.float32)
