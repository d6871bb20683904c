"""Tables as files: each cell where it is on the paper, numbers as numbers, and what nobody confirmed told as such."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from accounts.models import User
from portal.table_sheets import LEGEND, NONE_WAITS, number_of
from recognition.models import Decision, Document, FieldReading
from tests.fixtures_marks import DOUBT, MARKS, NAMES, named, page_with, sheet_with, table_read
from tests.portal.test_export_cells import as_documented

Cells = dict[tuple[int, int], FieldReading]
Pages = Callable[..., Document]


def workbook(client: Client, document: Document) -> Workbook:
    answer: Any = client.get(reverse("tables-spreadsheet", args=[document.pk]))
    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def lines(client: Client, document: Document, number: int = 1) -> list[list[str]]:
    answer = client.get(reverse("table-csv", args=[document.pk, 1, number]))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_sheet_has_each_cell_where_it_is_on_the_paper(owner: Client, marks: Cells) -> None:
    book = workbook(owner, marks[0, 0].page.document)
    assert book.sheetnames == ["Table 1", "Legend"]
    assert list(book["Table 1"].iter_rows(values_only=True)) == [
        ("…", "…", "…"),
        ("…", 72, 8),
        ("…", "064", None),
        ("…", "?", -20.5),
    ]


def test_numbers_are_numbers_with_their_decimals_and_leading_noughts_are_kept(owner: Client, marks: Cells) -> None:
    sheet = workbook(owner, marks[0, 0].page.document)["Table 1"]
    assert [(sheet[place].data_type, sheet[place].number_format) for place in ("B2", "B3", "C4")] == [
        ("n", "0"), ("s", "General"), ("n", "0.00"),
    ]  # fmt: skip


def test_what_nobody_confirmed_is_told_by_sign_frame_and_colour(owner: Client, marks: Cells) -> None:
    sheet = workbook(owner, marks[0, 0].page.document)["Table 1"]
    waiting, sure = sheet["C2"], sheet["B2"]
    assert '" ?"' in waiting.number_format
    assert (waiting.border.left.style, waiting.fill.fill_type) == ("dashed", "solid")
    assert (sheet["B4"].value, sheet["B4"].border.left.style) == ("?", "dashed")
    assert '" ?"' not in sure.number_format
    assert (sure.border.left, sure.fill.fill_type) == (None, None)


def test_the_legend_explains_each_look_and_names_what_waits(owner: Client, marks: Cells) -> None:
    legend = list(workbook(owner, marks[0, 0].page.document)["Legend"].iter_rows(values_only=True))
    assert [row[1] for row in legend[1 : 1 + len(LEGEND)]] == [sentence for _, sentence in LEGEND]
    assert legend[-3][:4] == ("Table", "Cell", "Read as", "Why it waits")
    assert legend[-2][:4] == ("Table 1", "C2", "8", DOUBT)
    assert legend[-1][:2] == ("Table 1", "B4")


def test_what_a_person_decided_stands_there_as_theirs(owner: Client, marks: Cells, alice: User) -> None:
    marks[1, 2].correct("85", by=alice)
    marks[3, 1].set_aside(Decision.Verdict.UNREADABLE, by=alice)
    marks[1, 1].set_aside(Decision.Verdict.ABSENT, by=alice)
    marks[2, 2].correct("7.50", by=alice)
    book = workbook(owner, marks[0, 0].page.document)
    sheet = book["Table 1"]
    assert list(sheet.iter_rows(values_only=True))[1:] == [
        ("…", None, 85), ("…", "064", 7.5), ("…", "unreadable", -20.5),
    ]  # fmt: skip
    assert sheet["C2"].fill.fill_type is None
    assert book["Legend"]["A7"].value == NONE_WAITS


def test_csv_has_the_rows_and_columns_and_tells_what_waits_in_words(owner: Client, marks: Cells) -> None:
    found = lines(owner, marks[0, 0].page.document)
    assert found == [
        ["…", "…", "…"],
        ["…", "72", "8 ?"],
        ["…", '="064"', ""],
        ["…", "?", "-20.50"],
    ]
    assert as_documented(found[2][1]) == "064"


def test_a_cell_that_spans_columns_is_merged_and_its_room_is_left(owner: Client, read_pages: Pages) -> None:
    document = read_pages(page_with(table_read((("1", "2"), *MARKS[1:]), wide=2)))
    sheet = workbook(owner, document)["Table 1"]
    assert [str(cells) for cells in sheet.merged_cells.ranges] == ["B1:C1"]
    assert [cell.value for cell in sheet[2]] == ["…", 72, 8]
    assert lines(owner, document)[0] == ["1", "2", ""]


def test_each_table_of_each_page_is_a_sheet(owner: Client, read_pages: Pages) -> None:
    one, other = table_read((("11", "12"),)), table_read((("21", "22"),), top=300)
    document = read_pages(page_with(one, other), page_with(table_read((("31", "32"),)), number=2))
    book = workbook(owner, document)
    assert book.sheetnames == ["Page 1, table 1", "Page 1, table 2", "Page 2, table 1", "Legend"]
    assert [book[name]["A1"].value for name in book.sheetnames[:3]] == [11, 21, 31]
    assert lines(owner, document, 2) == [["21", "22"]]


def test_the_file_has_the_documents_name(owner: Client, read_pages: Pages) -> None:
    document = read_pages(page_with(table_read()), name='marks "7b" é.scan.png')
    answer: Any = owner.get(reverse("tables-spreadsheet", args=[document.pk]))
    assert "filename*=utf-8''marks%20%227b%22%20%C3%A9.scan-tables.xlsx" in answer["Content-Disposition"]
    assert "\n" not in answer["Content-Disposition"]


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("0", Decimal(0)),
        ("-5", Decimal(-5)),
        ("0.50", Decimal("0.50")),
        ("999999999999999", Decimal(999999999999999)),
    ],
)
def test_what_a_spreadsheet_shows_as_it_is_written_is_a_number(value: str, number: Decimal) -> None:
    assert number_of(value) == number


@pytest.mark.parametrize("value", ["007", "-0", "-0.0", "3/4", "8/9/2025", "1,234", ".5", "1.2345678", "9" * 16, "1?2"])
def test_any_other_value_stays_a_text(value: str) -> None:
    assert number_of(value) == value
    assert isinstance(number_of(value), str)


def test_the_columns_names_stand_above_the_values_in_place_of_the_papers_heading(
    owner: Client, read_pages: Pages
) -> None:
    document = read_pages(sheet_with(named(table_read(wide=1))))
    assert lines(owner, document) == [
        list(NAMES),
        ["…", "72", "8 ?"],
        ["…", '="064"', ""],
        ["…", "?", "-20.50"],
    ]
    sheet = workbook(owner, document)["Table 1"]
    assert [cell.value for cell in sheet[1]] == list(NAMES)
    assert [cell.value for cell in sheet[2]] == ["…", 72, 8]


def test_a_heading_that_spans_columns_gives_way_to_their_names(owner: Client, read_pages: Pages) -> None:
    texts = (("words", "words"), *MARKS[1:])
    document = read_pages(sheet_with(named(table_read(texts, wide=2))))
    sheet = workbook(owner, document)["Table 1"]
    assert list(sheet.merged_cells.ranges) == []
    assert [cell.value for cell in sheet[1]] == list(NAMES)


def test_where_no_row_stands_above_the_values_all_move_down_and_the_legend_follows(
    owner: Client, read_pages: Pages
) -> None:
    table = replace(named(table_read((("11", "12"), *MARKS[1:]), wide=2)), header_rows=0)
    document = read_pages(sheet_with(table))
    book = workbook(owner, document)
    sheet = book["Table 1"]
    assert [cell.value for cell in sheet[1]] == list(NAMES)
    assert [str(cells) for cells in sheet.merged_cells.ranges] == ["B2:C2"]
    assert [cell.value for cell in sheet[3]] == ["…", 72, 8]
    assert [row[1] for row in book["Legend"].iter_rows(values_only=True)][-2:] == ["C3", "B5"]


def test_a_name_that_looks_like_a_formula_stays_a_text(owner: Client, read_pages: Pages) -> None:
    table = replace(named(table_read()), columns=("=1+1", "Maths", "2026"))
    document = read_pages(sheet_with(table))
    assert lines(owner, document)[0] == ["'=1+1", "Maths", "2026"]
    cell = workbook(owner, document)["Table 1"]["A1"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")
