"""A file's bytes and a layout in; each of its pages out, with a reading for every field or every number.

This module composes the rooms: files, sheets, then boxes, tables, fields and numbers, which use forms, ink,
recognisers, micr and style.

    from ml.reading.forms.layouts import ANY_NUMBER
    from ml.reading.read import read_scan
    from ml.reading.reader import Reader

    for page in read_scan(open("scan.jpg", "rb").read(), ANY_NUMBER, Reader.shipped()):
        print([reading.text for reading in page.readings])
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from ml.reading.acceptance.evidence import AT_EDGE
from ml.reading.boxes.read import read_boxes
from ml.reading.constants import Constants, by_eye
from ml.reading.elements import Box, LayoutUsed, Page, PageReading, Reading, Table
from ml.reading.fields.read import read_fields
from ml.reading.files.load import load_pages
from ml.reading.forms.layouts import ANY_NUMBER, Layout
from ml.reading.forms.money import CENTS_UNCLEAR, MARK_AMBIGUOUS, MARKS_ODD, NO_CENTS
from ml.reading.forms.typed import with_typed
from ml.reading.grids.find import rules_of
from ml.reading.ink.ink import Ink, find_ink
from ml.reading.numbers.proposals import proposed_numbers
from ml.reading.numbers.read import read_numbers
from ml.reading.reader import Reader
from ml.reading.sheets.align import Aligned, aligned, best_aligned
from ml.reading.sheets.grounds import is_at_edge, may_show_ground, without_ground
from ml.reading.sheets.quality import BLURRED, DARK, faults
from ml.reading.sheets.sheet import Sheet, find_sheets, is_ground_bare, straightened
from ml.reading.tables.of_layout import read_named_tables
from ml.reading.tables.read import TablesRead, read_tables

MISFIT = "This does not look like the layout that was chosen: {title}. Choose another, or let the portal find it."

NO_MICR_LINE = "No MICR line was found at the foot of the sheet, so where its fields are is only supposed."
UPSIDE_DOWN = "Nothing says which way up this picture is, and turned round it reads {value}."
EITHER_WAY = "Nothing says which way up this picture is, and turned round the table reads about as well."
POOR = "The picture is too poor to be sure that this is the whole number."
UNPLACED = "Read where this field usually stands: compare it with the picture."

_ODDLY_WRITTEN = {NO_CENTS, CENTS_UNCLEAR, MARK_AMBIGUOUS, MARKS_ODD}
"""Doubts that a value seldom has where people wrote it, and often where it is upside down."""

_HIDING = {BLURRED, DARK}
"""Faults of a picture that may hide a part of a number."""


@dataclass(frozen=True, slots=True)
class ReadConstants(Constants):
    """When a sheet has a layout, and when a value read upside down counts."""

    least_fit: float = by_eye(
        0.3, "share", (0.2, 0.45), "A page that fits the chosen layout less than this shows another document."
    )
    least_side: int = by_eye(
        9, "pixels", (4, 16), "In a picture that is narrower no digit can be told from noise, so no number passes."
    )
    least_upside_down: float = by_eye(
        0.8,
        "probability",
        (0.6, 1.0),
        "A value read upside down is a rival of the upright one from this confidence on.",
    )
    either_way: float = by_eye(
        0.5,
        "share",
        (0.2, 0.8),
        "A table of which upside down this share of the upright cells passes reads either way.",
    )


READ = ReadConstants()


def read_scan(data: bytes, layout: Layout | Sequence[Layout], reader: Reader) -> Iterator[PageReading]:
    """Read a file page by page.

    Args:
        data: The whole file, of any kind that `ml.reading.files.inspect` knows.
        layout: The layout to read with; or several, of which each page is read with the one that fits best, and for
            every number where none fits.
        reader: The networks and settings to read with.

    Yields:
        Each page with its fields, or with its numbers in reading order. Of a page that shows several sheets, each sheet
        is one. Numbered from 1.

    Raises:
        RefusedFile: The file, or one of its pages, cannot be read; the sentence gives the reason.
    """
    number = 0
    for page in load_pages(data, reader.limits):
        for reading in _read_sheets(page, layout, reader):
            number += 1
            yield replace(reading, page=replace(reading.page, number=number))


def read_page(page: Page, layout: Layout | Sequence[Layout], reader: Reader) -> PageReading:
    """Read a page as a whole, without looking for sheets on it.

    Args:
        page: The page.
        layout: As for `read_scan`.
        reader: The networks and settings to read with.

    Returns:
        The page, level, with its fields or its numbers.
    """
    if isinstance(layout, Layout):
        return _read_aligned(aligned(page, layout), reader) if layout.fields else _read_numbers(page, layout, reader)
    return _read_best(page, best_aligned(page, layout), reader)


def _read_sheets(page: Page, layout: Layout | Sequence[Layout], reader: Reader) -> list[PageReading]:
    """Read each sheet on a page; the page as a whole, where no sheet has a layout.

    An outline that no layout fits may be a part of a sheet. If it were cut out, the numbers around it would be missed.
    """
    if isinstance(layout, Layout) and not layout.fields:
        is_on_ground = not layout.one_number and may_show_ground(page)
        return [_read_numbers(page, layout, reader, find_sheets(page) if is_on_ground else ())]
    found = find_sheets(page)
    sheets = [straightened(page, sheet, round(sheet.width), round(sheet.height)) for sheet in found]
    if isinstance(layout, Layout):
        placed = [aligned(sheet, layout) for sheet in sheets]
        if any(sheet.fit >= READ.least_fit for sheet in placed):
            return [_read_aligned(sheet, reader) for sheet in placed]
        return [read_page(page, layout, reader)]
    recognised = [best_aligned(sheet, layout) for sheet in sheets]
    if not any(recognised):
        return [_read_best(page, best_aligned(page, layout), reader, found)]
    return [_read_best(sheet, best, reader) for sheet, best in zip(sheets, recognised, strict=True)]


def _read_best(page: Page, aligned_sheet: Aligned | None, reader: Reader, sheets: Sequence[Sheet] = ()) -> PageReading:
    """Read the fields of a sheet whose layout was recognised; where none was, every number of the page."""
    if aligned_sheet is not None:
        return _read_aligned(aligned_sheet, reader)
    return _read_numbers(page, ANY_NUMBER, reader, sheets)


def _read_numbers(page: Page, layout: Layout, reader: Reader, sheets: Sequence[Sheet] = ()) -> PageReading:
    """Read every number of a page without fields, of sheets on dark and bare ground as if there was no ground.

    On ground about as light as the sheet a number may be written beside it.
    """
    if not sheets or not may_show_ground(page) or not is_ground_bare(page, sheets):
        return _read_all(page, layout, reader)
    found = _read_all(without_ground(page, sheets), layout, reader)
    kept = partial(_doubted_at_edge, sheets=sheets)
    readings, tables = tuple(map(kept, found.readings)), tuple(table.with_readings(kept) for table in found.tables)
    return replace(found, page=page, readings=readings, tables=tables)


def _doubted_at_edge(reading: Reading, sheets: Sequence[Sheet]) -> Reading:
    """Reject a number that reaches to the edge of its sheet."""
    at_edge = reading.accepted and is_at_edge(reading.box, sheets)
    return _rejected(reading, AT_EDGE) if at_edge else reading


def _read_all(page: Page, layout: Layout, reader: Reader) -> PageReading:
    """Read every number of a page. The page's faults are given, unless all its numbers are accepted.

    In the dark, or out of focus, a part of a number may look like the whole. Without a layout nothing contradicts it,
    so no number of such a page is accepted.
    """
    ink = find_ink(page, of_any_page=not layout.one_number)
    in_boxes, in_tables = _read_ruled(page, ink, reader) if not layout.one_number else ((), TablesRead((), ink))
    found = read_numbers(page, in_tables.ink, layout, reader)
    page_faults = found.faults if layout.one_number else (*found.faults, *faults(page, reader.quality))
    too_poor = _is_too_poor(page, page_faults)
    readings = _with_boxes(found.readings, with_typed(in_boxes, page.typed))
    if not layout.one_number and not readings and not any(table.numbers for table in in_tables.tables):
        readings = with_typed(proposed_numbers(page, reader), page.typed)
    if too_poor:
        readings = tuple(_rejected(reading, POOR) for reading in readings)
    tables = _checked(in_tables.tables, page, too_poor=too_poor)
    readings = _in_reading_order(readings, tables)
    all_accepted = readings and all(reading.accepted for reading in readings)
    kept_faults = () if all_accepted and not layout.one_number else page_faults
    return PageReading(page, readings, faults=kept_faults, tables=tables)


def _is_too_poor(page: Page, page_faults: Sequence[str]) -> bool:
    """Whether a part of a number may look like the whole, so that no number passes that nothing else contradicts."""
    return min(page.pixels.shape[:2]) < READ.least_side or not _HIDING.isdisjoint(page_faults)


def _checked(tables: Sequence[Table], page: Page, *, too_poor: bool) -> tuple[Table, ...]:
    """The tables of a page with what is typed there; where the page is too poor, with no number that passes."""
    told = tuple(table.with_readings(lambda cell: with_typed((cell,), page.typed)[0]) for table in tables)
    return _all_rejected(told, POOR) if too_poor else told


def _all_rejected(tables: Sequence[Table], check: str) -> tuple[Table, ...]:
    """Tables of which no number passes, with the reason."""
    return tuple(table.with_readings(lambda reading: _rejected(reading, check)) for table in tables)


def _read_ruled(page: Page, ink: Ink, reader: Reader) -> tuple[tuple[Reading, ...], TablesRead]:
    """Read what stands between a page's rules: numbers in rows of boxes first, and what is left of it as tables."""
    rules = rules_of(ink.soft)
    if rules is None:
        return (), TablesRead((), ink)
    in_boxes = read_boxes(page, ink, rules, reader)
    rules = rules if in_boxes.ink is ink else None  # what is left of the boxes' rules makes no table
    return in_boxes.readings, read_tables(page, in_boxes.ink, reader, rules)


