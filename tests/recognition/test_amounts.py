"""Amounts are grouped in the way of their currency, and of the form."""

from __future__ import annotations

import pytest

from ml.reading.forms.money import Convention
from recognition.amounts import amount_of, with_amounts


@pytest.mark.parametrize(
    ("currency", "decimal", "shown"),
    [
        ("INR", ".", "42,40,000.00"),
        ("USD", ".", "4,240,000.00"),
        ("EUR", ",", "4.240.000,00"),
        ("EUR", ".", "4,240,000.00"),
        ("CHF", ".", "4’240’000.00"),
    ],
)
def test_an_amount_is_grouped_as_its_currency_and_form_have_it(currency: str, decimal: str, shown: str) -> None:
    assert amount_of("4240000.00", Convention(currency, decimal, cents_always=True)) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0.05", "0.05"),
        ("999.00", "999.00"),
        ("1000.00", "1,000.00"),
        ("99999.50", "99,999.50"),
        ("12345678.00", "1,23,45,678.00"),
    ],
)
def test_groups_begin_at_the_cents(value: str, shown: str) -> None:
    assert amount_of(value, None, "INR") == shown


@pytest.mark.parametrize("text", ["", "abc", "12", "1.5"])
def test_what_is_no_amount_is_left_alone(text: str) -> None:
    assert amount_of(text, None) == text


def test_amounts_in_a_sentence_are_grouped_and_nothing_else() -> None:
    sentence = "Read in two ways: 42140000.00 and 4240000.00. See 2016-12-01, 1.234.50 and 3.0."
    told = with_amounts(sentence, None, "INR")
    assert told == "Read in two ways: 4,21,40,000.00 and 42,40,000.00. See 2016-12-01, 1.234.50 and 3.0."
