"""Marks of a number: what recognisers with signs read between digits that others are sure of."""

from __future__ import annotations

import pytest

from ml.reading.elements import Box, Digit, Hypothesis
from ml.reading.forms.written import DATE_OR_FRACTION
from ml.reading.numbers.marks import MarkedNumber, marked
from ml.reading.recognisers.combine import CombinedNumber
from ml.reading.recognisers.decode import Decoded

Texts = dict[str, float]


def found(digits: str, *readers: Texts) -> MarkedNumber:
    glyphs = tuple(
        Digit(int(digit) if digit.isdigit() else None, 1.0, (), Box(10 * at, 0, 10 * at + 8, 20))
        for at, digit in enumerate(digits)
    )
    combined = CombinedNumber(Decoded(digits, glyphs, 1.0), (), (digits,), may_pass=True)
    return marked(combined, [[Hypothesis(text, chance) for text, chance in texts.items()] for texts in readers])


@pytest.mark.parametrize("text", ["20.5", "-52", "0.75"])
def test_a_mark_that_both_readers_see_is_a_part_of_the_number(text: str) -> None:
    digits = "".join(filter(str.isdigit, text))
    number = found(digits, {text: 0.9}, {text: 0.95})
    assert (number.written.value, number.text) == (text, text)
    assert number.probability > 0.95


def test_a_mark_that_one_reader_alone_sees_leaves_both_numbers_likely() -> None:
    number = found("77", {"77": 1.0}, {"7.7": 0.7, "77": 0.3})
    assert number.written.value == "77"
    assert number.probability < 0.97
    assert number.others[0][0] == "7.7"


def test_which_mark_ends_thousands_makes_no_other_number_of_it() -> None:
    number = found("13400", {"13,400": 0.5, "13.400": 0.3, "13400": 0.2})
    assert number.written.value == "13,400"
    assert number.probability < 0.6
    assert number.but_groups > 0.99
    assert found("134", {"13.4": 0.5, "134": 0.5}).but_groups < 0.6, "decimals do"


def test_a_raised_point_that_looks_like_a_dash_is_a_point_where_the_second_reader_sees_one() -> None:
    number = found("205", {"20-5": 0.9}, {"20.5": 0.99})
    assert number.written.value == "20.5"


def test_a_one_that_looks_like_a_stroke_at_the_end_stays_a_one() -> None:
    number = found("81", {"8/": 0.97}, {"81": 0.98})
    assert number.written.value == "81"
    assert number.probability > 0.9


def test_strokes_between_digits_that_others_took_for_ones_make_a_date_or_a_fraction() -> None:
    number = found("81912025", {"8/9/2025": 0.9}, {"8/9/2025": 0.9})
    assert number.written.value == "8/9/2025"
    assert number.written.doubt == DATE_OR_FRACTION


@pytest.mark.parametrize("seen", ["241112032", "24/112032", "2411/2032"])
def test_a_stroke_that_the_second_reader_takes_for_a_one_is_a_stroke_where_the_networks_of_fields_see_one(
    seen: str,
) -> None:
    number = found("241112032", {"24/1/2032": 0.99}, {seen: 0.9})
    assert number.written.value == "24/1/2032"


def test_a_one_is_no_stroke_where_the_networks_of_fields_see_a_one() -> None:
    number = found("24112", {"24112": 0.9, "24/12": 0.1}, {"24112": 0.9})
    assert number.written.value == "24112"


def test_readers_that_see_other_digits_say_little_for_these() -> None:
    assert found("43", {"42": 0.86, "43": 0.1}, {"43": 0.95}).same_digits == pytest.approx(0.1)
    assert found("43", {"42": 0.86}, {"43": 0.95}).same_digits == 0


def test_an_open_mark_at_the_end_is_another_number_than_the_digits() -> None:
    number = found("33", {"33.": 0.9, "33": 0.1}, {"33.": 1.0})
    assert number.written.value == "33"
    assert (number.by_notes, number.by_second) == (pytest.approx(0.1), 0.0), "a digit behind the point was left out"
    assert found("33", {"33": 0.8}).by_second == 1.0, "who was not asked says nothing against it"


def test_letters_beside_the_digits_are_told() -> None:
    assert found("63", {"x63": 0.6, "63": 0.4}, {"63": 1.0}).letters == pytest.approx(0.6)


def test_ink_that_is_no_digit_keeps_its_question_mark() -> None:
    number = found("1?3", {"183": 0.9})
    assert (number.written.value, number.text) == ("1?3", "1?3")
