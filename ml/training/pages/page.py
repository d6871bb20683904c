"""What a drawn page is: its picture, and each number that may pass on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box

Points = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Written:
    """One number on a drawn page.

    Attributes:
        value: As written, with its marks: "20.5", "13,400", "-52", "084", "8/9/2025". A raised point is a point.
        box: Around its ink, in pixels of the page.
    """

    value: str
    box: Box


@dataclass(frozen=True, slots=True, eq=False)
class DrawnPage:
    """A page as a camera or a scanner leaves it.

    Attributes:
        kind: What is drawn on it: a name of `ml.training.pages.kinds.KINDS`.
        pixels: uint8, height × width × 3, RGB.
        numbers: Every number that may pass, and nothing else; empty on a page without any.
    """

    kind: str
    pixels: NDArray[np.uint8]
    numbers: tuple[Written, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """The outline of a number's ink on a picture that may still be turned or reduced.

    Attributes:
        value: As of `Written`.
        points: float32, count × 2: the corners of the convex hull around its ink, x and y in pixels.
    """

    value: str
    points: Points


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A page before the scanner.

    Attributes:
        pixels: float32, height × width × 3, red, green and blue, 0 to 255.
        outlines: Of each number that was put on it.
    """

    pixels: NDArray[np.float32]
    outlines: tuple[Outline, ...]
