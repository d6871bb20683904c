"""Strokes and 1s: a text in, the texts out that it may be if a recogniser took a stroke ("/") for a 1.

The classifier of digits and the network of strings know no signs, and the second reader often takes the stroke of a
closing "/-", or a stroke between the groups of a date, for a 1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ml.reading.elements import Hypothesis
from ml.reading.fields.constants import STROKES
from ml.reading.fields.interpret import interpret
from ml.reading.forms.layouts import Kind, LayoutField
from ml.reading.forms.signs import LETTERS
from ml.reading.forms.written import digit_strings

_DATE_GROUPS = re.compile("([0-9]{1,2})[1/]([0-9]{1,2})[1/]([0-9]{4}|[0-9]{2}|[0-9]{3}/)")
"""The groups of a date, between strokes that may have been taken for 1s."""


def with_strokes(hypotheses: Sequence[Hypothesis], field: LayoutField) -> list[Hypothesis]:
    """Split each hypothesis of the second reader in two where its 1 is probably a stroke.

    Args:
        hypotheses: Of the same line.
        field: The field in which it stands.

    Returns:
        The hypotheses, each followed by the same text with strokes if it has any; the two share its probability.
    """
    split: list[Hypothesis] = []
    for hypothesis in hypotheses:
        stroked = ones_as_strokes(hypothesis.text, field)
        share = 0.0 if stroked == hypothesis.text else STROKES.stroke_read_as_one
        split.append(Hypothesis(hypothesis.text, (1 - share) * hypothesis.probability))
        if share:
            split.append(Hypothesis(stroked, share * hypothesis.probability))
    return split


def ones_as_strokes(text: str, field: LayoutField) -> str:
    """Put strokes for 1s before a closing dash, and between the groups of a date that is none without them."""
    if _may_close_with_stroke(field):
        return re.sub("1(-+)$", r"/\1", text)
    if field.kind is Kind.DATE and not field.boxed and interpret(text, field) is None:
        groups = _DATE_GROUPS.fullmatch(text.strip(LETTERS))
        return re.sub("/$", "1", "/".join(groups.groups())) if groups else text
    return text


def digit_strings_in(text: str, field: LayoutField) -> set[str]:
    """The strings that a recogniser of digits alone may read where a text stands in a field.

    The stroke of a closing "/-" is a 1 to it, or nothing.
    """
    strings = digit_strings(text)
    closes = _may_close_with_stroke(field) and re.search("/-*$", text)
    return strings | {f"{string}1" for string in strings} if closes else strings


def _may_close_with_stroke(field: LayoutField) -> bool:
    """Whether "/-" may close an amount: where cents are always written, it does not stand behind them."""
    return field.kind is Kind.AMOUNT and field.convention is not None and not field.convention.cents_always
