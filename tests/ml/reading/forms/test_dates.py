"""Dates in figures."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.reading.forms.dates import Order, Presentment, date_of


@pytest.mark.parametrize(
    ("written", "order", "iso"),
    [
        ("12092009", "dmy", "2009-09-12"),
        ("120909", "dmy", "2009-09-12"),
        ("12/22/2019", "mdy", "2019-12-22"),
        ("11/13/19", "mdy", "2019-11-13"),
        ("5-5-2015", "mdy", "2015-05-05"),
        ("1. 2. 1999", "dmy", "1999-02-01"),
        ("31 12 99", "dmy", "1999-12-31"),
        ("2024-02-29", "ymd", "2024-02-29"),
        ("240229", "ymd", "2024-02-29"),
        ("17.062028", "dmy", "2028-06-17"),  # of two points one was not seen
        ("1706.2028", "dmy", "2028-06-17"),
        ("11-252022", "mdy", "2022-11-25"),
        ("20240229", "ymd", "2024-02-29"),
        ("202402-29", "ymd", "2024-02-29"),
    ],
)
def test_a_day_is_named(written: str, order: Order, iso: str) -> None:
    assert date_of(written, order) == datetime.date.fromisoformat(iso)


@pytest.mark.parametrize(
    "written",
    ["31/02/2020", "29/02/2019", "13/13/2020", "00/01/2020", "1/1/0000", "1/2/123", "001/2/2020", "1209209", "", "1/2"],
)
def test_an_impossible_day_is_never_returned(written: str) -> None:
    assert date_of(written, "dmy") is None


@pytest.mark.parametrize("written", ["12/112019", "1211/2019", "170.62028", "17.06202", "17.0620281", "17062.028"])
def test_a_mark_is_only_missing_between_two_parts_and_never_a_stroke(written: str) -> None:
    """A stroke may have been read as a 1: 12/112019 may be the first of December."""
    assert date_of(written, "mdy") is None
    assert date_of(written, "dmy") is None


@given(st.dates(min_value=datetime.date(1970, 1, 1), max_value=datetime.date(2069, 12, 31)))
def test_every_day_comes_back_in_every_order(day: datetime.date) -> None:
    assert date_of(day.strftime("%d%m%Y"), "dmy") == date_of(day.strftime("%m/%d/%y"), "mdy") == day
    assert date_of(day.isoformat(), "ymd") == day


@given(st.text("0123456789/-. ²٣", max_size=12))
def test_nothing_written_makes_it_fail(written: str) -> None:
    for order in ("dmy", "mdy", "ymd"):
        day = date_of(written, order)
        assert day is None or day.year > 0


DAY = datetime.date(2026, 3, 31)


@pytest.mark.parametrize(
    ("date", "objection"),
    [
        (DAY, None),
        (DAY - datetime.timedelta(180), None),
        (DAY - datetime.timedelta(181), "Stale: dated 181 days before it was presented, and 180 are allowed."),
        (DAY + datetime.timedelta(1), "Post-dated: dated 1 day after it was presented."),
        (DAY + datetime.timedelta(30), "Post-dated: dated 30 days after it was presented."),
    ],
)
def test_stale_and_post_dated_cheques_are_told(date: datetime.date, objection: str | None) -> None:
    assert Presentment(DAY).objection(date) == objection


def test_the_sentence_says_how_many_days_after_presentment_are_allowed() -> None:
    week = Presentment(DAY, post_dated_after_days=7)
    assert week.objection(DAY + datetime.timedelta(7)) is None
    told = week.objection(DAY + datetime.timedelta(8))
    assert told == "Post-dated: dated 8 days after it was presented, and 7 are allowed."


def test_a_bank_may_set_no_rule() -> None:
    anything_goes = Presentment(DAY, stale_after_days=None, post_dated_after_days=None)

    assert anything_goes.objection(datetime.date(1999, 1, 1)) is None
    assert anything_goes.objection(datetime.date(2099, 1, 1)) is None
