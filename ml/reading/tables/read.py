"""Read every table of a page: the page and its ink in, tables with a reading for each written cell out.

Boxes of what comes out are in pixels of the page.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box, Cell, Page, Provenance, Reading, Table
from ml.reading.fields.decide import candidate_scores, digits_of, shown_text
from ml.reading.forms.layouts import ANY_NUMBER, ONE_NUMBER, Kind
from ml.reading.ink.ink import Ink
from ml.reading.reader import Reader
from ml.reading.recognisers.combine import ranked_hypotheses
from ml.reading.recognisers.decode import MARKS_UNCLEAR
from ml.reading.tables.accept import CellEvidence, against
from ml.reading.tables.clean import clean_table
from ml.reading.tables.constants import CELLS, GRIDS
from ml.reading.tables.grids import Grid, find_grids
from ml.reading.tables.recognise import ReadCell, read_cells
from ml.reading.tables.writing import CellWriting, writing_in

NO_NUMBER = "No number was read in this cell."


@dataclass(frozen=True, slots=True, eq=False)
class TablesRead:
    """The tables of a page.

    Attributes:
        tables: From the top.
        ink: The page's ink without that of the tables.
    """

    tables: tuple[Table, ...]
    ink: Ink


def read_tables(page: Page, ink: Ink, reader: Reader) -> TablesRead:
    """Find the tables of a page, and read each of their cells.

    Args:
        page: The page.
        ink: Its ink, with its rules.
        reader: Its networks are asked; without networks of fields it reads no table.
    """
    grids = find_grids(ink.soft) if reader.fields is not None else []
    if not grids:
        return TablesRead((), ink)
    picture = _in_ink_pixels(page, ink)
    found: list[tuple[Grid, list[ReadCell]]] = []
    for grid in sorted(grids, key=lambda grid: grid.bounds[1]):
        written = writing_in(clean_table(picture, ink, grid), ink.scale)
        if _is_written(written) and sum(len(read) for _, read in found) + len(written) <= GRIDS.most_cells:
            read = read_cells(written, ink.scale, reader)
            if grid.ruled_columns or _holds_numbers(read):
                found.append((grid, read))
    tables = tuple(_table(grid, read, page, ink, reader) for grid, read in found)
    return TablesRead(tables, _without(ink, found) if found else ink)


def _in_ink_pixels(page: Page, ink: Ink) -> NDArray[np.uint8]:
    if ink.mask.shape == page.pixels.shape[:2]:
        return page.pixels
    size = ink.mask.shape[1], ink.mask.shape[0]
    interpolation = cv2.INTER_AREA if ink.scale > 1 else cv2.INTER_CUBIC
    return cv2.resize(page.pixels, size, interpolation=interpolation).astype(np.uint8, copy=False)


def _is_written(written: Sequence[CellWriting]) -> bool:
    """Whether cells have writing, and most of them one line within the cell.

    Frames around paragraphs are no table, nor is paper with a grid on which people write as on any other.
    """
    crowded, torn = (
        sum(flags) for flags in ((one.line_count > 1 for one in written), (one.is_torn for one in written))
    )
    fits = crowded <= CELLS.fullest * len(written) and torn <= max(CELLS.few_torn, CELLS.torn * len(written))
    return bool(written) and fits


def _holds_numbers(read: Sequence[ReadCell]) -> bool:
    """Whether enough cells hold a number: words stand in columns too, and level rules are everywhere on a form."""
    return sum(cell.is_agreed for cell in read) >= CELLS.open_numbers * len(read)


def _without(ink: Ink, found: Sequence[tuple[Grid, Sequence[ReadCell]]]) -> Ink:
    """A page's ink without tables and what is written in them."""
    kept = np.ones_like(ink.mask)
    for grid, read in found:
        rows, columns = grid.nodes[:, [0, -1]], grid.nodes[[0, -1]]
        outline = np.concatenate([columns[0], rows[:, 1], columns[1][::-1], rows[::-1, 0]])
        cv2.fillPoly(kept, [np.rint(outline).astype(np.int32)], 0)
        cv2.polylines(kept, [np.rint(outline).astype(np.int32)], True, 0, 2 * CELLS.rim + 1)
        for box in (cell.writing.box for cell in read):
            kept[box.top : box.bottom, box.left : box.right] = 0
    return Ink.of(ink.soft * kept, ink.mask * kept, ink.scale)


