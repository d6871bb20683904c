"""Dates in figures: text in, a day of the calendar out.

Also checks whether a cheque of a date is stale or post-dated on the day of its presentment.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Literal

from ml.reading.forms.constants import DATE

Order = Literal["dmy", "mdy", "ymd"]

_SEPARATED = re.compile(r"^\s*([0-9]+)\s*[-/., ]\s*([0-9]+)\s*[-/., ]\s*([0-9]+)\s*$")

_HALF_SEPARATED = re.compile(r"^([0-9]+)[-.,]([0-9]+)$")
"""The reader missed one of two marks. Strokes are left out: a missed stroke may have been read as a 1."""


def date_of(written: str, order: Order) -> datetime.date | None:
    """The day that a date in figures names.

    Args:
        written: Digits in boxes, "12092009" or "120909", or three groups with any mark between them, "12/9/09".
        order: The order of day, month and year.

    Returns:
        None where the text names no day of the calendar.
    """
    parts = _parts(written, order)
    if parts is None or any(len(part) > 2 for unit, part in zip(order, parts, strict=True) if unit != "y"):
        return None
    numbers = dict(zip(order, parts, strict=True))
    if len(numbers["y"]) not in (2, 4):
        return None
    year = int(numbers["y"])
    if len(numbers["y"]) == 2:
        year += 1900 if year >= DATE.century else 2000
    try:
        return datetime.date(year, int(numbers["m"]), int(numbers["d"]))
    except ValueError:
        return None


def _parts(written: str, order: Order) -> tuple[str, ...] | None:
    """A date's three groups of digits, in their order; None where the text has no three groups."""
    separated = _SEPARATED.match(written)
    if separated:
        return separated.groups()
    half = _HALF_SEPARATED.match(written)
    digits = "".join(half.groups()) if half else written
    if len(digits) not in (6, 8) or not (digits.isascii() and digits.isdigit()):
        return None
    ends = list(accumulate(len(digits) - 4 if unit == "y" else 2 for unit in order))
    if half and (len(digits) != 8 or len(half[1]) not in ends):
        return None
    return tuple(digits[start:end] for start, end in pairwise((0, *ends)))


@dataclass(frozen=True, slots=True)
class Presentment:
    """The day on which cheques are presented, and a bank's rules on their dates.

    Attributes:
        day: The day of presentment.
        stale_after_days: A cheque that is more days old is stale; None: no cheque is.
        post_dated_after_days: A cheque dated more days ahead is post-dated; None: no cheque is.
    """

    day: datetime.date
    stale_after_days: int | None = 180
    post_dated_after_days: int | None = 0

    def objection(self, date: datetime.date) -> str | None:
        """A sentence on why a cheque of that date is not paid; None where its date allows it."""
        age = (self.day - date).days
        if self.stale_after_days is not None and age > self.stale_after_days:
            return f"Stale: dated {_days(age)} before it was presented, and {self.stale_after_days} are allowed."
        if self.post_dated_after_days is not None and -age > self.post_dated_after_days:
            allowed = f", and {self.post_dated_after_days} are allowed" if self.post_dated_after_days else ""
            return f"Post-dated: dated {_days(-age)} after it was presented{allowed}."
        return None


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"
