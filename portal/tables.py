"""What the grid of a table shows: its cells row by row, each with its value and its state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from portal.cards import Badge, badge_of, shown_value
from portal.entries import Entry
from recognition.models import FieldReading, Table


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of the grid.

    Attributes:
        reading: What was read there, and what people decided.
        badge: Its state.
        text: What the cell shows; empty where nothing stands there, or its picture is shown.
        shows_picture: Whether the picture of what is written stands there, because it is no number.
        tells_state: Whether its state is told in the cell. Most cells are sure, and say nothing of it.
        heads: What it is the heading of: "column", "row", or nothing.
    """

    reading: FieldReading
    badge: Badge
    text: str
    shows_picture: bool
    tells_state: bool
    heads: str = ""

    @classmethod
    def of(cls, reading: FieldReading, heads: str = "") -> GridCell:
        """The grid's cell of a reading."""
        is_decided = reading.decision is not None
        shows_picture = not (is_decided or reading.needs_person or reading.value or reading.is_empty)
        has_text = is_decided or reading.value or reading.needs_person
        return cls(
            reading=reading,
            badge=badge_of(reading),
            text=(shown_value(reading).text if is_decided or reading.value else "?") if has_text else "",
            shows_picture=shows_picture,
            tells_state=is_decided or reading.needs_person,
            heads=heads,
        )

    @property
    def words(self) -> str:
        """What stands there and its state, to be read aloud: "72, needs a look"."""
        state = self.badge.word.lower()
        if not self.text or self.text == self.badge.word:
            return state
        return f"{'not read' if self.text == '?' else self.text}, {state}"

    @property
    def entry(self) -> Entry:
        """The form on its card, from which the grid takes what stands in the cell when it is edited."""
        return Entry.of(self.reading, None, "", is_outdated=False)


@dataclass(frozen=True, slots=True)
class ColumnCard:
    """What is told of a whole column, and can be decided on it at once.

    Attributes:
        number: The column, from 1.
        label: Its name.
        doubts: The cells that need a look.
        emptied: The cells that were last called absent at once.
        emptied_at: When that was; None where there are none.
        notice: What the person has to know first, because the column changed meanwhile; else empty.
        told: What was done just now; else empty.
    """

    number: int
    label: str
    doubts: list[FieldReading]
    emptied: list[FieldReading]
    emptied_at: datetime | None
    notice: str
    told: str

    @classmethod
    def of(cls, table: Table, column: int, *, notice: str = "", told: str = "") -> ColumnCard:
        """The card of a table's column, from 0."""
        emptied = table.emptied_in(column)
        decision = emptied[0].decision if emptied else None
        return cls(
            number=column + 1,
            label=table.column_label(column),
            doubts=table.doubts_in(column),
            emptied=emptied,
            emptied_at=decision.decided_at if decision else None,
            notice=notice,
            told=told,
        )


def address_of(reading: FieldReading) -> str:
    """Where the card of a reading stands: on the page of its table, or of its document."""
    page, place = reading.page, f"number-{reading.pk}"
    if reading.table is None:
        return f"{reverse('document', args=[page.document_id])}?page={page.number}#{place}"
    return f"{reverse('table', args=[page.document_id, page.number, reading.table.number])}?cell={reading.pk}#{place}"


def rows_of(table: Table, cells: Sequence[FieldReading]) -> list[list[GridCell]]:
    """The rows of a table: in each the cells that begin there, from the left."""
    top, left = table.header_rows or heading_rows(cells), heading_columns(cells)
    rows: list[list[GridCell]] = [[] for _ in range(table.row_count)]
    for cell in in_reading_order(cells):
        row, column = place_of(cell)
        is_words = not (cell.is_empty or cell.value or cell.asked)
        heads = "column" if is_words and row < top else "row" if is_words and column < left else ""
        rows[row].append(GridCell.of(cell, heads))
    return rows


def in_reading_order(cells: Iterable[FieldReading]) -> list[FieldReading]:
    """Cells from the top, in each row from the left."""
    return sorted(cells, key=place_of)


def place_of(cell: FieldReading) -> tuple[int, int]:
    """The row and the column of a cell, from 0."""
    assert cell.row is not None  # noqa: S101
    assert cell.column is not None  # noqa: S101
    return cell.row, cell.column


def heading_rows(cells: Sequence[FieldReading]) -> int:
    """How many rows stand above all numbers that are sure, because words are written in them."""
    return _headings([(place_of(cell)[0], cell) for cell in cells])


def heading_columns(cells: Sequence[FieldReading]) -> int:
    """How many columns stand left of all numbers that are sure, because words are written in them."""
    top = heading_rows(cells)
    return _headings([(place_of(cell)[1], cell) for cell in cells if place_of(cell)[0] >= top])


def _headings(lines: Sequence[tuple[int, FieldReading]]) -> int:
    """How many lines come before the first sure number; none where nothing is written in them, or no number is sure.

    A word may be read as a number, but hardly as a sure one.
    """
    first = min((line for line, cell in lines if cell.accepted), default=0)
    return first if any(line < first and not cell.is_empty for line, cell in lines) else 0


def chosen_cell(cells: Sequence[FieldReading], asked: str = "") -> FieldReading | None:
    """The cell that was asked for by its key; else the first that needs a look, or has a number, or is there.

    Returns:
        None where no cell has the key that was asked for.
    """
    if asked:
        return next((cell for cell in cells if str(cell.pk) == asked), None)
    ordered = in_reading_order(cells)
    return min(ordered, key=lambda cell: (not cell.needs_person, not cell.value))