def _table(grid: Grid, read: Sequence[ReadCell], page: Page, ink: Ink, reader: Reader) -> Table:
    """Decide on the cells of one table."""
    readings = {cell.writing.cell: _reading(cell, _others(cell, read), page, ink, reader) for cell in read}
    cells = [
        Cell(cell.row, cell.column, _box(grid.corners(cell), page, ink), readings.get(cell), cell.rows, cell.columns)
        for cell in grid.cells
    ]
    rows = tuple(tuple(cell for cell in cells if cell.row == row) for row in range(grid.shape[0]))
    return Table(_box(grid.nodes.reshape(-1, 2), page, ink), rows)


def _others(cell: ReadCell, read: Sequence[ReadCell]) -> tuple[bool, ...]:
    """For each other written cell of the same column, whether all recognisers read the same number there."""
    column = cell.writing.cell.column
    return tuple(other.is_agreed for other in read if other.writing.cell.column == column and other is not cell)


def _box(points: NDArray[np.float64], page: Page, ink: Ink) -> Box:
    """The box on the page around points in ink pixels."""
    height, width = page.pixels.shape[:2]
    (left, top), (right, bottom) = points.min(axis=0) * ink.scale, points.max(axis=0) * ink.scale
    left, top = min(max(0, math.floor(left)), width - 1), min(max(0, math.floor(top)), height - 1)
    return Box(left, top, max(left + 1, min(width, math.ceil(right))), max(top + 1, min(height, math.ceil(bottom))))


def _reading(cell: ReadCell, others: tuple[bool, ...], page: Page, ink: Ink, reader: Reader) -> Reading:
    """Combine what all recognisers made of a cell into its reading."""
    asked_second = len(cell.posteriors) == len(reader.field_decision_rule.calibration.weights)
    rule = reader.field_decision_rule if asked_second else reader.field_network.rule_alone
    scores = candidate_scores(cell.posteriors)
    value, support = rule.calibration.evidence(scores)
    settings = f"layout={ANY_NUMBER.name} error_rate={reader.error_rate:g}"
    unread = Reading(
        "number",
        "",
        "",
        0.0,
        False,
        (),
        _on_page(cell.writing.box, page, ink),
        Provenance(reader.sha256, settings),
        (),
        kind=Kind.NUMBER.value,
    )
    if not value or not cell.holds_number:
        return replace(unread, text=shown_text(cell.line.transcript.text), checks=(NO_NUMBER,))
    text, interpretation = next(each.texts[value] for each in cell.posteriors if value in each.texts)
    confidence = rule.calibration.confidence(support)
    threshold = max(
        reader.decision_rule.threshold(ANY_NUMBER, reader.error_rate), rule.threshold(ONE_NUMBER, reader.error_rate)
    )
    evidence = CellEvidence(
        value,
        scores.best_values,
        confidence,
        threshold,
        interpretation.doubts,
        _has_unclear_marks(cell, text),
        cell.writing.is_torn or cell.writing.is_on_rule,
        cell.writing.is_parted,
        cell.writing.line_count,
        others,
    )
    checks = against(evidence)
    return replace(
        unread,
        text=shown_text(text),
        value=value,
        confidence=confidence,
        accepted=not checks,
        digits=digits_of(cell.line, text, lambda box: _on_page(box, page, ink)),
        provenance=Provenance(reader.sha256, f"{settings} threshold={threshold:.4f}"),
        checks=checks,
        hypotheses=ranked_hypotheses(scores, rule.calibration.posterior(scores), confidence),
    )


def _on_page(box: Box, page: Page, ink: Ink) -> Box:
    corners = np.array([(box.left, box.top), (box.right, box.bottom)], np.float64)
    return _box(corners, page, ink)


def _has_unclear_marks(cell: ReadCell, text: str) -> bool:
    """Whether there is ink that is neither a digit nor a mark of the text."""
    writing, signs = cell.writing, len(re.sub("[0-9]", "", text))
    if writing.has_points and writing.small_marks == signs:
        return False  # the reading by digits does not know raised points
    return writing.small_marks > signs or (cell.decoded is not None and MARKS_UNCLEAR in cell.decoded.checks)
