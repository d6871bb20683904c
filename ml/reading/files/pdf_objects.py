"""What stands on a page of a PDF: its objects, in the order in which they are painted, and the pictures among them.

This module runs only in a box of its own (`boxed.py`).
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterator
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


@dataclass(frozen=True, slots=True)
class Painted:
    """An object of a page, or of a form on it.

    Attributes:
        handle: PDFium's.
        kind: One of `FPDF_PAGEOBJ_…`.
        area: Where it is painted, within the page.
        matrix: From the object's form, or the page, to the page.
    """

    handle: Any
    kind: int
    area: Area
    matrix: pypdfium2.PdfMatrix


def painted(page: pypdfium2.PdfPage) -> list[Painted]:
    """The first `PDF.most_objects` of a page, forms and what is in them, in the order in which they are painted."""
    paper = Area(*page.get_bbox())
    count, get = pdfium.FPDFPage_CountObjects(page), pdfium.FPDFPage_GetObject
    return list(islice(_painted(page, count, get, paper, _WHOLE, 0), PDF.most_objects))


def _painted(
    parent: Any, count: int, get: Callable[[Any, int], Any], paper: Area, matrix: pypdfium2.PdfMatrix, depth: int
) -> Iterator[Painted]:
    for number in range(count):
        handle = get(parent, number)
        kind = pdfium.FPDFPageObj_GetType(handle)
        yield Painted(handle, kind, _bounds(handle, matrix).within(paper), matrix)
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < PDF.most_depth:
            inside = _matrix(handle).multiply(matrix)
            count_inside, get_inside = pdfium.FPDFFormObj_CountObjects(handle), pdfium.FPDFFormObj_GetObject
            yield from _painted(handle, count_inside, get_inside, paper, inside, depth + 1)


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
