"""Tables on a page, and their cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ml.reading.elements.places import Box
from ml.reading.elements.readings import Reading


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table.

    Attributes:
        row, column: Its first row and column, from 0.
        box: Around the cell, in pixels of the page.
        reading: What stands in it; None where it is empty. Its `value` is empty where it holds no number.
        rows, columns: How many rows and columns it spans.
        is_read: Whether a number is looked for there; a layout may say that none is.
    """

    row: int
    column: int
    box: Box
    reading: Reading | None
    rows: int = 1
    columns: int = 1
    is_read: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A table on a page.

    Attributes:
        box: Around all its cells, in pixels of the page.
        rows: From the top; the cells that begin in each, from the left. A cell that spans several rows stands in the
            first of them.
        field: The name of its field in the layout; empty where no layout names it.
        columns: The names of its columns, from the left; empty where no layout names it.
        header_rows: How many rows stand above the first value, as the layout says.
    """

    box: Box
    rows: tuple[tuple[Cell, ...], ...]
    field: str = ""
    columns: tuple[str, ...] = ()
    header_rows: int = 0

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The readings of all written cells, in reading order."""
        return tuple(cell.reading for row in self.rows for cell in row if cell.reading is not None)

    @property
    def numbers(self) -> tuple[Reading, ...]:
        """The readings of all cells that hold a number, in reading order."""
        return tuple(reading for reading in self.readings if reading.value)

    def with_readings(self, change: Callable[[Reading], Reading]) -> Table:
        """The same table with each reading changed of a cell in which a number is looked for."""

        def changed(cell: Cell) -> Cell:
            return replace(cell, reading=change(cell.reading)) if cell.reading and cell.is_read else cell

        return replace(self, rows=tuple(tuple(map(changed, row)) for row in self.rows))
