"""Frames as a recogniser might give them, made from a text."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from ml.reading.recognisers.ctc import LogChances
from ml.reading.words.alphabet import BLANK, SIGNS

FramesOf = Callable[..., LogChances]


def frames_of(text: str, sure: float = 0.9, seed: int = 0, doubt: str = "") -> LogChances:
    """For each letter of a text one to two frames, a blank behind; spaces are blanks.

    Args:
        text: Of the signs, and spaces.
        sure: The probability of each letter; the rest is spread by chance.
        seed: Of chance.
        doubt: Of the same length, or empty: letters that are as likely as those of the text.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for place, sign in enumerate(text):
        for _ in range(int(rng.integers(1, 3))):
            rest = rng.random(BLANK + 1) ** 4
            row = rest / rest.sum() * (1 - sure)
            signs = {sign, doubt[place] if doubt else sign}
            for one in signs:
                row[BLANK if one == " " else SIGNS.index(one)] += sure / len(signs)
            rows.append(row)
        blank = np.full(BLANK + 1, 1e-6)
        blank[BLANK] = 1 - 1e-6 * BLANK
        rows.append(blank)
    return np.log(np.array(rows))


@pytest.fixture(name="frames_of", scope="session")
def _frames_of() -> FramesOf:
    return frames_of