def _with_boxes(readings: Sequence[Reading], in_boxes: Sequence[Reading]) -> tuple[Reading, ...]:
    """Numbers of a page and those in its rows of boxes, each before the first number below it or to its right."""
    ordered = list(readings)
    for reading in reversed(in_boxes):
        at = next((at for at, other in enumerate(ordered) if _comes_before(reading.box, other.box)), len(ordered))
        ordered.insert(at, reading)
    return tuple(ordered)


def _comes_before(box: Box, other: Box) -> bool:
    """Whether a box is read before another one: it is above it, or beside it on the left."""
    is_level = min(box.bottom, other.bottom) > max(box.top, other.top)
    return box.left < other.left if is_level else box.bottom <= other.top


def _in_reading_order(readings: Sequence[Reading], tables: Sequence[Table]) -> tuple[Reading, ...]:
    """Numbers outside of tables, and before the first that stands below a table's upper edge the table's own."""
    ordered = list(readings)
    for table in reversed(tables):
        below = (at for at, reading in enumerate(ordered) if reading.box.top + reading.box.bottom > 2 * table.box.top)
        at = next(below, len(ordered))
        ordered[at:at] = table.numbers
    return tuple(ordered)


def _read_aligned(sheet: Aligned, reader: Reader) -> PageReading:
    """Read the fields of a sheet; none of them, where the page does not fit the layout."""
    used = LayoutUsed(sheet.layout.name, sheet.layout.version, sheet.fit)
    page_faults = faults(sheet.page, reader.quality, per_mm=sheet.per_mm)
    if sheet.fit < READ.least_fit:
        misfit = MISFIT.format(title=sheet.layout.title or sheet.layout.name)
        return PageReading(sheet.page, (), layout=used, faults=(misfit, *page_faults))
    found = read_named_tables(sheet, read_fields(sheet, reader), reader)
    fields, tables = found.fields, _checked(found.tables, sheet.page, too_poor=_is_too_poor(sheet.page, page_faults))
    if not sheet.is_placeable:
        turned = sheet.turned_round
        turned_fields = read_fields(turned, reader)
        fields = tuple(_doubted_upside_down(*both) for both in zip(fields, turned_fields, strict=True))
        tables = _doubted_either_way(tables, read_named_tables(turned, turned_fields, reader).tables)
    if not sheet.is_placed:  # the picture's shape alone says where the fields are
        fields = tuple(_rejected(field, *([UNPLACED] if field.value else [])) for field in fields)
        tables = _all_rejected(tables, UNPLACED)
        page_faults = (NO_MICR_LINE, *page_faults)
    numbers = tuple(number for table in tables for number in table.numbers)
    return PageReading(sheet.page, numbers, fields, used, page_faults, tables)


