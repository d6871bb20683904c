"""Notes for training: numbers of every sort and size, each cut out whole."""

from __future__ import annotations

import re

import numpy as np
import pytest

from ml.reading.forms.signs import SIGNS
from ml.reading.ink.lines import LINE_HEIGHT
from ml.training.fields.digits import Writers
from ml.training.pages.notes import compose_notes, cut, note

pytestmark = pytest.mark.training

SORTS = {"digits": r"[0-9]+", "decimals": r"[0-9]+[.,][0-9]+", "minus": r"-[0-9.]+", "strokes": r"[0-9./]+/[0-9./]+"}


def test_the_same_seed_composes_the_same_notes(writers: Writers) -> None:
    one, other = (compose_notes(writers, 6, np.random.default_rng(4)) for _ in range(2))
    assert [line.text for line in one] == [line.text for line in other]
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(one, other, strict=True))


def test_notes_are_of_every_sort_in_the_networks_signs(writers: Writers) -> None:
    lines = compose_notes(writers, 120, np.random.default_rng(1))
    for sort, pattern in SORTS.items():
        assert sum(re.fullmatch(pattern, line.text) is not None for line in lines) > 3, sort
    assert all(set(line.text) <= set(SIGNS) for line in lines)
    assert all(line.pixels.shape[0] == LINE_HEIGHT for line in lines)


def test_notes_are_small_and_large_and_cut_out_with_their_ink(writers: Writers) -> None:
    heights = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        page = note(writers, rng)
        for number in page.numbers:
            heights.append(number.box.height)
            picture = cut(page, rng)
            assert picture.shape[0] >= number.box.height
            assert picture.shape[1] >= number.box.width
    assert min(heights) < 14
    assert max(heights) > 45
