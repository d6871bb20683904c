"""Glyphs as the reader's segmentation makes them of composed amounts: digits, and marks that are no digit.

A digit from a data set is clean. A glyph that the reader hands to its network was separated from paper, cut and put
together again. Most such glyphs are no digit, but a separator, a piece of a digit, or two digits taken for one. They
leave as float32, count × 28 × 28, paper 0.0 and ink 1.0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.reading.elements import GLYPH_SIDE, Box, Page
from ml.reading.forms.layouts import ONE_NUMBER
from ml.reading.ink.ink import find_ink
from ml.reading.ink.locate import locate
from ml.reading.ink.ruling import without_rules
from ml.reading.recognisers.lattice import LatticeGlyph, full_lattice, segment
from ml.training.datasets import Digits
from ml.training.fields.amounts import compose_amount
from ml.training.fields.digits import Writers

_TOLERANCE = 0.15
"""How far a candidate's edges may be from the digit's, in heights of the digit."""

_MOST_MARKS = 5
"""Marks taken from one amount. Without a limit a guilloche that was taken for ink would outnumber all other marks."""

_UNCLEAR = -1


@dataclass(frozen=True, slots=True, eq=False)
class SegmentedGlyphs:
    """Glyphs that the reader makes of composed amounts.

    Attributes:
        digits: Candidates that are one whole digit.
        marks: float32, count × 28 × 28: candidates that are no digit. Some look like a digit by chance.
    """

    digits: Digits
    marks: NDArray[np.float32]


def find_glyphs(writers: Writers, count: int, rng: Generator) -> SegmentedGlyphs:
    """Compose amounts and segment them as the reader does.

    Args:
        writers: The digits to write with; those of training only.
        count: How many amounts.
        rng: Decides everything.
    """
    pixels: list[NDArray[np.float32]] = []
    labels: list[int] = []
    marks: list[NDArray[np.float32]] = []
    for _ in range(count):
        amount = compose_amount(writers, rng)
        glyphs = [candidate.glyph for candidate in candidates_of(amount.image)]
        places = [place_of(glyph.box, amount.boxes) for glyph in glyphs]
        for place, digit in enumerate(amount.digits):
            same = [glyph.pixels for glyph, other in zip(glyphs, places, strict=True) if other == place]
            if same:
                # The glyph with most ink: one that lacks the digit's middle has the same box.
                pixels.append(max(same, key=lambda glyph: float(glyph.sum())))
                labels.append(int(digit))
        none = [glyph.pixels for glyph, place in zip(glyphs, places, strict=True) if place is None]
        marks += [none[index] for index in rng.permutation(len(none))[:_MOST_MARKS]]
    empty = np.empty((0, GLYPH_SIDE, GLYPH_SIDE), np.float32)
    digits = Digits(np.stack(pixels) if pixels else empty, np.array(labels, np.int64))
    return SegmentedGlyphs(digits, np.stack(marks) if marks else empty)


def candidates_of(image: NDArray[np.uint8]) -> list[LatticeGlyph]:
    """All candidates that the reader would hand to the network, of a picture of one number, uint8, height × width."""
    page = Page(np.repeat(image[:, :, None], 3, axis=2), 1, None, "")
    ink = without_rules(find_ink(page), ONE_NUMBER)
    lattices = [full_lattice(segment(strip, ink.scale)) for strip in locate(ink, ONE_NUMBER)]
    return [candidate for lattice in lattices for candidate in lattice.glyphs]


def place_of(box: Box, digits: NDArray[np.int32]) -> int | None:
    """Which of an amount's digits a candidate's box holds.

    Args:
        box: The candidate's box.
        digits: int32, digits × 4: left, top, right, bottom of each digit.

    Returns:
        The digit's place, from 0. None where the box holds none: it is beside all digits, within one, or around
        several. -1 where that is not clear.
    """
    edges = np.array([box.left, box.top, box.right, box.bottom], float)
    boxes = digits.astype(float)
    tall = (boxes[:, 3] - boxes[:, 1])[:, None]
    away = np.abs(boxes - edges)
    if (away <= np.maximum(_TOLERANCE * tall, 2.0)).all(axis=1).any():
        return int(away.sum(axis=1).argmin())
    across = np.minimum(boxes[:, 2], edges[2]) - np.maximum(boxes[:, 0], edges[0])
    down = np.minimum(boxes[:, 3], edges[3]) - np.maximum(boxes[:, 1], edges[1])
    shared = np.maximum(across, 0) * np.maximum(down, 0)
    covered = shared / ((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]))
    inside = shared / (box.width * box.height)
    if inside.max() < 0.1 or (covered >= 0.85).sum() > 1 or (inside.max() > 0.9 and covered.max() < 0.45):
        return None
    return _UNCLEAR
