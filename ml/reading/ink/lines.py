"""Strips made ready for the network of strings, and its answers placed on the page.

In goes a page with a strip of it, in ink pixels, or a picture of one number. Out comes a line: float32, 32 × width,
paper about 0.0 and ink 1.0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box, Page
from ml.reading.forms.layouts import Layout
from ml.reading.ink.constants import LINES
from ml.reading.ink.locate import Strip

LINE_HEIGHT = 32
"""Height of a line in pixels; the width follows from the strip."""

FRAME = 4
"""Width in pixels of a frame: the network gives each frame one posterior."""


def padded_width(width: int) -> int:
    """The next of the few widths that the network is run with. Each new one makes it allocate its memory again."""
    step = LINES.width_step * FRAME
    return -(-width // step) * step


def line_width(height: int, width: int, tall: int = LINE_HEIGHT, widest: int = LINES.widest) -> int:
    """Width in pixels of the line, `tall` pixels high, that a strip of this height and width becomes."""
    return min(max(round(width * tall / height), LINES.narrowest), widest)


def as_line(grey: NDArray[np.uint8], tall: int = LINE_HEIGHT, widest: int = LINES.widest) -> NDArray[np.float32]:
    """A strip brought to one height and one contrast.

    Args:
        grey: uint8, height × width, one line with little room around it, dark on light paper or light on dark.
        tall: Height of the line, in pixels: the networks of numbers take 32.
        widest: A longer line is narrowed to this, in pixels.

    Returns:
        float32, `tall` × width, paper about 0.0 and the darkest ink 1.0.
    """
    height, width = grey.shape
    shrinks = height > tall
    size = line_width(height, width, tall, widest), tall
    line = cv2.resize(grey, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    line = line.astype(np.float32)
    low, middle, high = np.percentile(line, (LINES.extremes, 50, 100 - LINES.extremes))
    if high - middle > middle - low:  # most of a strip is paper, so the ink is the lighter part
        line, low, high = -line, -high, -low
    paper = np.percentile(line, LINES.paper_percentile)
    share = (paper - line) / max(paper - low, LINES.least_contrast)
    contrast: NDArray[np.float32] = np.clip(share, LINES.lightest, LINES.darkest).astype(np.float32)
    return contrast


@dataclass(frozen=True, slots=True, eq=False)
class Cutting:
    """A strip cut out of a page for the network of strings.

    Attributes:
        line: float32, 32 × width, from `as_line`.
        picture: uint8, height × width × 3, RGB: the same part of the page, made level if the strip was.
        place: The part of the page, in its pixels. Of a strip that was made level, its middle stands there.
        strip: The strip.
        scale: Pixels of the page to one ink pixel.
    """

    line: NDArray[np.float32]
    picture: NDArray[np.uint8]
    place: Box
    strip: Strip
    scale: float

    def boxes(self, spans: Sequence[tuple[int, int]]) -> list[Box]:
        """Boxes on the page around the ink of each digit that the network read.

        The network looks at a digit's middle, so the page is cut half way between two middles.

        Args:
            spans: For each digit from the left, the first pixel of the line and the last, exclusive.
        """
        across = self.place.width / self.line.shape[1]
        middles = [self.place.left + across * (first + last) / 2 for first, last in spans]
        cuts = [(left + right) / 2 for left, right in pairwise(middles)]
        reach = LINES.end_reach * self.place.height
        edges = [middles[0] - reach, *cuts, middles[-1] + reach] if middles else []
        return [self._boxed(left, right) for left, right in pairwise(edges)]

    def _boxed(self, left: float, right: float) -> Box:
        """A box on the page around the ink between two of its columns; the whole strip's height where there is none."""
        strip = self.strip.box
        first = int(np.clip(left / self.scale - strip.left, 0, strip.width - 1))
        last = int(np.clip(right / self.scale - strip.left, first + 1, strip.width))
        ink = self.strip.labels[:, first:last] > 0
        rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
        top, bottom = (int(rows[0]), int(rows[-1]) + 1) if len(rows) else (0, strip.height)
        start, end = (int(columns[0]), int(columns[-1]) + 1) if len(columns) else (0, last - first)
        return self.strip.on_page(Box(first + start, top, first + end, bottom), self.scale)


def cut_out(page: Page, strip: Strip, scale: float, layout: Layout) -> Cutting:
    """Cut a strip out of its page, with some room, for the network.

    Args:
        page: The strip's page.
        strip: From `ml.reading.ink.locate`.
        scale: Pixels of the page to one ink pixel.
        layout: With `one_number`, more room is kept: all that stands around belongs to the number.
    """
    height, width = page.pixels.shape[:2]
    box = strip.box
    room = (LINES.much_room if layout.one_number else LINES.room) * box.height
    left, top = (int(max(0.0, side - room) * scale) for side in (box.left, box.top))
    right, bottom = int(min(width, (box.right + room) * scale)), int(min(height, (box.bottom + room) * scale))
    place = Box(left, top, max(left + 1, right), max(top + 1, bottom))
    picture = page.pixels[place.top : place.bottom, place.left : place.right]
    if strip.level_from is not None:
        picture = _levelled(page, place, strip, scale)
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    return Cutting(as_line(grey.astype(np.uint8)), picture, place, strip, scale)


def _levelled(page: Page, place: Box, strip: Strip, scale: float) -> NDArray[np.uint8]:
    """A part of the page turned as the strip was: uint8, height × width × 3."""
    across, down = strip.turned_back(place.left / scale, place.top / scale)
    back = np.array([[1, -strip.slope, place.left + across * scale], [strip.slope, 1, place.top + down * scale]])
    flags = cv2.WARP_INVERSE_MAP | cv2.INTER_LINEAR
    level = cv2.warpAffine(page.pixels, back, (place.width, place.height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return level.astype(np.uint8, copy=False)
