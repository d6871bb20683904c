"""Tables have their numbers in rows and columns, boxes one number a row."""

from __future__ import annotations

import numpy as np
import pytest

from ml.training.fields.digits import Writers
from ml.training.pages.tables import Grid, digit_boxes, table

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
