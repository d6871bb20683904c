"""Pages of a PDF, drawn by PDFium. This module runs only in a box of its own (`boxed.py`).

A hostile file makes PDFium raise anything, take all memory or never end. The box bounds what that costs.
"""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pypdfium2
from numpy.typing import NDArray

from ml.reading.errors import RefusedFile
from ml.reading.files.constants import PDF
from ml.reading.files.pdf import resolution
from ml.reading.files.pdf.objects import Area, painted, pictured_dpi
from ml.reading.files.pdf.text import Word, typed_words

_POINTS_AN_INCH = 72
"""A PDF's unit is a point, unless the page says otherwise."""

_OBJECTS = re.compile(rb"/ObjStm\b.{0,1000}?stream\r?\n", re.DOTALL)
"""Where a compressed stream of objects begins."""

_KIDS = re.compile(rb"/Kids\[([0-9R ]*)\]")
_UNIT = re.compile(rb"/UserUnit ([0-9.]+)")
"""How PDFium writes a page's unit."""


def page_sizes(data: bytes, most: int) -> list[tuple[float, float]]:
    """Width and height of a PDF's pages in points, of at most the first `most` pages.

    Raises:
        RefusedFile: Code "encrypted": the PDF cannot be opened without a password.
        Exception: PDFium raises anything about a broken file.
    """
    document = _opened(data)
    sizes = [document.get_page_size(number) for number in range(min(len(document), most))]
    units = _units(document, len(sizes)) if _may_have_units(data) else [1.0] * len(sizes)
    return [(width * unit, height * unit) for (width, height), unit in zip(sizes, units, strict=True)]


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A page of a PDF as a person sees it.

    Attributes:
        pixels: uint8, height × width × 3, RGB.
        dpi: Dots an inch of the pixels.
        words: What is typed on it.
    """

    pixels: NDArray[np.uint8]
    dpi: float
    words: list[Word]


def drawn(data: bytes, number: int, size: tuple[float, float], most_pixels: int) -> Drawn:
    """A page of a PDF on white, with its notes and filled-in fields, as fine as the pictures that it consists of.

    Args:
        data: The whole file.
        number: Of the page, from 0.
        size: Its width and height in points, from `page_sizes`.
        most_pixels: Most pixels of the result.

    Raises:
        RefusedFile: Code "encrypted".
        Exception: PDFium raises anything about a broken file.
    """
    document = _opened(data)
    document.init_forms()  # before its pages are opened: without it, fields are not drawn
    page = document[number]
    unit = size[0] / page.get_width()
    pictured = pictured_dpi(painted(page), Area(*page.get_bbox()))
    dpi = resolution.dpi_with(None if pictured is None else pictured / unit, *size, most_pixels)
    bitmap = page.render(scale=dpi * unit / _POINTS_AN_INCH, rev_byteorder=True, no_smoothtext=False)
    pixels: NDArray[np.uint8] = bitmap.to_numpy()[:, :, :3]
    return Drawn(pixels, dpi, typed_words(document, number, pixels))


def _opened(data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error):
            raise RefusedFile(
                "encrypted", "This PDF is locked with a password. Save a copy without the password and upload that."
            ) from error
        raise


def _may_have_units(data: bytes) -> bool:
    """Whether a page of a PDF may have a unit of its own. Hardly one has, and finding it out needs a copy of all."""
    return b"/UserUnit" in data or any(
        b"/UserUnit" in _inflated(data[found.end() : found.end() + PDF.most_unit_bytes])
        for found in islice(_OBJECTS.finditer(data), PDF.most_unit_streams)
    )


def _inflated(compressed: bytes) -> bytes:
    """The beginning of a compressed stream; empty where it was compressed in another way, or locked."""
    try:
        return zlib.decompressobj().decompress(compressed, PDF.most_unit_bytes)
    except zlib.error:
        return b""


def _units(document: pypdfium2.PdfDocument, count: int) -> list[float]:
    """How many points a unit of each of the first pages is: 1 where the page says nothing.

    PDFium does not tell it. But it copies it with the pages, and writes a copy's dictionaries in plain text.
    """
    pages, plain = pypdfium2.PdfDocument.new(), io.BytesIO()
    pages.import_pages(document, list(range(count)))
    pages.save(plain)
    written = plain.getvalue()
    kids = _KIDS.search(written)
    return [_unit(written, kid) for kid in kids[1].split()[::3]] if kids else [1.0] * count


def _unit(written: bytes, page: bytes) -> float:
    start = written.find(b"\n%s 0 obj" % page)
    found = _UNIT.search(written, start, written.find(b"endobj", start))
    try:
        return (float(found[1]) if found else 0.0) or 1.0
    except ValueError:
        return 1.0
