"""The written line of an amount in words is found beside print, between other lines, and on patterned paper."""

from __future__ import annotations

import numpy as np
import pytest

from ml.reading.words.line import find_words_line
from tests.fixtures_words import paper_with, patterned, words_on
from tests.fixtures_zones import page_with, zone_of

TEXT = "Five crores ten lakhs only"


def test_the_line_holds_all_words_and_no_other_line() -> None:
    picture = paper_with(TEXT)
    words_on(picture, "Payee of the line above", 200, -22)
    line = find_words_line(zone_of(page_with((picture, 0, 0), size=picture.shape[:2])))
    assert line is not None
    assert 140 <= line.box.left <= 165
    assert 600 <= line.box.right <= 700
    assert 50 <= line.box.top < line.box.bottom <= 110
    assert line.looks[0].shape == line.looks[1].shape


def test_a_line_that_slopes_keeps_its_last_words() -> None:
    picture = paper_with("", height=220)
    for place, word in enumerate(("Five", "crores", "ten", "lakhs", "only")):
        words_on(picture, word, 100 + 170 * place, 110 - 8 * place)
    line = find_words_line(zone_of(page_with((picture, 0, 0), size=picture.shape[:2])))
    assert line is not None
    assert line.box.left < 120
    assert line.box.right > 830


def test_a_paper_s_pattern_is_gone_from_the_ink_alone() -> None:
    plain = paper_with(TEXT)
    line = find_words_line(zone_of(page_with((patterned(plain), 0, 0), size=plain.shape[:2])))
    assert line is not None
    ink = line.looks[1]
    assert (ink > 250).mean() > 0.8, "paper is white"
    assert (ink < 60).mean() > 0.02, "writing is black"
    middle = ink[:, ink.shape[1] // 2 :]
    assert (middle[:, -150:] > 250).mean() > 0.97, "where nothing is written, nothing is left"


@pytest.mark.parametrize("height", [60, 160])
def test_empty_paper_has_no_line(height: int) -> None:
    picture = np.full((height, 800, 3), 235, np.uint8)
    assert find_words_line(zone_of(page_with((picture, 0, 0), size=picture.shape[:2]))) is None
