"""All kinds of drawn pages, by name: each kind of page on which a reader was seen to fail has one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from numpy.random import Generator

from ml.training.fields.digits import Writers
from ml.training.pages.marks import decimal_marks, minus_signs, slashes
from ml.training.pages.numbers import at_the_edge, broken_strokes, plain_numbers, small_digits
from ml.training.pages.page import DrawnPage

KINDS: Mapping[str, Callable[[Writers, Generator], DrawnPage]] = {
    "plain numbers": plain_numbers,
    "decimal marks": decimal_marks,
    "minus signs": minus_signs,
    "slashes": slashes,
    "small digits": small_digits,
    "at the edge": at_the_edge,
    "broken strokes": broken_strokes,
}
"""By a kind's name, what draws one page of it."""


def draw_page(kind: str, writers: Writers, rng: Generator) -> DrawnPage:
    """Draw one page.

    Args:
        kind: A name of `KINDS`.
        writers: The real digits that are written with; those of the set that is measured or fitted on.
        rng: Decides everything: the same state draws the same page.

    Raises:
        KeyError: There is no such kind.
    """
    return KINDS[kind](writers, rng)
