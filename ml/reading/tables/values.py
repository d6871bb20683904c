"""The value that a text has in a cell of a table: as written, with the decimal mark as a point and a minus before it.

Nothing is known of the column yet, so what may mean two things has a doubt: `ml.reading.tables.settle` takes it away
where the column tells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ml.reading.elements import Hypothesis
from ml.reading.fields.interpret import FieldPosterior, Interpretation, likeliest
from ml.reading.forms.money import MARK_AMBIGUOUS, MARKS_ODD
from ml.reading.forms.signs import CURRENCY, LETTERS, RAISED, STAR

STROKES = "Strokes stand between the digits: this may be a date, a share, or several numbers."

_PLAIN = re.compile(r"-?[0-9]+")
_DECIMAL = re.compile(r"(-?[0-9]+)[.,]([0-9]+)")
_THOUSANDS = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}(?:\.[0-9]+)?")
_THOUSANDS_WITH_POINTS = re.compile(r"-?[0-9]{1,3}(?:(?:\.[0-9]{3}){2,}(?:,[0-9]+)?|\.[0-9]{3},[0-9]+)")
_AMBIGUOUS = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}")
_STROKES_AT_ENDS = re.compile(r"^/(?=[0-9])|(?<=[0-9])/$")
"""A 1 at a number's end looks like a stroke, and no number in a cell begins or ends with one."""


def interpret_cell(text: str, *, points: bool = False) -> Interpretation | None:
    """Find the value that a text has in a cell.

    Args:
        text: Digits and signs, in the alphabet of `ml.reading.forms.signs`.
        points: Whether the small marks between the digits are as round as points, so that none of them is a dash.

    Returns:
        The value, as written, with its doubts. None if the text has letters or no digit.
    """
    text = _STROKES_AT_ENDS.sub("1", text)
    if points:
        text = re.sub(rf"(?<=[0-9])[-{RAISED}{STAR}](?=[0-9])", ".", text)
    if not re.search("[0-9]", text) or any(sign in text for sign in (LETTERS, CURRENCY, STAR)):
        return None
    if _PLAIN.fullmatch(text):
        return Interpretation(text)
    if _AMBIGUOUS.fullmatch(text):
        return Interpretation(text.replace(",", "."), (MARK_AMBIGUOUS,))
    if decimal := _DECIMAL.fullmatch(text):
        return Interpretation(".".join(decimal.groups()))
    if _THOUSANDS.fullmatch(text):
        return Interpretation(text.replace(",", ""))
    if _THOUSANDS_WITH_POINTS.fullmatch(text):
        return Interpretation(text.replace(".", "").replace(",", "."))
    if "/" in text:
        return Interpretation(text.strip("-.,"), (STROKES,))
    value = re.sub(r"(?<=[0-9])[-.,]+$|^[.,]+", "", text).replace(RAISED, ".")
    return Interpretation(value, (MARKS_ODD,))


def posterior_of(hypotheses: Sequence[Hypothesis], *, points: bool) -> FieldPosterior:
    """Interpret what a recogniser made of a cell, and add up what has the same value.

    Args:
        hypotheses: Of the cell's line.
        points: As for `interpret_cell`.
    """
    probabilities: dict[str, float] = {}
    texts: dict[str, tuple[str, Interpretation]] = {}
    for hypothesis in sorted(hypotheses, key=lambda hypothesis: -hypothesis.probability):
        interpretation = interpret_cell(hypothesis.text, points=points)
        if interpretation is not None:
            value = interpretation.value
            probabilities[value] = probabilities.get(value, 0.0) + hypothesis.probability
            texts.setdefault(value, (hypothesis.text, interpretation))
    return FieldPosterior(likeliest(probabilities), probabilities, texts)
