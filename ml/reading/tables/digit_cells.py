"""Cells that may be boxes for the digits of one number: a table's cells as read in, those cells out.

On many forms a sum stands in a table with a column for each of its digits, in boxes that may be wider than high. Each
digit read as a number of its own would be wrong. A column of numbers has a heading, or a number with two digits, or its
numbers are added up at the end of their rows, as on a score card.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from ml.reading.grids.find import Grid, GridCell
from ml.reading.tables.constants import CELLS
from ml.reading.tables.recognise import ReadCell

MAY_BE_BOXES = "The columns side by side hold one digit each: they may be the digits of one number."


def digit_cells(grid: Grid, read: Sequence[ReadCell]) -> set[GridCell]:
    """The cells that may be boxes for a digit each: side by side as many as a number has digits, none with more text.

    Args:
        grid: The table.
        read: Its written cells.
    """
    texts = {cell.writing.cell: cell.line.transcript.text.strip() for cell in read}
    runs: defaultdict[tuple[int, ...], list[GridCell]] = defaultdict(list)
    for run in _runs(grid):
        runs[tuple(cell.column for cell in run)] += run
    added = _added_columns(texts)
    longer = {
        columns
        for columns, cells in runs.items()
        if len(columns) > CELLS.most_boxes or not all(_is_one_sign(texts.get(each, "")) for each in cells)
    }
    doubted = (
        cells
        for columns, cells in runs.items()
        if not added & set(columns) and not any(_are_same(columns, other) for other in longer)
    )
    return {cell for cells in doubted for cell in cells}


def _is_one_sign(text: str) -> bool:
    """Whether a cell holds one sign at most; beside a digit, a piece of a rule may have been taken for another."""
    return len(text) <= 1 or sum(sign.isdigit() for sign in text) == 1


def _are_same(run: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether two rows have the same narrow columns; of many, a fold or the way of looking may have cost one."""
    shared, either = len({*run} & {*other}), len({*run, *other})
    return run == other or (min(len(run), len(other)) >= CELLS.long_run and shared >= CELLS.run_shared * either)


def _added_columns(texts: Mapping[GridCell, str]) -> set[int]:
    """The columns of digits that add up to the longer number behind them, in so many rows that it is no chance."""
    added: set[int] = set()
    rows = 0
    ordered = sorted((cell.row, cell.column, text) for cell, text in texts.items() if text)
    for _, row in groupby(ordered, key=lambda entry: entry[0]):
        digits: dict[int, int] = {}
        adds_up = False
        for _, column, text in row:
            if len(text) == 1 and text.isdecimal():
                digits[column] = int(text)
                continue
            if len(digits) >= CELLS.sum_alone and text == str(sum(digits.values())):
                added.update(digits)
                adds_up = True
            digits = {}
        rows += adds_up
    return added if rows >= CELLS.sums else set()


def _runs(grid: Grid) -> Iterator[list[GridCell]]:
    """Narrow cells side by side in a row that are as wide as one another, and no others beside them."""
    rows: defaultdict[int, list[GridCell]] = defaultdict(list)
    for cell in grid.cells:
        rows[cell.row].append(cell)
    for cells in rows.values():
        runs: list[list[GridCell]] = []
        for cell in sorted(cells, key=lambda cell: cell.column):
            if runs and _is_next(grid, runs[-1], cell):
                runs[-1].append(cell)
            elif grid.size(cell)[0] <= CELLS.box_wide * grid.size(cell)[1]:
                runs.append([cell])
        yield from (run for run in runs if len(run) >= CELLS.least_boxes)


def _is_next(grid: Grid, run: Sequence[GridCell], cell: GridCell) -> bool:
    """Whether a cell stands beside the last one of a run, and is as wide as the first."""
    wide, wide_first = grid.size(cell)[0], grid.size(run[0])[0]
    is_beside = cell.column == run[-1].column + run[-1].columns
    return is_beside and abs(wide - wide_first) <= CELLS.boxes_alike * wide_first
