"""A file's bytes and a layout in; each of its pages out, with a reading for every field or every number.

This module composes the rooms: files, sheets, then tables, fields and numbers, which use forms, ink, recognisers, micr
and style.

    from ml.reading.forms.layouts import ANY_NUMBER
    from ml.reading.read import read_scan
    from ml.reading.reader import Reader

    for page in read_scan(open("scan.jpg", "rb").read(), ANY_NUMBER, Reader.shipped()):
        print([reading.text for reading in page.readings])
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ml.reading.constants import Constants, by_eye
from ml.reading.elements import LayoutUsed, Page, PageReading, Reading, Table
from ml.reading.fields.read import read_fields
from ml.reading.files.load import load_pages
from ml.reading.forms.layouts import ANY_NUMBER, Layout
from ml.reading.forms.money import CENTS_UNCLEAR, MARK_AMBIGUOUS, MARKS_ODD, NO_CENTS
from ml.reading.forms.typed import with_typed
from ml.reading.ink.ink import find_ink
from ml.reading.numbers.read import read_numbers
from ml.reading.reader import Reader
from ml.reading.sheets.align import Aligned, aligned, best_aligned
from ml.reading.sheets.quality import BLURRED, DARK, faults
from ml.reading.sheets.sheet import find_sheets, straightened
from ml.reading.tables.read import TablesRead, read_tables

MISFIT = "This does not look like the layout that was chosen: {title}. Choose another, or let the portal find it."

NO_MICR_LINE = "No MICR line was found at the foot of the sheet, so where its fields are is only supposed."
UPSIDE_DOWN = "Nothing says which way up this picture is, and turned round it reads {value}."
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
        return [_read_numbers(page, layout, reader)]
    sheets = [straightened(page, sheet, round(sheet.width), round(sheet.height)) for sheet in find_sheets(page)]
    if isinstance(layout, Layout):
        placed = [aligned(sheet, layout) for sheet in sheets]
        if any(sheet.fit >= READ.least_fit for sheet in placed):
            return [_read_aligned(sheet, reader) for sheet in placed]
        return [read_page(page, layout, reader)]
    recognised = [best_aligned(sheet, layout) for sheet in sheets]
    if not any(recognised):
        return [read_page(page, layout, reader)]
    return [_read_best(sheet, best, reader) for sheet, best in zip(sheets, recognised, strict=True)]


def _read_best(page: Page, sheet: Aligned | None, reader: Reader) -> PageReading:
    """Read the fields of a sheet whose layout was recognised; every number of the page, where none was."""
    return _read_numbers(page, ANY_NUMBER, reader) if sheet is None else _read_aligned(sheet, reader)


def _read_numbers(page: Page, layout: Layout, reader: Reader) -> PageReading:
    """Read every number of a page without fields. The page's faults are given, unless all its numbers are accepted.

    In the dark, or out of focus, a part of a number may look like the whole. Without a layout nothing contradicts it,
    so no number of such a page is accepted.
    """
    ink = find_ink(page)
    in_tables = TablesRead((), ink) if layout.one_number else read_tables(page, ink, reader)
    found = read_numbers(page, in_tables.ink, layout, reader)
    page_faults = found.faults if layout.one_number else (*found.faults, *faults(page, reader.quality))
    too_poor = min(page.pixels.shape[:2]) < READ.least_side or not _HIDING.isdisjoint(page_faults)
    readings = found.readings
    tables = tuple(table.with_readings(lambda cell: with_typed((cell,), page.typed)[0]) for table in in_tables.tables)
    if too_poor:
        readings = tuple(_rejected(reading, POOR) for reading in readings)
        tables = tuple(table.with_readings(lambda reading: _rejected(reading, POOR)) for table in tables)
    readings = _in_reading_order(readings, tables)
    all_accepted = readings and all(reading.accepted for reading in readings)
    kept_faults = () if all_accepted and not layout.one_number else page_faults
    return PageReading(page, readings, faults=kept_faults, tables=tables)


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
    fields = read_fields(sheet, reader)
    if not sheet.is_placeable:
        turned = read_fields(sheet.turned_round, reader)
        fields = tuple(_doubted_upside_down(*both) for both in zip(fields, turned, strict=True))
    if not sheet.is_placed:  # the picture's shape alone says where the fields are
        fields = tuple(_rejected(field, *([UNPLACED] if field.value else [])) for field in fields)
        page_faults = (NO_MICR_LINE, *page_faults)
    return PageReading(sheet.page, (), fields, used, page_faults)


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
