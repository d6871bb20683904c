"""What is ink on a page: uneven light evened out, light writing on a dark ground turned round."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

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
_GRAIN = 12
"""Steps of grey; what is brighter than its surroundings by less is no light writing on a dark ground."""

_LEAST_DARKNESS = 0.10
_PEN_SHARE = 0.45
"""A pixel is ink where it is at least this share as dark as the pen nearby."""


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """Where ink stands.

    Attributes:
        soft: uint8, height × width, paper 0 to full ink 255.
        mask: uint8, same shape, 1 where there is ink.
        labels: Same shape: which ink hangs together, corners too; 0 for paper.
        rows: int32, labels × 5: OpenCV's left, top, width, height and area of each.
        scale: Pixels of the page for one of these: above 1 where a large page is looked at smaller.
    """

    soft: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    labels: NDArray[Any]
    rows: NDArray[np.int32]
    scale: float

    @classmethod
    def of(cls, soft: Grey, mask: Grey, scale: float) -> Ink:
        """Ink with its labels."""
        try:
            # Three times as fast as with labels of 32 bits, on a page.
            _, labels, rows, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_16U)
        except cv2.error:  # more than 65,534 specks
            _, labels, rows, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_32S)
        return cls(soft, mask, np.asarray(labels), rows.astype(np.int32, copy=False), scale)


def find_ink(page: Page, *, by_the_darkest: bool = False) -> Ink:
    """Tell ink from paper.

    The paper's brightness is taken from around each place, so shadows and vignettes do not count as ink; the writing
    may be darker or lighter than the paper. A place is ink where it is dark compared with the pen nearby, so pencil
    beside print is found too.

    Args:
        page: To look on.
        by_the_darkest: Compare with the darkest pen of the page instead: where nobody wrote, what is darkest nearby is
            the paper's pattern.
    """
    scale = _scale(*page.pixels.shape[:2])
    grey = _grey(page, scale)
    small = _small(grey, _BACKGROUND_SIDE)
    if _is_light_on_dark(small):
        grey, small = 255 - grey, 255 - small
    paper = _paper(small)
    # From here on in steps of grey below the paper, whole numbers: a large page has millions of them.
    below = _grey_of(cv2.subtract(_enlarged(paper, grey), grey))
    bright = paper.astype(np.float32) + 1
    floor = _floor(below, bright)
    pen = np.maximum(_pen_nearby(below, bright), floor)
    if by_the_darkest:
        pen[:] = pen.max()
    least = _enlarged((bright * np.maximum(_PEN_SHARE * pen, floor)).astype(np.uint8), grey)
    mask = _grey_of(cv2.compare(below, least, cv2.CMP_GT)) & np.uint8(1)
    soft = cv2.divide(below, _enlarged(np.rint(bright * pen).astype(np.uint8), grey), scale=300)
    return Ink.of(_grey_of(soft), mask, scale)


def _enlarged(small: Grey, whole: Grey) -> Grey:
    """A small picture as large as another."""
    return _grey_of(cv2.resize(small, whole.shape[::-1], interpolation=cv2.INTER_LINEAR))


def _grey_of(picture: NDArray[Any]) -> Grey:
    """OpenCV's result as what it is."""
    return picture.astype(np.uint8, copy=False)


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
    """A picture no longer than `side`, specks of single pixels gone where it had to shrink."""
    share = min(1.0, side / max(grey.shape))
    size = max(1, round(grey.shape[1] * share)), max(1, round(grey.shape[0] * share))
    return cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype(np.uint8)


def _odd(side: float) -> int:
    return max(3, int(side) | 1)


def _is_light_on_dark(grey: Grey) -> bool:
    """Whether what differs from its surroundings is brighter than they are."""
    small = _small(grey, _POLARITY_SIDE)
    surroundings = cv2.medianBlur(small, min(255, _odd(min(small.shape) / 2)))
    brighter, darker = cv2.subtract(small, surroundings), cv2.subtract(surroundings, small)
    return bool(brighter.max() >= _GRAIN and cv2.norm(brighter, cv2.NORM_L2) > cv2.norm(darker, cv2.NORM_L2))


def _paper(small: Grey) -> Grey:
    """How bright the paper is at each place of a small picture.

    It is a closing (brightest, then darkest of a neighbourhood wider than any stroke): it keeps a shadow's edge where
    it is, and skips what is thin and dark.
    """
    side = _odd(0.85 * min(max(small.shape) / 8, min(small.shape) / 1.5))
    bordered = cv2.copyMakeBorder(small, side, side, side, side, cv2.BORDER_REPLICATE)
    # A square: a disc takes thirty times as long.
    paper = cv2.morphologyEx(bordered, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))[side:-side, side:-side]
    return cv2.GaussianBlur(paper, (0, 0), max(1.0, side / 8)).astype(np.uint8)


def _floor(below: Grey, bright: NDArray[np.float32]) -> float:
    """The least darkness that is ink, 0 to 1: above the paper's grain."""
    some = np.s_[:: max(1, below.shape[0] // 400), :: max(1, below.shape[1] // 400)]
    noise = float(np.median(below[some])) / float(np.median(bright)) * 1.5
    return max(_LEAST_DARKNESS, 5 * noise) if noise < _LEAST_DARKNESS else _LEAST_DARKNESS


def _pen_nearby(below: Grey, bright: NDArray[np.float32]) -> NDArray[np.float32]:
    """How dark the pen is around each place of a small picture, 0 to 1.

    That is the darkest of cells of a quarter of the shorter side, or 64 pixels.

    Args:
        below: Steps of grey below the paper, of the whole size.
        bright: float32, the small picture's height × width: the paper's grey, and one.
    """
    height, width = below.shape
    cell = int(np.clip(min(height, width) / 4, 8, 64))
    rows, columns = -(-height // cell), -(-width // cell)
    padded = np.zeros((rows * cell, columns * cell), np.uint8)
    cv2.GaussianBlur(below, (3, 3), 0, dst=padded[:height, :width])
    darkest = padded.reshape(rows, cell, columns * cell).max(axis=1).reshape(rows, columns, cell).max(axis=2)
    beside = cv2.resize(bright, (columns, rows), interpolation=cv2.INTER_AREA)
    share = cv2.dilate(darkest / beside, np.ones((5, 5), np.uint8))
    # The grid's last cells may reach beyond the picture.
    reach = bright.shape[1] * columns * cell / width, bright.shape[0] * rows * cell / height
    spread = cv2.resize(share, (round(reach[0]), round(reach[1])), interpolation=cv2.INTER_LINEAR)
    return spread[: bright.shape[0], : bright.shape[1]].astype(np.float32, copy=False)
