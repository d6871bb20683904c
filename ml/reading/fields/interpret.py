"""What a field's writing means: from digits and signs to the values that a field of its kind may have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Hypothesis
from ml.reading.fields.constants import INTERPRETATION, STROKES
from ml.reading.forms.dates import date_of
from ml.reading.forms.layouts import Kind, LayoutField
from ml.reading.forms.money import CENTS_UNCLEAR, MARKS_ODD, money_of
from ml.reading.forms.signs import CURRENCY, LETTERS

_ODD = {CENTS_UNCLEAR, MARKS_ODD}

_EDGES = LETTERS + " "

_PRINTED_BEFORE = re.compile(f"^[{CURRENCY} ]*0?(?={LETTERS})")
"""Before a date no currency stands; and the D of "DATE" looks like a nought."""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A value, and sentences about what makes it doubtful."""

    value: str
    doubts: tuple[str, ...] = ()

    @property
    def is_odd(self) -> bool:
        """Whether its marks stand where nobody sets them; an amount without cents is doubtful, but not odd."""
        return not _ODD.isdisjoint(self.doubts)


def interpret(text: str, field: LayoutField) -> Interpretation | None:
    """What some writing means in a field.

    Args:
        text: Digits and signs, as `ml.reading.forms.signs` has them.
        field: Where it stands.

    Returns:
        None where it is no amount, no day, or not digits of the right number.
    """
    if field.kind is Kind.AMOUNT:
        return _amount(text, field)
    if field.kind is Kind.DATE:
        return _date(text, field)
    figures = re.sub("^[^0-9]+|[^0-9]+$", "", text)
    if field.kind is Kind.POSTAL_CODE:  # it has dashes and spaces: what is like a stroke between its digits is a 1
        figures = figures.replace("/", "1")
    value = re.sub("[^0-9]", "", figures)
    if not value or LETTERS in text.strip(_EDGES) or field.fits(value) is not None:
        return None
    return Interpretation(value)


def _amount(text: str, field: LayoutField) -> Interpretation | None:
    if field.convention is None:
        return None
    before, sign, behind = text.rpartition(CURRENCY)
    figures = behind if any(map(str.isdigit, behind)) else before if sign else text
    figures = figures.strip(_EDGES).strip(CURRENCY)
    money = money_of(figures, field.convention)
    # What begins with a nought is the end of an amount; a digit alone may be anything.
    if money is None or re.match(r"[-*=. ]*0[0-9,]", figures) or re.fullmatch("[^0-9/]*[0-9][^0-9/]*", figures):
        return None
    return Interpretation(f"{money.value:.2f}", money.doubts)


def _date(text: str, field: LayoutField) -> Interpretation | None:
    if field.order is None:
        return None
    figures = _PRINTED_BEFORE.sub("", text).strip(_EDGES + CURRENCY + ".,-/")
    if len(figures) == 6 and figures.isdigit() and not field.boxed:  # a number: nobody runs a short date together
        return None
    if field.boxed and field.length is not None:
        figures = re.sub(r"[.,/-]", "", figures)
        if field.fits(figures) is not None:
            return None
    day = date_of(figures, field.order)
    return (
        Interpretation(day.isoformat())
        if day is not None and INTERPRETATION.first_year <= day.year < INTERPRETATION.end_year
        else None
    )


def as_digits(text: str) -> set[str]:
    """A text as those who know digits alone may read it: without its signs, each stroke between digits perhaps a 1."""
    head, *others = re.sub("[^0-9/]", "", re.sub("^[^0-9]+|[^0-9]+$", "", text)).split("/")
    strokes = product(("", "1"), repeat=min(len(others), STROKES.most_strokes))
    rest = "".join(others[STROKES.most_strokes :])
    return {head + "".join(map("".join, zip(way, others, strict=False))) + rest for way in strokes}


def odd_discounted(readings: Sequence[Hypothesis], odd: Sequence[bool]) -> list[float]:
    """The probability of each reading, where it is known which are seldom written; together as much as before."""
    shares = [
        one.probability * (INTERPRETATION.odd_share if is_odd else 1.0)
        for one, is_odd in zip(readings, odd, strict=True)
    ]
    whole = min(1.0, sum(one.probability for one in readings)) / max(sum(shares), 1e-12)
    return [share * whole for share in shares]


@dataclass(frozen=True, slots=True)
class FieldPosterior:
    """What one reader says of a field.

    Attributes:
        said: The value that it holds likeliest, or empty where it reads none.
        chances: Of each value, 0 to 1.
        texts: How each is written, and what makes it doubtful then.
    """

    best: str
    chances: dict[str, float]
    texts: dict[str, tuple[str, Interpretation]]

    @classmethod
    def of(cls, readings: Sequence[Hypothesis], field: LayoutField) -> FieldPosterior:
        """What some readings mean, those that mean the same added up.

        What would be odd to write, or means nothing, is seldom written: such readings lose to the others. A value is
        told as it is then likeliest written.
        """
        chances: dict[str, float] = {}
        texts: dict[str, tuple[str, Interpretation]] = {}
        interpretations = [interpret(reading.digits, field) for reading in readings]
        odd = [interpretation is None or interpretation.is_odd for interpretation in interpretations]
        told = zip(readings, interpretations, odd_discounted(readings, odd), strict=True)
        for reading, interpretation, share in sorted(told, key=lambda one: -one[2]):
            if interpretation is not None:
                chances[interpretation.value] = chances.get(interpretation.value, 0.0) + share
                texts.setdefault(interpretation.value, (reading.digits, interpretation))
        best = max(chances, key=lambda value: chances[value], default="")
        return cls(best, chances, texts)

    @classmethod
    def mean(cls, posteriors: Sequence[FieldPosterior]) -> FieldPosterior:
        """One opinion of several looks at the same."""
        chances: dict[str, float] = {}
        texts: dict[str, tuple[str, Interpretation]] = {}
        for one in posteriors:
            texts = {**one.texts, **texts}
            for value, chance in one.chances.items():
                chances[value] = chances.get(value, 0.0) + chance / len(posteriors)
        return cls(max(chances, key=lambda value: chances[value], default=""), chances, texts)

    def logs(self, values: Sequence[str]) -> NDArray[np.float64]:
        """Logarithms of the probabilities of some values: float64, one each. The empty one is any other, or none."""
        known = {**self.chances, "": 1 - sum(self.chances.values())}
        return np.log([max(known.get(value, 0.0), INTERPRETATION.least_probability) for value in values])
