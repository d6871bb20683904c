"""The written line of an amount in words is found beside print, between other lines, and on patterned paper."""

from __future__ import annotations

import numpy as np
import pytest

from ml.reading.elements import Box
from ml.reading.words.line import cuts_writing, find_words_line
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


@pytest.mark.parametrize(("top", "cuts"), [(-18, True), (132, True), (55, False)])
def test_a_zone_tells_that_its_edge_cuts_the_writing(top: int, cuts: bool) -> None:
    picture = paper_with(TEXT, top=top)
    words_on(picture, "Rs", 20, 60)
    assert cuts_writing(zone_of(page_with((picture, 0, 0), size=picture.shape[:2])), None) is cuts


def test_figures_that_an_edge_cuts_are_no_writing_of_the_words() -> None:
    picture = paper_with("Rs", left=20)
    words_on(picture, "51,000,000.00", 800, -18)
    zone = zone_of(page_with((picture, 0, 0), size=picture.shape[:2]))
    assert cuts_writing(zone, None)
    assert not cuts_writing(zone, Box(700, 0, 1400, 60))


def test_the_words_of_a_fraction_are_no_other_line() -> None:
    picture = paper_with("Five and", height=220, top=95)
    words_on(picture, "38/100", 340, 58)
    line = find_words_line(zone_of(page_with((picture, 0, 0), size=picture.shape[:2])))
    assert line is not None
    assert line.another is None
    assert line.with_room.top <= 68, "a person sees the cents"
