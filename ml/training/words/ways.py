"""Amounts as people write them in words, from which lines are composed: spellings, capitals, hyphens.

The text is that of `ml.reading.words`: what the reader may expect and what it is trained on are one table.
"""

from __future__ import annotations

import re
from decimal import Decimal

import numpy as np

from ml.reading.words.amounts import AmountGrammar

_TENS = "twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety|ninty"
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TENS_AND_ONES = re.compile(rf"\b({_TENS}) ({_ONES})\b")

_HYPHENS = 0.2
"""The share of writers who join tens and ones by a hyphen. By eye, on cheques."""

_CASES = {"title": 0.6, "sentence": 0.12, "lower": 0.18, "upper": 0.1}
"""The shares of writers by their capitals. By eye, on cheques."""


def spell(value: Decimal, language: str) -> str:
    """The usual way to write an amount, in lower case: "five crores ten lakhs".

    Raises:
        ValueError: There is no such language, or it cannot write the amount.
    """
    return AmountGrammar.of(language).usual(value)


def spelling(value: Decimal, language: str, rng: np.random.Generator) -> str:
    """A way to write an amount, drawn as often as people write it so, in lower case; misspellings are among them.

    Raises:
        ValueError: There is no such language, or it cannot write the amount.
    """
    return AmountGrammar.of(language).another(value, rng)


def written_way(value: Decimal, language: str, rng: np.random.Generator) -> str:
    """The same with capitals and hyphens: "Five Crores Ten Lakhs Only", "five hundred and 00/100".

    Raises:
        ValueError: There is no such language, or it cannot write the amount.
    """
    text = spelling(value, language, rng)
    if rng.random() < _HYPHENS:
        text = _TENS_AND_ONES.sub(r"\1-\2", text)
    case = rng.choice(list(_CASES), p=list(_CASES.values()))
    if case == "upper":
        return text.upper()
    if case == "sentence":
        return text.capitalize()
    if case == "lower":
        return text
    joins_small = rng.random() < 0.6
    words = (word if word == "and" and joins_small else word[:1].upper() + word[1:] for word in text.split(" "))
    return re.sub(r"-([a-z])", lambda found: found[0].upper(), " ".join(words))
