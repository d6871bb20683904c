"""Two written numbers laid one over the other: the same ink twice, or the same hand.

For a person who suspects fraud. It says how much of the ink coincides once position, size and lean are taken out, and
how the ways of writing differ; a person decides what that means.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Page, Writing
from ml.reading.ink.ink import find_ink

Ink = NDArray[np.float32]

COPY = 0.95
"""Ink that coincides to this degree is called a copy: `make evaluate` has the error rates of that."""

_HEIGHT, _ROOM = 64, 16
_SOFT = 1.6
_STEPS = 80

_SCALES = {"slant": 8.0, "pen": 0.03, "spacing": 0.12, "unevenness": 0.06}
"""How far each figure strays within one hand, about: degrees, and digit heights."""


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """Two numbers' ink, the second moved onto the first.

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
        """Whether this is hardly the same number written twice."""
        return self.coincidence >= COPY


def overlaid(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> Overlay:
    """Lay one number over another.

    Args:
        first: uint8, height × width × 3, RGB: cut out closely.
        second: The same of the other number; any size.

    Source: G. Evangelidis, E. Psarakis, "Parametric image alignment using enhanced correlation coefficient
        maximization", 2008 (the alignment, from OpenCV).
    """
    found = [_laid(_body(first, close=close), _body(second, close=close)) for close in (True, False)]
    return max(found, key=lambda laid: laid.coincidence)


def _laid(one: Ink, other: Ink) -> Overlay:
    """Move the second onto the first, beginning with both in the middle."""
    width = max(one.shape[1], other.shape[1])
    still, moving = _framed(one, width), _framed(other, width)
    soft = [cv2.GaussianBlur(ink, (0, 0), _SOFT).astype(np.float32) for ink in (still, moving)]
    start = np.eye(2, 3, dtype=np.float32)
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, _STEPS, 1e-5)
    try:
        warp = cv2.findTransformECC(soft[0], soft[1], start, cv2.MOTION_AFFINE, stop)[1].astype(np.float32)
    except cv2.error:
        warp = np.eye(2, 3, dtype=np.float32)  # nothing coincides: they stay as they are
    size, inverse = (still.shape[1], still.shape[0]), cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    moved = cv2.warpAffine(moving, warp, size, flags=inverse).astype(np.float32)
    blurred = cv2.warpAffine(soft[1], warp, size, flags=inverse).astype(np.float32)
    return Overlay(still, moved, _correlation(soft[0], blurred))


def _body(pixels: NDArray[np.uint8], *, close: bool) -> Ink:
    """The ink of a cut-out, 64 pixels high: without the paper around it, or, where marks around it mislead, with it."""
    ink = find_ink(Page(pixels, 1, None, ""))
    height, width = ink.mask.shape
    left, top, width, height = map(int, cv2.boundingRect(ink.mask) if close else (0, 0, width, height))
    if width == 0:
        return np.zeros((_HEIGHT, _HEIGHT), np.float32)
    soft = (ink.soft * ink.mask)[top : top + height, left : left + width].astype(np.float32) / np.float32(255)
    size = (max(1, round(width * _HEIGHT / height)), _HEIGHT)
    body: Ink = cv2.resize(soft, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    return body


def _framed(ink: Ink, width: int) -> Ink:
    """The ink in the middle of paper as wide as the wider one."""
    left = (width - ink.shape[1]) // 2
    edges = (_ROOM, _ROOM, left + _ROOM, width - ink.shape[1] - left + _ROOM)
    return cv2.copyMakeBorder(ink, *edges, cv2.BORDER_CONSTANT).astype(np.float32)


def _correlation(first: Ink, second: Ink) -> float:
    if first.std() == 0 or second.std() == 0:
        return 0.0
    return float(np.corrcoef(first.ravel(), second.ravel())[0, 1])


def difference(first: Writing, second: Writing) -> float:
    """How differently two numbers are written, in what one hand strays: 0 where they are the same; about 1 in one hand.

    Sizes do not count: a hand writes larger where there is room.
    """
    strays = [abs(first.slant - second.slant) / _SCALES["slant"]]
    strays.append(abs(first.pen / first.height - second.pen / second.height) / _SCALES["pen"])
    if first.spacing is not None and second.spacing is not None:
        strays.append(abs(first.spacing - second.spacing) / _SCALES["spacing"])
    if first.unevenness is not None and second.unevenness is not None:
        strays.append(abs(first.unevenness - second.unevenness) / _SCALES["unevenness"])
    return float(np.sqrt(np.mean(np.square(strays))))
