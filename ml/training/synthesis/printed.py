"""The MICR line of a cheque that our code draws: text in, float32 ink as a bank's printer leaves it out."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.reading.micr.constants import E13B
from ml.reading.micr.e13b import HEIGHT, WIDTH, shape_of

Ink = NDArray[np.float32]

_FINE = 12
"""Pixels to a module while shapes are drawn, before they are scaled to the size asked for."""


def micr_line(text: str, module: float, rng: Generator | None = None) -> Ink:
    """Draw a MICR line.

    Args:
        text: Digits and the four symbols; a space is an empty place.
        module: Pixels to a module, 0.013 inch: 2.6 at 200 dots an inch.
        rng: Decides on the faults of the print: strokes spread or shrink, ink is missing in places. None: no faults.

    Returns:
        float32, height × width, paper 0.0 and ink 1.0: nine modules high, with one module of paper around.
    """
    width = round(E13B.pitch * _FINE * max(1, len(text))) + 2 * _FINE
    fine: Ink = np.zeros(((HEIGHT + 2) * _FINE, width), np.float32)
    for place, symbol in enumerate(text):
        if symbol == " ":
            continue
        shape = cv2.resize(shape_of(symbol), None, fx=_FINE, fy=_FINE, interpolation=cv2.INTER_NEAREST)
        right = round(E13B.pitch * _FINE * (place + 1)) + _FINE
        fine[_FINE : _FINE + HEIGHT * _FINE, right - WIDTH * _FINE : right] = shape
    if rng is not None:
        fine = _add_faults(fine, rng)
    scale = module / _FINE
    small = cv2.resize(fine, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return small.astype(np.float32, copy=False)


def _add_faults(fine: Ink, rng: Generator) -> Ink:
    """Round corners, make strokes a quarter of a module wider or a tenth narrower, and leave specks without ink."""
    soft = cv2.GaussianBlur(fine, (0, 0), 0.3 * _FINE)
    edges = np.clip((soft - rng.uniform(0.25, 0.6)) * 8, 0, 1)
    coarse = rng.random((fine.shape[0] // 4, fine.shape[1] // 4)).astype(np.float32)
    grain = cv2.resize(cv2.GaussianBlur(coarse, (0, 0), 1.5), fine.shape[::-1])
    missing = grain < np.quantile(grain, rng.uniform(0, 0.03))
    printed: Ink = np.where(missing, 0, edges).astype(np.float32)
    return printed
