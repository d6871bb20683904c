"""A line of words for a drawn sheet, and what it is written with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ml.training.words.amount_line import MARGIN, write_line
from ml.training.words.lines import Sources
from ml.training.words.sources import known_and_unseen
from ml.training.words.writing import ABOVE, BELOW, Hand

pytestmark = pytest.mark.training


def test_words_stand_on_their_base_line_one_after_the_other(sources: Sources) -> None:
    rng = np.random.default_rng(4)
    hand = Hand.random(list(sources.fonts), sources.writers, rng)
    short, long = (write_line(text, hand, rng) for text in ("five", "five hundred and twenty"))
    assert short.shape[0] == long.shape[0] == ABOVE + BELOW
    assert long.shape[1] > 2 * short.shape[1] - 2 * MARGIN
    rows = np.flatnonzero(short.max(axis=1) > 0.5)
    assert rows[0] < ABOVE < rows[-1] + 12


def test_a_stroke_may_fill_the_line_behind_an_amount_alone(sources: Sources) -> None:
    hand = Hand.random(list(sources.fonts), sources.writers, np.random.default_rng(1))
    widths = [
        [write_line("five only", hand, np.random.default_rng(seed), closes=closes).shape[1] for seed in range(40)]
        for closes in (False, True)
    ]
    assert max(widths[1]) > max(widths[0]) + 40
    assert min(widths[1]) <= max(widths[0])


def test_without_fonts_nothing_is_composed(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no font of handwriting"):
        known_and_unseen(tmp_path)
