"""Marks and what a recogniser makes of them: glyphs, digits, hypotheses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.reading.elements.arrays import read_only
from ml.reading.elements.places import Box

GLYPH_SIDE = 28
"""Height and width of a glyph, in pixels."""

NO_DIGIT = 10
"""The class that the network of digits gives to a letter, a comma, a blot: anything but a digit."""


@dataclass(frozen=True, slots=True, eq=False)
class Glyph:
    """Neighbouring atoms of ink, normalised to the size that the network of digits reads.

    Attributes:
        box: Around the ink, in pixels of the page.
        pixels: float32, 28 × 28, from 0.0 for paper to 1.0 for ink.

    Raises:
        ValueError: `pixels` has another type or shape.
    """

    box: Box
    pixels: NDArray[np.float32]

    def __post_init__(self) -> None:
        if self.pixels.dtype != np.float32 or self.pixels.shape != (GLYPH_SIDE, GLYPH_SIDE):
            raise ValueError(f"a glyph is float32, 28 × 28, not {self.pixels.dtype} {self.pixels.shape}")
        object.__setattr__(self, "pixels", read_only(self.pixels))


@dataclass(frozen=True, slots=True)
class Alternative:
    """A digit that a glyph may be instead of the likeliest.

    Attributes:
        digit: 0 to 9, or None for "no digit".
        confidence: Its probability, 0 to 1.
    """

    digit: int | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One text that a line may hold.

    Attributes:
        text: Digits in order; of a field, in its form ("1234.50") or with its signs.
        probability: That this and nothing else is written, 0 to 1.
    """

    text: str
    probability: float


@dataclass(frozen=True, slots=True)
class Digit:
    """One glyph, classified.

    Attributes:
        digit: The likeliest digit, 0 to 9; None for "no digit".
        confidence: The probability of `digit`, 0 to 1.
        alternatives: The runners-up, likeliest first, without `digit` itself.
        box: Around the glyph's ink, in pixels of the page.
    """

    digit: int | None
    confidence: float
    alternatives: tuple[Alternative, ...]
    box: Box
