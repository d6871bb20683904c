"""How values of each kind are written, and the sentence for a value that is written otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError

from ml.reading.forms.layouts import Kind

VALUE_LENGTH = 120
"""How many characters of a value a row holds. A longer value never passes without a person."""

YEARS = range(1900, 2100)
"""The years that forms can bear. Any other year is a typing mistake."""


@dataclass(frozen=True, slots=True)
class Form:
    """How values of a kind are written, and the sentence that explains it to people."""

    holds: Callable[[str], object]
    sentence: str


def day_of(value: str) -> date | None:
    """The day that "2026-01-31" names; None for any other text."""
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if day.year in YEARS else None


DIGITS = Form(
    re.compile(f"[0-9]{{1,{VALUE_LENGTH}}}").fullmatch,
    f"A number is written in digits, 0 to 9, at most {VALUE_LENGTH} of them.",
)
FORMS = {
    Kind.AMOUNT: Form(
        re.compile(r"(0|[1-9][0-9]{0,15})\.[0-9]{2}").fullmatch,
        "An amount is written in figures, with two decimals or none: 1234.50. At most 18 digits are taken.",
    ),
    Kind.DATE: Form(
        day_of, f"A date is a day of the calendar from {YEARS[0]} to {YEARS[-1]}, the year first: 2026-01-31."
    ),
    Kind.DIGITS: DIGITS,
    Kind.POSTAL_CODE: DIGITS,
    Kind.NUMBER: Form(
        re.compile(rf"(?=.{{1,{VALUE_LENGTH}}}$)-?[.,]?[0-9]+([.,/-][0-9]+)*").fullmatch,
        f"A number is written in digits with its marks: 1234, -5, 20.5 or 3/4; at most {VALUE_LENGTH} characters.",
    ),
    Kind.MICR: Form(
        re.compile(f"[0-9⑆⑇⑈⑉? ]{{1,{VALUE_LENGTH}}}").fullmatch,
        "A MICR line has digits, spaces and the symbols ⑆ ⑇ ⑈ ⑉, for which you can type A, B, C and D; "
        "a ? stands for what cannot be read.",
    ),
    Kind.TABLE: Form(lambda _value: False, "A table has no value of its own: its cells have."),
    Kind.SHOW: Form(lambda _value: False, "This is only to be looked at: it has no value."),
}


def check(kind: str, value: str) -> None:
    """Check that a value is written as values of its kind are.

    Raises:
        ValidationError: It is not; the sentence says how to write it.
    """
    form = FORMS[Kind(kind)]
    if not form.holds(value):
        raise ValidationError(form.sentence)
