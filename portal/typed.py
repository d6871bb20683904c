"""Turn what people type into the value that they mean."""

from __future__ import annotations

import re
from datetime import datetime

from ml.reading.forms.layouts import Kind
from ml.reading.micr.e13b import AMOUNT, DASH, ON_US, TRANSIT

_SEPARATORS = re.compile(r"[\s.,'’·-]")
_MICR_LETTERS = str.maketrans("ABCDabcd", 2 * (TRANSIT + AMOUNT + ON_US + DASH))
"""The letters that people type for the symbols of a MICR line."""

_AROUND = re.compile(r"^\s*(?:Rs\.?|[A-Z]{3}\b|[₹$€£])?\s*|\s*(?:[/.,][-=]*|[A-Z]{3}|[₹$€£])?\s*$", re.IGNORECASE)
"""The signs around an amount: "Rs 500/-", "500.00 INR"."""

_CENTS = re.compile(r"(?P<whole>.*[0-9])(?P<mark>[.,])(?P<cents>[0-9]{1,2})")
_PLAIN = re.compile("[0-9]+")
_GROUPED = re.compile(r"[0-9]{1,3}(?:(?P<mark>[.,'’\s])[0-9]{2,3})?(?:(?P=mark)[0-9]{2,3})*(?<=[0-9]{3})")
"""Digits in groups: 130,000 and 1,30,000."""

_DAYS = ("%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y")


def value_of(typed: str, kind: str) -> str:
    """The value in the form that rows keep. Any other text is returned as it was typed, and is refused later."""
    if kind == Kind.AMOUNT:
        return _amount(typed)
    if kind == Kind.DATE:
        return _day(typed)
    if kind == Kind.MICR:
        return " ".join(typed.translate(_MICR_LETTERS).split())
    return _SEPARATORS.sub("", typed)


def _amount(typed: str) -> str:
    """The amount with two decimals and no separators of thousands.

    Text is returned as typed where a mark could separate either thousands or decimals.
    """
    figures = _AROUND.sub("", typed)
    split = _CENTS.fullmatch(figures)
    whole, mark, cents = split.group("whole", "mark", "cents") if split else (figures, "", "")
    grouped = _GROUPED.fullmatch(whole)
    if not _PLAIN.fullmatch(whole) and (grouped is None or grouped["mark"] == mark):
        return typed
    plain = re.sub("[^0-9]", "", whole).lstrip("0") or "0"
    return f"{plain}.{cents:0<2}"


def _day(typed: str) -> str:
    words = typed.replace(",", " ").replace(".", " ").split()
    for form in _DAYS:
        try:
            return datetime.strptime(" ".join(words), form).date().isoformat()
        except ValueError:
            continue
    return typed.strip()
