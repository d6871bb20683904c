"""Numbers that a detector of text leads to, where nothing else found one: asked, never passed."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.elements import Page
from ml.reading.forms.layouts import ANY_NUMBER, ONE_NUMBER
from ml.reading.numbers.detector import Detector
from ml.reading.numbers.proposals import PROPOSED, proposed_numbers
from ml.reading.read import read_page
from ml.reading.reader import Reader
from ml.training.sheets.strokes import draw_number

Pixels = NDArray[np.uint8]
_WRITTEN = {(30, 30): "5279", (150, 60): "3642", (60, 110): "90823", (170, 140): "864"}
"""By left and top what is written there."""


@pytest.fixture(scope="module")
def tiny() -> Page:
    """A page with digits 7 pixels high: lower than what counts as a digit on a page that is no small picture."""
    large = np.full((720, 2600, 3), 232, np.uint8)
    for seed, ((left, top), text) in enumerate(_WRITTEN.items()):
        ink = draw_number(text, 26, np.random.default_rng(seed), gap=0.3, pen=0.12)
        place = np.s_[top * 4 : top * 4 + ink.shape[0], left * 4 : left * 4 + ink.shape[1]]
        large[place] -= (ink[:, :, None] * 0.75).astype(np.uint8)
    return _page(cv2.resize(large, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA).astype(np.uint8))


def test_small_numbers_that_nothing_else_finds_are_asked(reader: Reader, tiny: Page) -> None:
    readings = read_page(tiny, ANY_NUMBER, reader).readings
    assert len(readings) == len(_WRITTEN)
    assert sum(reading.value == text for reading, text in zip(readings, _WRITTEN.values(), strict=True)) >= 3
    for reading, (left, top) in zip(readings, _WRITTEN, strict=True):
        assert not reading.accepted
        assert reading.checks[0] == PROPOSED
        assert "detector=" in reading.provenance.settings
        assert max(abs(reading.box.left - left), abs(reading.box.top - top)) < 6, reading.box
        assert all(reading.box.union(digit.box) == reading.box for digit in reading.digits)


def test_without_the_second_reader_that_page_is_read_too_and_has_none(tiny: Page) -> None:
    assert read_page(tiny, ANY_NUMBER, Reader.shipped(with_second=False)).readings == ()


def test_what_would_pass_as_a_picture_of_its_own_does_not_pass_where_it_is_only_proposed(
    reader: Reader, digit_image: Callable[..., Pixels]
) -> None:
    number = digit_image("4071", 60)
    (alone,) = read_page(_page(number), ONE_NUMBER, reader).readings
    assert alone.accepted
    around = ((60, 60), (80, 80), (0, 0))
    (proposed,) = proposed_numbers(_page(np.pad(number, around, constant_values=255)), reader)
    assert proposed.value == "4071"
    assert not proposed.accepted
    assert PROPOSED in proposed.checks


def test_words_are_not_proposed(reader: Reader) -> None:
    page = np.full((300, 500, 3), 235, np.uint8)
    for top, words in ((60, "the name of the branch"), (130, "please sign here"), (200, "received with thanks")):
        cv2.putText(page, words, (20, top), cv2.FONT_HERSHEY_COMPLEX, 0.8, (40, 40, 60), 1, cv2.LINE_AA)
    detector = Detector.load()
    assert detector is not None
    assert len(detector.lines(page)) >= 3
    assert proposed_numbers(_page(page), reader) == ()


def test_a_page_on_which_a_number_was_found_costs_nothing_more(
    reader: Reader, digit_image: Callable[..., Pixels], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(detector: Detector, pixels: Pixels) -> None:
        raise AssertionError("the detector was asked")

    monkeypatch.setattr(Detector, "lines", refuse)
    number = digit_image("4071", 60)
    page = _page(np.pad(number, ((60, 60), (80, 80), (0, 0)), constant_values=255))
    assert [reading.value for reading in read_page(page, ANY_NUMBER, reader).readings] == ["4071"]
    read_page(_page(np.full((60, 200, 3), 240, np.uint8)), ONE_NUMBER, reader)  # a picture of one number has no lines
    with pytest.raises(AssertionError, match="was asked"):
        read_page(_page(np.full((300, 300, 3), 240, np.uint8)), ANY_NUMBER, reader)


def _page(pixels: Pixels) -> Page:
    return Page(np.ascontiguousarray(pixels), 1, None, "")
