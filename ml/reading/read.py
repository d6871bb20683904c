"""From a file's bytes to the fields, or the numbers, on its pages: the stages, one after the other.

from ml.reading.forms.layouts import ANY_NUMBER
from ml.reading.read import read_scan
from ml.reading.reader import Reader

for page in read_scan(open("scan.jpg", "rb").read(), ANY_NUMBER, Reader.shipped()):
    print([reading.text for reading in page.readings])
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ml.reading.elements import LayoutUsed, Page, PageReading, Reading
from ml.reading.fields.fields import read_fields
from ml.reading.fields.numbers import read_numbers
from ml.reading.files.load import load_pages
from ml.reading.forms.layouts import ANY_NUMBER, Layout
from ml.reading.forms.money import CENTS_UNCLEAR, MARK_AMBIGUOUS, MARKS_ODD, NO_CENTS
from ml.reading.reader import Reader
from ml.reading.sheets.align import Aligned, aligned, best_aligned
from ml.reading.sheets.quality import BLURRED, DARK, faults
from ml.reading.sheets.sheet import find_sheets, straightened

_FITS = 0.3
"""A page whose shape and MICR line fit a layout less than this has another."""

_MEANS_SOMETHING = 0.8
"""How sure a value is that may be meant."""

_ODDLY_WRITTEN = {NO_CENTS, CENTS_UNCLEAR, MARK_AMBIGUOUS, MARKS_ODD}

_HIDES = {BLURRED, DARK}

MISFIT = "This does not look like the layout that was chosen: {title}. Choose another, or let the portal find it."

NO_MICR_LINE = "No MICR line was found at the foot of the sheet, so where its fields are is only supposed."
UPSIDE_DOWN = "Nothing says which way up this picture is, and turned round it reads {value}."
POOR = "The picture is too poor to be sure that this is the whole number."
UNPLACED = "Read where this field usually stands: compare it with the picture."


def read_scan(data: bytes, layout: Layout | Sequence[Layout], reader: Reader) -> Iterator[PageReading]:
    """Read a file page by page.

    Args:
        data: The whole file, of any kind that `ml.reading.files.inspect` names.
        layout: How to look at its pages; or those among which the best fitting is found for each page, and where none
            fits, every number.
        reader: With what.

    Yields:
        Each page with its fields, or its numbers, lines from the top, each from the left; of a page that shows several
        sheets, each sheet. Numbered from 1.

    Raises:
        RefusedFile: The file, or one of its pages, cannot be read; the sentence says why.
    """
    count = 0
    for page in load_pages(data, reader.limits):
        for part in _parts(page, layout, reader):
            count += 1
            yield replace(part, page=replace(part.page, number=count))


def read_page(page: Page, layout: Layout | Sequence[Layout], reader: Reader) -> PageReading:
    """Read a page as a layout says, or as the best fitting of several does."""
    if isinstance(layout, Layout):
        return _as_sheet(aligned(page, layout), reader) if layout.fields else _numbers(page, layout, reader)
    sheet = best_aligned(page, layout)
    return _numbers(page, ANY_NUMBER, reader) if sheet is None else _as_sheet(sheet, reader)


def _parts(page: Page, layout: Layout | Sequence[Layout], reader: Reader) -> list[PageReading]:
    """Each sheet of a page that shows some; the page as a whole, where none of them has a layout.

    What was taken for a sheet may be a part of one, and the numbers around it would be missed.
    """
    if isinstance(layout, Layout) and not layout.fields:
        return [_numbers(page, layout, reader)]
    sheets = [straightened(page, sheet, round(sheet.width), round(sheet.height)) for sheet in find_sheets(page)]
    if isinstance(layout, Layout):
        found = [aligned(sheet, layout) for sheet in sheets]
        fits = any(sheet.fit >= _FITS for sheet in found)
        return [_as_sheet(sheet, reader) for sheet in found] if fits else [read_page(page, layout, reader)]
    known = [best_aligned(sheet, layout) for sheet in sheets]
    if not any(known):
        return [read_page(page, layout, reader)]
    return [
        _as_sheet(one, reader) if one is not None else _numbers(sheet, ANY_NUMBER, reader)
        for sheet, one in zip(sheets, known, strict=True)
    ]


def _numbers(page: Page, layout: Layout, reader: Reader) -> PageReading:
    """Every number of a page that has no fields; where not all are sure, what may hide some is told.

    In the dark, or out of focus, a part of a number may pass for a whole one: on a page of which nothing else is known
    none is sure then.
    """
    readings = read_numbers(page, layout, reader)
    if layout.one_number:
        return PageReading(page, readings)
    poor = faults(page, reader.quality)
    if not _HIDES.isdisjoint(poor):
        readings = tuple(replace(one, accepted=False, checks=(*one.checks, POOR)) for one in readings)
    all_sure = readings and all(one.accepted for one in readings)
    return PageReading(page, readings, faults=() if all_sure else poor)


def _as_sheet(sheet: Aligned, reader: Reader) -> PageReading:
    used = LayoutUsed(sheet.layout.name, sheet.layout.version, sheet.fit)
    poor = faults(sheet.page, reader.quality, per_mm=sheet.per_mm)
    if sheet.fit < _FITS:
        misfit = MISFIT.format(title=sheet.layout.title or sheet.layout.name)
        return PageReading(sheet.page, (), layout=used, faults=(misfit, *poor))
    fields = read_fields(sheet, reader)
    if not sheet.is_placeable:
        turned = read_fields(sheet.turned_round, reader)
        fields = tuple(_if_upright(*both) for both in zip(fields, turned, strict=True))
    if not sheet.is_placed:  # by its shape alone
        fields = tuple(replace(one, accepted=False, checks=(*one.checks, *_unplaced(one))) for one in fields)
        poor = (NO_MICR_LINE, *poor)
    return PageReading(sheet.page, (), fields, used, poor)


def _if_upright(upright: Reading, turned: Reading) -> Reading:
    """A field of a sheet that does not say which way up it is: not sure where it means something both ways.

    A currency's sign is printed before an amount: what has one there, and turned round has none, says so. So does a
    reading that is free of doubt where the other is not: by chance few read as people write.
    """
    says_so = (upright.signed and not turned.signed) or not _ODDLY_WRITTEN.isdisjoint(turned.checks)
    if turned.confidence < _MEANS_SOMETHING or says_so or not upright.accepted:
        return upright
    return replace(upright, accepted=False, checks=(*upright.checks, UPSIDE_DOWN.format(value=turned.value)))


def _unplaced(reading: Reading) -> tuple[str, ...]:
    return (UNPLACED,) if reading.value else ()
