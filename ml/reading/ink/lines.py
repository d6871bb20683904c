"""A strip of paper as the network of whole strings looks at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box, Page
from ml.reading.forms.layouts import Layout
from ml.reading.ink.locate import Strip

LINE_HEIGHT = 32
"""Pixels from top to bottom; the width follows."""

FRAME = 4
"""Pixels of width that the network judges as one."""

LINE_WIDTH = (24, 320)
"""The least and the most pixels from left to right; a longer strip is narrowed."""

_ROOM, _MUCH_ROOM = 0.12, 0.35
"""Kept around a strip, in its heights; more where the whole picture is one number, and nothing else can stand there."""


def padded_width(width: int) -> int:
    """The next width that the network is run with: few different ones, so that it is seldom laid out anew."""
    return -(-width // (4 * FRAME)) * 4 * FRAME


def line_width(height: int, width: int) -> int:
    """How wide a strip becomes, in pixels of the line."""
    return min(max(round(width * LINE_HEIGHT / height), LINE_WIDTH[0]), LINE_WIDTH[1])


def as_line(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """A strip brought to one height and one contrast.

    Args:
        grey: uint8, height × width, one number dark on light paper or light on dark, with little room around it.

    Returns:
        float32, 32 × width, paper about 0.0 and the darkest ink 1.0.
    """
    height, width = grey.shape
    scaled = line_width(height, width)
    shrinks = height > LINE_HEIGHT
    line = cv2.resize(grey, (scaled, LINE_HEIGHT), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    line = line.astype(np.float32)
    low, middle, high = np.percentile(line, (1, 50, 99))
    if high - middle > middle - low:  # most of a strip is paper
        line, low, high = -line, -high, -low
    paper = np.percentile(line, 70)
    contrast: NDArray[np.float32] = np.clip((paper - line) / max(paper - low, 8.0), -0.5, 1.2).astype(np.float32)
    return contrast


@dataclass(frozen=True, slots=True, eq=False)
class Cutting:
    """A strip cut out of a page for the network of strings.

    Attributes:
        line: float32, 32 × width, from `as_line`.
        picture: uint8, height × width × 3, RGB: the same as it stands on the page, made level as the strip.
        place: What was cut out, in pixels of the page; of one that was made level, as its middle stands there.
        strip: Whose it is.
        scale: Pixels of the page for one of the strip's.
    """

    line: NDArray[np.float32]
    picture: NDArray[np.uint8]
    place: Box
    strip: Strip
    scale: float

    def boxes(self, spans: Sequence[tuple[int, int]]) -> list[Box]:
        """Where on the page the digits stand that were read in some pixels of the line.

        The network looks at a digit's middle; between two of them the cut is half way, and the ink there is boxed.

        Args:
            spans: First pixel of the line and last, exclusive, for each digit from the left.
        """
        across = self.place.width / self.line.shape[1]
        middles = [self.place.left + across * (first + last) / 2 for first, last in spans]
        cuts = [(one + other) / 2 for one, other in pairwise(middles)]
        reach = 0.5 * self.place.height
        edges = [middles[0] - reach, *cuts, middles[-1] + reach] if middles else []
        return [self._boxed(left, right) for left, right in pairwise(edges)]

    def _boxed(self, left: float, right: float) -> Box:
        """The ink between two columns of the page; the whole height where there is none."""
        strip = self.strip.box
        first = int(np.clip(left / self.scale - strip.left, 0, strip.width - 1))
        last = int(np.clip(right / self.scale - strip.left, first + 1, strip.width))
        ink = self.strip.labels[:, first:last] > 0
        rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
        top, bottom = (int(rows[0]), int(rows[-1]) + 1) if len(rows) else (0, strip.height)
        start, end = (int(columns[0]), int(columns[-1]) + 1) if len(columns) else (0, last - first)
        return self.strip.on_page(Box(first + start, top, first + end, bottom), self.scale)


def cut_out(page: Page, strip: Strip, scale: float, layout: Layout) -> Cutting:
    """A strip of a page, with some room, ready for the network.

    Args:
        page: Whose strip it is.
        strip: From `ml.reading.ink.locate`.
        scale: Pixels of the page for one of the strip's.
        layout: With `one_number` more room is kept: what stands around belongs to the number.
    """
    height, width = page.pixels.shape[:2]
    box = strip.box
    room = (_MUCH_ROOM if layout.one_number else _ROOM) * box.height
    left, top = (int(max(0.0, side - room) * scale) for side in (box.left, box.top))
    right, bottom = int(min(width, (box.right + room) * scale)), int(min(height, (box.bottom + room) * scale))
    place = Box(left, top, max(left + 1, right), max(top + 1, bottom))
    picture = page.pixels[place.top : place.bottom, place.left : place.right]
    if strip.level_from is not None:
        picture = _levelled(page, place, strip, scale)
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    return Cutting(as_line(grey.astype(np.uint8)), picture, place, strip, scale)


def _levelled(page: Page, place: Box, strip: Strip, scale: float) -> NDArray[np.uint8]:
    """A place of the page turned as the strip was."""
    across, down = strip.turned_back(place.left / scale, place.top / scale)
    back = np.array([[1, -strip.slope, place.left + across * scale], [strip.slope, 1, place.top + down * scale]])
    flags = cv2.WARP_INVERSE_MAP | cv2.INTER_LINEAR
    level = cv2.warpAffine(page.pixels, back, (place.width, place.height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return level.astype(np.uint8, copy=False)
