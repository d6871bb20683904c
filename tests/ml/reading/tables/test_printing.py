"""What a form prints fills rows and columns, so the cells beside one tell whether a machine printed it."""

from __future__ import annotations

import pytest

from ml.reading.acceptance.model import log_odds
from ml.reading.tables.printing import print_evidence
from tests.fixtures_cells import cell

ROWS, COLUMNS = range(3), range(5)
PRINTED, WRITTEN = 0.99, 0.02


def test_a_row_of_print_tells_of_each_cell_in_it() -> None:
    cells = [cell("4", row, column=column) for row in ROWS for column in COLUMNS]
    # The first row is printed; one of its digits looks as if a person wrote it.
    chances = [PRINTED if one.writing.cell.row == 0 else WRITTEN for one in cells]
    chances[2] = 0.4
    told = print_evidence(cells, chances)
    assert told[2].own < 0 < told[2].row
    assert all(one.row < 0 for one in told[len(COLUMNS) :])
    assert all(one.row > 0 for one in told[: len(COLUMNS)])
    turned = [cell("4", column, column=row) for row in ROWS for column in COLUMNS]
    columns = [one.column for one in print_evidence(turned, chances)]
    assert columns == [one.row for one in told], "a column of print as a row"


def test_a_cell_says_nothing_of_itself_and_one_other_says_little() -> None:
    (alone,) = print_evidence([cell("4", 0)], [PRINTED])
    assert (alone.own, alone.row, alone.column) == (pytest.approx(log_odds(PRINTED)), 0, 0)
    one, _ = print_evidence([cell("4", 0), cell("4", 0, column=1)], [WRITTEN, PRINTED])
    assert one.row == pytest.approx(log_odds(PRINTED) / 2)
    assert one.column == 0
