"""What people write on the line of an amount in words, and what else stands on such lines.

A seed's generator comes in, a text leaves. `label` says which signs of it the network is to name.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from numpy.random import Generator

from ml.reading.words.alphabet import SIGNS
from ml.training.words.ways import written_way

_OTHERS = 0.1
"""Share of lines that are no amounts: a network that sees amounts alone would see them everywhere."""

_UNITS: Mapping[str, Mapping[int, float]] = {
    "en-india": {10_000_000: 0.3, 100_000: 0.6, 1_000: 0.6, 1: 0.45},
    "en": {1_000_000: 0.05, 1_000: 0.5, 1: 0.85},
}
"""By language the share of amounts in which a unit is counted."""

_CENTS = {"en-india": 0.06, "en": 0.4}
"""By language the share of amounts that are not whole."""

_NAMES = (
    *("Anderson", "Baker", "Chandra", "Desai", "Edwards", "Fernandez", "Gupta", "Hughes", "Iyer", "Jackson", "Kumar"),
    *("Lakshmi", "Murphy", "Nguyen", "Oliver", "Patel", "Quinn", "Reddy", "Sharma", "Thompson", "Usha", "Verma"),
    *("Williams", "Xavier", "Young", "Zhang", "Street", "Road", "Bank", "Limited", "Trust", "Company", "Account"),
    *("Payee", "Bearer", "Order", "Date", "Branch", "School", "Church", "Insurance", "Monthly", "Rent", "Invoice"),
    *("Water", "Power", "Garden", "Sunday", "March", "Cash", "Please", "Return", "Received", "Thanks", "Project"),
    *("Window", "Kitchen", "Bridge", "Yellow", "Mixed", "Square", "Juice", "Quarter", "Fixed", "Jumbo"),
)


def label(text: str) -> str:
    """The signs of a text that the network names: case folded, without spaces and other marks."""
    return "".join(sign for sign in text.lower() if sign in SIGNS)


def line_text(rng: Generator) -> str:
    """A line's text: nine of ten are amounts, as people write them; the others names, numbers or random letters."""
    if rng.random() < _OTHERS:
        return _other(rng)
    language = str(rng.choice(list(_UNITS)))
    text = written_way(any_value(language, rng), language, rng)
    if rng.random() < 0.06:  # capitals anywhere
        text = "".join(sign.upper() if rng.random() < 0.2 else sign for sign in text)
    return text.replace(" and ", " & ") if rng.random() < 0.08 else text


def any_value(language: str, rng: Generator) -> Decimal:
    """An amount in a language's units: whole ones, small counts and round ones are frequent."""
    value = 0
    for unit, share in _UNITS[language].items():
        below = 100 if language == "en-india" and unit > 1 else 1000
        count = int(rng.choice((rng.integers(1, 20), 10 * rng.integers(1, below // 10), rng.integers(1, below))))
        value += unit * count * int(rng.random() < share)
    cents = int(rng.integers(1, 100)) if rng.random() < _CENTS[language] else 0
    return Decimal(100 * max(value, 1) + cents) / 100


def any_name(rng: Generator) -> str:
    """Names and words as they stand on a payee's line, up to five."""
    return " ".join(str(rng.choice(_NAMES)) for _ in range(int(rng.integers(1, 6))))


def _other(rng: Generator) -> str:
    if rng.random() < 0.5:
        return any_name(rng)
    count = int(rng.integers(1, 6))
    if rng.random() < 0.3:
        return str(rng.integers(0, 10 ** int(rng.integers(1, 9)))) + "/-" * int(rng.random() < 0.5)
    words = ("".join(rng.choice(list(SIGNS[:26]), size=int(rng.integers(2, 10)))) for _ in range(count))
    habit = str.upper if rng.random() < 0.2 else str.title if rng.random() < 0.5 else str.lower
    return " ".join(habit(word) for word in words)
