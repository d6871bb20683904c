"""The blank sheet of a layout that can be printed: what is to be written in each place, boxes to write in, its name."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ml.reading.forms.layouts import Kind, Layout, LayoutField

INSIDE_MM = 2.5
"""Millimetres between a field's place and the boxes in it: a sheet is found again to about one."""

PAPER, INK = 255, 0

_DPI = 300
_EDGE, _MARK, _SIDE = 6.0, 9.1, 18.5
"""Millimetres: from the sheet's edge to its corner marks, their side, and from the edge to the print."""

_MARGIN = 16.0
"""Millimetres from the sheet's left edge to labels beside their places."""

_CELLS = 5
"""Of a corner mark's pattern, in each row and column."""

_TITLE, _HINT, _LABEL, _LETTER, _FOOT = 6.5, 3.6, 4.2, 3.0, 2.8
"""Millimetres: sizes of the fonts."""

_FINE = 0.25
"""Millimetres: a rule's width."""

_BOLD = 0.03
"""Of a font's size: what its strokes are wider on either side, where it is bold."""

_ABOVE, _BELOW, _BEFORE = 1.8, 0.5, 4.0
"""Millimetres between a place and its label above, the letters below it, and its label to the left."""

_GROUPS = {6: 2, 8: 4}
"""By how many boxes a date has: those of the year."""

_BOXED = "Write one digit in each box, in dark ink, clear of its edges."
_AMOUNTS = {
    mark: f"Write amounts in figures with a {name} and two digits behind it. Where there is none, write 0{mark}00."
    for mark, name in ((".", "point"), (",", "comma"))
}
_PHOTOGRAPH = "Scan or photograph the whole sheet, with its four corner marks."


def blank_sheet(layout: Layout, per_mm: float) -> NDArray[np.uint8]:
    """A printable layout's sheet before anybody writes on it; the same at each call.

    All that is printed in a field's place are the boxes or the line to write on, `INSIDE_MM` within it.

    Args:
        layout: That is printable.
        per_mm: Pixels a millimetre.

    Returns:
        uint8, height × width, grey, paper 255.

    Raises:
        ValueError: The layout is not printable.
    """
    if not layout.printable or layout.size is None:
        raise ValueError(f"{layout.name} is no layout to be printed.")
    sheet = _Print.blank(layout.size, per_mm)
    _corner_marks(sheet, layout.name)
    sheet.text(layout.title or layout.name, _SIDE, _EDGE, _TITLE)
    for line, words in enumerate(_how_to(layout)):
        sheet.text(words, _SIDE, _EDGE + 1.5 * _TITLE + 1.4 * _HINT * line, _HINT)
    for field in layout.fields:
        _boxes(sheet, field, layout)
        _label(sheet, field, layout)
    foot = f"{layout.name}, version {layout.version}. {_PHOTOGRAPH}"
    sheet.text(foot, _SIDE, layout.size[1] - _EDGE - _FOOT, _FOOT)
    return np.asarray(sheet.picture)


def blank_pdf(layout: Layout) -> bytes:
    """The same as a PDF of one page, in the sheet's own size."""
    grey = Image.fromarray(blank_sheet(layout, _DPI / 25.4))
    file = io.BytesIO()
    # In black and white it has a twentieth of the bytes, and no printer's screen around its rules.
    grey.point(lambda value: 255 * (value > 127), "1").save(
        file, "PDF", resolution=float(_DPI), title=layout.title or layout.name
    )
    return file.getvalue()


def cells_of(field: LayoutField, layout: Layout) -> tuple[tuple[float, float, float, float], ...]:
    """The boxes that are printed for a field: left, top, right, bottom in millimetres, from the left."""
    left, top, right, bottom = _inside(field, layout)
    count = field.length[1] if field.boxed and field.length else 1
    wide = (right - left) / count
    return tuple((left + place * wide, top, left + (place + 1) * wide, bottom) for place in range(count))


def _inside(field: LayoutField, layout: Layout) -> tuple[float, float, float, float]:
    """Of a place, what is to be written in, in millimetres."""
    left, top, right, bottom = _millimetres(field, layout)
    across, down = (min(INSIDE_MM, (far - near) / 4) for near, far in ((left, right), (top, bottom)))
    return left + across, top + down, right - across, bottom - down


def _millimetres(field: LayoutField, layout: Layout) -> tuple[float, float, float, float]:
    width, height = layout.size or (0.0, 0.0)
    place = field.place
    return place.left * width, place.top * height, place.right * width, place.bottom * height


