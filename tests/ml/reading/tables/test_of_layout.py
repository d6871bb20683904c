"""Tables that a layout names: read with their names where they are as it says, and told as doubtful where not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.elements import Page, PageReading, Table, TypedText
from ml.reading.forms.landmarks import Landmarks
from ml.reading.forms.layout_json import layout_from_json
from ml.reading.forms.layouts import Layout
from ml.reading.read import EITHER_WAY, POOR, read_page, read_scan
from ml.reading.reader import Reader
from ml.reading.tables.of_layout import BESIDE, NO_TABLE, NO_WALLS, NOTHING_WRITTEN, SPANS
from ml.reading.tables.read import NOT_ASKED
from tests.fixtures_tables import (
    FORM_CORNER,
    HEADINGS,
    USUAL,
    Look,
    form_of,
    numbers,
    put,
    table_field,
    table_of,
    turned,
)

Pixels = NDArray[np.uint8]
Read = Callable[..., PageReading]

MARKS = [
    ["2026", "10", "20", "30"],
    ["4071", "72", "8.5", "305"],
    ["4072", "64", "", "418"],
    ["4073", "58", "7.5", "296"],
]
"""A header, and pupils' numbers in a column that is not read."""

READ = [["", "", "", ""], ["", "72", "8.5", "305"], ["", "64", "", "418"], ["", "58", "7.5", "296"]]
ROWS = len(MARKS)


def layout_with(field: dict[str, object], **given: object) -> Layout:
    told: dict[str, Any] = {"name": "mark-sheet", "title": "Mark sheet", "fields": [field]}
    return layout_from_json(told | given)


@pytest.fixture(scope="module")
def read(reader: Reader, as_file: Callable[..., bytes]) -> Read:
    def read_pixels(pixels: Pixels, layout: Layout | None = None) -> PageReading:
        (page,) = read_scan(as_file(pixels), layout or layout_with(table_field(ROWS)), reader)
        return page

    return read_pixels


def values_of(table: Table) -> list[list[str]]:
    return [["" if cell.reading is None else cell.reading.value for cell in row] for row in table.rows]


def refused(page: PageReading) -> str:
    """Why nothing of the table was read."""
    (field,) = page.fields
    assert (field.kind, field.accepted, field.value) == ("table", False, "")
    assert (page.tables, page.readings) == ((), ())
    (check,) = field.checks
    return check


def test_a_known_table_is_read_with_its_names(read: Read) -> None:
    page = read(form_of(MARKS))
    (table,) = page.tables
    assert (table.field, table.columns, table.header_rows) == ("marks", HEADINGS, 1)
    assert values_of(table) == READ
    assert all(number.accepted for number in table.numbers)
    assert page.readings == table.numbers
    (field,) = page.fields
    assert (field.field, field.kind, field.value, field.accepted, field.checks) == ("marks", "table", "", True, ())
    left, top, width, height = field.box.xywh
    expected = (*FORM_CORNER, 4 * USUAL.wide, ROWS * USUAL.high)
    assert np.abs(np.subtract((left, top, width, height), expected)).max() <= 4


def test_what_is_not_to_be_read_passes_no_number_and_says_why(read: Read) -> None:
    (table,) = read(form_of(MARKS)).tables
    unread = [cell for row in table.rows for cell in row if not cell.is_read]
    assert {(cell.row, cell.column) for cell in unread} == {(0, at) for at in range(4)} | {(at, 0) for at in range(4)}
    for cell in unread:
        assert cell.reading is not None
        assert (cell.reading.value, cell.reading.accepted, cell.reading.checks) == ("", False, (NOT_ASKED,))


def test_without_a_header_values_begin_in_the_first_row(read: Read) -> None:
    layout = layout_with(table_field(ROWS, header_rows=0))
    (table,) = read(form_of(MARKS), layout).tables
    assert values_of(table)[0] == ["", "10", "20", "30"]


def test_it_is_found_again_on_a_scan_that_lies_askew(read: Read) -> None:
    blank = form_of([[""] * 4] * ROWS)
    layout = layout_with(table_field(ROWS))
    landmarks = Landmarks.of(blank, [layout.fields[0].place])
    assert landmarks is not None
    layout = layout_with(table_field(ROWS), landmarks=landmarks.as_json)
    page = read(turned(form_of(MARKS, seed=5), 2.0), layout)
    (table,) = page.tables
    assert page.layout is not None
    assert values_of(table) == READ


@pytest.mark.parametrize("names", [HEADINGS[:3], (*HEADINGS, "Music")], ids=["too few", "too many"])
def test_another_number_of_columns_is_told_and_nothing_passes(names: tuple[str, ...], read: Read) -> None:
    reason = refused(read(form_of(MARKS), layout_with(table_field(ROWS, names))))
    assert reason.startswith(f"4 columns were found here, and the layout has {len(names)}")


def test_where_no_table_stands_nothing_passes(read: Read) -> None:
    page = form_of([[""] * 4] * ROWS, Look(grey=USUAL.paper))
    assert refused(read(page)) == NO_TABLE


def test_a_table_that_fills_only_a_part_of_its_place_is_another_one(read: Read) -> None:
    assert refused(read(form_of(MARKS[:2]))) == NO_TABLE


