"""A sample of a form, from which a person teaches a layout.

A file goes in, and the sheet on it comes out, straightened. That sheet with an unfinished layout goes in, and readings
of the layout's fields come out.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.constants import Constants, by_eye
from ml.reading.elements import Page, PageReading
from ml.reading.fields.read import read_fields
from ml.reading.files.limits import Limits
from ml.reading.files.load import load_pages
from ml.reading.forms.layout_json import shipped_layouts
from ml.reading.forms.layouts import Layout
from ml.reading.reader import Reader
from ml.reading.sheets.align import Aligned, best_aligned, micr_in
from ml.reading.sheets.sheet import find_sheets, straightened
from ml.reading.tables.of_layout import read_named_tables


@dataclass(frozen=True, slots=True)
class SampleConstants(Constants):
    """How large a sample is kept, and where its MICR line is looked for."""

    long_side: int = by_eye(
        2200,
        "pixels",
        (1600, 4400),
        "A sample is shrunk to this longer side, which is A4 at 200 dots an inch: enough for its landmarks.",
    )
    foot: float = by_eye(
        0.3, "share", (0.2, 0.5), "The MICR line is looked for in this share of the sheet's height, at its foot."
    )


SAMPLES = SampleConstants()


def sample_of(data: bytes, limits: Limits) -> NDArray[np.uint8]:
    """The largest sheet on a file's first page, straightened; a cheque upright and cut out at its edges.

    Args:
        data: The whole file.
        limits: How large the file, a page and the number of pages may be.

    Returns:
        uint8, height × width × 3, RGB, no side longer than `SAMPLES.long_side`.

    Raises:
        RefusedFile: The file cannot be read; the sentence gives the reason.
    """
    page = next(iter(load_pages(data, limits)))
    sheets = find_sheets(page)
    if sheets:
        largest = max(sheets, key=lambda sheet: sheet.width * sheet.height)
        page = straightened(page, largest, round(largest.width), round(largest.height))
    cheque = best_aligned(page, [layout for layout in shipped_layouts() if layout.micr is not None])
    pixels = _shrunk(page.pixels, max(page.pixels.shape)) if cheque is None else _cut_at_edges(cheque)
    return np.ascontiguousarray(pixels)


def _shrunk(pixels: NDArray[np.uint8], long_side: float) -> NDArray[np.uint8]:
    """Shrink a picture by the factor that makes a side of this length `SAMPLES.long_side`; never enlarge it.

    Args:
        pixels: uint8, height × width × 3.
        long_side: In pixels of the picture.
    """
    scale = min(1.0, SAMPLES.long_side / long_side)
    height, width = (max(1, round(side * scale)) for side in pixels.shape[:2])
    return cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _cut_at_edges(sheet: Aligned) -> NDArray[np.uint8]:
    """A cheque of the size that its MICR line gives; beyond the picture's edge its last pixels are repeated."""
    pixels = _shrunk(sheet.page.pixels, max(sheet.size))
    scale = pixels.shape[1] / sheet.page.pixels.shape[1]
    left, top, width, height = (side * scale for side in (*sheet.origin, *sheet.size))
    shift, size = np.array([[1.0, 0, -left], [0, 1.0, -top]]), (max(1, round(width)), max(1, round(height)))
    moved = cv2.warpAffine(pixels, shift, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return moved.astype(np.uint8, copy=False)


def read_sample(pixels: NDArray[np.uint8], layout: Layout, reader: Reader) -> PageReading:
    """Read the fields of a sample, whose picture is the sheet from edge to edge.

    Args:
        pixels: From `sample_of`: uint8, height × width × 3, RGB.
        layout: As far as it was taught.
        reader: The networks and settings to read with.

    Returns:
        A reading for each field, in the layout's order, and the tables that are as the layout says.
    """
    page = Page(pixels, 1, None, hashlib.sha256(pixels.data).hexdigest())
    height, width = pixels.shape[:2]
    line = micr_in(page, SAMPLES.foot) if layout.has_micr else None
    sheet = Aligned(layout, page, (0.0, 0.0), (float(width), float(height)), line, 1.0)
    found = read_named_tables(sheet, read_fields(sheet, reader), reader)
    return PageReading(page, (), found.fields, tables=found.tables)
