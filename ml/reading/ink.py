"""What is ink on a page: uneven light evened out, light writing on a dark ground turned round."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Page

Grey = NDArray[np.uint8]

_MOST_PIXELS = 12_000_000
"""Larger pages are looked at smaller: A4 at 350 dots an inch is just within."""

_LEAST_HEIGHT = 96
"""Lower pictures are enlarged, so that strokes of one pixel can be cut between pixels."""

_BACKGROUND_SIDE = 480
_POLARITY_SIDE = 160
_LEAST_DARKNESS = 0.10
_PEN_SHARE = 0.45
"""A pixel is ink where it is at least this share as dark as the pen nearby."""


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """Where ink stands.

    Attributes:
        soft: uint8, height × width, paper 0 to full ink 255.
        mask: uint8, same shape, 1 where there is ink.
        scale: Pixels of the page for one of these: above 1 where a large page is looked at smaller.
    """

    soft: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    scale: float


def find_ink(page: Page) -> Ink:
    """Tell ink from paper.

    The paper's brightness is taken from around each place, so shadows and vignettes do not count as ink; the writing
    may be darker or lighter than the paper. A place is ink where it is dark compared with the pen nearby, so pencil
    beside print is found too.
    """
    scale = _scale(*page.pixels.shape[:2])
    grey = _grey(page, scale)
    if _is_light_on_dark(grey):
        grey = 255 - grey
    darkness = _darkness(grey)
    noise = float(np.median(darkness[::4, ::4])) * 1.5
    floor = max(_LEAST_DARKNESS, 5 * noise) if noise < _LEAST_DARKNESS else _LEAST_DARKNESS
    pen = np.maximum(_pen_nearby(darkness), floor)
    mask = (darkness > np.maximum(_PEN_SHARE * pen, floor)).astype(np.uint8)
    soft = np.clip(darkness * (300 / pen), 0, 255).astype(np.uint8)
    return Ink(soft, mask, scale)


def _grey(page: Page, scale: float) -> Grey:
    grey = cv2.cvtColor(page.pixels, cv2.COLOR_RGB2GRAY)
    if scale != 1:
        size = max(1, round(grey.shape[1] / scale)), max(1, round(grey.shape[0] / scale))
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA if scale > 1 else cv2.INTER_CUBIC)
    return grey.astype(np.uint8)


def _scale(height: int, width: int) -> float:
    if height * width > _MOST_PIXELS:
        return math.sqrt(height * width / _MOST_PIXELS)
    return 0.5 if height < _LEAST_HEIGHT and width < 4 * _BACKGROUND_SIDE else 1.0


def _small(grey: Grey, side: int) -> Grey:
    share = min(1.0, side / max(grey.shape))
    size = max(1, round(grey.shape[1] * share)), max(1, round(grey.shape[0] * share))
    return cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype(np.uint8)


def _odd(side: float) -> int:
    return max(3, int(side) | 1)


def _is_light_on_dark(grey: Grey) -> bool:
    """Whether what differs from its surroundings is brighter than they are."""
    small = _small(grey, _POLARITY_SIDE)
    surroundings = cv2.medianBlur(small, min(255, _odd(min(small.shape) / 2)))
    difference = small.astype(np.int16) - surroundings
    return bool(np.square(np.maximum(difference, 0.0)).sum() > np.square(np.minimum(difference, 0.0)).sum())


def _darkness(grey: Grey) -> NDArray[np.float32]:
    """0 where a place is as bright as the paper around it, 1 where it is black.

    The paper is a closing (brightest, then darkest of a neighbourhood wider than any stroke): it keeps a shadow's
    edge where it is, and skips what is thin and dark.
    """
    small = _small(
        cv2.medianBlur(grey, 3).astype(np.uint8) if min(grey.shape) > _BACKGROUND_SIDE else grey, _BACKGROUND_SIDE
    )
    side = _odd(min(max(small.shape) / 8, min(small.shape) / 1.5))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    bordered = cv2.copyMakeBorder(small, side, side, side, side, cv2.BORDER_REPLICATE)
    paper = cv2.morphologyEx(bordered, cv2.MORPH_CLOSE, kernel)[side:-side, side:-side]
    paper = cv2.GaussianBlur(paper, (0, 0), max(1.0, side / 8))
    paper = cv2.resize(paper, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    darkness: NDArray[np.float32] = 1 - (grey.astype(np.float32) + 1) / (paper.astype(np.float32) + 1)
    return np.maximum(darkness, 0)


def _pen_nearby(darkness: NDArray[np.float32]) -> NDArray[np.float32]:
    """How dark the pen is around each place: the darkest in cells of a quarter of the shorter side, or 64 pixels."""
    height, width = darkness.shape
    cell = int(np.clip(min(height, width) / 4, 8, 64))
    calm = cv2.GaussianBlur(darkness, (3, 3), 0)
    rows, columns = -(-height // cell), -(-width // cell)
    padded = np.zeros((rows * cell, columns * cell), np.float32)
    padded[:height, :width] = calm
    darkest = padded.reshape(rows, cell, columns, cell).max(axis=(1, 3))
    darkest = cv2.dilate(darkest, np.ones((5, 5), np.uint8))
    spread = cv2.resize(darkest, (columns * cell, rows * cell), interpolation=cv2.INTER_LINEAR)
    return spread[:height, :width].astype(np.float32)
