"""A mark sheet as a reader tells it: headings in words, numbers sure and in doubt, a number not read, an empty cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from ml.reading.elements import Box, Cell, Hypothesis, LayoutUsed, Page, PageReading, Provenance, Reading, Table
from recognition.models import Document, FieldReading
from tests.fixtures_fields import field_of

NO_NUMBER = "No number was read in this cell."
NOT_ASKED = "The layout says that no number is read in this cell."
DOUBT = "The recognisers do not agree."
WIDE, HIGH, LEFT, TOP = 100, 40, 20, 60

MARKS = (
    ("words", "words", "words"),
    ("words", "72", "8?"),
    ("words", "064", ""),
    ("words", "unread", "-20.50"),
)
"""What stands in the cells of the sheet; a "?" behind a number is the reader's doubt."""


def reading_in(text: str, box: Box) -> Reading | None:
    """What a reader would say of a cell with this text."""
    if not text:
        return None
    value = "" if text in ("words", "unread") else text.rstrip("?")
    checks = (NO_NUMBER,) if not value else (DOUBT,) if text.endswith("?") else ()
    made_by = Provenance("c" * 64, "layout=any-number")
    confidence = 0.0 if not value else 0.6 if checks else 0.99
    likely = (Hypothesis(value, confidence), Hypothesis("3", 0.2)) if value else ()
    return Reading(
        "number", value, value, confidence, not checks, (), box, made_by, checks, hypotheses=likely, kind="number"
    )


def table_read(texts: Sequence[Sequence[str]] = MARKS, *, wide: int = 1, top: int = TOP) -> Table:
    """A table with these texts; its first row's last cell spans `wide` columns."""
    rows = []
    for row, line in enumerate(texts):
        cells = []
        for column, text in enumerate(line):
            columns = wide if row == 0 and column == len(line) - 1 else 1
            left = LEFT + column * WIDE
            box = Box(left, top + row * HIGH, left + columns * WIDE, top + (row + 1) * HIGH)
            inside = Box(box.left + 10, box.top + 10, box.right - 10, box.bottom - 10)
            cells.append(Cell(row, column, box, reading_in(text, inside), columns=columns))
        rows.append(tuple(cells))
    right = max(cell.box.right for line in rows for cell in line)
    return Table(Box(LEFT, top, right, top + len(texts) * HIGH), tuple(rows))


def page_with(*tables: Table, number: int = 1) -> PageReading:
    """A page with a number above these tables."""
    above = field_of("number", "digits", "351", sure=True)
    page = Page(np.full((600, 800, 3), 240, np.uint8), number, None, f"{number:064}")
    return PageReading(page, (above, *(cell for table in tables for cell in table.numbers)), tables=tables)


NAMES = ("Pupil", "Maths", "Art")
"""The columns of the sheet, as a layout names them. The first is not read, nor is the row above the values."""


def named(table: Table) -> Table:
    """The table as it is read with the layout that names it."""
    rows = tuple(tuple(_as_told(cell) for cell in row) for row in table.rows)
    return replace(table, rows=rows, field="term_marks", columns=NAMES, header_rows=1)


def _as_told(cell: Cell) -> Cell:
    if cell.row > 0 and cell.column + cell.columns > 1:
        return cell
    reading = reading_in("words", cell.box) if cell.reading is not None else None
    return replace(cell, is_read=False, reading=reading and replace(reading, checks=(NOT_ASKED,)))


def sheet_with(table: Table | None, *checks: str) -> PageReading:
    """A page that was read with the layout: its table, or why there is none."""
    field = field_of("term_marks", "table", sure=not checks, hypotheses=(Hypothesis("", 0.0),), checks=checks, row=2)
    page = Page(np.full((600, 800, 3), 240, np.uint8), 1, None, f"{9:064}")
    tables = (table,) if table else ()
    numbers = tuple(number for one in tables for number in one.numbers)
    return PageReading(page, numbers, (field,), LayoutUsed("mark-sheet", 1, 0.9), tables=tables)


@pytest.fixture
def read_pages(upload: Callable[..., Document]) -> Callable[..., Document]:
    """A document of Alice's with these pages; another person's `uploaded_by` and another `name` can be given."""

    def make(*pages: PageReading, **given: object) -> Document:
        from worker.preview import jpeg_of

        document = Document.claim(upload(**given).pk)
        assert document is not None
        document.record([(page, jpeg_of(page.page.pixels)) for page in pages])
        return document

    return make


@pytest.fixture
def marks(read_pages: Callable[..., Document]) -> dict[tuple[int, int], FieldReading]:
    """The cells of Alice's mark sheet, by row and column."""
    document = read_pages(page_with(table_read()), name="marks.png")
    return cells_of(document)


def cells_of(document: Document, table: int = 1) -> dict[tuple[int, int], FieldReading]:
    """The cells of a document's table as they are now, by row and column."""
    found = FieldReading.objects.filter(page__document=document, table__number=table)
    return {(cell.row, cell.column): cell for cell in found}  # type: ignore[misc]
