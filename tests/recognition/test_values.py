"""What a value of each kind looks like."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from recognition.values import check, day_of

DIGITS = "A number is written in digits, 0 to 9"
NUMBER = "A number is written in digits with its marks"
RIGHT = [
    ("amount", "1234.50"),
    ("amount", "0.05"),
    ("amount", "1234567890123456.78"),
    ("date", "2026-01-31"),
    ("date", "2024-02-29"),
    ("digits", "007"),
    ("number", "007"),
    ("number", "-20.5"),
    ("number", ".5"),
    ("number", "8/9/2025"),
    ("digits", "1" * 120),
    ("postal_code", "90210"),
    ("micr", "⑆122105155⑆ 123?56⑈ ⑇0001⑇ ⑉"),
]
WRONG = [
    ("amount", "1234", "An amount is written in figures"),
    ("amount", "1234.5", "An amount is written in figures"),
    ("amount", "01.00", "An amount is written in figures"),
    ("amount", "-1.00", "An amount is written in figures"),
    ("amount", "12345678901234567.89", "At most 18 digits"),
    ("amount", "١.٠٠", "An amount is written in figures"),
    ("date", "2026-02-30", "A date is a day of the calendar"),
    ("date", "31.01.2026", "A date is a day of the calendar"),
    ("date", "0206-01-31", "from 1900 to 2099"),
    ("date", "20260131", "A date is a day of the calendar"),
    ("digits", "12a", DIGITS),
    ("number", "12a", NUMBER),
    ("number", "--5", NUMBER),
    ("number", "5.", NUMBER),
    ("number", "1" * 121, NUMBER),
    ("digits", "1\n", DIGITS),
    ("postal_code", "٣", DIGITS),
    ("micr", "A123A", "you can type A, B, C and D"),
    ("micr", "1" * 121, "A MICR line has digits"),
    ("show", "anything", "only to be looked at"),
    *((kind, "", "[.].*$") for kind in ("amount", "date", "digits", "postal_code", "micr", "show")),
]


@pytest.mark.parametrize(("kind", "value"), RIGHT)
def test_a_value_of_its_kind_is_let_through(kind: str, value: str) -> None:
    check(kind, value)


@pytest.mark.parametrize(("kind", "value", "sentence"), WRONG)
def test_any_other_is_refused_with_a_sentence(kind: str, value: str, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        check(kind, value)


def test_a_day_is_a_day_of_the_calendar_or_none() -> None:
    day = day_of("2026-01-31")
    assert day is not None
    assert (day.year, day.month, day.day) == (2026, 1, 31)
    assert day_of("2026-13-01") is None
    assert day_of("") is None
