"""The MICR line as people see it. Its symbols are drawn, because few fonts have them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby

import numpy as np
from django import template

from ml.reading.micr.e13b import AMOUNT, DASH, ON_US, TRANSIT, shape_of

register = template.Library()

NAMES = {TRANSIT: "transit", AMOUNT: "amount", ON_US: "on us", DASH: "dash"}
LETTERS = str.maketrans(dict(zip(NAMES, "ABCD", strict=True)))
"""The letters that people type for the symbols."""


@dataclass(frozen=True, slots=True)
class Run:
    """A part of the line: some text, or one symbol with its name and with its shape as an SVG path, 7 × 9."""

    text: str
    name: str = ""
    path: str = ""


@register.filter
def micr_runs(line: str) -> list[Run]:
    """The line in parts: its text, and each of its symbols."""
    return list(_runs(line))


def _runs(line: str) -> Iterator[Run]:
    for is_symbol, signs in groupby(line, NAMES.__contains__):
        if is_symbol:
            yield from (Run(sign, NAMES[sign], _path(sign)) for sign in signs)
        else:
            yield Run("".join(signs))


@cache
def _path(symbol: str) -> str:
    places = np.argwhere(shape_of(symbol) > 0)
    return "".join(f"M{column} {row}h1v1h-1z" for row, column in places)


@register.filter
def micr_letters(line: str) -> str:
    """The line as people can type it, with A, B, C and D for its symbols."""
    return line.translate(LETTERS)
