"""Dates as people write them: in figures, in any order and with any sign between, or with the month in letters.

Each function writes with a pen (`ml.training.fields.pen`) and returns what it wrote as text, in the signs of
`ml.reading.forms.signs`.
"""

from __future__ import annotations

from numpy.random import Generator

from ml.reading.forms.signs import LETTERS
from ml.training.fields.digits import DIGIT_HEIGHT
from ml.training.fields.pen import Pen
from ml.training.synthesis.signs import print_word


def write_date(pen: Pen, rng: Generator) -> str:
    """Write a date; returns its text."""
    day, month, year = int(rng.integers(1, 32)), int(rng.integers(1, 13)), int(rng.integers(1950, 2070))
    short = rng.random() < 0.4
    pads = rng.random() < 0.6
    days, months = (f"{number:02d}" if pads else str(number) for number in (day, month))
    years = f"{year % 100:02d}" if short else str(year)
    order = str(rng.choice(("dmy", "mdy", "ymd"), p=(0.45, 0.45, 0.1)))
    sign = str(rng.choice(("/", "-", ".", " "), p=(0.55, 0.22, 0.13, 0.1)))
    if rng.random() < 0.12 and order != "ymd":
        return _write_month_in_letters(pen, days, years, order, rng)
    groups = {"dmy": (days, months, years), "mdy": (months, days, years), "ymd": (str(year), months, days)}[order]
    text = _print_label(pen, rng) if rng.random() < 0.2 else ""
    for index, group in enumerate(groups):
        text += _separate(pen, sign, rng) if index else ""
        text += pen.write(group, rng)
    return text


def _print_label(pen: Pen, rng: Generator) -> str:
    """Print the label that a form has before a date."""
    label = print_word(
        str(rng.choice(("DATE", "Date", "DATE:", "Date:", "date"))), int(DIGIT_HEIGHT * rng.uniform(0.25, 0.6)), rng
    )
    pen.stamp(label, pen.foot + rng.uniform(-0.15, 0.15) * DIGIT_HEIGHT, printed=True)
    pen.at += label.shape[1] + rng.uniform(0.1, 0.8) * DIGIT_HEIGHT
    return LETTERS


def _separate(pen: Pen, sign: str, rng: Generator) -> str:
    """Write the sign between two groups of a date, or leave room alone."""
    if sign == "/":
        return pen.slash(rng)
    if sign == "-":
        return pen.dash(rng, 0.15, 0.5)
    if sign == ".":
        return pen.mark(".", rng)
    pen.at += rng.uniform(0.35, 0.9) * DIGIT_HEIGHT
    return ""


def _write_month_in_letters(pen: Pen, days: str, years: str, order: str, rng: Generator) -> str:
    """Write a date such as "October 20, 2019" or "20 Oct 2019"."""
    text = pen.word(rng) if order == "mdy" else ""
    comma = rng.random() < 0.6
    text += pen.write(days, rng)
    text += pen.mark(",", rng) if comma else ""
    text += pen.word(rng) if order == "dmy" else ""
    pen.at += rng.uniform(0.1, 0.5) * DIGIT_HEIGHT
    text += pen.write(years, rng)
    pen.at += rng.uniform(0.1, 0.5) * DIGIT_HEIGHT
    return text
