"""Tables have their numbers in rows and columns, boxes one number a row."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from ml.training.fields.digits import Writers
from ml.training.pages.tables import Grid, columns_of, digit_boxes, table

pytestmark = pytest.mark.training


def test_grids_come_with_every_sort_of_rules_and_more_than_one_cell() -> None:
    grids = [Grid.random(20, np.random.default_rng(seed)) for seed in range(60)]
    assert {grid.rules for grid in grids} == {"full", "grey", "horizontal", "none"}
    assert all((len(grid.lefts) - 1) * (len(grid.tops) - 1) > 1 for grid in grids)


def test_numbers_of_a_table_stand_in_rows(writers: Writers) -> None:
    for seed in range(8):
        numbers = table(writers, np.random.default_rng(seed)).numbers
        middles = sorted((number.box.top + number.box.bottom) / 2 for number in numbers)
        tall = max(number.box.height for number in numbers)
        steps = np.diff([0.0, *middles])
        assert ((steps < 0.7 * tall) | (steps > 0.9 * tall)).mean() > 0.9


def test_neighbouring_numbers_without_a_wall_keep_their_distance(writers: Writers) -> None:
    for seed in range(25):
        numbers = table(writers, np.random.default_rng(seed)).numbers
        for one in numbers:
            for other in numbers:
                level = min(one.box.bottom, other.box.bottom) - max(one.box.top, other.box.top)
                if other.box.left >= one.box.right and level > 0.5 * one.box.height:
                    assert other.box.left - one.box.right >= 3


def test_each_row_of_boxes_is_one_number_or_empty(writers: Writers) -> None:
    rows = [len(digit_boxes(writers, np.random.default_rng(seed)).numbers) for seed in range(20)]
    assert max(rows) >= 3
    values = [n.value for seed in range(20) for n in digit_boxes(writers, np.random.default_rng(seed)).numbers]
    assert {len(value) for value in values} >= {1, 2, 3, 4}


def drawn(empty: float) -> list[list[list[str]]]:
    """The columns of many tables with 6 rows and 5 columns."""
    return [columns_of(6, 5, empty, words=True, rng=np.random.default_rng(seed)) for seed in range(200)]


def total(texts: list[str]) -> Decimal:
    return sum((Decimal(text) for text in texts if text), Decimal(0))


@pytest.mark.parametrize("empty", [0.0, 0.5])
def test_some_tables_have_the_sums_of_their_rows_in_the_last_column(empty: float) -> None:
    summed = 0
    for columns in drawn(empty):
        starts = [first for first in range(3) if all(_are_numbers(column) for column in columns[first:])]
        rows = [[*zip(*columns[first:], strict=True)] for first in starts]
        summed += any(all(total([*row[:-1]]) == total([row[-1]]) for row in one) and total(columns[-1]) for one in rows)
    assert 10 < summed < 100


@pytest.mark.parametrize("empty", [0.0, 0.5])
def test_some_tables_have_the_sums_of_their_columns_in_the_last_row(empty: float) -> None:
    summed = 0
    for columns in drawn(empty):
        numbers = [column for column in columns if _are_numbers(column) and column[-1]]
        summed += len(numbers) > 1 and all(total(column[:-1]) == total(column[-1:]) for column in numbers)
    assert 10 < summed < 100


def _are_numbers(texts: list[str]) -> bool:
    return all(text == "" or text[0].isdigit() for text in texts)
