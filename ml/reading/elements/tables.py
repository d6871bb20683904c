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
    """

    row: int
    column: int
    box: Box
    reading: Reading | None
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table on a page.

    Attributes:
        box: Around all its cells, in pixels of the page.
        rows: From the top; the cells that begin in each, from the left. A cell that spans several rows stands in the
            first of them.
    """

    box: Box
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def numbers(self) -> tuple[Reading, ...]:
        """The readings of all cells that hold a number, in reading order."""
        readings = (cell.reading for row in self.rows for cell in row)
        return tuple(reading for reading in readings if reading is not None and reading.value)

    def with_readings(self, change: Callable[[Reading], Reading]) -> Table:
        """The same table with each reading changed."""
        return replace(
            self,
            rows=tuple(
                tuple(cell if cell.reading is None else replace(cell, reading=change(cell.reading)) for cell in row)
                for row in self.rows
            ),
        )