@pytest.mark.parametrize("row", [0, ROWS], ids=["first", "last"])
def test_a_row_that_was_not_found_is_told_and_nothing_passes(row: int, read: Read) -> None:
    page = form_of([*MARKS, *MARKS[1:3]])
    rule = FORM_CORNER[1] + (ROWS + 2 if row else 0) * USUAL.high
    page[rule - 4 : rule + 5] = USUAL.paper  # no outer rule
    assert refused(read(page, layout_with(table_field(ROWS + 2)))) == BESIDE


def test_a_digit_that_reaches_out_of_the_table_keeps_nothing_from_being_read(read: Read) -> None:
    page = form_of([*MARKS[:3], ["4073", "58", "7.5", ""]])
    middle = FORM_CORNER[0] + 3.5 * USUAL.wide, FORM_CORNER[1] + ROWS * USUAL.high - 14.0
    put(page, "296", middle, 34, np.random.default_rng(2))
    (table,) = read(page).tables
    assert [row[1:3] for row in values_of(table)] == [row[1:3] for row in READ]


def test_without_walls_nothing_passes_because_a_column_may_be_missing(read: Read) -> None:
    layout = layout_with(table_field(6, HEADINGS, header_rows=0))
    (table,) = read(form_of(numbers(6, 4), Look(walls=False)), layout).tables
    assert table.columns == HEADINGS
    assert table.numbers
    assert not any(number.accepted for number in table.numbers)
    assert all(number.checks[-1] == NO_WALLS for number in table.numbers)


def test_a_table_without_a_row_for_values_is_told(read: Read) -> None:
    layout = layout_with(table_field(ROWS, header_rows=ROWS))
    assert refused(read(form_of(MARKS), layout)).startswith("4 rows were found here")


@pytest.mark.parametrize("required", [True, False])
def test_an_empty_table_is_told_unless_it_may_be(required: bool, read: Read) -> None:
    header_alone = [MARKS[0], *[[row[0], "", "", ""] for row in MARKS[1:]]]
    page = read(form_of(header_alone), layout_with(table_field(ROWS, required=required)))
    (table,) = page.tables
    assert table.numbers == ()
    assert page.fields[0].checks == ((NOTHING_WRITTEN,) if required else ())
    assert page.fields[0].accepted != required


def test_a_number_in_a_cell_that_spans_two_columns_does_not_pass(read: Read) -> None:
    page = form_of([*MARKS[:3], ["4073", "", "", "296"]])
    x, y = FORM_CORNER[0] + 2 * USUAL.wide, FORM_CORNER[1] + 3 * USUAL.high
    filled = form_of([[""] * 4] * 3 + [["", "58", "", ""]])
    own = filled[y + 4 : y + USUAL.high - 4, x - USUAL.wide + 4 : x - 4]
    page[y + 4 : y + USUAL.high - 4, x - 4 : x + 5] = USUAL.paper  # no wall
    page[y + 4 : y + USUAL.high - 4, x - USUAL.wide // 2 : x - USUAL.wide // 2 + own.shape[1]] = own
    (table,) = read(page).tables
    cell = table.rows[3][1]
    assert cell.columns == 2
    assert cell.reading is not None
    assert cell.reading.value == "58"
    assert not cell.reading.accepted
    assert cell.reading.checks[-1] == SPANS
    assert table.rows[3][2].reading is not None
    assert table.rows[3][2].reading.accepted


@pytest.mark.parametrize("quarters", [0, 2], ids=["upright", "upside down"])
def test_upside_down_nothing_passes(quarters: int, read: Read) -> None:
    page = np.ascontiguousarray(np.rot90(table_of([row[1:] for row in MARKS[1:]]), quarters))
    share = [USUAL.room / side - 0.01 for side in (page.shape[1], page.shape[0])]
    layout = layout_with(table_field(0, HEADINGS[1:], place=[*share, 1 - share[0], 1 - share[1]], header_rows=0))
    (table,) = read(page, layout).tables
    assert [number.accepted for number in table.numbers] == [quarters == 0] * 8
    assert all((EITHER_WAY in number.checks) != number.accepted for number in table.numbers)


def test_of_a_poor_picture_nothing_passes(read: Read) -> None:
    (table,) = read(cv2.GaussianBlur(form_of(MARKS), (0, 0), 2.5)).tables
    assert table.numbers
    assert not any(number.accepted for number in table.numbers)
    assert all(POOR in number.checks for number in table.numbers)


def test_typed_text_in_a_column_that_is_not_read_passes_no_number(reader: Reader) -> None:
    (found,) = read_page(Page(form_of(MARKS), 1, None, ""), layout_with(table_field(ROWS)), reader).tables
    typed = tuple(
        TypedText(text, cell.box)
        for row, texts in zip(found.rows, MARKS, strict=True)
        for cell, text in zip(row, texts, strict=True)
        if text
    )
    page = Page(form_of(MARKS), 1, None, "", typed)
    (table,) = read_page(page, layout_with(table_field(ROWS)), reader).tables
    assert values_of(table) == READ
    assert all(number.typed for number in table.numbers)
