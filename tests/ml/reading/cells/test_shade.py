"""Cells on grey or on a colour: what is written there is read as on white."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ml.reading.cells.clean import CleanTable, clean_table
from ml.reading.cells.shade import without_shade
from ml.reading.cells.writing import writing_in
from ml.reading.elements import Page
from ml.reading.grids.find import find_grids
from ml.reading.ink.ink import find_ink
from tests.fixtures_tables import USUAL, Pixels, numbers, table_of


def cleaned(page: Pixels) -> CleanTable:
    ink = find_ink(Page(page, 1, None, ""))
    (grid,) = find_grids(ink.soft)
    return clean_table(page, ink, grid)


def shaded(page: Pixels, row: int, shade: int) -> Pixels:
    """A page of a table with one of its rows on grey."""
    top = USUAL.room + row * USUAL.high
    part = page[top : top + USUAL.high, USUAL.room : page.shape[1] - USUAL.room]
    part[:] = cv2.min(part, np.full_like(part, shade))
    return page


@pytest.mark.parametrize("shade", [170, 120, 105])
def test_writing_on_a_shaded_row_is_as_on_white(shade: int) -> None:
    values = numbers(4, 6)
    table = without_shade(cleaned(shaded(table_of(values), 2, shade)))
    on_white = {one.cell: one.box for one in writing_in(cleaned(table_of(values)), 1.0)}
    found = {one.cell: one.box for one in writing_in(table, 1.0)}
    assert found.keys() == on_white.keys()
    for cell, box in on_white.items():
        sides = [(box.left, found[cell].left), (box.right, found[cell].right)]
        assert max(abs(one - other) for one, other in sides) <= 3, "the ground is taken for ink"


def test_a_table_on_white_stays_as_it_is() -> None:
    table = cleaned(table_of(numbers(3, 3)))
    assert without_shade(table) is table
