"""Read the tables that a layout names: a sheet with its fields in; the same fields, and the tables that they hold, out.

A table is looked for in its place, and read as on any page. Where it is not as the layout says, nothing of it is read,
because nobody could be sure in which column a number stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from ml.reading.elements import Box, Cell, Reading, Table
from ml.reading.forms.layouts import LayoutField, TableShape
from ml.reading.grids.constants import GRIDS
from ml.reading.grids.find import Grid, GridCell, find_grids
from ml.reading.ink.ink import Ink, find_ink
from ml.reading.reader import Reader
from ml.reading.sheets.align import Aligned
from ml.reading.tables.constants import NAMED
from ml.reading.tables.read import read_grid

NO_TABLE = "No table with rules was found that fills this place, so nothing of it was read."
OTHER_COLUMNS = "{found} found here, and the layout has {named}, so nothing of the table was read."
NO_VALUES = "{found} found here, and the layout says that values begin in row {first}."
BESIDE = "Something stands here beside the table, as if a row or a column was not found, so nothing of it was read."
NO_WALLS = "This table has no rules between its columns, so in which column a number stands is not sure."
NOTHING_WRITTEN = "Nothing is written in this table."
SPANS = "This cell spans several rows or columns, so where its number belongs is not sure."


@dataclass(frozen=True, slots=True)
class FieldsRead:
    """The fields of a sheet, with those that are tables.

    Attributes:
        fields: In the layout's order. A table's field has no value. It is accepted where the table is as the layout
            says; else its checks say what is not.
        tables: In the same order; only those that are as the layout says.
    """

    fields: tuple[Reading, ...]
    tables: tuple[Table, ...]


def read_named_tables(sheet: Aligned, fields: Sequence[Reading], reader: Reader) -> FieldsRead:
    """Read each table that a sheet's layout names.

    Args:
        sheet: The sheet.
        fields: As `read_fields` gives them: of a table the place, or why that is not in view.
        reader: Its networks are asked.
    """
    named = {field.name: field for field in sheet.layout.fields if field.table is not None}
    ink = find_ink(sheet.page, of_any_page=True) if named else None
    told, tables = list(fields), []
    for at, reading in enumerate(fields):
        field = named.get(reading.field)
        if field is None or field.table is None or ink is None or reading.checks:
            continue
        told[at], table = _read(sheet, field, field.table, reading, ink, reader)
        tables += [table] if table is not None else []
    return FieldsRead(tuple(told), tuple(tables))


def _read(
    sheet: Aligned, field: LayoutField, shape: TableShape, reading: Reading, ink: Ink, reader: Reader
) -> tuple[Reading, Table | None]:
    """A table's field, and the table if it is as the layout says.

    Args:
        sheet: The sheet.
        field: The field in its layout.
        shape: What the layout says of the table.
        reading: Its place, without what is read there.
        ink: Of the sheet's page.
        reader: Its networks are asked.
    """
    grid = _grid_in(reading.box, ink)
    problem = NO_TABLE if grid is None else _problem(grid, shape, reading.box, ink)
    if grid is None or problem:
        return replace(reading, checks=(problem,)), None
    made_by = reading.provenance
    found = read_grid(grid, sheet.page, ink, reader, made_by, is_read=lambda cell: _is_read(cell, shape))
    rows = tuple(tuple(_as_told(cell, shape) for cell in row) for row in found.rows)
    table = replace(found, rows=rows, field=field.name, columns=shape.names, header_rows=shape.header_rows)
    if not grid.ruled_columns:
        table = table.with_readings(lambda cell: _doubted(cell, NO_WALLS))
    is_empty = not any(cell.is_read and cell.reading for row in table.rows for cell in row)
    if is_empty and field.required:
        return replace(reading, box=table.box, checks=(NOTHING_WRITTEN,)), table
    return replace(reading, box=table.box, confidence=1.0, accepted=True), table


def _grid_in(place: Box, ink: Ink) -> Grid | None:
    """The grid that fills a place on a page; None where none does.

    Args:
        place: In pixels of the page.
        ink: Of the page.
    """
    left, top, right, bottom = _in_ink_pixels(place, ink)
    room = NAMED.room * max(ink.soft.shape)
    x, y = max(0, round(left - room)), max(0, round(top - room))
    part = np.ascontiguousarray(ink.soft[y : round(bottom + room), x : round(right + room)])
    for grid in find_grids(part):
        first, upper, last, lower = grid.bounds
        filled = min((last - first) / (right - left), (lower - upper) / (bottom - top))
        if filled >= NAMED.filled and len(grid.cells) <= GRIDS.most_cells:
            return grid.moved(x, y)
    return None


def _in_ink_pixels(place: Box, ink: Ink) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a place on the page, in ink pixels."""
    scale = ink.scale
    return place.left / scale, place.top / scale, place.right / scale, place.bottom / scale


def _problem(grid: Grid, shape: TableShape, place: Box, ink: Ink) -> str:
    """Why a grid is not the table that the layout names; empty where it is."""
    rows, columns = grid.shape
    if columns != len(shape.columns):
        return OTHER_COLUMNS.format(found=_counted(columns, "column"), named=len(shape.columns))
    if rows <= shape.header_rows:
        return NO_VALUES.format(found=_counted(rows, "row"), first=shape.header_rows + 1)
    return BESIDE if _is_something_beside(grid, place, ink) else ""


def _is_something_beside(grid: Grid, place: Box, ink: Ink) -> bool:
    """Whether something as high as writing stands in a table's place, but outside of its grid.

    A row or a column that was not found leaves its writing and its walls there. What only reaches out of a cell is no
    such thing.
    """
    left, top, right, bottom = _in_ink_pixels(place, ink)
    part = ink.mask[max(0, round(top)) : round(bottom), max(0, round(left)) : round(right)].copy()
    first, upper, last, lower = (side - start for side, start in zip(grid.bounds, (left, top) * 2, strict=True))
    part[max(0, round(upper)) : max(0, round(lower) + 1), max(0, round(first)) : max(0, round(last) + 1)] = 0
    row = float(np.median([grid.size(cell)[1] for cell in grid.cells]))
    _, _, boxes, middles = cv2.connectedComponentsWithStats(part)
    across = np.maximum(first - middles[1:, 0], middles[1:, 0] - last)
    down = np.maximum(upper - middles[1:, 1], middles[1:, 1] - lower)
    is_far = np.maximum(across, down) >= NAMED.beside * row
    return bool((is_far & (boxes[1:, cv2.CC_STAT_HEIGHT] >= NAMED.tall * row)).any())


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun} was" if count == 1 else f"{count} {noun}s were"


def _is_read(cell: Cell | GridCell, shape: TableShape) -> bool:
    rows, columns = range(cell.row, cell.row + cell.rows), range(cell.column, cell.column + cell.columns)
    return shape.is_read(rows, columns)


def _as_told(cell: Cell, shape: TableShape) -> Cell:
    """A cell as the layout tells it; a number that may belong to several rows or columns does not pass."""
    is_read, reading = _is_read(cell, shape), cell.reading
    if is_read and reading is not None and cell.rows * cell.columns > 1:
        reading = _doubted(reading, SPANS)
    return replace(cell, reading=reading, is_read=is_read)


def _doubted(reading: Reading, check: str) -> Reading:
    return replace(reading, accepted=False, checks=(*reading.checks, check))
