"""Read every table of a page: the page and its ink in, tables with a reading for each written cell out.

Boxes of what comes out are in pixels of the page.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.acceptance.evidence import SEEMS_PRINTED, WEAK_DIGIT
from ml.reading.acceptance.model import NOT_SURE
from ml.reading.cells.clean import clean_table
from ml.reading.cells.shade import without_shade
from ml.reading.cells.writing import CellWriting, writing_in
from ml.reading.elements import Box, Cell, Hypothesis, Page, Provenance, Reading, Table
from ml.reading.fields.decide import shown_text
from ml.reading.forms.layouts import ANY_NUMBER, Kind
from ml.reading.grids.constants import GRIDS
from ml.reading.grids.find import Grid, GridCell, PageRules, find_grids, rules_of
from ml.reading.ink.ink import Ink
from ml.reading.reader import Reader
from ml.reading.recognisers.constants import PRINTED
from ml.reading.tables.constants import CELLS
from ml.reading.tables.digit_cells import MAY_BE_BOXES, digit_cells
from ml.reading.tables.evidence import CellEvidence, evidence_in
from ml.reading.tables.recognise import ReadCell, read_cells

NO_NUMBER = "No number was read in this cell."
NOT_ASKED = "The layout says that no number is read in this cell."


@dataclass(frozen=True, slots=True, eq=False)
class TableEvidence:
    """A table with the evidence for its numbers.

    Attributes:
        grid: Its rows, columns and cells.
        cells: The written ones, as each recogniser read them.
        numbers: For each of these the evidence for its number; None where it holds none.
    """

    grid: Grid
    cells: tuple[ReadCell, ...]
    numbers: tuple[CellEvidence | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class TablesRead:
    """The tables of a page.

    Attributes:
        tables: From the top.
        ink: The page's ink without that of the tables.
    """

    tables: tuple[Table, ...]
    ink: Ink


def read_tables(page: Page, ink: Ink, reader: Reader, rules: PageRules | None = None) -> TablesRead:
    """Find the tables of a page, read each of their cells, and decide which of their numbers pass.

    Args:
        page: The page.
        ink: Its ink, with its rules.
        reader: Its networks are asked; without networks of fields it reads no table.
        rules: These rules, where they are known.
    """
    found = tables_on(page, ink, reader, rules)
    made_by = Provenance(reader.sha256, f"layout={ANY_NUMBER.name} error_rate={reader.error_rate:g}")
    tables = tuple(_table(one.grid, _readings(one, page, ink, reader, made_by), page, ink) for one in found)
    return TablesRead(tables, without_tables(ink, found) if found else ink)


def tables_on(page: Page, ink: Ink, reader: Reader, rules: PageRules | None = None) -> list[TableEvidence]:
    """Find the tables of a page from the top, with the evidence for their numbers; arguments as of `read_tables`."""
    rules = rules or rules_of(ink.soft)
    if reader.fields is None or rules is None:
        return []
    grids = find_grids(ink.soft, rules)
    if not grids:
        return []
    picture = in_ink_pixels(page, ink)
    found: list[TableEvidence] = []
    for grid in sorted(grids, key=lambda grid: grid.bounds[1]):
        written = writing_in(without_shade(clean_table(picture, ink, grid)), ink.scale)
        room = GRIDS.most_cells - sum(len(one.cells) for one in found)
        is_paper = _is_printed_on_paper(grid, rules, ink) or (grid.is_squared and _goes_over_walls(written))
        if _is_written(written) and not is_paper and len(written) <= room:
            read = read_cells(written, ink.scale, reader)
            if grid.ruled_columns or _holds_numbers(read):
                evidence = _doubted(evidence_in(read, ink.scale, reader), digit_cells(grid, read))
                found.append(TableEvidence(grid, tuple(read), tuple(evidence)))
    return found


def _doubted(evidence: Sequence[CellEvidence | None], boxes: Container[GridCell]) -> Iterator[CellEvidence | None]:
    """The numbers of a table of which nothing is known, with doubts about those that may be no answers.

    Args:
        evidence: The numbers.
        boxes: The cells that may be boxes for a digit each.
    """
    for one in evidence:
        if one is None:
            yield None
            continue
        boxed = (MAY_BE_BOXES,) if one.cell.writing.cell in boxes else ()
        printed = (SEEMS_PRINTED,) if one.printed >= PRINTED.no_answer else ()
        yield replace(one, doubts=(*one.doubts, *boxed, *printed))


def read_grid(
    grid: Grid, page: Page, ink: Ink, reader: Reader, made_by: Provenance, *, is_read: Callable[[GridCell], bool]
) -> Table:
    """Read a table whose grid is known to be one.

    Args:
        grid: In ink pixels.
        page: The page.
        ink: Its ink, with its rules.
        reader: Its networks are asked.
        made_by: What makes the values.
        is_read: Whether a cell's number is asked for. In any other cell writing is only noted.
    """
    written = writing_in(clean_table(in_ink_pixels(page, ink), ink, grid), ink.scale)
    read = read_cells([one for one in written if is_read(one.cell)], ink.scale, reader)
    found = TableEvidence(grid, tuple(read), tuple(evidence_in(read, ink.scale, reader, are_answers=True)))
    noted = [one for one in written if not is_read(one.cell)]
    unasked = {one.cell: _nothing_read(one, "", NOT_ASKED, page, ink, made_by) for one in noted}
    return _table(grid, _readings(found, page, ink, reader, made_by) | unasked, page, ink)


def in_ink_pixels(page: Page, ink: Ink) -> NDArray[np.uint8]:
    """A page's picture in the size of its ink: uint8, height × width × 3, RGB."""
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


