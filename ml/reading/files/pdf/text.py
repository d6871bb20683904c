"""What is typed on a page of a PDF: words of its text, filled-in fields among them, where a person sees them.

This module runs only in a box of its own (`boxed.py`).
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from ml.reading.files.constants import TYPED
from ml.reading.files.pdf.fields import Filled, filled_fields
from ml.reading.files.pdf.objects import Area, Painted, painted

Word = tuple[str, int, int, int, int]
"""A text, and left, top, right and bottom of its box in pixels of the drawn page."""

_UNKNOWN = "\ufffd"
"""Stands for a sign of which the file does not tell what it is."""

_SHOWN = {
    pdfium.FPDF_TEXTRENDERMODE_FILL,
    pdfium.FPDF_TEXTRENDERMODE_STROKE,
    pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE,
}
"""Ways of drawing text in which it is seen; recognised text that is laid under a scan is drawn in none of them."""

_PICTURES = {pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING}


def typed_words(document: pypdfium2.PdfDocument, number: int, pixels: NDArray[np.uint8]) -> list[Word]:
    """The typed words of a page that can be seen on it, at most `TYPED.most_words`; none where PDFium finds no text.

    Notes and fields become a part of the page, in this copy of the document, so that their words are found too.

    Args:
        document: With its forms begun.
        number: Of the page, from 0.
        pixels: uint8, height × width × 3: the page as it was drawn.
    """
    page = document[number]
    fields = filled_fields(page)
    try:
        if pdfium.FPDFPage_GetAnnotCount(page):
            pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
            page = document[number]
        return _Typed(page, pixels, fields).words()
    except pypdfium2.PdfiumError:  # the page is drawn all the same
        return []


class _Typed:
    """A page whose typed words are being found."""

    def __init__(self, page: pypdfium2.PdfPage, pixels: NDArray[np.uint8], fields: list[Filled]) -> None:
        self._page = page
        self._pixels = pixels
        self._text = page.get_textpage()
        self._fields = fields
        self._objects = painted(page)
        self._places = {_address(one.handle): at for at, one in enumerate(self._objects)}
        self._covers = [at for at, one in enumerate(self._objects) if _may_cover(one)]
        areas = [self._objects[at].area for at in self._covers]
        self._cover_areas = np.array([[one.left, one.bottom, one.right, one.top] for one in areas]).reshape(-1, 4)

    def words(self) -> list[Word]:
        """The words that can be seen, in the order of the text; digits in boxes of a field as one word."""
        found: list[tuple[str, Area]] = []
        for text, start in self._runs():
            area = self._area(start, len(text))
            if area is not None and self._is_seen(start, area):
                found.append((text, area))
            if len(found) == TYPED.most_words:
                break
        for field in self._fields:
            found = field.joined(found)
        boxes = [(text, self._box(area)) for text, area in found]
        return [(text, *box) for text, box in boxes if box is not None and self._stands_out(box)]

    def _runs(self) -> Iterator[tuple[str, int]]:
        """Each run of signs without space that has a letter or digit, and is not too long; and where it starts."""
        count = min(pdfium.FPDFText_CountChars(self._text), TYPED.most_signs)
        signs = "".join(_sign(pdfium.FPDFText_GetUnicode(self._text, at)) for at in range(count))
        start = 0
        for run in signs.split(" "):
            if len(run) <= TYPED.most_letters and any(map(str.isalnum, run)):
                yield self._known(run, start), start
            start += len(run) + 1

    def _known(self, run: str, start: int) -> str:
        """The run, with digits of which the file does not tell what they are taken out."""
        return "".join(
            _UNKNOWN if sign.isdigit() and pdfium.FPDFText_HasUnicodeMapError(self._text, at) else sign
            for at, sign in enumerate(run, start=start)
        )

    def _area(self, start: int, length: int) -> Area | None:
        whole = None
        for at in range(pdfium.FPDFText_CountRects(self._text, start, length)):
            left, top, right, bottom = (ctypes.c_double() for _ in range(4))
            pdfium.FPDFText_GetRect(self._text, at, left, top, right, bottom)
            area = Area(left.value, bottom.value, right.value, top.value)
            whole = area if whole is None else whole.union(area)
        return whole

    def _is_seen(self, start: int, area: Area) -> bool:
        """Whether a word is drawn so that it is seen, and no picture lies on it, nor a note that may strike it out."""
        at = self._places.get(_address(pdfium.FPDFText_GetTextObject(self._text, start)))
        if at is None or not _is_shown(self._objects[at]):
            return False
        if not self._covers:
            return True
        left, bottom, right, top = self._cover_areas.T
        touching = (left < area.right) & (area.left < right) & (bottom < area.top) & (area.bottom < top)
        form = self._objects[at].form
        covers = (self._covers[number] for number in np.flatnonzero(touching))
        # Lines of the word's own form are rules and frames.
        return not any(
            at < cover and (self._objects[cover].kind in _PICTURES or self._objects[cover].form is not form)
            for cover in covers
        )

    def _box(self, area: Area) -> tuple[int, int, int, int] | None:
        """An area as left, top, right and bottom in pixels of the drawn page; None where none of it is on the page."""
        height, width = self._pixels.shape[:2]
        corners = []
        for x, y in ((area.left, area.bottom), (area.right, area.top)):
            across, down = ctypes.c_int(), ctypes.c_int()
            pdfium.FPDF_PageToDevice(self._page, 0, 0, width, height, 0, x, y, across, down)
            corners.append((across.value, down.value))
        (left, right), (top, bottom) = (sorted(side) for side in zip(*corners, strict=True))
        box = max(0, left), max(0, top), min(width, right + 1), min(height, bottom + 1)
        return box if box[0] < box[2] and box[1] < box[3] else None

    def _stands_out(self, box: tuple[int, int, int, int]) -> bool:
        left, top, right, bottom = box
        part = self._pixels[top:bottom, left:right]
        return bool(np.ptp(part.reshape(-1, 3), axis=0).max() >= TYPED.least_contrast)


def _sign(code: int) -> str:
    """A sign of the text; " " between words."""
    sign = chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else _UNKNOWN
    if sign.isspace():
        return " "
    return sign if sign.isprintable() else _UNKNOWN


def _address(handle: Any) -> int | None:
    return ctypes.cast(handle, ctypes.c_void_p).value


def _may_cover(one: Painted) -> bool:
    """Whether an object is a picture, or a line of a note or another form; those of the page are rules and frames."""
    return one.kind in _PICTURES or (one.kind == pdfium.FPDF_PAGEOBJ_PATH and one.form is not None)


def _is_shown(text: Painted) -> bool:
    """Whether a text is drawn with a colour, and on no layer that may be switched off."""
    red, green, blue, opacity = (ctypes.c_uint(255) for _ in range(4))
    pdfium.FPDFPageObj_GetFillColor(text.handle, red, green, blue, opacity)
    return (
        pdfium.FPDFTextObj_GetTextRenderMode(text.handle) in _SHOWN
        and opacity.value > 0
        and not any(map(_is_on_layer, text.with_forms()))
    )


def _is_on_layer(one: Painted) -> bool:
    names = []
    for at in range(pdfium.FPDFPageObj_CountMarks(one.handle)):
        mark, length = pdfium.FPDFPageObj_GetMark(one.handle, at), ctypes.c_ulong()
        name = (pdfium.FPDF_WCHAR * TYPED.mark_letters)()
        pdfium.FPDFPageObjMark_GetName(mark, name, ctypes.sizeof(name), length)
        names.append(bytes(name).decode("utf-16-le", "replace").split("\0")[0])
    return "OC" in names
