"""Dates as people write them: in figures, in any order and with any sign between, or with the month in letters."""

from __future__ import annotations

from numpy.random import Generator

from ml.reading.forms.signs import LETTERS
from ml.training.fields.amounts import LINE
from ml.training.fields.pen import Pen
from ml.training.synthesis.signs import printed_word


def write_date(pen: Pen, rng: Generator) -> str:
    """A date; what is written, sign by sign."""
    day, month, year = int(rng.integers(1, 32)), int(rng.integers(1, 13)), int(rng.integers(1950, 2070))
    short = rng.random() < 0.4
    pads = rng.random() < 0.6
    days, months = (f"{one:02d}" if pads else str(one) for one in (day, month))
    years = f"{year % 100:02d}" if short else str(year)
    order = str(rng.choice(("dmy", "mdy", "ymd"), p=(0.45, 0.45, 0.1)))
    sign = str(rng.choice(("/", "-", ".", " "), p=(0.55, 0.22, 0.13, 0.1)))
    if rng.random() < 0.12 and order != "ymd":
        return _write_month_in_letters(pen, days, years, order, rng)
    groups = {"dmy": (days, months, years), "mdy": (months, days, years), "ymd": (str(year), months, days)}[order]
    text = _print_label(pen, rng) if rng.random() < 0.2 else ""
    for index, group in enumerate(groups):
        text += _part(pen, sign, rng) if index else ""
        text += pen.write(group, rng)
    return text


def _print_label(pen: Pen, rng: Generator) -> str:
    """What the form prints before a date."""
    label = printed_word(
        str(rng.choice(("DATE", "Date", "DATE:", "Date:", "date"))), int(LINE * rng.uniform(0.25, 0.6)), rng
    )
    pen.stamp(label, pen.foot + rng.uniform(-0.15, 0.15) * LINE, printed=True)
    pen.at += label.shape[1] + rng.uniform(0.1, 0.8) * LINE
    return LETTERS


def _part(pen: Pen, sign: str, rng: Generator) -> str:
    """What stands between the groups of a date; nothing is written where there is only room."""
    if sign == "/":
        return pen.slash(rng)
    if sign == "-":
        return pen.dash(rng, 0.15, 0.5)
    if sign == ".":
        return pen.mark(".", rng)
    pen.at += rng.uniform(0.35, 0.9) * LINE
    return ""


def _write_month_in_letters(pen: Pen, days: str, years: str, order: str, rng: Generator) -> str:
    """A date such as "October 20, 2019" or "20 Oct 2019"."""
    text = pen.word(rng) if order == "mdy" else ""
    comma = rng.random() < 0.6
    text += pen.write(days, rng)
    text += pen.mark(",", rng) if comma else ""
    text += pen.word(rng) if order == "dmy" else ""
    pen.at += rng.uniform(0.1, 0.5) * LINE
    text += pen.write(years, rng)
    pen.at += rng.uniform(0.1, 0.5) * LINE
    return text
