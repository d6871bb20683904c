"""Pages of a PDF, through PDFium: their sizes in pixels without drawing them, and their pixels one page at a time."""

from __future__ import annotations

import math
from collections.abc import Iterator
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Limits
from ml.reading.errors import RefusedFile
from ml.reading.files.constants import PDF
from ml.reading.files.headers import BadHeader

_POINTS_AN_INCH = 72
"""The unit in which a PDF gives its pages' sides is a point."""

# PDFium is not safe to call from two threads.
_pdfium = Lock()


def page_sizes(data: bytes, limits: Limits) -> Iterator[tuple[int, int]]:
    """Width and height in pixels of each page, as `render` draws it; of one page more than the limit at most.

    Raises:
        RefusedFile: Code "encrypted": the PDF cannot be opened without a password.
        BadHeader: PDFium cannot open it, or a page has no size.
    """
    with _pdfium:
        document = _open(data)
        try:
            # One page more than the limit is enough to refuse the file.
            points = [document.get_page_size(number) for number in range(min(len(document), limits.pages + 1))]
        except Exception as error:  # a broken page tree makes the library raise anything
            raise BadHeader(str(error)) from error
        finally:
            document.close()
    for width, height in points:
        yield _pixels(width, height, _dpi(width, height, limits))


def render(data: bytes, number: int, limits: Limits) -> tuple[NDArray[np.uint8], float]:
    """Draw one page at `PDF.rendering_dpi`; more coarsely, down to `PDF.least_dpi`, where it would exceed the limit.

    Args:
        data: The whole PDF.
        number: Of the page, from 0.
        limits: How many pixels a page may have.

    Returns:
        The pixels, uint8, height × width × 3, RGB, on white; and their dots an inch.

    Raises:
        RefusedFile: Code "encrypted": the PDF cannot be opened without a password.
        BadHeader: PDFium cannot open it.
    """
    with _pdfium:
        document = _open(data)
        try:
            page = document[number]
            width, height = page.get_size()
            dpi = _dpi(width, height, limits)
            bitmap = page.render(scale=dpi / _POINTS_AN_INCH, rev_byteorder=True, no_smoothtext=False)
            pixels = bitmap.to_numpy()[:, :, :3].copy()
        finally:
            document.close()
    return pixels, dpi


def _open(data: bytes) -> Any:
    import pypdfium2  # costs memory: loaded only when a PDF comes

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error):
            raise RefusedFile(
                "encrypted", "This PDF is locked with a password. Save a copy without the password and upload that."
            ) from error
        raise BadHeader(str(error)) from error


def _dpi(width_points: float, height_points: float, limits: Limits) -> float:
    """Dots an inch at which a page stays within the limit, but from `PDF.least_dpi` to `PDF.rendering_dpi`."""
    square_inches = width_points * height_points / _POINTS_AN_INCH**2
    if not (math.isfinite(square_inches) and square_inches > 0):
        return PDF.rendering_dpi
    fitting = math.sqrt(limits.pixels * PDF.share_of_limit / square_inches)
    return min(PDF.rendering_dpi, max(PDF.least_dpi, fitting))


def _pixels(width_points: float, height_points: float, dpi: float) -> tuple[int, int]:
    """Width and height of a page in pixels, rounded up."""
    if not (math.isfinite(width_points) and math.isfinite(height_points)):
        raise BadHeader("a page without a size")
    return math.ceil(width_points * dpi / _POINTS_AN_INCH), math.ceil(height_points * dpi / _POINTS_AN_INCH)
