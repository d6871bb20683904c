"""Rings that people draw around digits of a table: they are no part of them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ml.reading.cells.clean import clean_table
from ml.reading.cells.writing import CellWriting, writing_in
from ml.reading.elements import Page
from ml.reading.grids.find import find_grids
from ml.reading.ink.ink import find_ink
from tests.fixtures_tables import Look, table_of

LOOK = Look(wide=90, high=90, digit=34)
DIGITS = [["4", "5", "0"], ["6", "3", "8"], ["9", "7", "2"]]


def written(*, radius: int, beside: int = 0) -> dict[tuple[int, int], CellWriting]:
    """The cells of a table; around the digit in its middle is a ring, or so many pixels beside it; no ring for 0."""
    page = table_of(DIGITS, LOOK)
    if radius:
        middle = (round(LOOK.room + 1.5 * LOOK.wide) + beside, round(LOOK.room + 1.5 * LOOK.high))
        cv2.ellipse(page, middle, (radius, radius), 0, 10, 355, (30, 30, 60), 3, cv2.LINE_AA)
    ink = find_ink(Page(page, 1, None, ""))
    (grid,) = find_grids(ink.soft)
    table = clean_table(page, ink, grid)
    return {(one.cell.row, one.cell.column): one for one in writing_in(table, ink.scale)}


def test_a_ring_around_a_digit_is_left_out_of_its_cell() -> None:
    bare, ringed = written(radius=0)[1, 1], written(radius=33)[1, 1]
    assert ringed.box == bare.box
    assert not ringed.is_ringed
    assert np.abs(ringed.picture.astype(int) - bare.picture).max() < 60, "a part of the ring is left in the picture"


def test_a_ring_that_touches_its_digit_is_told() -> None:
    assert written(radius=22, beside=6)[1, 1].is_ringed


@pytest.mark.parametrize("row", range(3))
def test_digits_without_a_ring_stay_whole(row: int) -> None:
    cells = written(radius=0)
    assert not any(one.is_ringed for one in cells.values())
    assert all(cells[row, column].box.height >= LOOK.digit - 4 for column in range(3))
