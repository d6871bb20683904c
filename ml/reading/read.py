"""From a file's bytes to the fields, or the numbers, on its pages: the stages, one after the other.

from ml.reading.layouts import ANY_NUMBER
from ml.reading.read import read_scan
from ml.reading.reader import Reader

for page in read_scan(open("scan.jpg", "rb").read(), ANY_NUMBER, Reader.shipped()):
    print([reading.text for reading in page.readings])
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ml.reading.align import Aligned, aligned, best_aligned
from ml.reading.elements import LayoutUsed, Page, PageReading
from ml.reading.fields import read_fields
from ml.reading.layouts import ANY_NUMBER, Layout
from ml.reading.load import load_pages
from ml.reading.numbers import read_numbers
from ml.reading.reader import Reader

_FITS = 0.3
"""A page whose shape and MICR line fit a layout less than this has another."""

MISFIT = "This does not look like the layout that was chosen: {title}. Choose another, or let the portal find it."


def read_scan(data: bytes, layout: Layout | Sequence[Layout], reader: Reader) -> Iterator[PageReading]:
    """Read a file page by page.

    Args:
        data: The whole file, of any kind that `ml.reading.inspect` names.
        layout: How to look at its pages; or those among which the best fitting is found for each page, and where none
            fits, every number.
        reader: With what.

    Yields:
        Each page with its fields, or its numbers, lines from the top, each from the left.

    Raises:
        RefusedFile: The file, or one of its pages, cannot be read; the sentence says why.
    """
    for page in load_pages(data, reader.limits):
        yield read_page(page, layout, reader)


def read_page(page: Page, layout: Layout | Sequence[Layout], reader: Reader) -> PageReading:
    """Read a page as a layout says, or as the best fitting of several does."""
    if isinstance(layout, Layout):
        if not layout.fields:
            return PageReading(page, read_numbers(page, layout, reader))
        return _as_sheet(aligned(page, layout), reader)
    sheet = best_aligned(page, layout)
    return _as_sheet(sheet, reader) if sheet is not None else PageReading(page, read_numbers(page, ANY_NUMBER, reader))


def _as_sheet(sheet: Aligned, reader: Reader) -> PageReading:
    used = LayoutUsed(sheet.layout.name, sheet.layout.version, sheet.fit)
    if sheet.fit < _FITS:
        fault = MISFIT.format(title=sheet.layout.title or sheet.layout.name)
        return PageReading(sheet.page, (), layout=used, faults=(fault,))
    return PageReading(sheet.page, (), read_fields(sheet, reader), used)
