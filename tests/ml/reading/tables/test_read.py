"""Whole tables read: each value in its row and column, and what is outside read as before."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.acceptance.evidence import SEEMS_PRINTED
from ml.reading.elements import Box, PageReading, Table
from ml.reading.forms.layout_json import shipped_layouts
from ml.reading.forms.layouts import ANY_NUMBER, ONE_NUMBER, Layout
from ml.reading.read import POOR, read_scan
from ml.reading.reader import Reader
from ml.reading.tables.digit_cells import MAY_BE_BOXES
from ml.training.sheets.filled import fill_in
from ml.training.sheets.strokes import draw_number
from ml.training.synthesis.signs import print_word
from tests.fixtures_tables import USUAL, Look, bent, numbers, put, table_of, turned

Pixels = NDArray[np.uint8]
Encode = Callable[..., bytes]
SIZES = [(2, 1), (1, 3), (2, 2), (3, 3), (6, 4), (14, 8)]
WITH_GAPS = [["48", "", "351"], ["", "", "86"], ["207", "915", ""]]


@pytest.fixture(scope="module")
def read(reader: Reader, as_file: Encode) -> Callable[..., PageReading]:
    def read_pixels(pixels: Pixels, layout: Layout = ANY_NUMBER) -> PageReading:
        (page,) = read_scan(as_file(pixels), layout, reader)
        return page

    return read_pixels


Read = Callable[..., PageReading]


def values_of(table: Table) -> list[list[str]]:
    return [["" if cell.reading is None else cell.reading.value for cell in row] for row in table.rows]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("look", [USUAL, Look(grey=200)], ids=["black rules", "grey rules"])
def test_each_value_stands_in_its_row_and_column(size: tuple[int, int], look: Look, read: Read) -> None:
    written = numbers(*size)
    page = read(table_of(written, look))
    (table,) = page.tables
    assert values_of(table) == written
    assert [reading.value for reading in page.readings] == [value for row in written for value in row]


@pytest.mark.parametrize("size", [(7, 2), (6, 4)], ids=str)
def test_a_table_with_level_rules_alone_is_read(size: tuple[int, int], read: Read) -> None:
    written = numbers(*size)
    (table,) = read(table_of(written, Look(walls=False))).tables
    assert values_of(table) == written


def test_a_number_on_each_line_is_read_without_a_table(read: Read) -> None:
    written = numbers(14, 1)
    page = read(table_of(written, Look(wide=400, walls=False)))
    assert page.tables == ()
    assert [reading.value for reading in page.readings] == [value for (value,) in written]


@pytest.mark.parametrize("spoil", [lambda page: turned(page, 2), lambda page: bent(page, 16)], ids=["askew", "bent"])
def test_a_table_in_a_photo_is_read(spoil: Callable[[Pixels], Pixels], read: Read) -> None:
    written = numbers(6, 4)
    (table,) = read(spoil(table_of(written))).tables
    assert values_of(table) == written


def test_an_empty_cell_has_no_reading(read: Read) -> None:
    (table,) = read(table_of(WITH_GAPS)).tables
    assert values_of(table) == WITH_GAPS
    assert [cell.reading is None for row in table.rows for cell in row] == [
        not text for row in WITH_GAPS for text in row
    ]


def test_boxes_lie_on_the_page(read: Read) -> None:
    (table,) = read(table_of(WITH_GAPS)).tables
    cell = table.rows[0][2]
    left, top = USUAL.room + 2 * USUAL.wide, USUAL.room
    expected = Box(left, top, left + USUAL.wide, top + USUAL.high)
    assert np.abs(np.subtract(cell.box.xywh, expected.xywh)).max() <= 4
    assert cell.reading is not None
    inner = cell.reading.box
    assert cell.box.union(inner) == cell.box, "the number stands outside of its cell"
    lefts = [digit.box.left for digit in cell.reading.digits]
    assert lefts == sorted(lefts)
    assert len(lefts) == 3


def test_two_tables_and_a_number_between_them_are_read_in_order(read: Read) -> None:
    upper, lower = numbers(2, 3), numbers(3, 3, seed=2)
    page = np.vstack([table_of(upper), table_of(lower)])
    put(page, "4071", (250, 2 * USUAL.room + 2 * USUAL.high), 40, np.random.default_rng(1))
    found = read(page)
    assert [values_of(table) for table in found.tables] == [upper, lower]
    flat = [value for row in [*upper, ["4071"], *lower] for value in row]
    assert [reading.value for reading in found.readings] == flat


@pytest.mark.parametrize("text", ["21.8", "-52", "0.5"])
def test_marks_are_part_of_the_value(text: str, read: Read) -> None:
    (table,) = read(table_of([["351", text], ["86", "48"]])).tables
    reading = table.rows[0][1].reading
    assert reading is not None
    assert reading.value == text


def test_a_raised_point_is_a_point(read: Read) -> None:
    page = table_of([["351", "20 5"], ["86", "48"]])
    middle = round(USUAL.room + 1.5 * USUAL.wide) + 12, USUAL.room + USUAL.high // 2
    cv2.circle(page, middle, 2, (0, 0, 0), -1, cv2.LINE_AA)
    (table,) = read(page).tables
    reading = table.rows[0][1].reading
    assert reading is not None
    assert reading.value == "20.5" or not reading.accepted
    assert reading.value == "20.5"


def test_a_digit_over_a_rule_belongs_to_its_cell_and_to_no_other(read: Read) -> None:
    page = table_of([["", ""], ["86", "48"]])
    put(page, "351", (USUAL.room + 0.5 * USUAL.wide, USUAL.room + 0.5 * USUAL.high + 18), 34, np.random.default_rng(1))
    (table,) = read(page).tables
    assert values_of(table) == [["351", ""], ["86", "48"]]


def test_a_number_half_over_a_rule_is_asked_about(read: Read) -> None:
    page = table_of([["", ""], ["", "48"]])
    put(page, "35", (USUAL.room + 0.5 * USUAL.wide, USUAL.room + USUAL.high + 3), 40, np.random.default_rng(1))
    (table,) = read(page).tables
    across = [row[0].reading for row in table.rows if row[0].reading is not None]
    assert across
    assert not any(reading.accepted for reading in across)
    assert all(reading.checks for reading in across), "a person is told why"


def test_a_digit_whose_foot_lies_on_a_rule_is_asked_about(read: Read) -> None:
    page = table_of([["", "86"], ["351", "48"]])
    put(page, "22", (USUAL.room + 0.5 * USUAL.wide, USUAL.room + USUAL.high - 18), 36, np.random.default_rng(1))
    (table,) = read(page).tables
    reading = table.rows[0][0].reading
    assert reading is not None
    assert not reading.accepted


def test_neighbours_are_not_joined_over_their_rule(read: Read) -> None:
    look = Look(wide=76)
    (table,) = read(table_of([["67", "41", "10", "10"], ["82", "53", "19", "70"]], look)).tables
    assert values_of(table) == [["67", "41", "10", "10"], ["82", "53", "19", "70"]]


def test_a_table_of_a_poor_picture_passes_nothing(read: Read) -> None:
    page = cv2.GaussianBlur(table_of(numbers(3, 3)), (0, 0), 5)
    found = read(page)
    readings = [*found.readings, *(cell.reading for table in found.tables for row in table.rows for cell in row)]
    assert not any(reading.accepted for reading in readings if reading is not None)
    assert all(POOR in reading.checks for reading in readings if reading is not None)


def test_frames_around_paragraphs_are_no_table(read: Read) -> None:
    look = Look(wide=400, high=300)
    page = table_of([[""], [""]], look)
    rng = np.random.default_rng(7)
    for line in range(10):
        put(page, str(1000 + 137 * line), (260, 95 + 58 * line), 34, rng)
    found = read(page)
    assert found.tables == ()
    assert [reading.value for reading in found.readings] == [str(1000 + 137 * line) for line in range(10)]


@pytest.mark.parametrize("square", [24, 44])
def test_numbers_on_squared_paper_are_not_cut_at_its_squares(square: int, read: Read) -> None:
    page = np.full((700, 900, 3), 250, np.uint8)
    page[::square] = page[:, ::square] = (190, 200, 225)
    rng = np.random.default_rng(7)
    written = [str(1234 + 137 * line) for line in range(7)]
    for line, text in enumerate(written):
        put(page, text, (300 + 17 * line, 70 + 90 * line), 34, rng)
    found = read(page)
    assert found.tables == ()
    assert not [reading.value for reading in found.readings if reading.accepted and reading.value not in written]


def test_numbers_over_the_walls_of_large_squares_are_not_cut(read: Read) -> None:
    """Each digit fits between two walls, so none is torn: the next digit of its number is just beyond the wall."""
    page = np.full((520, 640, 3), 250, np.uint8)
    page[20::60] = page[:, 20::60] = (190, 150, 150)
    rng = np.random.default_rng(7)
    written = ["52895", "34903", "75516", "9366"]
    for line, text in enumerate(written):
        for place, digit in enumerate(text):  # a wall after the second and the fourth digit
            put(page, digit, (90 + 29 * place + 3 * (place // 2), 112 + 120 * line), 34, rng)
    found = read(page)
    assert found.tables == ()
    assert not [reading.value for reading in found.readings if reading.accepted and reading.value not in written]


@pytest.mark.parametrize("paper", ["lined", "squared"])
def test_numbers_on_paper_that_is_lined_from_edge_to_edge_are_not_cut(paper: str, read: Read) -> None:
    """They stand below each other as in columns, each within its lines and squares."""
    page = np.full((620, 700, 3), 250, np.uint8)
    page[40::80] = 200
    if paper == "squared":
        page[:, 30::80] = 200
    rng = np.random.default_rng(7)
    written = [["62", "65"], ["357", "80"], ["96", "161"], ["63", "45"], ["324", "860"], ["445", "542"]]
    for line, texts in enumerate(written):
        for place, text in enumerate(texts):
            put(page, text, (150 + 240 * place, 80 + 80 * line), 34, rng)
    found = read(turned(page, 0.6))
    assert found.tables == ()
    whole = {text for line in written for text in line}
    assert whole <= {reading.value for reading in found.readings}
    assert {reading.value for reading in found.readings if reading.accepted} <= whole


def test_a_table_of_squares_with_a_number_in_each_is_a_table(read: Read) -> None:
    written = numbers(4, 5)
    (table,) = read(table_of(written, Look(wide=112, high=112))).tables
    assert values_of(table) == written


def test_columns_in_a_frame_around_lines_are_columns(read: Read) -> None:
    written = numbers(5, 3)
    page = table_of(written, Look(walls=False))
    for x in (USUAL.room, USUAL.room + 3 * USUAL.wide):
        cv2.line(page, (x, USUAL.room), (x, USUAL.room + 5 * USUAL.high), (60,) * 3, 2)
    (table,) = read(page).tables
    assert values_of(table) == written


def test_two_numbers_in_a_cell_do_not_pass_as_one(read: Read) -> None:
    (table,) = read(table_of([["351  86", "48"], ["207", "915"]], Look(wide=260))).tables
    reading = table.rows[0][0].reading
    assert reading is not None
    assert not reading.accepted


def test_what_is_almost_surely_printed_never_passes(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    page = table_of(numbers(3, 3))
    assert any(reading.accepted for reading in read(page).readings)
    monkeypatch.setattr(Reader, "print_chances", lambda self, lines: [0.985] * len(lines))
    found = read(page).readings
    assert found
    assert not [reading.value for reading in found if reading.accepted]
    assert all(SEEMS_PRINTED in reading.checks for reading in found)


def test_what_seems_to_be_printed_and_is_asked_about_says_so(read: Read) -> None:
    look, rng = Look(room=140), np.random.default_rng(3)
    page = table_of([[""] * 3] * 3, look)
    cells = [(140 + 130 * column + 40, 140 + 64 * row + 18) for row in range(3) for column in range(3)]
    texts = ("48", "351", "86", "207", "915", "64", "350", "72", "508", "4071")
    for (x, y), text in zip([*cells, (200, 50)], texts, strict=True):
        ink = print_word(text, 28, rng)[..., None]
        place = page[y : y + ink.shape[0], x : x + ink.shape[1]]
        place[:] = place * (1 - np.clip(ink, 0, 1))
    found = read(page)
    assert found.tables
    asked = [reading for reading in found.readings if reading.printed and not reading.accepted]
    assert asked
    assert all(SEEMS_PRINTED in reading.checks for reading in asked)


def test_a_picture_of_one_number_has_no_table(read: Read) -> None:
    assert read(table_of([["48", "351"], ["86", "207"]]), ONE_NUMBER).tables == ()


@pytest.mark.parametrize("layout", [layout for layout in shipped_layouts() if layout.size], ids=lambda one: one.name)
def test_a_sheet_with_fields_is_no_table(layout: Layout, read: Read) -> None:
    picture = fill_in(layout, None, np.random.default_rng(5)).picture
    assert read(np.repeat(picture[:, :, None], 3, axis=2)).tables == ()


def sums_in_boxes(heading: str = "") -> Pixels:
    """Three sums, each with its digits in boxes that are wider than high, between its name and its words."""
    page = np.full((320, 860, 3), 246, np.uint8)
    columns, rows = [40, 260, 330, 400, 470, 810], range(70, 251, 45)
    for y in rows:
        cv2.line(page, (columns[0], y), (columns[-1], y), (50, 50, 50), 2)
    for x in columns:
        cv2.line(page, (x, rows[0]), (x, rows[-1]), (50, 50, 50), 2)
    for row, text in enumerate(("   " if heading else "", "573", "412", "985")):
        for place, sign in enumerate(text):
            at = columns[1 + place] + 22, rows[0] + 45 * row + 33
            if row:
                ink = draw_number(sign, 26, np.random.default_rng(11 * row + place), gap=0.2, pen=0.12, slant=0.05)
                part = page[at[1] - 26 : at[1] - 26 + ink.shape[0], at[0] : at[0] + ink.shape[1]]
                part[:] = np.minimum(part, 255 - ink[: part.shape[0], :, None])
            else:
                cv2.putText(
                    page, "Tor", (at[0] - 8, at[1]), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (50, 50, 50), 1, cv2.LINE_AA
                )
        for x, words in ((60, "Jumlah suara"), (490, "lima ratus")):
            cv2.putText(page, words, (x, rows[0] + 45 * row + 31), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (50, 50, 50), 1)
    return page


def test_the_digits_of_a_sum_in_columns_of_a_table_do_not_pass_as_numbers(read: Read) -> None:
    page = read(sums_in_boxes())
    assert not [reading.value for reading in page.readings if reading.accepted]
    assert MAY_BE_BOXES in {check for reading in page.readings for check in reading.checks}


def test_columns_with_headings_hold_numbers_of_one_digit(read: Read) -> None:
    page = read(sums_in_boxes("Tor"))
    assert MAY_BE_BOXES not in {check for reading in page.readings for check in reading.checks}
