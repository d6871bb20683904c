"""What people type, and what they mean."""

from __future__ import annotations

import pytest

from portal.typed import value_of

AMOUNTS = [
    ("1234.50", "1234.50"),
    ("130000", "130000.00"),
    ("1,30,000", "130000.00"),
    ("₹ 1,30,000.00", "130000.00"),
    ("12,34,567.5", "1234567.50"),
    ("1.234,50", "1234.50"),
    ("1 234,50", "1234.50"),
    ("1’234.50", "1234.50"),
    ("12,34", "12.34"),
    ("1.234", "1234.00"),
    ("Rs 500/-", "500.00"),
    ("500.-", "500.00"),
    ("500.00 INR", "500.00"),
    ("007", "7.00"),
    ("0", "0.00"),
]
NO_AMOUNTS = ["", "abc", "-5", "1,30,00", "12,345,67", "1.2.3", ".5", "١٢", "1,2345", "5 or 6", "1,30.00"]


@pytest.mark.parametrize(("typed", "value"), AMOUNTS)
def test_an_amount_is_taken_as_people_write_it(typed: str, value: str) -> None:
    assert value_of(typed, "amount") == value


@pytest.mark.parametrize("typed", NO_AMOUNTS)
def test_what_is_no_amount_stays_as_it_was_typed(typed: str) -> None:
    assert value_of(typed, "amount") == typed


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("2026-01-31", "2026-01-31"),
        (" 31 January 2026 ", "2026-01-31"),
        ("Jan 31, 2026", "2026-01-31"),
        ("1/2/2026", "1/2/2026"),  # of which country?
    ],
)
def test_a_day_may_be_written_in_words(typed: str, value: str) -> None:
    assert value_of(typed, "date") == value


def test_letters_stand_for_the_symbols_of_a_micr_line() -> None:
    assert value_of(" A122105155a  123c d B1b", "micr") == "⑆122105155⑆ 123⑈ ⑉ ⑇1⑇"


@pytest.mark.parametrize("kind", ["digits", "postal_code"])
def test_separators_of_a_number_are_left_out(kind: str) -> None:
    assert value_of("90210-1234", kind) == "902101234"
