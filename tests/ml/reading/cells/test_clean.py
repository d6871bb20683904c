"""Rules taken out of a table, and the strokes that cross them kept."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.cells.clean import CleanTable, clean_table
from ml.reading.elements import Page
from ml.reading.grids.find import find_grids
from ml.reading.ink.ink import find_ink
from tests.fixtures_tables import USUAL, Look, bent, numbers, table_of, turned

Pixels = NDArray[np.uint8]


def cleaned(page: Pixels) -> CleanTable:
    ink = find_ink(Page(page, 1, None, ""))
    (grid,) = find_grids(ink.soft)
    return clean_table(page, ink, grid)


@pytest.mark.parametrize("look", [USUAL, Look(rule=4), Look(rule=1, grey=200)], ids=["usual", "thick", "fine and grey"])
@pytest.mark.parametrize(
    "spoil", [lambda page: page, lambda page: turned(page, 2), lambda page: bent(page, 16)], ids=["", "askew", "bent"]
)
def test_hardly_a_speck_is_left_of_the_rules_of_an_empty_table(look: Look, spoil: Callable[[Pixels], Pixels]) -> None:
    table = cleaned(spoil(table_of([[""] * 4] * 5, look)))
    assert table.ink.rows[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(initial=0) <= 5
    assert table.ink.mask.sum() <= 20


def test_digits_that_touch_no_rule_keep_all_their_ink() -> None:
    values = numbers(4, 3)
    table = cleaned(table_of(values))
    blank = np.full_like(table_of(values), USUAL.paper)
    alone = table_of(values, Look(rule=1, grey=USUAL.paper))
    assert alone.shape == blank.shape
    written = find_ink(Page(alone, 1, None, "")).mask
    inside = written[table.top : table.top + table.ink.mask.shape[0], table.left : table.left + table.ink.mask.shape[1]]
    assert np.mean(inside != table.ink.mask) < 0.002


def test_a_stroke_that_crosses_a_rule_stays_whole() -> None:
    page = table_of([[""] * 3] * 3)
    x, y = USUAL.room + USUAL.wide // 2, USUAL.room + USUAL.high
    cv2.line(page, (x - 6, y - 25), (x + 6, y + 25), (20, 20, 20), 4)
    table = cleaned(page)
    count, _, rows, _ = cv2.connectedComponentsWithStats(table.ink.mask)
    assert count == 2, "the stroke is in pieces"
    assert rows[1, cv2.CC_STAT_HEIGHT] >= 48
