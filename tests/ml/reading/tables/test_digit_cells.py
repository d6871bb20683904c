"""Which cells may be boxes for the digits of one number, and which hold numbers of one digit."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from ml.reading.grids.find import Grid, GridCell
from ml.reading.tables.digit_cells import digit_cells
from ml.reading.tables.recognise import ReadCell
from tests.fixtures_cells import cell


def grid_of(columns: int, rows: int) -> Grid:
    """Cells of 50 × 40 pixels, the first column three times as wide, and so is the last."""
    x = np.array([0, *range(150, 150 + 50 * (columns - 1), 50), 250 + 50 * (columns - 1)], float)
    nodes = np.stack(np.meshgrid(x, np.arange(rows + 1) * 40.0), axis=2)
    return Grid(nodes, tuple(GridCell(row, column) for row in range(rows) for column in range(columns)))


def read(rows: list[list[str]]) -> list[ReadCell]:
    """The cells as the network of notes reads them."""
    cells = []
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            if text:
                line: Any = SimpleNamespace(transcript=SimpleNamespace(text=text))
                cells.append(replace(cell(text, row, column=column), line=line))
    return cells


def doubted(rows: list[list[str]]) -> int:
    return len(digit_cells(grid_of(len(rows[0]), len(rows)), read(rows)))


SCORES = [["", *"45346", "22"], ["", *"55447", "25"], ["", *"44335", "19"]]


def test_digits_that_add_up_at_the_end_of_their_rows_are_numbers() -> None:
    assert not doubted(SCORES)


@pytest.mark.parametrize("last", [("", "", ""), ("22", "26", "20"), ("573", "412", "985")], ids=str)
def test_other_digits_side_by_side_may_be_one_number(last: tuple[str, str, str]) -> None:
    rows = [[*row[:-1], end] for row, end in zip(SCORES, last, strict=True)]
    assert doubted(rows) == 15


def test_a_sum_in_one_row_may_be_chance() -> None:
    assert doubted([SCORES[0], [*SCORES[1][:-1], "30"], [*SCORES[2][:-1], ""]]) == 15


def test_columns_are_the_same_where_one_row_has_lost_one() -> None:
    """In one row the last of nine columns is wider, as by a fold; in the others they are too many for one number."""
    grid = grid_of(11, 3)
    nodes = grid.nodes.copy()
    nodes[2:, 9, 0] -= 25
    rows = [["", *"123456789", "36"], ["", *"453460535", ""], ["", *"434434434", ""]]
    assert not digit_cells(replace(grid, nodes=nodes), read(rows))
