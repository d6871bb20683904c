"""Interpret a text in a field: digits and signs in, the value that they have there out, with its doubts.

A field's posterior is made here too: a recogniser's hypotheses are interpreted, and those with the same value add up.
Probabilities are 0 to 1. A value is a decimal of an amount ("1234.50"), an ISO day of a date ("2026-01-31"), and else a
string of digits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Hypothesis
from ml.reading.fields.constants import INTERPRETATION
from ml.reading.forms.dates import date_of
from ml.reading.forms.layouts import Kind, LayoutField
from ml.reading.forms.money import CENTS_UNCLEAR, MARKS_ODD, money_of
from ml.reading.forms.signs import CURRENCY, LETTERS
from ml.reading.forms.written import as_written

_ODD = {CENTS_UNCLEAR, MARKS_ODD}
"""Doubts about marks that stand where they are seldom written."""

_EDGES = LETTERS + " "
"""Signs that may surround a value without changing it."""

_PRINTED_BEFORE = re.compile(f"^[{CURRENCY} ]*0?(?={LETTERS})")
"""Before a date: no currency stands there, and the D of "DATE" looks like a nought."""

_END_OF_AMOUNT = re.compile(r"[-*=. ]*0[0-9,]")
"""An amount does not begin with a nought: its beginning is missing."""

_ONE_DIGIT = re.compile("[^0-9/]*[0-9][^0-9/]*")
"""A single digit may be a stroke, a bracket, or a box's edge."""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """The value that a text has in a field.

    Attributes:
        value: A decimal, an ISO day, or digits.
        doubts: Sentences on why the value is uncertain.
    """

    value: str
    doubts: tuple[str, ...] = ()

    @property
    def is_odd(self) -> bool:
        """Whether its marks stand where they are seldom written; an amount without cents is doubtful, but not odd."""
        return not _ODD.isdisjoint(self.doubts)


def interpret(text: str, field: LayoutField) -> Interpretation | None:
    """Find the value that a text has in a field.

    Args:
        text: Digits and signs, in the alphabet of `ml.reading.forms.signs`.
        field: The field in which it stands.

    Returns:
        The value with its doubts. None if the text is no amount, no day, or has the wrong number of digits.
    """
    if field.kind is Kind.AMOUNT:
        return _interpret_amount(text, field)
    if field.kind is Kind.DATE:
        return _interpret_date(text, field)
    if field.kind is Kind.NUMBER:
        return _interpret_number(text)
    digits = re.sub("^[^0-9]+|[^0-9]+$", "", text)
    if field.kind is Kind.POSTAL_CODE:  # it has dashes and spaces, but no strokes: one between its digits is a 1
        digits = digits.replace("/", "1")
    value = re.sub("[^0-9]", "", digits)
    if not value or LETTERS in text.strip(_EDGES) or field.mismatch(value) is not None:
        return None
    return Interpretation(value)


def _interpret_number(text: str) -> Interpretation | None:
    written = as_written(text)
    return None if written is None else Interpretation(written.value, (written.doubt,) if written.doubt else ())


def _interpret_amount(text: str, field: LayoutField) -> Interpretation | None:
    if field.convention is None:
        return None
    before, sign, behind = text.rpartition(CURRENCY)
    figures = behind if any(map(str.isdigit, behind)) else before if sign else text
    figures = figures.strip(_EDGES).strip(CURRENCY)
    money = money_of(figures, field.convention)
    if money is None or _END_OF_AMOUNT.match(figures) or _ONE_DIGIT.fullmatch(figures):
        return None
    return Interpretation(f"{money.value:.2f}", money.doubts)


def _interpret_date(text: str, field: LayoutField) -> Interpretation | None:
    if field.order is None:
        return None
    figures = _PRINTED_BEFORE.sub("", text).strip(_EDGES + CURRENCY + ".,-/")
    if len(figures) == 6 and figures.isdigit() and not field.boxed:
        return None  # a number: outside boxes a short date has marks
    if field.boxed and field.length is not None:
        figures = re.sub(r"[.,/-]", "", figures)
        if field.mismatch(figures) is not None:
            return None
    day = date_of(figures, field.order)
    if day is None or not INTERPRETATION.first_year <= day.year < INTERPRETATION.end_year:
        return None
    return Interpretation(day.isoformat())


def discount_odd(hypotheses: Sequence[Hypothesis], odd: Sequence[bool]) -> list[float]:
    """Lower the probability of hypotheses that are seldom written; the sum stays the same.

    Args:
        hypotheses: Of the same line.
        odd: For each hypothesis, whether it is seldom written.

    Returns:
        A probability for each hypothesis.
    """
    shares = [
        hypothesis.probability * (INTERPRETATION.odd_share if is_odd else 1.0)
        for hypothesis, is_odd in zip(hypotheses, odd, strict=True)
    ]
    scale = min(1.0, sum(hypothesis.probability for hypothesis in hypotheses)) / max(sum(shares), 1e-12)
    return [share * scale for share in shares]


def likeliest(probabilities: Mapping[str, float]) -> str:
    """The value with the greatest probability; empty if there is none."""
    return max(probabilities, key=lambda value: probabilities[value], default="")


@dataclass(frozen=True, slots=True)
class FieldPosterior:
    """The probabilities of a field's values after one recogniser.

    Attributes:
        best: The likeliest value; empty if the recogniser read none.
        probabilities: Of each value, 0 to 1. What they lack to 1 belongs to other values, or to none.
        texts: For each value the likeliest text that has it, and that text's interpretation.
    """

    best: str
    probabilities: dict[str, float]
    texts: dict[str, tuple[str, Interpretation]]

    @classmethod
    def of(cls, hypotheses: Sequence[Hypothesis], field: LayoutField) -> FieldPosterior:
        """Interpret hypotheses, and add up those that have the same value.

        Before that, hypotheses that are odd to write, or have no value, lose probability to the rest.
        """
        probabilities: dict[str, float] = {}
        texts: dict[str, tuple[str, Interpretation]] = {}
        interpretations = [interpret(hypothesis.text, field) for hypothesis in hypotheses]
        odd = [interpretation is None or interpretation.is_odd for interpretation in interpretations]
        weighted = zip(hypotheses, interpretations, discount_odd(hypotheses, odd), strict=True)
        for hypothesis, interpretation, probability in sorted(weighted, key=lambda entry: -entry[2]):
            if interpretation is not None:
                value = interpretation.value
                probabilities[value] = probabilities.get(value, 0.0) + probability
                texts.setdefault(value, (hypothesis.text, interpretation))
        return cls(likeliest(probabilities), probabilities, texts)

    @classmethod
    def mean(cls, posteriors: Sequence[FieldPosterior]) -> FieldPosterior:
        """The mean of posteriors that come from several looks at the same line."""
        probabilities: dict[str, float] = {}
        texts: dict[str, tuple[str, Interpretation]] = {}
        for posterior in posteriors:
            texts = {**posterior.texts, **texts}
            for value, probability in posterior.probabilities.items():
                probabilities[value] = probabilities.get(value, 0.0) + probability / len(posteriors)
        return cls(likeliest(probabilities), probabilities, texts)

    def probability_of(self, value: str) -> float:
        """The probability of one value, 0 to 1; 0.0 if the recogniser did not propose it."""
        return self.probabilities.get(value, 0.0)

    def logs(self, values: Sequence[str]) -> NDArray[np.float64]:
        """Logarithms of the probabilities of some values.

        Args:
            values: An empty string stands for every value that this recogniser did not propose, and for no value.

        Returns:
            float64, one for each value; none is below that of the least probability that a recogniser gives.
        """
        known = {**self.probabilities, "": 1 - sum(self.probabilities.values())}
        least = INTERPRETATION.least_probability
        return np.log([max(known.get(value, 0.0), least) for value in values])