def _is_printed_on_paper(grid: Grid, rules: PageRules, ink: Ink) -> bool:
    """Whether a grid's lines or squares go on from one side of the page to the other, as of paper to write on."""
    if grid.ruled_columns and not grid.is_squared:
        return False
    _, top, _, bottom = grid.bounds
    level = [rule for rule in rules.level_in_full if top <= float(np.median(rule.across)) <= bottom]
    width = ink.mask.shape[1]
    # Some pale rules are found in pieces that do not reach a side.
    from_left = sum(rule.along[0] <= GRIDS.to_edge * width for rule in level)
    to_right = sum(rule.along[-1] >= (1 - GRIDS.to_edge) * width for rule in level)
    return bool(min(from_left, to_right) >= GRIDS.lines_to_edge * grid.shape[0])


def _goes_over_walls(written: Sequence[CellWriting]) -> bool:
    """Whether writing often goes on in the next cell: on squared paper people write numbers over several squares."""
    places = {(one.cell.row, one.cell.column): one for one in written}
    pairs = [(one, places.get((one.cell.row, one.cell.column + one.cell.columns))) for one in written]
    near = [
        other.box.left - one.box.right < CELLS.next_digit * max(one.digit_height, other.digit_height)
        for one, other in pairs
        if other is not None
    ]
    return sum(near) > max(CELLS.few_over, CELLS.over * len(near))


def _holds_numbers(read: Sequence[ReadCell]) -> bool:
    """Whether enough cells hold a number: words stand in columns too, and level rules are everywhere on a form."""
    return sum(cell.is_agreed for cell in read) >= CELLS.open_numbers * len(read)


def without_tables(ink: Ink, found: Sequence[TableEvidence]) -> Ink:
    """A page's ink without tables and what is written in them."""
    kept = np.ones_like(ink.mask)
    for grid, cells in ((one.grid, one.cells) for one in found):
        rows, columns = grid.nodes[:, [0, -1]], grid.nodes[[0, -1]]
        outline = np.concatenate([columns[0], rows[:, 1], columns[1][::-1], rows[::-1, 0]])
        cv2.fillPoly(kept, [np.rint(outline).astype(np.int32)], 0)
        cv2.polylines(kept, [np.rint(outline).astype(np.int32)], True, 0, 2 * CELLS.rim + 1)
        for box in (cell.writing.box for cell in cells):
            kept[box.top : box.bottom, box.left : box.right] = 0
    return Ink.of(ink.soft * kept, ink.mask * kept, ink.scale)


