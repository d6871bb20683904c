"""All kinds of drawn pages, by name: each kind of page on which a reader was seen to fail has one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from numpy.random import Generator

from ml.training.fields.digits import Writers
from ml.training.pages.cards import score_card
from ml.training.pages.grounds import sheet_on_ground
from ml.training.pages.marks import decimal_marks, minus_signs, slashes
from ml.training.pages.nothing import nothing_there
from ml.training.pages.numbers import at_the_edge, broken_strokes, plain_numbers, printed_beside_written, small_digits
from ml.training.pages.page import DrawnPage
from ml.training.pages.strangers import another_script, letters
from ml.training.pages.tables import digit_boxes, table

KINDS: Mapping[str, Callable[[Writers, Generator], DrawnPage]] = {
    "plain numbers": plain_numbers,
    "decimal marks": decimal_marks,
    "minus signs": minus_signs,
    "slashes": slashes,
    "small digits": small_digits,
    "at the edge": at_the_edge,
    "broken strokes": broken_strokes,
    "nothing there": nothing_there,
    "letters": letters,
    "tables": table,
    "another script": another_script,
    "sheet on a ground": sheet_on_ground,
    "digit boxes": digit_boxes,
    "printed beside written": printed_beside_written,
    "score cards": score_card,
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
