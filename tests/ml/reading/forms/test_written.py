"""What a number is, as it is written: marks stay, and what has two meanings is said to have them."""

from __future__ import annotations

import pytest

from ml.reading.forms.written import AMBIGUOUS, DATE_OR_FRACTION, Written, as_written, digit_strings


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("084", "084"),
        ("20.5", "20.5"),
        ("20,5", "20.5"),
        ("9,041.50", "9041.50"),
        ("9.041,50", "9041.50"),
        ("1,284,000", "1284000"),
        ("12^50", "12.50"),
        ("-52", "-52"),
        ("-0.5", "-0.5"),
        (".5", ".5"),
        ("0.125", "0.125"),
        ("1234.567", "1234.567"),
        ("xx63", "63"),
        ("*500/-", "500"),
        ("12.", "12"),
    ],
)
def test_a_number_keeps_its_sign_and_its_decimals(text: str, value: str) -> None:
    assert as_written(text) == Written(value)


@pytest.mark.parametrize(
    ("text", "value", "doubt"),
    [
        ("13,400", "13,400", AMBIGUOUS),
        ("1.234", "1.234", AMBIGUOUS),
        ("8/9/2025", "8/9/2025", DATE_OR_FRACTION),
        ("73.9/136", "73.9/136", DATE_OR_FRACTION),
        ("12-34", "12-34", DATE_OR_FRACTION),
        ("12.05.21", "12.05.21", DATE_OR_FRACTION),
    ],
)
def test_what_has_more_than_one_meaning_stays_as_it_is_and_is_doubted(text: str, value: str, doubt: str) -> None:
    assert as_written(text) == Written(value, doubt)


@pytest.mark.parametrize("text", ["", "x", "-", "1x2", "5¤6", "..", "--5"])
def test_what_has_letters_between_its_digits_or_none_is_no_number(text: str) -> None:
    assert as_written(text) is None


@pytest.mark.parametrize(("text", "value"), [("13,400", "13400"), ("1.234", "1234"), ("20.5", "20.5"), ("3/4", "3/4")])
def test_without_groups_of_thousands_decimals_and_strokes_stay(text: str, value: str) -> None:
    written = as_written(text)
    assert written is not None
    assert written.without_groups == value


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("¤1,250/-", {"1250"}),
        ("5/6/07", {"5607", "51607", "56107", "516107"}),
        ("50/100", {"50100", "501100"}),
        ("", {""}),
    ],
)
def test_whoever_knows_digits_alone_may_take_a_stroke_between_them_for_a_1(text: str, ways: set[str]) -> None:
    assert digit_strings(text) == ways


def test_a_text_of_many_strokes_is_not_taken_in_all_ways() -> None:
    assert len(digit_strings("/".join("123456789"))) <= 16