@dataclass(frozen=True, slots=True)
class _Print:
    """A sheet being printed; places and sizes in millimetres."""

    picture: Image.Image
    draw: ImageDraw.ImageDraw
    per_mm: float

    @classmethod
    def blank(cls, size: tuple[float, float], per_mm: float) -> _Print:
        picture = Image.new("L", (round(size[0] * per_mm), round(size[1] * per_mm)), PAPER)
        return cls(picture, ImageDraw.Draw(picture), per_mm)

    def block(self, left: float, top: float, right: float, bottom: float, fill: int) -> None:
        """A place filled."""
        first, last = [(round(x * self.per_mm), round(y * self.per_mm)) for x, y in ((left, top), (right, bottom))]
        self.draw.rectangle((first, (max(first[0], last[0] - 1), max(first[1], last[1] - 1))), fill)

    def text(self, words: str, left: float, top: float, size: float) -> None:
        """Words from a place to the right, their ascenders' tops at its height; large ones are bold."""
        bold = size * self.per_mm * _BOLD if size >= _LABEL else 0.0
        self.draw.text(
            (left * self.per_mm, top * self.per_mm), words, INK, self._font(size), anchor="la", stroke_width=bold
        )

    def width(self, words: str, size: float) -> float:
        """How long words are."""
        return self._font(size).getlength(words) / self.per_mm

    def _font(self, size: float) -> ImageFont.FreeTypeFont:
        font = ImageFont.load_default(size * self.per_mm)
        assert isinstance(font, ImageFont.FreeTypeFont)  # noqa: S101  # with a size it is
        return font


def _corner_marks(sheet: _Print, name: str) -> None:
    """A black square in each corner with a pattern of its own: a form is known by them from afar, and where it lies."""
    width, height = (side / sheet.per_mm for side in sheet.picture.size)
    corners = [(left, top) for top in (_EDGE, height - _EDGE - _MARK) for left in (_EDGE, width - _EDGE - _MARK)]
    for place, (left, top) in enumerate(corners):
        sheet.block(left, top, left + _MARK, top + _MARK, INK)
        bits = np.unpackbits(np.frombuffer(hashlib.sha256(f"{name} {place}".encode()).digest(), np.uint8))
        for row, column in np.argwhere(bits[: _CELLS**2].reshape(_CELLS, _CELLS)).tolist():
            x, y = left + (column + 1) * _MARK / (_CELLS + 2), top + (row + 1) * _MARK / (_CELLS + 2)
            sheet.block(x, y, x + _MARK / (_CELLS + 2), y + _MARK / (_CELLS + 2), PAPER)


def _how_to(layout: Layout) -> list[str]:
    """What whoever fills it in has to know."""
    conventions = [field.convention for field in layout.fields if field.convention is not None]
    amounts = next((_AMOUNTS[one.decimal] for one in conventions if one.cents_always), None)
    return [*([_BOXED] if any(field.boxed for field in layout.fields) else []), *([amounts] if amounts else [])]


def _boxes(sheet: _Print, field: LayoutField, layout: Layout) -> None:
    """What to write in; of what is only shown, a line to write on. Below a date's boxes, what belongs in each."""
    cells = cells_of(field, layout)
    if field.kind is Kind.SHOW:
        left, _, right, bottom = cells[0]
        sheet.block(left, bottom - _FINE, right, bottom, INK)
        return
    for left, top, right, bottom in cells:
        for edge in (left, right):
            sheet.block(edge - _FINE / 2, top - _FINE / 2, edge + _FINE / 2, bottom + _FINE / 2, INK)
        for edge in (top, bottom):
            sheet.block(left, edge - _FINE / 2, right, edge + _FINE / 2, INK)
    if field.boxed and field.order and len(cells) in _GROUPS:
        letters = "".join(one.upper() * (_GROUPS[len(cells)] if one == "y" else 2) for one in field.order)
        below = _millimetres(field, layout)[3] + _BELOW
        for (left, _, right, _), letter in zip(cells, letters, strict=True):
            sheet.text(letter, (left + right - sheet.width(letter, _LETTER)) / 2, below, _LETTER)


def _label(sheet: _Print, field: LayoutField, layout: Layout) -> None:
    """To the left of the field's place where it has room beside other places, else above."""
    words = field.spoken
    left, top, _, bottom = _millimetres(field, layout)
    others = (_millimetres(other, layout) for other in layout.fields if other is not field)
    ends = [other[2] for other in others if other[1] < bottom and other[3] > top and other[0] < left]
    if sheet.width(words, _LABEL) <= left - _BEFORE - max([_MARGIN, *ends]):
        sheet.text(words, max([_MARGIN, *ends]), (top + bottom - _LABEL) / 2, _LABEL)
    else:
        sheet.text(words, _inside(field, layout)[0], top - _ABOVE - _LABEL, _LABEL)
