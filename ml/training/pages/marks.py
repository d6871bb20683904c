"""Pages of numbers with marks: decimal points and commas, minus signs, slashes of dates and fractions."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from ml.training.fields.digits import Writers
from ml.training.pages.numbers import digits, page_of
from ml.training.pages.page import DrawnPage
from ml.training.pages.scribe import RAISED


def decimal_marks(writers: Writers, rng: Generator) -> DrawnPage:
    """Numbers with a decimal point on the line, a raised one, or a small comma; on a page most are of one sort."""
    usual = str(rng.choice((".", RAISED, ",")))
    return page_of("decimal marks", lambda rng: decimal(usual if rng.random() < 0.85 else ".", rng), writers, rng)


def decimal(mark: str, rng: Generator) -> str:
    """Such as "8.6", "454·63" or "13,400": a comma stands before one to three digits, a point before one or two."""
    whole = str(rng.integers(0, int(rng.choice((10, 100, 1000)))))
    return whole + mark + digits(int(rng.integers(1, 4 if mark == "," else 3)), rng)


def minus_signs(writers: Writers, rng: Generator) -> DrawnPage:
    """Numbers below nought, a few of them with a decimal point, and some above between them."""
    return page_of("minus signs", signed, writers, rng)


def signed(rng: Generator) -> str:
    """Such as "-52", "-7.4" or "318"."""
    sign = "-" if rng.random() < 0.75 else ""
    point = "." + digits(1, rng) if rng.random() < 0.2 else ""
    return sign + str(rng.integers(1, int(rng.choice((100, 1000, 10000))))) + point


def slashes(writers: Writers, rng: Generator) -> DrawnPage:
    """Dates such as "8/9/2025", and fractions such as "73.9/136" or "17/20"."""
    return page_of("slashes", date_or_fraction, writers, rng)


def date_or_fraction(rng: Generator) -> str:
    """Such as "8/9/2025", "08/09/25", "73.9/136" or "17/20"."""
    return _date(rng) if rng.random() < 0.6 else _fraction(rng)


def _date(rng: Generator) -> str:
    day, month, year = rng.integers(1, 32), rng.integers(1, 13), rng.integers(1990, 2040)
    return f"{day}/{month}/{year}" if rng.random() < 0.7 else f"{day:02d}/{month:02d}/{year % 100:02d}"


def _fraction(rng: Generator) -> str:
    whole = int(rng.integers(5, 200))
    part = rng.uniform(0, whole)
    return f"{part:.1f}/{whole}" if rng.random() < 0.4 else f"{int(np.floor(part))}/{whole}"
