"""Tables that were read: every cell is kept in its place, and is decided on as any other number."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.models import User
from ml.reading.elements import Table as ReadTable
from recognition.models import Decision, Document, FieldReading, Outcome, Table
from recognition.models.table import unread_numbers
from tests.fixtures_marks import (
    DOUBT,
    HIGH,
    LEFT,
    MARKS,
    NAMES,
    TOP,
    WIDE,
    cells_of,
    named,
    page_with,
    sheet_with,
    table_read,
)

Cells = dict[tuple[int, int], FieldReading]
Pages = Callable[..., Document]


def test_every_cell_keeps_its_place_and_its_box(marks: Cells) -> None:
    assert sorted(marks) == [(row, column) for row in range(4) for column in range(3)]
    assert marks[2, 1].cell_box == [LEFT + WIDE, TOP + 2 * HIGH, WIDE, HIGH]
    assert marks[2, 1].own_box == [LEFT + WIDE + 10, TOP + 2 * HIGH + 10, WIDE - 20, HIGH - 20]
    assert marks[2, 2].own_box == marks[2, 2].cell_box
    table = Table.objects.get()
    assert (table.number, table.row_count, table.column_count) == (1, 4, 3)
    assert table.own_box == [LEFT, TOP, 3 * WIDE, 4 * HIGH]


def test_a_number_of_a_table_is_one_row_with_its_place_among_the_numbers_of_the_page(marks: Cells) -> None:
    page = marks[1, 1].page
    numbers = [(reading.position, reading.value) for reading in page.readings.exclude(value="")]
    assert numbers == [(1, "351"), (2, "72"), (3, "8"), (4, "064"), (5, "-20.50")]
    assert page.readings.filter(value="72").get() == marks[1, 1]
    assert page.readings.get(value="351").table is None


def test_only_what_seems_to_be_a_number_is_asked_about(marks: Cells) -> None:
    assert {place for place, cell in marks.items() if cell.needs_person} == {(1, 2), (3, 1)}
    assert set(FieldReading.in_doubt()) == {marks[1, 2], marks[3, 1]}
    assert marks[1, 1].table is not None
    assert marks[1, 1].table.doubts == 2
    assert marks[1, 2].checks == [DOUBT]


def test_lists_tell_of_numbers_and_doubts_and_of_what_a_person_typed(marks: Cells, alice: User) -> None:
    told = {reading.label for reading in FieldReading.told()}
    asked = {"Row 2, column 2", "Row 2, column 3", "Row 3, column 2", "Row 4, column 2", "Row 4, column 3"}
    assert told == {"Number 1", *asked}
    marks[2, 2].correct("45", by=alice)
    assert {reading.label for reading in FieldReading.told()} == {"Number 1", *asked, "Row 3, column 3"}
    assert [reading.is_told for reading in FieldReading.objects.all()].count(True) == 7


@pytest.mark.parametrize(("place", "outcome"), [((2, 2), Outcome.NOTHING), ((0, 0), Outcome.NOTHING),
                                                ((3, 1), Outcome.WAITING), ((1, 1), Outcome.READ)])  # fmt: skip
def test_a_cell_that_was_not_read_can_be_given_a_value_and_loses_it_again(
    place: tuple[int, int], outcome: Outcome, marks: Cells, alice: User
) -> None:
    cell = marks[place]
    assert cell.outcome == outcome
    with cell.as_seen(0):
        cell.correct("45.5", by=alice)
    assert (cell.outcome, cell.current_value) == (Outcome.CORRECTED, "45.5")
    cell.undo_correction(by=alice)
    assert FieldReading.objects.get(pk=cell.pk).outcome == outcome


def test_a_cell_may_be_said_to_hold_nothing(marks: Cells, alice: User) -> None:
    marks[1, 2].set_aside(Decision.Verdict.ABSENT, by=alice)
    assert (marks[1, 2].outcome, marks[1, 2].current_value) == (Outcome.ABSENT, "")


def test_a_cell_that_spans_columns_says_so(read_pages: Pages) -> None:
    document = read_pages(page_with(table_read((("words", "words"), *MARKS[1:]), wide=2)))
    head = cells_of(document)[0, 1]
    assert (head.row_span, head.column_span) == (1, 2)
    assert Table.objects.get().column_count == 3


def test_several_tables_are_numbered_from_the_top(read_pages: Pages) -> None:
    document = read_pages(page_with(table_read((("1", "2"),)), table_read((("3", "4"),), top=300)))
    assert [cells_of(document, table)[0, 0].value for table in (1, 2)] == ["1", "3"]


def test_reading_again_removes_the_old_tables(read_pages: Pages) -> None:
    document = read_pages(page_with(table_read()))
    document.read_as("any-number")
    claimed = Document.claim(document.pk)
    assert claimed is not None
    claimed.record([(page_with(), b"a picture")])
    assert not Table.objects.exists()
    assert FieldReading.objects.count() == 1


@pytest.mark.parametrize(
    ("texts", "asked"),
    [
        pytest.param([["words", "words"], ["words", "7"], ["words", "unread"], ["words", "9"]], {(2, 1)}, id="marks"),
        pytest.param([["words", "words"], ["words", "words"]], set(), id="words alone"),
        pytest.param([["words", "11?"], ["words", "7"], ["words", "8"]], set(), id="a heading read as a number"),
        pytest.param([["words", "7"], ["8?", "8"], ["5?", "9"]], set(), id="names read as numbers"),
        pytest.param([["words", "1?"], ["words", "unread"], ["words", "8?"]], {(1, 1)}, id="a poor picture"),
        pytest.param([["48", "unread", "86"]], {(0, 1)}, id="one row"),
        pytest.param([["48", "words"], ["86", "words"]], set(), id="remarks at the right"),
        pytest.param([["7"], ["unread"], ["words"], ["words"], ["words"]], set(), id="mostly words"),
    ],
)
def test_numbers_that_were_not_read_are_known_by_their_neighbours(
    texts: list[list[str]], asked: set[tuple[int, int]]
) -> None:
    table: ReadTable = table_read(texts)
    assert {(cell.row, cell.column) for cell in unread_numbers(table)} == asked


def test_a_named_table_keeps_its_names(read_pages: Pages) -> None:
    document = read_pages(sheet_with(named(table_read())))
    table = Table.objects.get()
    assert (table.title, table.headings, table.header_rows) == ("Term marks", list(NAMES), 1)
    cells = cells_of(document)
    assert (cells[1, 1].label, cells[1, 2].label) == ("Row 2, Maths", "Row 2, Art")


def test_a_table_without_names_has_numbers_in_their_place(marks: Cells) -> None:
    table = Table.objects.get()
    assert (table.title, table.headings, table.names["field"]) == ("Table 1", ["1", "2", "3"], None)


def test_nobody_is_asked_about_what_is_not_to_be_read(read_pages: Pages) -> None:
    lonely = (("2026", "10", "20"), ("", "72", "85"), ("4071", "64", "90"), ("", "58", "77"))
    document = read_pages(sheet_with(named(table_read(lonely))))
    assert {place for place, cell in cells_of(document).items() if cell.value} == {
        (row, column) for row in (1, 2, 3) for column in (1, 2)
    }
    assert not FieldReading.in_doubt().exists()


def test_the_field_of_a_table_that_was_read_stands_for_no_number(read_pages: Pages) -> None:
    read_pages(sheet_with(named(table_read())))
    field = FieldReading.objects.get(of_layout=True)
    assert (field.kind, field.value, field.outcome) == ("table", "", Outcome.READ)
    assert (field.needs_person, field.is_told) == (False, False)
    assert field not in FieldReading.told()


def test_a_table_that_is_not_as_the_layout_says_is_asked_about(read_pages: Pages) -> None:
    read_pages(sheet_with(None, "3 columns were found here."))
    field = FieldReading.objects.get()
    assert (field.outcome, field.needs_person, field.is_told) == (Outcome.WAITING, True, True)
    assert not Table.objects.exists()


def test_an_empty_table_is_kept_so_that_it_can_be_filled_in(read_pages: Pages, alice: User) -> None:
    document = read_pages(sheet_with(named(table_read([[""] * 3] * 3)), "Nothing is written in this table."))
    cells = cells_of(document)
    assert len(cells) == 9
    cells[1, 1].correct("72", by=alice)
    assert cells_of(document)[1, 1].outcome == Outcome.CORRECTED
