"""What keeps a number of a page from passing, however sure its digits are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ml.reading.acceptance.evidence import NumberFeatures, Place
from ml.reading.elements import Box, Digit
from ml.reading.forms.written import Written, as_written
from ml.reading.numbers.marks import MarkedNumber
from ml.reading.numbers.read import STROKE_OR_ONE, NumberEvidence
from ml.reading.recognisers.combine import CombinedNumber
from ml.reading.recognisers.decode import Decoded

CLEAR = NumberFeatures(**dict.fromkeys(NumberFeatures.names(), 0.0))


def number(text: str, chance: float = 1.0, place: Place = "page") -> NumberEvidence:
    """A number of clear digits; `chance` is the probability of its marks."""
    digits = "".join("1" if sign == "/" else sign for sign in text if sign.isdigit() or sign == "/")
    glyphs = tuple(Digit(int(digit), 1.0, (), Box(20 * at, 0, 20 * at + 15, 30)) for at, digit in enumerate(digits))
    combined = CombinedNumber(Decoded(digits, glyphs, 1.0), (), (digits,), may_pass=True)
    written = as_written(text)
    assert written is not None
    line: Any = None  # it plays no part here
    return NumberEvidence(combined, MarkedNumber(written, text, chance, 1.0, (), 1.0, 0.0), CLEAR, line, place)


def test_a_number_passes_only_where_its_marks_are_clear_too() -> None:
    assert not number("20.5", 0.95).is_barred
    assert number("20.5", 0.7).is_barred
    assert number("205", 0.7).is_barred, "it may have a point that was not seen"
    strokes = number("51/63", 0.7)
    assert not replace(strokes, features=replace(CLEAR, strokes=1.0)).is_barred, "the second reader takes them for 1s"


def test_a_digit_that_stands_alone_may_be_a_letter() -> None:
    assert number("7").is_barred
    assert not number("7", place="box").is_barred


def test_in_boxes_a_number_has_to_read_the_same_digit_by_digit() -> None:
    for place, barred in (("page", False), ("box", True)):
        odd = replace(number("205", place=place), features=replace(CLEAR, odd=1.0))
        assert odd.is_barred is barred


def test_ink_that_is_no_digit_never_passes() -> None:
    clear = number("205")
    unread = replace(clear, marks=replace(clear.marks, written=Written("2?5")))
    assert unread.is_barred


@pytest.mark.parametrize(("text", "doubt"), [("24/1/2032", ""), ("51/63", ""), ("16/10195", STROKE_OR_ONE)])
def test_a_date_and_a_fraction_pass_with_all_their_strokes(text: str, doubt: str) -> None:
    assert number(text).doubt == doubt
    assert number(text).is_barred == bool(doubt)


def test_in_a_picture_of_one_number_a_lone_digit_has_to_be_read_alike() -> None:
    alike = number("7", place="strip")
    other = replace(alike, combined=replace(alike.combined, best_values=("7", "1")))
    assert [alike.is_barred, other.is_barred] == [False, True]
    assert other.other_digit == "Read in two ways: 7 and 1."
    two = number("77", place="strip")
    assert not replace(two, combined=replace(two.combined, best_values=("77", "71"))).is_barred


def test_what_a_machine_surely_printed_is_no_answer() -> None:
    assert replace(number("205"), printed=0.99).is_barred
    assert not replace(number("205"), printed=0.5).is_barred