def _doubted_either_way(tables: Sequence[Table], turned: Sequence[Table]) -> tuple[Table, ...]:
    """Reject a table's numbers if about as many pass on the sheet turned upside down: digits seldom read both ways."""
    rivals = {table.field: _passing(table) for table in turned}
    return tuple(
        _all_rejected([table], EITHER_WAY)[0]
        if rivals.get(table.field, 0) >= READ.either_way * max(1, _passing(table))
        else table
        for table in tables
    )


def _passing(table: Table) -> int:
    return sum(reading.accepted for reading in table.numbers)


def _doubted_upside_down(upright: Reading, turned: Reading) -> Reading:
    """Reject a field that gives a value either way up, unless the writing shows which way is right.

    A currency's sign is printed before an amount: where only the upright reading has one, the sheet is upright. It is
    upright too where the turned value is oddly written, because writing that is upside down seldom reads as people
    write.

    Args:
        upright: The field of a sheet that has no mark to tell which way up it is.
        turned: The same field, read on the sheet turned upside down.
    """
    is_upright = (upright.signed and not turned.signed) or not _ODDLY_WRITTEN.isdisjoint(turned.checks)
    if turned.confidence < READ.least_upside_down or is_upright or not upright.accepted:
        return upright
    return _rejected(upright, UPSIDE_DOWN.format(value=turned.value))


def _rejected(reading: Reading, *checks: str) -> Reading:
    """A reading that a person has to look at, with more checks."""
    return replace(reading, accepted=False, checks=(*reading.checks, *checks))
