"""Fields of a PDF's form that were filled in. This module runs only in a box of its own (`boxed.py`)."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from itertools import islice

import pypdfium2
import pypdfium2.raw as pdfium

from ml.reading.files.constants import TYPED
from ml.reading.files.pdf.objects import Area


@dataclass(frozen=True, slots=True)
class Filled:
    """A field with its value.

    Attributes:
        value: Without spaces around it.
        area: Where the field is on the page.
    """

    value: str
    area: Area

    def joined(self, words: list[tuple[str, Area]]) -> list[tuple[str, Area]]:
        """Words of a page, and the signs that stand apart in this field as one, if they are its value."""
        inside = [at for at, (_, area) in enumerate(words) if area.is_in(self.area)]
        if len(inside) < 2 or "".join(words[at][0] for at in inside) != self.value:
            return words
        whole = words[inside[0]][1]
        for at in inside[1:]:
            whole = whole.union(words[at][1])
        others = [word for at, word in enumerate(words) if at not in inside]
        return [*others[: inside[0]], (self.value, whole), *others[inside[0] :]]


def filled_fields(page: pypdfium2.PdfPage) -> list[Filled]:
    """The fields of a page that have a value, at most `TYPED.most_fields`."""
    if page.formenv is None:
        return []
    count = min(pdfium.FPDFPage_GetAnnotCount(page), TYPED.most_fields)
    found = (_filled(page, number) for number in range(count))
    return list(islice((field for field in found if field is not None), TYPED.most_fields))


def _filled(page: pypdfium2.PdfPage, number: int) -> Filled | None:
    annotation = pdfium.FPDFPage_GetAnnot(page, number)
    if not annotation:
        return None
    try:
        if pdfium.FPDFAnnot_GetSubtype(annotation) != pdfium.FPDF_ANNOT_WIDGET:
            return None
        value = (pdfium.FPDF_WCHAR * (TYPED.most_letters + 1))()
        length = pdfium.FPDFAnnot_GetFormFieldValue(page.formenv, annotation, value, ctypes.sizeof(value))
        if not 2 < length <= ctypes.sizeof(value):
            return None
        area = pdfium.FS_RECTF()
        pdfium.FPDFAnnot_GetRect(annotation, area)
        text = bytes(value)[: length - 2].decode("utf-16-le", "replace").strip()
        return Filled(text, Area(area.left, area.bottom, area.right, area.top))
    finally:
        pdfium.FPDFPage_CloseAnnot(annotation)
