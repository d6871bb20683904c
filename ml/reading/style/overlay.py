"""Lays two handwritten numbers over one another, and compares their styles.

In go the pictures of two numbers, uint8 RGB, cut out closely. Out comes the ink of both after alignment, float32, and
their correlation. A person who suspects fraud sees whether the ink is the same twice, or the hand: position, size and
lean are taken out first. The person decides what that means.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Page, Writing
from ml.reading.ink.ink import find_ink
from ml.reading.style.constants import OVERLAY

Ink = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """The ink of two numbers, the second moved onto the first.

    Attributes:
        first: float32, height × width, paper 0.0 and ink 1.0.
        second: The same shape.
        coincidence: Their correlation, -1 to 1; 1 where they are the same.
    """

    first: Ink
    second: Ink
    coincidence: float

    @property
    def is_copy(self) -> bool:
        """Whether the ink coincides so well that one number is probably a copy of the other.

        `make evaluate` reports how often this is wrong.
        """
        return self.coincidence >= OVERLAY.least_copy


def overlaid(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> Overlay:
    """Lays one number over another.

    Args:
        first: uint8, height × width × 3, RGB: the number, cut out closely.
        second: The other number, likewise; any size.

    Source: G. Evangelidis, E. Psarakis, "Parametric image alignment using enhanced correlation coefficient
        maximization", 2008 (the alignment, from OpenCV).
    """
    overlays = [_align(_scaled_ink(first, crop=crop), _scaled_ink(second, crop=crop)) for crop in (True, False)]
    return max(overlays, key=lambda overlay: overlay.coincidence)


def _align(first: Ink, second: Ink) -> Overlay:
    """Moves the second number onto the first; alignment starts with both centred."""
    width = max(first.shape[1], second.shape[1])
    still, moving = _centred(first, width), _centred(second, width)
    soft = [cv2.GaussianBlur(ink, (0, 0), OVERLAY.blur).astype(np.float32) for ink in (still, moving)]
    start = np.eye(2, 3, dtype=np.float32)
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, OVERLAY.most_steps, OVERLAY.least_gain)
    try:
        warp = cv2.findTransformECC(soft[0], soft[1], start, cv2.MOTION_AFFINE, stop)[1].astype(np.float32)
    except cv2.error:
        warp = np.eye(2, 3, dtype=np.float32)  # OpenCV raises where no ink coincides: both stay centred
    size, inverse = (still.shape[1], still.shape[0]), cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    moved = cv2.warpAffine(moving, warp, size, flags=inverse).astype(np.float32)
    moved_soft = cv2.warpAffine(soft[1], warp, size, flags=inverse).astype(np.float32)
    return Overlay(still, moved, _correlation(soft[0], moved_soft))


def _scaled_ink(pixels: NDArray[np.uint8], *, crop: bool) -> Ink:
    """The ink of a picture, scaled to `OVERLAY.height`.

    Args:
        pixels: uint8, height × width × 3, RGB.
        crop: Whether to cut off the paper around the ink. Stray marks around a number mislead that cut.
    """
    ink = find_ink(Page(pixels, 1, None, ""))
    height, width = ink.mask.shape
    left, top, width, height = map(int, cv2.boundingRect(ink.mask) if crop else (0, 0, width, height))
    if width == 0:
        return np.zeros((OVERLAY.height, OVERLAY.height), np.float32)
    soft = (ink.soft * ink.mask)[top : top + height, left : left + width].astype(np.float32) / np.float32(255)
    size = (min(max(1, round(width * OVERLAY.height / height)), OVERLAY.most_width), OVERLAY.height)
    scaled: Ink = cv2.resize(soft, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    return scaled


def _centred(ink: Ink, width: int) -> Ink:
    """The ink in the middle of paper that is `width` pixels wide, with a margin on each side."""
    left, margin = (width - ink.shape[1]) // 2, OVERLAY.margin
    edges = (margin, margin, left + margin, width - ink.shape[1] - left + margin)
    return cv2.copyMakeBorder(ink, *edges, cv2.BORDER_CONSTANT).astype(np.float32)


def _correlation(first: Ink, second: Ink) -> float:
    if first.std() == 0 or second.std() == 0:
        return 0.0
    return float(np.corrcoef(first.ravel(), second.ravel())[0, 1])


def difference(first: Writing, second: Writing) -> float:
    """How much the styles of two numbers differ: 0 where they are the same, about 1 within one hand.

    Each measurement's difference is divided by how far it strays within one hand; the result is their root mean square.
    Size does not count: people write larger where there is room.
    """
    strays = [abs(first.slant - second.slant) / OVERLAY.slant_stray]
    strays.append(abs(first.pen / first.height - second.pen / second.height) / OVERLAY.pen_stray)
    if first.spacing is not None and second.spacing is not None:
        strays.append(abs(first.spacing - second.spacing) / OVERLAY.spacing_stray)
    if first.unevenness is not None and second.unevenness is not None:
        strays.append(abs(first.unevenness - second.unevenness) / OVERLAY.unevenness_stray)
    return float(np.sqrt(np.mean(np.square(strays))))
