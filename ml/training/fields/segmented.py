"""Glyphs as reading finds them: what the stages before the network make of composed amounts.

A digit from a data set is clean. What the network is asked about was told from paper, cut and put together again; and
most of what it is asked about is no digit, but a separator, a piece of a digit, or two digits taken for one.
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
from ml.training.fields.amounts import Writers, compose_amount

_TOLERANCE = 0.15
"""How far, in a digit's heights, a candidate's edges may lie from the digit's."""

_MOST_MARKS = 5
"""Of one amount: a guilloche that was taken for ink would else drown all others."""


@dataclass(frozen=True, slots=True, eq=False)
class SegmentedGlyphs:
    """What was found in composed amounts.

    Attributes:
        digits: Candidates that are one whole digit.
        marks: float32, count × 28 × 28: candidates that are none. Some look like a digit by chance.
    """

    digits: Digits
    marks: NDArray[np.float32]


def find_glyphs(writers: Writers, count: int, rng: Generator) -> SegmentedGlyphs:
    """Compose amounts and cut them as the reader does.

    Args:
        writers: Whose digits; those of training only.
        count: Of amounts.
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
            own = [glyph.pixels for glyph, other in zip(glyphs, places, strict=True) if other == place]
            if own:
                # A digit without its middle has the same box.
                pixels.append(max(own, key=lambda one: float(one.sum())))
                labels.append(int(digit))
        none = [glyph.pixels for glyph, place in zip(glyphs, places, strict=True) if place is None]
        marks += [none[index] for index in rng.permutation(len(none))[:_MOST_MARKS]]
    empty = np.empty((0, GLYPH_SIDE, GLYPH_SIDE), np.float32)
    digits = Digits(np.stack(pixels) if pixels else empty, np.array(labels, np.int64))
    return SegmentedGlyphs(digits, np.stack(marks) if marks else empty)


def candidates_of(image: NDArray[np.uint8]) -> list[LatticeGlyph]:
    """All that the reader would ask the network about: uint8, height × width, grey, one number."""
    page = Page(np.repeat(image[:, :, None], 3, axis=2), 1, None, "")
    ink = without_rules(find_ink(page), ONE_NUMBER)
    return [one for strip in locate(ink, ONE_NUMBER) for one in full_lattice(segment(strip, ink.scale)).glyphs]


_UNSETTLED = -1


def place_of(box: Box, digits: NDArray[np.int32]) -> int | None:
    """Which of an amount's digits stands in a box of its picture.

    Args:
        box: Of a candidate.
        digits: int32, digits × 4: left, top, right, bottom of each.

    Returns:
        The digit's place; None where none does (the box is beside all of them, within one, or around several); -1 where
        that is not clear.
    """
    own = np.array([box.left, box.top, box.right, box.bottom], float)
    boxes = digits.astype(float)
    tall = (boxes[:, 3] - boxes[:, 1])[:, None]
    away = np.abs(boxes - own)
    if (away <= np.maximum(_TOLERANCE * tall, 2.0)).all(axis=1).any():
        return int(away.sum(axis=1).argmin())
    across = np.minimum(boxes[:, 2], own[2]) - np.maximum(boxes[:, 0], own[0])
    down = np.minimum(boxes[:, 3], own[3]) - np.maximum(boxes[:, 1], own[1])
    shared = np.maximum(across, 0) * np.maximum(down, 0)
    covered = shared / ((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]))
    inside = shared / (box.width * box.height)
    if inside.max() < 0.1 or (covered >= 0.85).sum() > 1 or (inside.max() > 0.9 and covered.max() < 0.45):
        return None
    return _UNSETTLED
