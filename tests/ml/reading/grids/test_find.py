"""Which rules make a table, and where its cells are."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.elements import Page
from ml.reading.forms.layout_json import shipped_layouts
from ml.reading.forms.layouts import Layout
from ml.reading.grids.bands import without_bands
from ml.reading.grids.find import Grid, GridCell, find_grids
from ml.reading.ink.ink import find_ink
from ml.training.sheets.filled import fill_in
from tests.fixtures_tables import USUAL, Look, bent, numbers, put, table_of, turned, write

Pixels = NDArray[np.uint8]
SIZES = [(2, 1), (1, 3), (2, 2), (3, 3), (6, 4), (14, 8)]
LOOKS = {
    "full rules": USUAL,
    "fine black rules": Look(rule=1, grey=0),
    "thick rules": Look(rule=4),
    "grey rules on a light page": Look(grey=200),
}


def grids_on(page: Pixels) -> list[Grid]:
    return find_grids(find_ink(Page(page, 1, None, "")).soft)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
def test_each_cell_has_its_row_and_column(size: tuple[int, int], look: Look) -> None:
    (grid,) = grids_on(table_of(numbers(*size), look))
    assert grid.shape == size
    rows, columns = np.indices((size[0] + 1, size[1] + 1))
    expected = look.room + np.stack([columns * look.wide, rows * look.high], axis=2)
    assert np.abs(grid.nodes - expected).max() <= 3, "a boundary is beside its rule"
    assert grid.cells == tuple(GridCell(row, column) for row in range(size[0]) for column in range(size[1]))


@pytest.mark.parametrize("degrees", [-3, -1, 2, 3])
def test_a_table_that_lies_askew_is_found(degrees: float) -> None:
    (grid,) = grids_on(turned(table_of(numbers(6, 4)), degrees))
    assert grid.shape == (6, 4)


def test_a_bent_table_is_followed_along_its_rules() -> None:
    (grid,) = grids_on(bent(table_of(numbers(6, 4)), 24))
    assert grid.shape == (6, 4)
    sag = grid.nodes[:, 2, 1] - (grid.nodes[:, 0, 1] + grid.nodes[:, -1, 1]) / 2
    assert sag.min() > 8, "the boundaries are straight, and the rules are not"


def test_broken_rules_are_rules() -> None:
    page = table_of(numbers(4, 3))
    for start in range(72, max(page.shape[:2]), 43):
        for gap in (page[:, start : start + 5], page[start : start + 5]):
            gap[gap.max(axis=2) == USUAL.grey] = USUAL.paper
    assert [grid.shape for grid in grids_on(page)] == [(4, 3)]


def test_a_table_drawn_by_hand_is_found() -> None:
    rng = np.random.default_rng(5)
    page = np.full((420, 560, 3), 248, np.uint8)
    for row in range(5):
        ends = [(60 + 40 * step, 60 + 70 * row + int(rng.integers(-2, 3))) for step in range(12)]
        cv2.polylines(page, [np.array(ends, np.int32)], False, (50, 50, 70), 2, cv2.LINE_AA)
    for column in range(4):
        ends = [(60 + 145 * column + int(rng.integers(-2, 3)), 56 + 40 * step) for step in range(8)]
        cv2.polylines(page, [np.array(ends, np.int32)], False, (50, 50, 70), 2, cv2.LINE_AA)
    write(page, numbers(4, 3), Look(wide=145, high=70))
    assert [grid.shape for grid in grids_on(page)] == [(4, 3)]


def test_two_tables_on_a_page_are_two() -> None:
    page = np.vstack([table_of(numbers(3, 4)), table_of(numbers(2, 4, seed=2))])
    assert sorted(grid.shape for grid in grids_on(page)) == [(2, 4), (3, 4)]


def test_a_heading_over_several_columns_is_one_cell() -> None:
    page = table_of([[""] * 3, *numbers(3, 3)])
    for column in (1, 2):
        x = USUAL.room + column * USUAL.wide
        page[USUAL.room + 3 : USUAL.room + USUAL.high - 2, x - 3 : x + 4] = USUAL.paper
    (grid,) = grids_on(page)
    assert grid.cells[0] == GridCell(0, 0, 1, 3)
    assert len(grid.cells) == 10


def test_a_table_open_at_its_sides_has_its_outer_columns() -> None:
    page = table_of(numbers(4, 3))
    for column in (0, 3):
        x = USUAL.room + column * USUAL.wide
        page[:, x - 3 : x + 4] = USUAL.paper
    (grid,) = grids_on(page)
    assert grid.shape == (4, 3)


@pytest.mark.parametrize("degrees", [0, 2])
@pytest.mark.parametrize("size", [(2, 2), (7, 2), (6, 4), (14, 8)], ids=str)
def test_columns_without_walls_follow_from_the_writing(size: tuple[int, int], degrees: float) -> None:
    (grid,) = grids_on(turned(table_of(numbers(*size), Look(walls=False)), degrees))
    assert grid.shape == size
    assert not grid.ruled_columns


def test_a_large_page_has_the_same_table() -> None:
    page = cv2.resize(table_of(numbers(6, 4)), None, fx=4, fy=4, interpolation=cv2.INTER_LINEAR).astype(np.uint8)
    (grid,) = grids_on(page)
    assert grid.shape == (6, 4)
    assert np.abs(grid.nodes[0, 0] - 4 * USUAL.room).max() <= 6


def test_a_lone_frame_is_no_table() -> None:
    assert grids_on(table_of([["482"]], Look(wide=400, high=150, digit=60))) == []


def test_ruled_paper_is_no_table() -> None:
    page = np.full((700, 600, 3), 250, np.uint8)
    rng = np.random.default_rng(2)
    for row in range(9):
        cv2.line(page, (0, 60 + 70 * row), (599, 60 + 70 * row), (150,) * 3, 2)
        put(page, str(rng.integers(100, 99999)), (150 + 40 * row, 32 + 70 * row), 34, rng)
    assert grids_on(page) == []


def test_a_number_on_each_line_is_no_table() -> None:
    assert grids_on(table_of(numbers(7, 1), Look(wide=400, walls=False))) == []


def test_writing_on_lines_is_no_table() -> None:
    page = np.full((700, 900, 3), 250, np.uint8)
    rng = np.random.default_rng(2)
    for row in range(9):
        cv2.line(page, (0, 60 + 70 * row), (899, 60 + 70 * row), (150,) * 3, 2)
        for word in range(6):
            put(page, str(rng.integers(10, 9999)), (70 + 140 * word + rng.integers(-20, 60), 32 + 70 * row), 34, rng)
    assert grids_on(page) == []


def test_a_row_of_boxes_for_digits_is_no_table() -> None:
    assert grids_on(table_of([list("482057")], Look(wide=50, high=60))) == []


@pytest.mark.parametrize("layout", [layout for layout in shipped_layouts() if layout.size], ids=lambda one: one.name)
def test_no_cheque_and_no_form_with_fields_is_a_table(layout: Layout) -> None:
    picture = fill_in(layout, None, np.random.default_rng(4)).picture
    assert grids_on(np.repeat(picture[:, :, None], 3, axis=2)) == []


def score_card(*, fold: bool = False) -> Pixels:
    """A card of 9 rows and 20 columns; in some rows, shaded darker or paler, no rule is seen."""
    page = np.full((520, 1240, 3), 245, np.uint8)
    lefts = [60, 200, *range(250, 1200, 50)]
    tops = range(60, 430, 40)
    for row, shade in ((0, (40, 60, 130)), (3, (150, 150, 150)), (6, (140, 150, 120)), (7, (170, 30, 30))):
        cv2.rectangle(page, (lefts[0], tops[row]), (lefts[-1], tops[row + 1]), shade, -1)
    for y in tops:
        cv2.line(page, (lefts[0], y), (lefts[-1], y), (90, 90, 90), 1)
    for x in lefts:
        cv2.line(page, (x, tops[0]), (x, tops[-1]), (90, 90, 90), 1)
    for row in range(9):
        print_on = (235, 235, 235) if row in (0, 7) else (20, 20, 60)
        for column, x in enumerate(lefts[1:-1]):
            text = str((row * 7 + column * 3) % 9 + 1)
            cv2.putText(page, text, (x + 18, tops[row] + 28), cv2.FONT_HERSHEY_SIMPLEX, 0.7, print_on, 2, cv2.LINE_AA)
    if fold:
        cv2.line(page, (620, 0), (628, page.shape[0]), (120, 120, 120), 4)
    return page


@pytest.mark.parametrize("degrees", [0, 1.5])
def test_rows_on_shaded_bands_are_rows(degrees: float) -> None:
    (grid,) = grids_on(turned(score_card(), degrees))
    assert grid.shape == (9, 20)


def test_borders_of_bands_are_rules_of_a_table() -> None:
    page = np.full((360, 1100, 3), 245, np.uint8)
    for top in (60, 140, 220):
        cv2.rectangle(page, (50, top), (1050, top + 40), (150, 160, 180), -1)
    for x in range(50, 1051, 125):
        cv2.line(page, (x, 60), (x, 260), (60, 60, 60), 2)
    assert [grid.shape for grid in grids_on(page)] == [(5, 8)]


def test_a_fold_of_the_paper_is_no_wall() -> None:
    (grid,) = grids_on(score_card(fold=True))
    assert grid.shape == (9, 20)


@pytest.mark.parametrize("ground", [245, 170])
def test_large_writing_is_no_band(ground: int) -> None:
    page = np.full((400, 1400, 3), ground, np.uint8)
    put(page, "58308", (600, 200), 200, np.random.default_rng(3))
    soft = find_ink(Page(page, 1, None, "")).soft
    assert without_bands(soft) is soft


def test_many_square_cells_beside_a_column_of_names_are_a_table() -> None:
    page = np.full((560, 1240, 3), 245, np.uint8)
    lefts, tops = [60, 240, *range(280, 1081, 40)], range(60, 461, 40)
    for y in tops:
        cv2.line(page, (lefts[0], y), (lefts[-1], y), (60, 60, 60), 2)
    for x in lefts:
        cv2.line(page, (x, tops[0]), (x, tops[-1]), (60, 60, 60), 2)
    (grid,) = grids_on(page)
    assert grid.shape == (10, 22)
    assert not grid.is_squared
