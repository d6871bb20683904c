"""The writing of each cell: what belongs to it, and what is known of it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.cells.clean import clean_table
from ml.reading.cells.writing import CellWriting, writing_in
from ml.reading.elements import Page
from ml.reading.grids.find import find_grids
from ml.reading.ink.ink import find_ink
from tests.fixtures_tables import USUAL, Look, put, table_of

Pixels = NDArray[np.uint8]
BLACK = (0, 0, 0)


def written(page: Pixels) -> dict[tuple[int, int], CellWriting]:
    ink = find_ink(Page(page, 1, None, ""))
    (grid,) = find_grids(ink.soft)
    return {(one.cell.row, one.cell.column): one for one in writing_in(clean_table(page, ink, grid), ink.scale)}


def middle_of(row: int, column: int) -> tuple[int, int]:
    return round(USUAL.room + (column + 0.5) * USUAL.wide), round(USUAL.room + (row + 0.5) * USUAL.high)


def test_empty_cells_have_none_though_there_are_specks() -> None:
    page = table_of([["48", ""], ["", "351"]])
    for at in range(5):
        cv2.circle(page, (middle_of(0, 1)[0] + 7 * at, middle_of(0, 1)[1]), 1, BLACK, -1)
    assert set(written(page)) == {(0, 0), (1, 1)}


def test_a_digit_that_reaches_over_a_rule_is_not_in_its_neighbours_picture() -> None:
    page = table_of([["", ""], ["86", "48"]])
    x, y = middle_of(0, 0)
    put(page, "7", (x, y + 14), 44, np.random.default_rng(1))
    found = written(page)
    assert not found[0, 0].is_torn
    alone = written(table_of([["", ""], ["86", "48"]]))
    assert found[1, 0].box == alone[1, 0].box
    assert found[1, 0].picture.shape == alone[1, 0].picture.shape


def test_a_digit_half_in_each_of_two_cells_is_torn_in_both() -> None:
    page = table_of([["", "86"], ["", "48"]])
    put(page, "7", (middle_of(0, 0)[0], USUAL.room + USUAL.high), 44, np.random.default_rng(1))
    found = written(page)
    assert found[0, 0].is_torn
    assert found[1, 0].is_torn


def test_a_point_beside_digits_belongs_to_them() -> None:
    page = table_of([["20 5", "86"], ["351", "48"]])
    x, y = middle_of(0, 0)
    cv2.circle(page, (x + 12, y), 2, BLACK, -1, cv2.LINE_AA)
    found = written(page)
    assert (found[0, 0].small_marks, found[0, 0].has_points) == (1, True)
    assert (found[0, 1].small_marks, found[0, 1].has_points) == (0, False)


def test_a_dash_is_no_point() -> None:
    found = written(table_of([["-20", "86"], ["351", "48"]]))
    assert (found[0, 0].small_marks, found[0, 0].has_points) == (1, False)


def test_lines_and_gaps_are_counted() -> None:
    look = Look(wide=260, high=140)
    page = table_of([["351  86", ""], ["", "48"]], look)
    for down in (-30, 30):
        put(page, "207", (look.room + 1.5 * look.wide, look.room + look.high / 2 + down), 34, np.random.default_rng(1))
    found = written(page)
    assert (found[0, 0].is_parted, found[0, 0].line_count) == (True, 1)
    assert found[0, 1].line_count == 2
    assert (found[1, 1].is_parted, found[1, 1].line_count) == (False, 1)
