"""A line with an amount in words as it stands on a cheque: a text in, ink out, for sheets that our code fills in.

Ink is float32, height × width, paper 0.0 and ink 1.0, with an x of `ml.training.words.writing.X` pixels.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from ml.training.words.lines import moved
from ml.training.words.surroundings import add_strokes
from ml.training.words.writing import Hand, Ink, X, line_of

MARGIN = 2 * X
"""Paper before the first word and behind the last, in pixels."""

_CLOSED = 0.25
"""Share of the amounts behind which a stroke fills the line."""


def write_line(text: str, hand: Hand, rng: Generator, *, closes: bool = False) -> Ink:
    """Write words in one line.

    Args:
        text: Words with spaces between.
        hand: Who writes.
        rng: Decides spaces, slant and slope.
        closes: Whether a stroke may fill the line behind the words, as behind an amount.

    Returns:
        `ABOVE` + `BELOW` rows of `ml.training.words.writing`; the base line is row `ABOVE`.
    """
    pieces = [hand.write(word, rng) for word in text.split()]
    spaces = [max(0.1, hand.space * rng.uniform(0.75, 1.25)) * X for _ in pieces]
    ink, places = line_of(pieces, [*spaces[:-1], 0.0], MARGIN)
    if closes and rng.random() < _CLOSED:
        ink = np.pad(ink, ((0, 0), (0, round(X * rng.uniform(4, 16)))))
        add_strokes(ink, places[-1][1], hand, rng)
    return moved(ink, rng)