def _readings(
    found: TableEvidence, page: Page, ink: Ink, reader: Reader, made_by: Provenance
) -> dict[GridCell, Reading]:
    """Decide on the written cells of one table."""
    readings: dict[GridCell, Reading] = {}
    for cell, number in zip(found.cells, found.numbers, strict=True):
        text = shown_text(cell.line.transcript.text)
        unread = _nothing_read(cell.writing, text, NO_NUMBER, page, ink, made_by)
        readings[cell.writing.cell] = unread if number is None else _reading(number, unread, page, ink, reader)
    return readings


def _table(grid: Grid, readings: Mapping[GridCell, Reading], page: Page, ink: Ink) -> Table:
    """A grid with the readings of its written cells."""
    cells = [
        Cell(cell.row, cell.column, _box(grid.corners(cell), page, ink), readings.get(cell), cell.rows, cell.columns)
        for cell in grid.cells
    ]
    rows = tuple(tuple(cell for cell in cells if cell.row == row) for row in range(grid.shape[0]))
    return Table(_box(grid.nodes.reshape(-1, 2), page, ink), rows)


def _box(points: NDArray[np.float64], page: Page, ink: Ink) -> Box:
    """The box on the page around points in ink pixels."""
    height, width = page.pixels.shape[:2]
    (left, top), (right, bottom) = points.min(axis=0) * ink.scale, points.max(axis=0) * ink.scale
    left, top = min(max(0, math.floor(left)), width - 1), min(max(0, math.floor(top)), height - 1)
    return Box(left, top, max(left + 1, min(width, math.ceil(right))), max(top + 1, min(height, math.ceil(bottom))))


def _nothing_read(writing: CellWriting, text: str, check: str, page: Page, ink: Ink, made_by: Provenance) -> Reading:
    """The reading of a written cell without a number, with the reason."""
    return Reading(
        field="number",
        text=text,
        value="",
        confidence=0.0,
        accepted=False,
        digits=(),
        box=on_page(writing.box, page, ink),
        provenance=made_by,
        checks=(check,),
        kind=Kind.NUMBER.value,
    )


def _reading(number: CellEvidence, unread: Reading, page: Page, ink: Ink, reader: Reader) -> Reading:
    """The reading of a cell's number: whether it passes, and if not, why. `unread` is the same without a number."""
    judged, threshold = reader.judged(number.features, "cell")
    accepted = judged.is_known and judged.confidence >= threshold and not number.is_barred
    weak = WEAK_DIGIT if number.has_weak_digit else ""
    printed = SEEMS_PRINTED if number.is_printed else ""
    against = (*number.doubts, number.difference, printed, weak, *number.oddities, judged.reason)
    first, *others = number.hypotheses
    return replace(
        unread,
        text=shown_text(number.text),
        value=number.value,
        confidence=judged.confidence,
        accepted=accepted,
        digits=tuple(replace(digit, box=on_page(digit.box, page, ink)) for digit in number.digits),
        provenance=replace(unread.provenance, settings=f"{unread.provenance.settings} threshold={threshold:.4f}"),
        checks=() if accepted else tuple(dict.fromkeys(filter(None, against))) or (NOT_SURE,),
        printed=number.is_printed,
        hypotheses=(replace(first, probability=judged.confidence), *_shared(others, 1 - judged.confidence)),
    )


def _shared(others: Sequence[Hypothesis], rest: float) -> list[Hypothesis]:
    """Other values, each with its share of what the first one leaves."""
    total = sum(other.probability for other in others)
    return [replace(other, probability=other.probability * rest / total) for other in others] if total else []


def on_page(box: Box, page: Page, ink: Ink) -> Box:
    """A box in ink pixels as one in pixels of the page."""
    corners = np.array([(box.left, box.top), (box.right, box.bottom)], np.float64)
    return _box(corners, page, ink)
