"""Paper in colour, without anything on it: float32, height × width × 3, red, green and blue, 0 to 255."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

from ml.training.pages.sheet import Colour, Colours, Sheet

_PENS: tuple[Colour, ...] = ((25, 25, 30), (20, 35, 110), (45, 60, 150), (15, 20, 60), (70, 70, 75), (120, 25, 30))
"""Black, three blues, pencil, red."""


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
