"""Pages of a PDF, drawn by PDFium. This module runs only in a box of its own (`boxed.py`).

A hostile file makes PDFium raise anything, take all memory or never end. The box bounds what that costs.
"""

from __future__ import annotations

import numpy as np
import pypdfium2
from numpy.typing import NDArray

from ml.reading.errors import RefusedFile

_POINTS_AN_INCH = 72
"""The unit in which a PDF gives its pages' sides is a point."""


def page_sizes(data: bytes, most: int) -> list[tuple[float, float]]:
    """Width and height of a PDF's pages in points, of at most the first `most` pages.

    Raises:
        RefusedFile: Code "encrypted": the PDF cannot be opened without a password.
        Exception: PDFium raises anything about a broken file.
    """
    document = _opened(data)
    return [document.get_page_size(number) for number in range(min(len(document), most))]


def drawn(data: bytes, number: int, dpi: float) -> NDArray[np.uint8]:
    """A page of a PDF (`number` from 0) on white, with its notes and filled-in fields: uint8, height × width × 3, RGB.

    Raises:
        RefusedFile: Code "encrypted".
        Exception: PDFium raises anything about a broken file.
    """
    document = _opened(data)
    document.init_forms()  # before its pages are opened: without it, fields are not drawn
    bitmap = document[number].render(scale=dpi / _POINTS_AN_INCH, rev_byteorder=True, no_smoothtext=False)
    pixels: NDArray[np.uint8] = bitmap.to_numpy()[:, :, :3]
    return pixels


def _opened(data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error):
            raise RefusedFile(
                "encrypted", "This PDF is locked with a password. Save a copy without the password and upload that."
            ) from error
        raise
