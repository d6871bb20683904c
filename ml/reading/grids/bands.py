"""Shaded bands of a page taken out of its ink: how dark each pixel is in, the same without what is shaded out.

Rows of a table may stand on grey or on a colour, with print in them that is darker or lighter. A band is as dark as
ink, but most of each part of its rows is equally so. Where it begins and ends stays as a thin line: that is a border
between two rows, with a rule or without.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.grids.constants import BANDS

Soft = NDArray[np.uint8]


def without_bands(soft: Soft) -> Soft:
    """The ink of a picture without its shaded bands, with a thin line along the borders of each.

    Args:
        soft: uint8, height × width, paper 0 to full ink 255.

    Returns:
        The same, or the picture itself where nothing in it is shaded.
    """
    shade = _shade(soft)
    if int(shade.max(initial=0)) < BANDS.least:
        return soft
    # Along its borders a band stays: thin as a rule, and with a rule that it hides where the picture is askew.
    inner = cv2.erode(shade, np.ones((BANDS.border, BANDS.border), np.uint8))
    bare: Soft = cv2.subtract(soft, inner).astype(np.uint8, copy=False)
    return bare


def _shade(soft: Soft) -> Soft:
    """How dark the ground is on which rules, print and writing stand: uint8, height × width.

    In each part of a row more than half is ground. What is low is a rule, and what is narrow is a word.
    """
    height, width = soft.shape
    count = width // BANDS.part
    if count < BANDS.least_parts or height < BANDS.high:
        return np.zeros_like(soft)
    first = (width - count * BANDS.part) // 2
    inside = soft[:, first : first + count * BANDS.part].reshape(height, count, BANDS.part)
    # One pixel of three is enough for the median.
    usual = np.median(inside[:, :, ::3], axis=2).astype(np.uint8)
    usual = cv2.morphologyEx(usual, cv2.MORPH_OPEN, np.ones((BANDS.high, 1), np.uint8))
    usual = cv2.morphologyEx(usual, cv2.MORPH_OPEN, np.ones((1, BANDS.parts), np.uint8))
    # A band may end within a part: it is as dark as the part beside, as far as there is ink.
    usual = np.where(usual < BANDS.least, cv2.dilate(usual, np.ones((1, 3), np.uint8)), usual).astype(np.uint8)
    places = np.clip((np.arange(width) - first) / BANDS.part - 0.5, 0, count - 1).astype(np.float32)
    across, down = np.meshgrid(places, np.arange(height, dtype=np.float32))
    wide = cv2.remap(usual, across, down, cv2.INTER_LINEAR)
    near = np.ones((BANDS.stroke, BANDS.stroke), np.uint8)
    shade: Soft = np.minimum(wide, cv2.morphologyEx(soft, cv2.MORPH_CLOSE, near)).astype(np.uint8, copy=False)
    return shade
