"""What stands in the cells of an export: what a spreadsheet and a program make of it is what was there."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from portal import spreadsheet
from portal.views.exports import safe_cells


def as_documented(cell: str) -> str:
    """The way back of docs/exports.md: `="0077"` is 0077, and an apostrophe that was put before a text is dropped."""
    found = re.search(r"`re\.sub\(r'(.+)', r\"(.+)\", cell\)`", (settings.BASE_DIR / "docs/exports.md").read_text())
    assert found
    return re.sub(found[1], found[2], cell)


@pytest.mark.parametrize(
    "cell",
    [-1, 0.5, "351", "1234.50", "0.05", "9" * 15, "2026-01-31", "a=b", "", "3?1", "122105155⑆", Decimal("1234.50")],
)
def test_what_a_spreadsheet_leaves_alone_is_left_alone(cell: Any) -> None:
    assert safe_cells([cell]) == [cell]


@pytest.mark.parametrize(
    "figures",
    [
        "0077",
        "00",
        "9" * 16,
        "1/2/26",
        "12.31.2026",
        "1,234.50",
        "1 234",
        "12:30",
        "1e5",
        "1-2",
        " 0077",
        "1." + "9" * 16,
        ".50",
        "(12)",
        "( 1,234.50 )",
        "50%",
        "12.5 %",
    ],
)
def test_figures_that_a_spreadsheet_would_change_are_written_so_that_it_shows_them(figures: str) -> None:
    assert safe_cells([figures]) == [f'="{figures}"']


@given(st.one_of(st.text(), st.text("'=+-@\"0123456789 .,/%()\t\r\n", max_size=8)))
def test_what_was_written_for_spreadsheets_is_the_text_again_on_the_documented_way_back(text: str) -> None:
    [cell] = safe_cells([text])
    assert as_documented(str(cell)) == text


@pytest.mark.parametrize("text", ["'=1", "'", "'0077"])
def test_an_apostrophe_that_was_there_stays(text: str) -> None:
    assert safe_cells([text]) == [f"'{text}"]


def test_an_amount_with_more_digits_than_a_spreadsheet_keeps_is_a_text() -> None:
    assert safe_cells([Decimal("1234567890123456.78")]) == ['="1234567890123456.78"']


@pytest.mark.parametrize("rows_in_it", [1, 9, 10])
def test_what_one_sheet_has_no_room_for_stands_in_the_next(rows_in_it: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 4)
    data = b"".join(spreadsheet.spreadsheet_of(["n", "text"], ([n, f"<{n}>\x0b"] for n in range(rows_in_it))))
    book = load_workbook(io.BytesIO(data))
    assert len(book.sheetnames) == -(-rows_in_it // 3)
    found = [row for page in book for row in page.iter_rows(min_row=2, values_only=True)]
    assert found == [(n, f"<{n}>�") for n in range(rows_in_it)]


def sheet_of(*cells: Any) -> tuple[str, list[Any]]:
    """A sheet with one row of these cells: its XML, and the cells as a spreadsheet reads them."""
    data = io.BytesIO(b"".join(spreadsheet.spreadsheet_of(["heading"] * len(cells), [cells])))
    [row] = load_workbook(data).active.iter_rows(min_row=2)
    return zipfile.ZipFile(data).read("xl/worksheets/sheet1.xml").decode(), list(row)


def test_a_day_before_which_spreadsheets_count_wrongly_is_a_text() -> None:
    _, (last, first) = sheet_of(date(1900, 2, 28), date(1900, 3, 1))  # they have a 29 February 1900
    assert (last.value, last.data_type) == ("1900-02-28", "s")
    assert (first.is_date, first.value.date()) == (True, date(1900, 3, 1))


@pytest.mark.parametrize("text", ["_x000D_", "a_x0041_b_x005f_", "_x005F_x0041_", "_x41_", "_X0041_", "_x0041"])
def test_a_text_that_looks_like_an_escaped_sign_stays_that_text(text: str) -> None:
    xml, _ = sheet_of(text)
    written = re.findall("<t [^>]*>([^<]*)</t>", xml)[-1]
    # ECMA-376, part 1, 22.9.2.19: so programs read what is written in a cell.
    assert re.sub("_x([0-9A-Fa-f]{4})_", lambda sign: chr(int(sign[1], 16)), written) == text
