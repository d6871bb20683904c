"""What people type, and what they mean."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.reading.elements import Place
from ml.reading.forms.dates import Order
from ml.reading.forms.layouts import Kind, LayoutField
from ml.reading.forms.money import CENTS_UNCLEAR, Convention
from portal.typed import (
    DIGITS_ALONE,
    LAKHS_MARK,
    MARK_UNCLEAR,
    OTHER_MARK,
    THOUSANDS_MARK,
    Meaning,
    long_form,
    meaning_of,
    typed_form,
)

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


WHOLE = Place(0, 0, 1, 1)
USD, INR = Convention("USD", ".", True), Convention("INR", ".", False)
EUR, CHF = Convention("EUR", ",", True), Convention("CHF", ".", True)


def amount_field(convention: Convention) -> LayoutField:
    return LayoutField("amount", Kind.AMOUNT, WHOLE, convention=convention)


def date_field(order: Order) -> LayoutField:
    return LayoutField("date", Kind.DATE, WHOLE, order=order)


@pytest.mark.parametrize(("typed", "value"), AMOUNTS)
def test_an_amount_is_taken_as_people_write_it(typed: str, value: str) -> None:
    assert meaning_of(typed, "amount").value == value


@pytest.mark.parametrize("typed", NO_AMOUNTS)
def test_what_is_no_amount_stays_as_it_was_typed(typed: str) -> None:
    assert meaning_of(typed, "amount").value == typed


@pytest.mark.parametrize(
    ("convention", "typed", "value", "doubts"),
    [
        (USD, "4,240,000", "4240000.00", ()),
        (USD, "1.234,50", "1234.50", ()),
        (USD, "1.234.567", "1234567.00", ()),
        (USD, "12,34", "12.34", (OTHER_MARK.format(mark="comma", usual="point"),)),
        (USD, "1.234", "1234.00", (THOUSANDS_MARK.format(mark="point"),)),
        (USD, "42,40,000", "4240000.00", (LAKHS_MARK,)),
        (USD, "12.5", "12.50", (CENTS_UNCLEAR,)),
        (INR, "42,40,000", "4240000.00", ()),
        (INR, "4,240,000.00", "4240000.00", ()),
        (EUR, "1.234", "1234.00", ()),
        (EUR, "1,234", "1234.00", (THOUSANDS_MARK.format(mark="comma"),)),
        (EUR, "12.34", "12.34", (OTHER_MARK.format(mark="point", usual="comma"),)),
        (CHF, "4’240’000.00", "4240000.00", ()),
    ],
)
def test_marks_that_another_form_would_mean_otherwise_are_a_doubt(
    convention: Convention, typed: str, value: str, doubts: tuple[str, ...]
) -> None:
    meaning = meaning_of(typed, "amount", amount_field(convention))
    assert (meaning.value, meaning.doubts, meaning.refusal) == (value, doubts, "")


@pytest.mark.parametrize("mark", ["1,234.567,89", "4,240,00", "1.30.00"])
def test_marks_with_two_meanings_are_never_one_of_them(mark: str) -> None:
    assert meaning_of(mark, "amount", amount_field(USD)).value == mark


@given(cents=st.integers(0, 10**17), convention=st.sampled_from([USD, INR, EUR, CHF]))
def test_an_amount_as_the_field_shows_it_is_that_amount_without_a_doubt(cents: int, convention: Convention) -> None:
    value = f"{cents // 100}.{cents % 100:02}"
    field = amount_field(convention)
    meaning = meaning_of(typed_form(value, "amount", field), "amount", field)
    assert (meaning.value, meaning.doubts) == (value, ())


@pytest.mark.parametrize(
    ("order", "typed", "day"),
    [
        ("dmy", "19012016", "2016-01-19"),
        ("dmy", "01122016", "2016-12-01"),
        ("dmy", "01/12/2016", "2016-12-01"),
        ("dmy", "1.12.16", "2016-12-01"),
        ("mdy", "01122016", "2016-01-12"),
        ("mdy", "12 01 2016", "2016-12-01"),
        ("ymd", "20161201", "2016-12-01"),
        *((order, "2016-12-01", "2016-12-01") for order in ("dmy", "mdy", "ymd", None)),
        *((order, "20161201", "2016-12-01") for order in ("dmy", "mdy", "ymd", None)),
        ("mdy", " 31 January 2026 ", "2026-01-31"),
        ("dmy", "Jan 31, 2026", "2026-01-31"),
        (None, "19/01/2016", "2016-01-19"),
        (None, "01/19/2016", "2016-01-19"),
        (None, "05/05/2016", "2016-05-05"),
    ],
)
def test_a_date_is_taken_in_the_order_of_the_form(order: Order | None, typed: str, day: str) -> None:
    meaning = meaning_of(typed, "date", date_field(order) if order else None)
    assert (meaning.value, meaning.refusal) == (day, "")


@pytest.mark.parametrize(
    ("order", "typed", "told"),
    [
        (None, "01/12/2016", ["Thursday, 1 December 2016 (DD MM YYYY)", "Tuesday, 12 January 2016 (MM DD YYYY)"]),
        (None, "010216", ["Monday, 1 February 2016", "Saturday, 2 January 2016", "Friday, 16 February 2001"]),
        ("dmy", "01/19/2016", ["no day in this form’s order, DD MM YYYY", "Tuesday, 19 January 2016 (MM DD YYYY)"]),
        ("mdy", "19012016", ["no day in this form’s order, MM DD YYYY", "Tuesday, 19 January 2016 (DD MM YYYY)"]),
    ],
)
def test_a_date_that_may_be_two_days_is_refused_with_both(order: Order | None, typed: str, told: list[str]) -> None:
    meaning = meaning_of(typed, "date", date_field(order) if order else None)
    assert meaning.value == typed
    assert all(words in meaning.refusal for words in told)


@pytest.mark.parametrize("typed", ["", "tomorrow", "31/02/2016", "1/2/3/4", "99999999", "0206-01-31"])
def test_what_is_no_day_in_any_order_stays_as_it_was_typed(typed: str) -> None:
    assert meaning_of(typed, "date", date_field("dmy")).value == typed


@given(day=st.dates(date(1900, 1, 1), date(2099, 12, 31)), order=st.sampled_from(["dmy", "mdy", "ymd"]))
def test_a_date_as_the_field_shows_it_is_that_day_with_and_without_spaces(day: date, order: Any) -> None:
    field = date_field(order)
    shown = typed_form(day.isoformat(), "date", field)
    assert meaning_of(shown, "date", field).value == day.isoformat()
    assert meaning_of(shown.replace(" ", ""), "date", field).value == day.isoformat()


def test_a_day_is_told_with_its_weekday() -> None:
    assert long_form(date(2016, 12, 1)) == "Thursday, 1 December 2016"


def test_letters_stand_for_the_symbols_of_a_micr_line() -> None:
    assert meaning_of(" A122105155a  123c d B1b", "micr").value == "⑆122105155⑆ 123⑈ ⑉ ⑇1⑇"
    assert typed_form("⑆12⑈", "micr") == "A12C"


@pytest.mark.parametrize("kind", ["digits", "postal_code"])
@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("007", "007"),
        (" 12 50 ", "1250"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("12,34,567", "1234567"),
        ("1’234", "1234"),
        ("1'234'567", "1234567"),
    ],
)
def test_marks_that_cannot_change_a_number_are_left_out(kind: str, typed: str, value: str) -> None:
    assert meaning_of(typed, kind) == Meaning(value)


@pytest.mark.parametrize("kind", ["digits", "postal_code"])
@pytest.mark.parametrize("typed", ["12-34-56", "90210-1234", "123 - 4"])
def test_dashes_between_the_groups_of_a_number_are_left_out_once_that_was_seen(kind: str, typed: str) -> None:
    value = "".join(filter(str.isdigit, typed))
    assert meaning_of(typed, kind) == Meaning(value, shown_first=True)


@pytest.mark.parametrize("kind", ["digits", "postal_code"])
@pytest.mark.parametrize(("typed", "mark"), [("1.234", "point"), ("12,345", "comma"), ("1. 234", "point")])
def test_a_mark_that_may_stand_before_decimals_is_a_doubt(kind: str, typed: str, mark: str) -> None:
    value = "".join(filter(str.isdigit, typed))
    assert meaning_of(typed, kind) == Meaning(value, (MARK_UNCLEAR.format(mark=mark),))


@pytest.mark.parametrize("kind", ["digits", "postal_code"])
@pytest.mark.parametrize(
    "typed",
    ["12.50", "1,5", "-5", "5-", "- 5", "0.123", "1,234.50", "1.234,567", "1234.567", "1,2345,678", "1-234.5", "5.",
     ".5", "1·234", "12.05.2026", "1--2", "1,-"],
)  # fmt: skip
def test_a_mark_that_may_be_of_the_value_is_never_lost(kind: str, typed: str) -> None:
    meaning = meaning_of(typed, kind)
    digits = "".join(filter(str.isdigit, typed))
    assert meaning == Meaning(typed, refusal=DIGITS_ALONE.format(typed=typed.strip(), digits=digits))


@pytest.mark.parametrize("typed", ["", "abc", "+5", "12e3", "−5", "(5)", "١٢", "-", "."])
def test_what_is_no_number_stays_as_it_was_typed(typed: str) -> None:
    assert meaning_of(typed, "digits") == Meaning(typed)


@given(value=st.from_regex("[0-9]{1,40}", fullmatch=True), mark=st.sampled_from("., -'’·"), at=st.integers(0, 40))
def test_one_mark_is_lost_in_silence_only_where_it_says_nothing(value: str, mark: str, at: int) -> None:
    typed = value[:at] + mark + value[at:]
    meaning = meaning_of(typed, "digits")
    if mark not in " '’":
        assert meaning.doubts or meaning.refusal or meaning.shown_first


@pytest.mark.parametrize(("typed", "mark"), [("1.234", "point"), ("1,234", "comma"), ("Rs 12,345/-", "comma")])
def test_a_mark_of_an_amount_is_doubtful_where_no_form_says_what_it_means(typed: str, mark: str) -> None:
    assert meaning_of(typed, "amount").doubts == (MARK_UNCLEAR.format(mark=mark),)


@pytest.mark.parametrize("typed", ["1234", "1234.50", "1,234.50", "1,234,567", "1,30,000", "1 234", "1’234"])
def test_an_amount_that_is_plain_on_every_form_is_taken_without_a_doubt(typed: str) -> None:
    assert meaning_of(typed, "amount").doubts == ()


@pytest.mark.parametrize(
    ("typed", "value"),
    [("12.50", "12.50"), ("12,5", "12.5"), ("-5", "-5"), ("−5", "-5"), ("20·5", "20.5"), ("084", "084"),
     ("1 234 567", "1234567"), ("1,234,567.5", "1234567.5"), ("500/-", "500")],
)  # fmt: skip
def test_a_number_keeps_its_sign_and_its_decimals(typed: str, value: str) -> None:
    assert meaning_of(typed, "number") == Meaning(value)


@pytest.mark.parametrize("typed", ["13,400", "8/9/2025", "3/4"])
def test_a_number_with_more_than_one_meaning_is_doubted(typed: str) -> None:
    meaning = meaning_of(typed, "number")
    assert meaning.value == typed
    assert meaning.doubts


@pytest.mark.parametrize("typed", ["x63", "12 5", "4o7", "", "12 34"])
def test_a_text_that_is_no_number_with_marks_stays_as_it_was_typed(typed: str) -> None:
    assert meaning_of(typed, "number") == Meaning(typed)
