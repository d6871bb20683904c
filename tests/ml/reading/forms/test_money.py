"""Amounts in figures: conventions, cents, doubts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.reading.forms.money import (
    CENTS_UNCLEAR,
    MARK_AMBIGUOUS,
    MARKS_ODD,
    NO_CENTS,
    Convention,
    Money,
    money_of,
)

DOLLARS = Convention("USD", ".", cents_always=True)
RUPEES = Convention("INR", ".", cents_always=False)
EUROS = Convention("EUR", ",", cents_always=True)


def read(written: str, convention: Convention) -> Money:
    money = money_of(written, convention)
    assert money is not None
    return money


@pytest.mark.parametrize(
    ("written", "convention", "value"),
    [
        ("233.00", DOLLARS, "233.00"),
        ("1,234.05", DOLLARS, "1234.05"),
        ("**1,234.05**", DOLLARS, "1234.05"),
        ("1234^05", DOLLARS, "1234.05"),
        ("12 34/100", DOLLARS, "12.34"),
        ("12.34/100", DOLLARS, "12.34"),
        ("12^xx/100", DOLLARS, "12.00"),
        ("12^34/100-", DOLLARS, "12.34"),
        ("5.00/100***", DOLLARS, "5.00"),
        ("500.-", DOLLARS, "500.00"),
        ("500/-", DOLLARS, "500.00"),
        (".75", DOLLARS, "0.75"),
        ("1.234,00", EUROS, "1234.00"),
        ("1 234,50", EUROS, "1234.50"),
        ("1'234.50", EUROS, "1234.50"),
        ("=12,50=", EUROS, "12.50"),
        ("500,--", EUROS, "500.00"),
        ("6520000/-", RUPEES, "6520000.00"),
        ("1,25,00,000/-", RUPEES, "12500000.00"),
        ("510,00,000/-", RUPEES, "51000000.00"),
        ("1,25000/-", RUPEES, "125000.00"),
        ("42020", RUPEES, "42020.00"),
        ("1,23,456.00", RUPEES, "123456.00"),
    ],
)
def test_an_amount_in_its_convention_is_read_without_doubt(written: str, convention: Convention, value: str) -> None:
    assert read(written, convention) == Money(Decimal(value), convention.currency)


@pytest.mark.parametrize(
    ("written", "convention", "value", "doubt"),
    [
        ("23300", DOLLARS, "23300.00", NO_CENTS),
        ("500-", DOLLARS, "500.00", NO_CENTS),
        ("1234/100", DOLLARS, "12.34", MARK_AMBIGUOUS),
        ("1.234", DOLLARS, "1234.00", MARK_AMBIGUOUS),
        ("1,234", EUROS, "1234.00", MARK_AMBIGUOUS),
        ("12.5", DOLLARS, "12.50", CENTS_UNCLEAR),
        ("12^5", DOLLARS, "12.50", CENTS_UNCLEAR),
        ("12,34.00", DOLLARS, "1234.00", MARKS_ODD),
        ("1,,234.00", DOLLARS, "1234.00", MARKS_ODD),
    ],
)
def test_what_is_doubtful_is_said(written: str, convention: Convention, value: str, doubt: str) -> None:
    assert read(written, convention) == Money(Decimal(value), convention.currency, (doubt,))


@pytest.mark.parametrize("written", ["", "-", "/-", "12?.00", "abc", "..", "^", "1" * 17, "0" * 40 + ".00"])
def test_what_is_no_amount_is_none(written: str) -> None:
    assert money_of(written, DOLLARS) is None


@given(st.decimals(min_value=0, max_value=99_999_999, places=2))
def test_every_amount_comes_back_as_it_was_written(value: Decimal) -> None:
    american, european = f"{value:,.2f}", f"{value:,.2f}".translate(str.maketrans(",.", ".,"))

    assert read(american, DOLLARS).value == value == read(european, EUROS).value
    assert not read(american, DOLLARS).doubts


@given(st.text("0123456789.,'^ /-=*x", max_size=14))
def test_nothing_written_makes_it_fail_or_hides_lost_cents(written: str) -> None:
    money = money_of(written, DOLLARS)
    if money is not None and written.isdigit():
        assert money.doubts == (NO_CENTS,)


@pytest.mark.parametrize(("currency", "decimal"), [("usd", "."), ("", "."), ("USD", ";")])
def test_no_such_convention(currency: str, decimal: str) -> None:
    with pytest.raises(ValueError, match=r"currency|decimal"):
        Convention(currency, decimal, cents_always=True)
