"""A sheet on which a page is drawn: what a pen writes and what a press prints, in two layers over the paper.

Bodies come in as ink, float32, height × width, paper 0.0 and ink 1.0. A `Picture` leaves, in colour.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.training.pages.page import Outline, Picture, Points

Ink = NDArray[np.float32]
Colour = tuple[float, float, float]
Colours = NDArray[np.float32]
"""A picture in colour: float32, height × width × 3, red, green and blue, 0 to 255."""

_LEAST_INK = 0.3
"""Paler ink does not belong to a number's outline: a scanner loses it."""


class Sheet:
    """A sheet while it is drawn. Places are in pixels from its top left corner; what reaches beyond it is cut.

    Attributes:
        ink: float32, height × width, paper 0.0 and ink 1.0: what the pen wrote.
        printed: float32, height × width, as `ink`: what the press printed.
    """

    def __init__(self, height: int, width: int) -> None:
        self.ink: Ink = np.zeros((height, width), np.float32)
        self.printed: Ink = np.zeros((height, width), np.float32)
        self._outlines: list[Outline] = []

    @property
    def height(self) -> int:
        """In pixels."""
        return int(self.ink.shape[0])

    @property
    def width(self) -> int:
        """In pixels."""
        return int(self.ink.shape[1])

    def write(self, body: Ink, left: float, top: float, value: str = "") -> None:
        """Write with the pen; `value` is the number that it is, and empty where it is none."""
        self._put(self.ink, body, round(left), round(top), value)

    def print_on(self, body: Ink, left: float, top: float, value: str = "") -> None:
        """Print; `value` as for `write`."""
        self._put(self.printed, body, round(left), round(top), value)

    def rule(self, *points: tuple[float, float], thick: int, dark: float = 1.0) -> None:
        """Print straight lines through points, x and y in pixels; `dark` is the share of the print's full colour."""
        corners = np.array([(round(x), round(y)) for x, y in points], np.int32)
        cv2.polylines(self.printed, [corners], False, dark, max(1, thick), cv2.LINE_AA if thick > 2 else cv2.LINE_8)

    def on_paper(self, paper: Colours, pen: Colour, print_: Colour, rng: Generator) -> Picture:
        """Lay both layers over paper; a pen's ink is uneven, a press's is not.

        Args:
            paper: Of the sheet's size.
            pen: Colour of the pen's ink.
            print_: Colour of the print.
            rng: Decides how uneven.
        """
        coarse = rng.uniform(0.75, 1.0, (max(2, self.height // 12), max(2, self.width // 12))).astype(np.float32)
        even = cv2.resize(coarse, (self.width, self.height))
        printed = self.printed[:, :, None]
        page = paper * (1 - printed) + np.array(print_, np.float32) * printed
        cover = (self.ink * even)[:, :, None]
        page = page * (1 - cover) + np.minimum(np.array(pen, np.float32), page) * cover
        return Picture(page.astype(np.float32), tuple(self._outlines))

    def _put(self, layer: Ink, body: Ink, left: int, top: int, value: str) -> None:
        area = layer[max(0, top) : max(0, top + body.shape[0]), max(0, left) : max(0, left + body.shape[1])]
        seen = body[max(0, -top) :, max(0, -left) :][: area.shape[0], : area.shape[1]]
        np.maximum(area, seen, out=area)
        if value:
            self._outlines.append(Outline(value, outline_of(body) + np.array((left, top), np.float32)))


def outline_of(body: Ink) -> Points:
    """The corners of the convex hull around ink: float32, count × 2, x and y of pixels."""
    places = cv2.findNonZero((body >= min(_LEAST_INK, float(body.max()))).astype(np.uint8))
    hull: Points = cv2.convexHull(places).reshape(-1, 2).astype(np.float32)
    return hull
