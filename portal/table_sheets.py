"""Tables as files: each cell in the row and column that it has on the paper; what nobody has confirmed is told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from portal.spreadsheet import MOST_DECIMALS, SURE_DIGITS, Cell, Sheet, Written, workbook_of
from portal.tables import in_reading_order, place_of
from recognition.models import Decision, FieldReading, Table
from recognition.value_checks import standing_checks

WORDS = "…"
"""Stands for writing that seems to be no number."""

UNREAD = "?"
"""Stands behind a value, or in place of it, that waits for a person."""

UNREADABLE = "unreadable"

LEGEND = (
    (Written(Decimal(72), waits=True), "Read as 72, but not sure. Nobody has confirmed it yet."),
    (Written(UNREAD, waits=True, is_note=True), "A number stands here that was not read. Nobody has typed it yet."),
    (Written(WORDS, is_note=True), "Writing that seems to be no number."),
    (Written(UNREADABLE, is_note=True), "A person said that it cannot be read."),
)
NONE_WAITS = "No cell waits for a person."

_EXACT = re.compile(rf"-?(?:0|[1-9][0-9]*)(?:\.[0-9]{{1,{MOST_DECIMALS}}})?")


def plain_cells(table: Table) -> Iterator[list[Cell]]:
    """The rows of a table for CSV, in which a look tells nothing: "72 ?" waits for a person."""
    for row in _rows(table):
        yield [_in_plain_text(cell) if isinstance(cell, Written) else cell for cell in row]


def tables_workbook(tables: Sequence[Table]) -> Iterator[bytes]:
    """An XLSX file of a document's tables: a sheet for each, and one that explains them, in pieces."""
    return workbook_of(_sheets(tables))


def _sheets(tables: Sequence[Table]) -> Iterator[Sheet]:
    for table in tables:
        merged = [_range(cell, table) for cell in table.cells.all() if _is_merged(cell, table)]
        yield Sheet(_name(table), _rows(table), merged)
    yield Sheet("Legend", [*_legend(tables)])


def _legend(tables: Sequence[Table]) -> Iterator[list[Cell]]:
    """What each look means, then every cell that waits for a person, with the reason."""
    yield ["In a cell", "It means"]
    yield from map(list, LEGEND)
    yield []
    waiting = [(table, cell) for table in tables for cell in in_reading_order(table.cells.all()) if cell.needs_person]
    yield ["Table", "Cell", "Read as", "Why it waits"] if waiting else [NONE_WAITS]
    for table, cell in waiting:
        row, column = place_of(cell)
        yield [_name(table), _address(row + _further_down(table), column), cell.value, " ".join(standing_checks(cell))]


def _rows(table: Table) -> list[list[Cell]]:
    """The rows of a table, the columns' names above the values where a layout has them.

    The names stand in place of the last row above the values, so that all others are where they are on the paper.
    Where no row stands there, all others move down.
    """
    rows: list[list[Cell]] = [[_written(cell) if cell is not None else "" for cell in row] for row in _grid(table)]
    if not table.columns:
        return rows
    return [*rows[: max(0, table.header_rows - 1)], list(table.columns), *rows[table.header_rows :]]


def _further_down(table: Table) -> int:
    """How many rows further down a file has its rows than the paper."""
    return 1 if table.columns and not table.header_rows else 0


def _is_merged(cell: FieldReading, table: Table) -> bool:
    """Whether a cell spans several, and none of them is in the row where the columns' names stand."""
    row, _ = place_of(cell)
    has_name = bool(table.columns) and row < table.header_rows <= row + cell.row_span
    return cell.row_span * cell.column_span > 1 and not has_name


def _grid(table: Table) -> list[list[FieldReading | None]]:
    """Every place of a table: a cell where it begins, None where it only spans."""
    grid: list[list[FieldReading | None]] = [[None] * table.column_count for _ in range(table.row_count)]
    for cell in table.cells.all():
        row, column = place_of(cell)
        grid[row][column] = cell
    return grid


def _written(cell: FieldReading) -> Written:
    decision = cell.decision
    if decision is not None and not decision.value:
        is_unreadable = decision.verdict == Decision.Verdict.UNREADABLE
        return Written(UNREADABLE if is_unreadable else "", is_note=is_unreadable)
    if value := cell.current_value:
        return Written(number_of(value), waits=cell.needs_person)
    if cell.needs_person:
        return Written(UNREAD, waits=True, is_note=True)
    return Written("" if cell.is_empty else WORDS, is_note=not cell.is_empty)


def number_of(value: str) -> str | Decimal:
    """The value as a number, if that is written in the same way: "0077" and "3/4" stay texts."""
    digits = re.sub("[^0-9]", "", value)
    is_exact = _EXACT.fullmatch(value) and len(digits) <= SURE_DIGITS and (digits.strip("0") or value[0] != "-")
    return Decimal(value) if is_exact else value


def _in_plain_text(cell: Written) -> Cell:
    return f"{cell.value} {UNREAD}" if cell.waits and not cell.is_note else cell.value


def _name(table: Table) -> str:
    return (
        f"Table {table.number}"
        if table.page.document.page_count == 1
        else f"Page {table.page.number}, table {table.number}"
    )


def _range(cell: FieldReading, table: Table) -> str:
    row, column = place_of(cell)
    row += _further_down(table)
    return f"{_address(row, column)}:{_address(row + cell.row_span - 1, column + cell.column_span - 1)}"


def _address(row: int, column: int) -> str:
    """A cell's name in a spreadsheet: "B3" for row 2, column 1, both from 0."""
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"
