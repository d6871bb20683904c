"""A number that lies on typed text takes its value from the text; what is not surely that is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ml.reading.elements import Box, Digit, Provenance, Reading, TypedText
from ml.reading.forms.money import MARK_AMBIGUOUS
from ml.reading.forms.typed import NO_NUMBER, PARTLY_TYPED, with_typed

SIDE = 20
"""Width of a digit in pixels; they stand side by side."""


def read(text: str, left: int = 0, top: int = 0, *, accepted: bool = True) -> Reading:
    """A recogniser's reading of a line of digits, 30 pixels high."""
    boxes = [Box(left + SIDE * at, top, left + SIDE * at + 18, top + 30) for at in range(len(text))]
    digits = tuple(Digit(int(sign), 0.97, (), box) for sign, box in zip(text, boxes, strict=True))
    whole = Box(left, top, boxes[-1].right, top + 30)
    return Reading("number", text, text, 0.97, accepted, digits, whole, Provenance("", "layout=any"))


def word(text: str, left: int = 0, top: int = 0, length: int | None = None) -> TypedText:
    return TypedText(text, Box(left, top, left + SIDE * (length or len(text)), top + 30))


def test_a_typed_number_takes_its_value_from_the_text() -> None:
    (reading,) = with_typed((read("48206", accepted=False),), (word("48205"),))
    assert (reading.value, reading.text, reading.confidence) == ("48205", "48205", 1.0)
    assert reading.typed
    assert reading.accepted
    assert reading.checks == ()
    assert [digit.digit for digit in reading.digits] == [4, 8, 2, 0, 5]


def test_writing_beside_typed_text_is_read_as_before() -> None:
    before = (read("731", 0, 100), read("90", 200))
    assert with_typed(before, (word("48205"),)) == before


def test_a_page_without_text_is_read_as_before() -> None:
    before = (read("731"),)
    assert with_typed(before, ()) == before


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("20.5", "20.5"), ("20,5", "20.5"), ("-52", "-52"), ("\u221252", "-52"), ("+7", "7"), ("007", "007"),
        ("1,234.50", "1234.50"), ("1.234,50", "1234.50"), ("1,234,567", "1234567"), ("1'234.50", "1234.50"),
        ("0.125", "0.125"), ("1234.567", "1234.567"), (".5", ".5"), ("1,234.567", "1234.567"),
    ],
)  # fmt: skip
def test_marks_and_signs_are_part_of_the_value(text: str, value: str) -> None:
    (reading,) = with_typed((read("9999"),), (word(text, length=4),))
    assert (reading.value, reading.text, reading.accepted, reading.typed) == (value, text, True, True)


@pytest.mark.parametrize("text", ["1.234", "13,400"])
def test_a_mark_that_may_end_thousands_is_asked(text: str) -> None:
    (reading,) = with_typed((read("13400"),), (word(text, length=5),))
    assert reading.typed
    assert not reading.accepted
    assert reading.checks == (MARK_AMBIGUOUS,)


@pytest.mark.parametrize("text", ["8/9/2025", "SA", "A4", "12-13", "50%", "1.2.3", "1,23,4", "9\ufffd", "12.", "II"])
def test_what_is_typed_and_no_number_on_its_own_does_not_pass(text: str) -> None:
    (reading,) = with_typed((read("81912025"),), (word(text, length=8),))
    assert not reading.accepted
    assert not reading.typed
    assert reading.value == "81912025"
    assert reading.checks == (NO_NUMBER.format(text=text),)


def test_a_line_that_is_typed_only_in_part_does_not_pass() -> None:
    (reading,) = with_typed((read("1234500"),), (word("500", 4 * SIDE),))
    assert not reading.accepted
    assert reading.checks == (PARTLY_TYPED.format(text="500"),)


def test_several_typed_numbers_that_were_read_as_one_do_not_pass() -> None:
    (reading,) = with_typed((read("6741"),), (word("67"), word("41", 2 * SIDE)))
    assert not reading.accepted
    assert reading.checks == (PARTLY_TYPED.format(text="67 41"),)


def test_a_typed_number_that_was_read_in_pieces_is_one() -> None:
    (reading,) = with_typed((read("12"), read("50", 3 * SIDE)), (word("12.50"),))
    assert reading.value == "12.50"
    assert [digit.digit for digit in reading.digits] == []


def test_a_reading_without_digits_is_placed_by_its_box() -> None:
    bare = replace(read("482"), digits=())
    assert with_typed((bare,), (word("482"),))[0].typed
