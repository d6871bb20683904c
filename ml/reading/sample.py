"""A sample of a form, from which somebody teaches its layout: its sheet, and how that reads with the layout so far."""

from __future__ import annotations

import hashlib

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Limits, Page, Reading
from ml.reading.fields.read import read_fields
from ml.reading.files.load import load_pages
from ml.reading.forms.layouts import Layout, shipped_layouts
from ml.reading.reader import Reader
from ml.reading.sheets.align import Aligned, best_aligned, micr_in
from ml.reading.sheets.sheet import find_sheets, straightened

LONG_SIDE = 2200
"""Most pixels on a sample's longer side: 200 dpi on A4, enough to read it and to know its print again."""

_FOOT = 0.3
"""The share of a sheet in which its MICR line is."""


def sample_of(data: bytes, limits: Limits) -> NDArray[np.uint8]:
    """The largest sheet on a file's first page, straightened and, where it has a MICR line, upright and to its edges.

    Returns:
        uint8, height × width × 3, RGB, no side longer than `LONG_SIDE`.

    Raises:
        RefusedFile: The file cannot be read; the sentence says why.
    """
    page = next(iter(load_pages(data, limits)))
    sheets = find_sheets(page)
    if sheets:
        largest = max(sheets, key=lambda sheet: sheet.width * sheet.height)
        page = straightened(page, largest, round(largest.width), round(largest.height))
    cheque = best_aligned(page, [layout for layout in shipped_layouts() if layout.micr is not None])
    return np.ascontiguousarray(
        _shrunk(page.pixels, max(page.pixels.shape)) if cheque is None else _to_its_edges(cheque)
    )


def _shrunk(pixels: NDArray[np.uint8], long_side: float) -> NDArray[np.uint8]:
    """By as much as a long side has to be to become `LONG_SIDE`; what is not so long stays as it is."""
    scale = min(1.0, LONG_SIDE / long_side)
    height, width = (max(1, round(side * scale)) for side in pixels.shape[:2])
    return cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _to_its_edges(sheet: Aligned) -> NDArray[np.uint8]:
    """A cheque as large as its MICR line says, wherever the picture ends."""
    pixels = _shrunk(sheet.page.pixels, max(sheet.size))
    scale = pixels.shape[1] / sheet.page.pixels.shape[1]
    left, top, width, height = (side * scale for side in (*sheet.origin, *sheet.size))
    shift, size = np.array([[1.0, 0, -left], [0, 1.0, -top]]), (max(1, round(width)), max(1, round(height)))
    moved = cv2.warpAffine(pixels, shift, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return moved.astype(np.uint8, copy=False)


def read_sample(pixels: NDArray[np.uint8], layout: Layout, reader: Reader) -> tuple[Reading, ...]:
    """The fields of a sample: the picture is the sheet, from edge to edge.

    Args:
        pixels: From `sample_of`.
        layout: As it stands so far.
        reader: With what.
    """
    page = Page(pixels, 1, None, hashlib.sha256(pixels.data).hexdigest())
    height, width = pixels.shape[:2]
    line = micr_in(page, _FOOT) if layout.has_micr else None
    return read_fields(Aligned(layout, page, (0.0, 0.0), (float(width), float(height)), line, 1.0), reader)
