"""Pages of a PDF, through PDFium: their sizes without rendering, and their pixels one page at a time."""

from __future__ import annotations

import math
from collections.abc import Iterator
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Limits
from ml.reading.errors import RefusedFile
from ml.reading.files.headers import BadHeader

RENDERING_DPI = 200
_LEAST_DPI = 72
_POINTS_AN_INCH = 72

# PDFium is not safe to call from two threads.
_pdfium = Lock()


def page_sizes(data: bytes, limits: Limits) -> Iterator[tuple[int, int]]:
    """Width and height in pixels of each page, as `render` will make it.

    Raises:
        RefusedFile: "encrypted": it cannot be opened without a password.
        BadHeader: PDFium cannot open it.
    """
    with _pdfium:
        document = _open(data)
        try:
            # One more than the limit is enough to know that it is too many.
            points = [document.get_page_size(number) for number in range(min(len(document), limits.pages + 1))]
        except Exception as error:  # whatever the library raises on a page tree that makes no sense
            raise BadHeader(str(error)) from error
        finally:
            document.close()
    for width, height in points:
        yield _pixels(width, height, _dpi(width, height, limits))


def render(data: bytes, number: int, limits: Limits) -> tuple[NDArray[np.uint8], float]:
    """One page as pixels, at 200 dots an inch, or at fewer (down to 72) where the page would exceed the limit.

    Args:
        data: The whole PDF.
        number: From 0.
        limits: What a page may cost.

    Returns:
        uint8, height × width × 3, RGB, on white; and the dots an inch.

    Raises:
        RefusedFile: "encrypted".
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
    import pypdfium2  # only when a PDF comes

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error):
            raise RefusedFile(
                "encrypted", "This PDF is locked with a password. Save a copy without the password and upload that."
            ) from error
        raise BadHeader(str(error)) from error


def _dpi(width_points: float, height_points: float, limits: Limits) -> float:
    """The resolution at which a page stays within the limit, where 72 to 200 dots an inch can do that."""
    square_inches = width_points * height_points / _POINTS_AN_INCH**2
    if not (math.isfinite(square_inches) and square_inches > 0):
        return RENDERING_DPI
    # One in a hundred less, for sides are rounded up.
    fitting = math.sqrt(limits.pixels * 0.99 / square_inches)
    return min(RENDERING_DPI, max(_LEAST_DPI, fitting))


def _pixels(width_points: float, height_points: float, dpi: float) -> tuple[int, int]:
    if not (math.isfinite(width_points) and math.isfinite(height_points)):
        raise BadHeader("a page without a size")
    return math.ceil(width_points * dpi / _POINTS_AN_INCH), math.ceil(height_points * dpi / _POINTS_AN_INCH)
