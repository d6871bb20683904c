"""What stands on a page of a PDF: its objects, in the order in which they are painted, and the pictures among them.

This module runs only in a box of its own (`boxed.py`).
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from ml.reading.files.constants import PDF

_POINTS_AN_INCH = 72
"""A PDF's unit is a point, unless the page says otherwise."""

_WHOLE = pypdfium2.PdfMatrix()


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle on a page, in the page's units from its left bottom corner upwards."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def size(self) -> float:
        """In square units; 0 where it is empty."""
        return max(0.0, self.right - self.left) * max(0.0, self.top - self.bottom)

    def is_in(self, other: Area) -> bool:
        """Whether all of it lies in another area."""
        return self.within(other) == self

    def within(self, other: Area) -> Area:
        """The part that lies in another area, which may be empty."""
        return Area(
            max(self.left, other.left),
            max(self.bottom, other.bottom),
            min(self.right, other.right),
            min(self.top, other.top),
        )

    def union(self, other: Area) -> Area:
        """The smallest area that contains both."""
        return Area(
            min(self.left, other.left),
            min(self.bottom, other.bottom),
            max(self.right, other.right),
            max(self.top, other.top),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Painted:
    """An object of a page, or of a form on it.

    Attributes:
        handle: PDFium's.
        kind: One of `FPDF_PAGEOBJ_…`.
        area: Where it is painted, within the page.
        matrix: From the object's form, or the page, to the page.
        form: The form that the object belongs to; None for one of the page itself.
    """

    handle: Any
    kind: int
    area: Area
    matrix: pypdfium2.PdfMatrix
    form: Painted | None

    def with_forms(self) -> Iterator[Painted]:
        """The object, then its form, then that form's, and so on."""
        yield self
        if self.form is not None:
            yield from self.form.with_forms()


def painted(page: pypdfium2.PdfPage) -> list[Painted]:
    """The first `PDF.most_objects` of a page, forms and what is in them, in the order in which they are painted."""
    return list(islice(_painted(page, None, Area(*page.get_bbox()), _WHOLE, 0), PDF.most_objects))


def _painted(
    page: pypdfium2.PdfPage, form: Painted | None, paper: Area, matrix: pypdfium2.PdfMatrix, depth: int
) -> Iterator[Painted]:
    """The objects of a form, or of the page; `matrix` leads from it to the page."""
    for handle in _page_handles(page) if form is None else _form_handles(form.handle):
        kind = pdfium.FPDFPageObj_GetType(handle)
        one = Painted(handle, kind, _bounds(handle, matrix).within(paper), matrix, form)
        yield one
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < PDF.most_depth:
            yield from _painted(page, one, paper, _matrix(handle).multiply(matrix), depth + 1)


def _page_handles(page: pypdfium2.PdfPage) -> Iterator[Any]:
    for number in range(pdfium.FPDFPage_CountObjects(page)):
        yield pdfium.FPDFPage_GetObject(page, number)


def _form_handles(form: Any) -> Iterator[Any]:
    for number in range(pdfium.FPDFFormObj_CountObjects(form)):
        yield pdfium.FPDFFormObj_GetObject(form, number)


def pictured_dpi(objects: list[Painted], paper: Area) -> float | None:
    """Dots in 72 units of the page of the pictures that it consists of; None where it consists of other things.

    It is the finest resolution such that pictures at least as fine cover `PDF.least_pictured` of what stands on the
    page. A hair less is given, so that the page has as many dots as a scan that fills it.
    """
    pictures = [one for one in objects if one.kind == pdfium.FPDF_PAGEOBJ_IMAGE]
    areas = [one.area for one in objects if _stands(one, paper)]
    if not areas or not pictures:
        return None
    content = areas[0]
    for area in areas[1:]:
        content = content.union(area)
    covered = 0.0
    for dpi, size in sorted(((_dpi(one), one.area.size) for one in pictures), reverse=True):
        covered += size
        if covered >= PDF.least_pictured * content.size:
            return dpi * PDF.dot_by_dot
    return None


def _stands(one: Painted, paper: Area) -> bool:
    """Whether an object is more than nothing, and less than the ground of all others."""
    if one.kind == pdfium.FPDF_PAGEOBJ_PATH:
        return 0 < one.area.size < PDF.ground * paper.size
    return one.kind != pdfium.FPDF_PAGEOBJ_FORM and one.area.size > 0


def _dpi(picture: Painted) -> float:
    """Dots in 72 units of a picture, along its finer side; 0 where it has no size."""
    width, height = ctypes.c_uint(), ctypes.c_uint()
    pdfium.FPDFImageObj_GetImagePixelSize(picture.handle, width, height)
    a, b, c, d, _e, _f = _matrix(picture.handle).multiply(picture.matrix).get()
    sides = (width.value, math.hypot(a, b)), (height.value, math.hypot(c, d))
    dpi = max(pixels / length * _POINTS_AN_INCH if length > 0 else 0.0 for pixels, length in sides)
    return dpi if math.isfinite(dpi) else 0.0


def _matrix(handle: Any) -> pypdfium2.PdfMatrix:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(handle, matrix)
    return pypdfium2.PdfMatrix.from_raw(matrix)


def _bounds(handle: Any, matrix: pypdfium2.PdfMatrix) -> Area:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(handle, left, bottom, right, top)
    if matrix is _WHOLE:
        return Area(left.value, bottom.value, right.value, top.value)
    return Area(*matrix.on_rect(left.value, bottom.value, right.value, top.value))
