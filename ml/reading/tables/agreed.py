"""The numbers of a table that all recognisers read alike: its cells in, out what they tell about one of them.

Numbers that run on from row to row, and sums of rows and columns, are told by the other cells alone. Everything is
gathered once a table, so that the time for all of its cells grows as their number does.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from ml.reading.tables.constants import CELLS
from ml.reading.tables.recognise import ReadCell

_VALUE = re.compile(r"-?[0-9]*\.?[0-9]+")

Place = tuple[int, int]
"""Row and column, from 0."""


def number_of(value: str) -> Decimal | None:
    """The number that a value is; None if it is none, or a date."""
    return Decimal(value) if _VALUE.fullmatch(value) else None


@dataclass(frozen=True, slots=True, eq=False)
class AgreedNumbers:
    """What the written cells of a table hold, as far as all recognisers agree.

    Attributes:
        values: The value of each written cell; None where recognisers differ, or read no number.
        columns: The rows of each column's written cells, from the top.
        sums: The sums of its rows, and those of its columns.
        count: Cells with a value.
    """

    values: dict[Place, str | None]
    columns: dict[int, list[int]]
    sums: tuple[Sums, Sums]
    count: int

    @classmethod
    def among(cls, cells: Sequence[ReadCell]) -> AgreedNumbers:
        """Gather what the written cells of a table hold."""
        values = {_place(cell): cell.posteriors[0].best if cell.is_agreed else None for cell in cells}
        columns: defaultdict[int, list[int]] = defaultdict(list)
        for row, column in sorted(values):
            columns[column].append(row)
        numbers = {place: None if value is None else number_of(value) for place, value in values.items()}
        held = {_place(cell) for cell in cells if cell.holds_number}
        sums = Sums.among(numbers, held), Sums.among(_turned(numbers), {(column, row) for row, column in held})
        return cls(values, dict(columns), sums, sum(value is not None for value in values.values()))

    def column_of(self, cell: ReadCell) -> list[str | None]:
        """What the other written cells of a cell's column hold."""
        own, column = _place(cell)
        return [self.values[row, column] for row in self.columns.get(column, ()) if row != own]

    def others(self, cell: ReadCell) -> tuple[int, int]:
        """How many other written cells the table has, and how many of these hold a value."""
        is_own = _place(cell) in self.values
        return len(self.values) - is_own, self.count - (self.values.get(_place(cell)) is not None)

    def running(self, cell: ReadCell, value: str) -> float:
        """Whether a value continues the numbers above and below: 1 if it does, -1 if they run on without it, else 0.

        Two neighbours run if they differ by 1 a row; three or four by any step, and only these contradict a value.
        """
        near = self._near(cell)
        if not re.fullmatch("-?[0-9]+", value) or len(near) < 2:
            return 0.0
        row, _ = _place(cell)
        runs: list[tuple[tuple[int, bool], int]] = []
        for (top, first), (bottom, second) in combinations(near, 2):
            step, rest = divmod(second - first, bottom - top)
            if step and not rest:
                members = sum(number == first + step * (at - top) for at, number in near)
                runs.append(((members, abs(step) == 1), first + step * (row - top)))
        (members, by_one), _ = longest = max(runs, default=((0, False), 0))
        if members < min(CELLS.run, len(near)) or (members < CELLS.run and not by_one):
            return 0.0
        expected = {one for length, one in runs if length == longest[0]}
        if int(value) in expected:
            return 1.0
        return -1.0 if members >= CELLS.run else 0.0

    def _near(self, cell: ReadCell) -> list[tuple[int, int]]:
        """The whole numbers of the column nearest to a cell, two on each side if there are so many, with their rows."""
        row, column = _place(cell)
        rows = self.columns.get(column, [])
        at = bisect_left(rows, row)
        above = self._whole(column, reversed(rows[:at]))
        below = self._whole(column, (other for other in rows[at:] if other != row))
        up = max(2, 4 - len(below))
        down = max(2, 4 - len(above))
        return sorted([*above[:up], *below[:down]])

    def _whole(self, column: int, rows: Iterable[int]) -> list[tuple[int, int]]:
        """The first four whole numbers of a column in some rows."""
        found: list[tuple[int, int]] = []
        for row in rows:
            value = self.values[row, column]
            if value is not None and re.fullmatch("-?[0-9]+", value):
                found.append((row, int(value)))
            if len(found) == 4:
                break
        return found

    def summed(self, cell: ReadCell, value: str) -> float:
        """Whether a value is part of a sum that adds up: 1 if it is, -1 if other sums do and its own does not, else 0.

        The last column may hold the sums of the rows, the last row those of the columns.
        """
        number = number_of(value)
        if number is None:
            return 0.0
        (row, column), (of_rows, of_columns) = _place(cell), self.sums
        told = {of_rows.tell((row, column), number), of_columns.tell((column, row), number)}
        return 1.0 if 1.0 in told else min(told)


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A row whose last cell may hold the sum of the others; of a table that was turned, a column.

    Attributes:
        numbers: Of each written cell that takes part, by its column; None where none is known.
        last: The column of the sum.
        added: The sum of the others that are known.
        known: How many of them are.
    """

    numbers: dict[int, Decimal | None]
    last: int
    added: Decimal
    known: int

    @classmethod
    def of(cls, numbers: dict[int, Decimal | None], first: int, last: int) -> Line:
        """The part of a row from its first column that is added up to that of the sum."""
        part = {at: one for at, one in numbers.items() if first <= at <= last}
        known = [one for at, one in part.items() if at < last and one is not None]
        return cls(part, last, sum(known, Decimal(0)), len(known))

    @property
    def count(self) -> int:
        """Written cells that are added up."""
        return len(self.numbers) - (self.last in self.numbers)

    def adds_up(self) -> bool | None:
        """Whether the others add up to the last; None if one of them is not known, or fewer than two are added up."""
        total = self.numbers.get(self.last)
        return None if total is None or self.known < max(2, self.count) else self.added == total

    def adds_up_with(self, column: int, number: Decimal) -> bool | None:
        """The same with a number in place of what the column holds."""
        if column == self.last:
            return replace(self, numbers=self.numbers | {column: number}).adds_up()
        own = self.numbers.get(column)
        added, known = self.added + number - (own or 0), self.known + (own is None)
        return replace(self, added=added, known=known).adds_up()


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """The sums of a table's rows; of a table that was turned, those of its columns.

    Attributes:
        lines: By row.
        known: Rows of which all numbers are known, and for each whether it adds up.
        right: How many of these add up.
    """

    lines: dict[int, Line]
    known: dict[int, bool]
    right: int

    @classmethod
    def among(cls, numbers: dict[Place, Decimal | None], held: set[Place]) -> Sums:
        """Find the columns whose sums the last column of numbers holds: those with which most rows add up.

        Args:
            numbers: Of each written cell; None where none is known.
            held: Cells that hold a number, known or not.
        """
        by_row: defaultdict[int, dict[int, Decimal | None]] = defaultdict(dict)
        by_column: defaultdict[int, list[bool]] = defaultdict(list)
        for (row, column), number in numbers.items():
            by_row[row][column] = number
            by_column[column].append((row, column) in held)
        last = max((at for at, are in by_column.items() if 2 * sum(are) >= len(are)), default=0)
        hits: defaultdict[int, int] = defaultdict(int)
        for line in by_row.values():
            for first in _firsts(line, last):
                hits[first] += 1
        first = min(hits, key=lambda at: (-hits[at], at), default=0)
        lines = {row: Line.of(line, first, last) for row, line in by_row.items()}
        told = {row: line.adds_up() for row, line in lines.items()}
        known = {row: adds_up for row, adds_up in told.items() if adds_up is not None}
        return cls(lines, known, sum(known.values()))

    def tell(self, place: Place, number: Decimal) -> float:
        """Whether a number in a place is part of a sum that adds up: as `AgreedNumbers.summed`, of rows alone."""
        row, column = place
        line = self.lines.get(row)
        if line is None or column not in line.numbers:
            return 0.0
        others, right = len(self.known) - (row in self.known), self.right - self.known.get(row, False)
        is_usual = 2 * right > others
        adds_up = line.adds_up_with(column, number)
        if adds_up:
            return 1.0 if is_usual or line.count >= CELLS.sum_alone else 0.0
        return -1.0 if adds_up is False and is_usual and right >= CELLS.sums else 0.0


def _firsts(line: dict[int, Decimal | None], last: int) -> list[int]:
    """The columns from which on the numbers of a row add up to the last: to the left until one is not known."""
    firsts: list[int] = []
    goal, added, count = line.get(last), Decimal(0), 0
    columns = range(last - 1, -1, -1) if goal is not None else ()
    for column in columns:
        number = line.get(column, Decimal(0))
        if number is None:
            break
        added, count = added + number, count + (column in line)
        if count >= 2 and added == goal:
            firsts.append(column)
    return firsts


def _turned(numbers: dict[Place, Decimal | None]) -> dict[Place, Decimal | None]:
    return {(column, row): number for (row, column), number in numbers.items()}


def _place(cell: ReadCell) -> Place:
    return cell.writing.cell.row, cell.writing.cell.column
