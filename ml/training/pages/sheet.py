"""A sheet on which a page is drawn: its paper, and what a pen writes and a press prints, in two layers over it.

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

_PENS: tuple[Colour, ...] = ((25, 25, 30), (20, 35, 110), (45, 60, 150), (15, 20, 60), (70, 70, 75), (120, 25, 30))
"""Black, three blues, pencil, red."""

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


def plain_paper(height: int, width: int, rng: Generator) -> Colours:
    """Paper without print, white, grey or tinted, its shade a little uneven as fibres and a lamp leave it."""
    base = rng.uniform(185, 250) + rng.normal(0, 5, 3) + (0, 0, -rng.uniform(0, 22))
    paper = np.empty((height, width, 3), np.float32)
    paper[:] = np.clip(base, 0, 254)
    return paper + cloud(height, width, float(rng.uniform(0, 5)), rng)[:, :, None]


def cloud(height: int, width: int, depth: float, rng: Generator, fineness: int = 60) -> Colours:
    """Smooth patches of lighter and darker: float32, height × width, about 0, `depth` its standard deviation."""
    size = (max(2, width // fineness), max(2, height // fineness))
    coarse = rng.normal(0, depth, size[::-1]).astype(np.float32)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.float32)


def ruled(sheet: Sheet, pitch: float, first: float, rng: Generator) -> None:
    """Print the rules of a notebook: lines, or squares, in a pale print."""
    dark, thick = rng.uniform(0.15, 0.5), 1 if rng.random() < 0.8 else 2
    for row in np.arange(first, sheet.height, pitch):
        sheet.rule((0, row), (sheet.width, row), thick=thick, dark=dark)
    if rng.random() < 0.3:
        for column in np.arange(rng.uniform(0, pitch), sheet.width, pitch):
            sheet.rule((column, 0), (column, sheet.height), thick=thick, dark=dark)


def pen_colour(rng: Generator) -> Colour:
    """The colour of a pen's ink."""
    return _PENS[rng.choice(len(_PENS), p=(0.3, 0.2, 0.2, 0.1, 0.1, 0.1))]


def print_colour(rng: Generator) -> Colour:
    """The colour of a press's ink: black, grey, or a form's blue, green or red."""
    grey = float(rng.uniform(20, 110))
    colours: tuple[Colour, ...] = ((grey, grey, grey), (60, 80, 150), (50, 110, 80), (160, 60, 60))
    return colours[rng.choice(4, p=(0.7, 0.12, 0.09, 0.09))]
