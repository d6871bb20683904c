"""Rows of boxes of a page without a layout: each is one number, and what is not sure is asked."""

import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.boxes.read import UNCLEAR
from ml.reading.elements import Page, PageReading, Reading
from ml.reading.forms.layouts import ANY_NUMBER
from ml.reading.read import read_page
from ml.reading.reader import Reader
from tests.ml.reading.boxes.drawn import draw_boxes, election_form, paper, score_card

Pixels = NDArray[np.uint8]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.shipped()


def read(page: Pixels, reader: Reader) -> PageReading:
    grain = np.random.default_rng(1).normal(0, 2, page.shape[:2])[:, :, None]
    return read_page(Page(np.clip(page + grain, 0, 255).astype(np.uint8), 1, None, ""), ANY_NUMBER, reader)


def values(page: PageReading) -> list[str]:
    return [reading.value for reading in page.readings]


def test_each_row_is_one_number_and_what_fills_free_boxes_is_none_of_it(reader: Reader) -> None:
    page = paper(700, 560)
    written = {"XX731": "731", "--482": "482", "  605": "605", "48205": "48205"}
    for row, text in enumerate(written):
        draw_boxes(page, text, 120, 50 + 120 * row, seed=20 + 10 * row)
    result = read(page, reader)
    assert values(result) == list(written.values())
    for row, reading in enumerate(result.readings):
        inside = reading.box
        assert 50 + 120 * row < inside.top < inside.bottom < 102 + 120 * row
        assert 120 < inside.left < inside.right < 320
        assert len(reading.digits) == len(reading.value)
        assert [digit.box.left for digit in reading.digits] == sorted(digit.box.left for digit in reading.digits)


def test_a_digit_stands_in_its_own_box_on_the_page(reader: Reader) -> None:
    page = paper()
    draw_boxes(page, "X4820", 150, 90)
    (reading,) = read(page, reader).readings
    middles = [(digit.box.left + digit.box.right) / 2 for digit in reading.digits]
    assert middles == pytest.approx([150 + 40 * box + 20 for box in (1, 2, 3, 4)], abs=10)


@pytest.mark.parametrize("text", ["XXXXX", "-----", "     ", "X-X-X"])
def test_a_row_without_digits_is_no_number(reader: Reader, text: str) -> None:
    page = paper()
    draw_boxes(page, text, 120, 100)
    draw_boxes(page, "X5731", 120, 240)
    assert values(read(page, reader)) == ["5731"]


def asked(page: Pixels, reader: Reader) -> Reading:
    (reading,) = read(page, reader).readings
    assert not reading.accepted
    assert UNCLEAR in reading.checks
    return reading


@pytest.mark.parametrize("text", ["#482", "48 20", "48X20", "4#820"])
def test_what_is_neither_digit_nor_surely_empty_is_asked(reader: Reader, text: str) -> None:
    page = paper()
    draw_boxes(page, text, 120, 100)
    asked(page, reader)


def test_a_pale_digit_beside_dark_ones_is_read_or_asked_and_never_left_out(reader: Reader) -> None:
    for dark in (0.15, 0.25, 0.35, 0.5):
        page = paper()
        draw_boxes(page, "57316", 120, 100, pens=(dark, 1, 1, 1, 1))
        (reading,) = read(page, reader).readings
        assert reading.value == "57316" or not reading.accepted
    assert reading.value == "57316"


def test_boxes_in_a_table_are_one_number_each(reader: Reader) -> None:
    result = read(election_form(("482", "XX3", "275", "-48")), reader)
    assert [value for value in values(result) if value in {"482", "3", "275", "48"}] == ["482", "3", "275", "48"]
    assert not any(len(value) > 3 for value in values(result))


def test_scores_side_by_side_are_not_joined(reader: Reader) -> None:
    result = read(score_card([["4", "5", "3", "4"], ["3", "5", "4", "6"]]), reader)
    assert all(len(value) == 1 for value in values(result))


def test_a_digit_alone_passes_in_a_box_and_not_on_a_page(reader: Reader) -> None:
    """On a page, a digit that stands alone may be a letter."""
    page = paper()
    draw_boxes(page, "XXXX6", 120, 100)
    bare = paper()
    draw_boxes(bare, "     6", 120, 100)
    bare[90:160, :324] = bare[90:160, 354:] = 232
    bare[90:108] = bare[146:160] = 232
    assert [(reading.value, reading.accepted) for reading in read(page, reader).readings] == [("6", True)]
    assert [(reading.value, reading.accepted) for reading in read(bare, reader).readings] == [("6", False)]
