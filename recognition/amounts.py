"""Amounts as people compare them: the value that rows keep in, the same with its thousands grouped out."""

from __future__ import annotations

import re

from ml.reading.forms.money import Convention

BY_LAKHS = frozenset({"BDT", "INR", "NPR", "PKR"})
"""Currencies whose amounts are grouped by a thousand, and then by hundreds: 42,40,000.00.

Source: Unicode CLDR, number patterns of en-IN and its neighbours.
"""

BY_APOSTROPHE = frozenset({"CHF"})
"""Currencies whose thousands are parted by an apostrophe: 4’240’000.00."""

_THOUSANDS = re.compile(r"(?<=[0-9])(?=(?:[0-9]{3})+$)")
_LAKHS = re.compile(r"(?<=[0-9])(?=(?:[0-9]{2})*[0-9]{3}$)")
_AMOUNT = re.compile(r"(?<![0-9.,])[0-9]+\.[0-9]{2}(?![0-9.,]*[0-9])")


def amount_of(value: str, convention: Convention | None, currency: str = "") -> str:
    """An amount in the way of its currency.

    Args:
        value: "4240000.00"; any other text is returned as it is.
        convention: How the form writes amounts; without one a point stands before the cents.
        currency: By ISO 4217, where there is no convention.
    """
    if not re.fullmatch(r"[0-9]+\.[0-9]{2}", value):
        return value
    currency = convention.currency if convention else currency
    decimal = convention.decimal if convention else "."
    mark = "’" if currency in BY_APOSTROPHE else "." if decimal == "," else ","
    whole, cents = value.split(".")
    groups = _LAKHS if currency in BY_LAKHS else _THOUSANDS
    return f"{groups.sub(mark, whole)}{decimal}{cents}"


def with_amounts(sentence: str, convention: Convention | None, currency: str = "") -> str:
    """A sentence of the reader's, with the amounts in it grouped."""
    return _AMOUNT.sub(lambda found: amount_of(found[0], convention, currency), sentence)
