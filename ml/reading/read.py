"""From a file's bytes to the fields, or the numbers, on its pages: the stages, one after the other.

from ml.reading.layouts import ANY_NUMBER
from ml.reading.read import read_scan
from ml.reading.reader import Reader

for page in read_scan(open("scan.jpg", "rb").read(), ANY_NUMBER, Reader.shipped()):
    print([reading.text for reading in page.readings])
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ml.reading.align import Aligned, aligned, best_aligned
from ml.reading.elements import LayoutUsed, Page, PageReading, Reading
from ml.reading.fields import read_fields
from ml.reading.layouts import ANY_NUMBER, Layout
from ml.reading.load import load_pages
from ml.reading.numbers import read_numbers
from ml.reading.quality import faults
from ml.reading.reader import Reader
from ml.reading.sheet import find_sheets, straightened

_FITS = 0.3
"""A page whose shape and MICR line fit a layout less than this has another."""

MISFIT = "This does not look like the layout that was chosen: {title}. Choose another, or let the portal find it."

NO_MICR_LINE = "No MICR line was found at the foot of the sheet, so where its fields are is only supposed."
UNPLACED = "Read where this field usually stands: compare it with the picture."


def read_scan(data: bytes, layout: Layout | Sequence[Layout], reader: Reader) -> Iterator[PageReading]:
    """Read a file page by page.

    Args:
        data: The whole file, of any kind that `ml.reading.inspect` names.
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
        for part in _parts(page, layout):
            count += 1
            yield read_page(replace(part, number=count), layout, reader)


def _parts(page: Page, layout: Layout | Sequence[Layout]) -> list[Page]:
    """Each sheet that a page shows, upright, where sheets are looked for; else the page as it is."""
    if isinstance(layout, Layout) and not layout.fields:
        return [page]
    sheets = find_sheets(page)
    sized = [(sheet, round(sheet.width), round(sheet.height)) for sheet in sheets]
    return [straightened(page, sheet, *size) for sheet, *size in sized] or [page]


def read_page(page: Page, layout: Layout | Sequence[Layout], reader: Reader) -> PageReading:
    """Read a page as a layout says, or as the best fitting of several does."""
    if isinstance(layout, Layout):
        if not layout.fields:
            return PageReading(page, read_numbers(page, layout, reader))
        return _as_sheet(aligned(page, layout), reader)
    sheet = best_aligned(page, layout)
    if sheet is None:
        return PageReading(page, read_numbers(page, ANY_NUMBER, reader))
    return _as_sheet(sheet, reader)


def _as_sheet(sheet: Aligned, reader: Reader) -> PageReading:
    used = LayoutUsed(sheet.layout.name, sheet.layout.version, sheet.fit)
    poor = faults(sheet.page, reader.quality, per_mm=sheet.per_mm)
    if sheet.fit < _FITS:
        misfit = MISFIT.format(title=sheet.layout.title or sheet.layout.name)
        return PageReading(sheet.page, (), layout=used, faults=(misfit, *poor))
    fields = read_fields(sheet, reader)
    if sheet.layout.micr is not None and sheet.micr is None:  # placed by its shape alone
        fields = tuple(replace(one, accepted=False, checks=(*one.checks, *_unplaced(one))) for one in fields)
        poor = (NO_MICR_LINE, *poor)
    return PageReading(sheet.page, (), fields, used, poor)


def _unplaced(reading: Reading) -> tuple[str, ...]:
    return (UNPLACED,) if reading.value else ()
