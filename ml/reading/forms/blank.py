"""Draws the blank sheet of a printable layout: its title, hints, corner marks, and for each field a label and boxes.

In goes a layout, out comes the sheet as a picture, uint8 grey, or as a PDF of one page. Places and sizes on the sheet
are in millimetres.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ml.reading.forms.constants import BLANK
from ml.reading.forms.layouts import Kind, Layout, LayoutField

PAPER, INK = 255, 0

_YEAR_BOXES = {6: 2, 8: 4}
"""How many boxes the year has, by how many the date has."""

_BOXED = "Write one digit in each box, in dark ink, clear of its edges."
_AMOUNTS = {
    mark: f"Write amounts in figures with a {name} and two digits behind it. Where there is none, write 0{mark}00."
    for mark, name in ((".", "point"), (",", "comma"))
}
_PHOTOGRAPH = "Scan or photograph the whole sheet, with its four corner marks."


def blank_sheet(layout: Layout, per_mm: float) -> NDArray[np.uint8]:
    """Draws a printable layout's sheet as it is before people write on it; the same at each call.

    In a field's zone only its boxes, or the line to write on, are printed, `BLANK.inside` within the zone.

    Args:
        layout: A printable one.
        per_mm: Pixels a millimetre.

    Returns:
        uint8, height × width, grey, paper 255.

    Raises:
        ValueError: The layout is not printable.
    """
    if not layout.printable or layout.size is None:
        raise ValueError(f"{layout.name} is no layout to be printed.")
    sheet = _Sheet.blank(layout.size, per_mm)
    _draw_corner_marks(sheet, layout.name)
    sheet.text(layout.title or layout.name, BLANK.side, BLANK.edge, BLANK.title)
    for line, hint in enumerate(_hints(layout)):
        top = BLANK.edge + BLANK.title_line * BLANK.title + BLANK.hint_line * BLANK.hint * line
        sheet.text(hint, BLANK.side, top, BLANK.hint)
    for field in layout.fields:
        _draw_boxes(sheet, field, layout)
        _draw_label(sheet, field, layout)
    foot = f"{layout.name}, version {layout.version}. {_PHOTOGRAPH}"
    sheet.text(foot, BLANK.side, layout.size[1] - BLANK.edge - BLANK.foot, BLANK.foot)
    return np.asarray(sheet.picture)


def blank_pdf(layout: Layout) -> bytes:
    """A printable layout's blank sheet as a PDF of one page, in the sheet's size.

    Raises:
        ValueError: The layout is not printable.
    """
    grey = Image.fromarray(blank_sheet(layout, BLANK.dpi / 25.4))
    file = io.BytesIO()
    # In black and white it has a twentieth of the bytes, and printers do not screen its rules.
    grey.point(lambda value: 255 * (value > 127), "1").save(
        file, "PDF", resolution=float(BLANK.dpi), title=layout.title or layout.name
    )
    return file.getvalue()


def cells_of(field: LayoutField, layout: Layout) -> tuple[tuple[float, float, float, float], ...]:
    """The boxes that are printed for a field, from the left: left, top, right, bottom in millimetres."""
    left, top, right, bottom = _inside(field, layout)
    count = field.length[1] if field.boxed and field.length else 1
    width = (right - left) / count
    return tuple((left + index * width, top, left + (index + 1) * width, bottom) for index in range(count))


def _inside(field: LayoutField, layout: Layout) -> tuple[float, float, float, float]:
    """The part of a field's zone to write in: left, top, right, bottom in millimetres."""
    left, top, right, bottom = _zone(field, layout)
    across = min(BLANK.inside, (right - left) * BLANK.inside_share)
    down = min(BLANK.inside, (bottom - top) * BLANK.inside_share)
    return left + across, top + down, right - across, bottom - down


def _zone(field: LayoutField, layout: Layout) -> tuple[float, float, float, float]:
    """A field's zone: left, top, right, bottom in millimetres."""
    width, height = layout.size or (0.0, 0.0)
    place = field.place
    return place.left * width, place.top * height, place.right * width, place.bottom * height


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet being drawn; its methods take millimetres.

    Attributes:
        picture: What is drawn so far.
        draw: Draws on the picture.
        per_mm: Pixels a millimetre.
    """

    picture: Image.Image
    draw: ImageDraw.ImageDraw
    per_mm: float

    @classmethod
    def blank(cls, size: tuple[float, float], per_mm: float) -> _Sheet:
        picture = Image.new("L", (round(size[0] * per_mm), round(size[1] * per_mm)), PAPER)
        return cls(picture, ImageDraw.Draw(picture), per_mm)

    def block(self, left: float, top: float, right: float, bottom: float, fill: int) -> None:
        """Fills a rectangle, at least one pixel wide and high."""
        first, last = [(round(x * self.per_mm), round(y * self.per_mm)) for x, y in ((left, top), (right, bottom))]
        self.draw.rectangle((first, (max(first[0], last[0] - 1), max(first[1], last[1] - 1))), fill)

    def text(self, words: str, left: float, top: float, size: float) -> None:
        """Writes words to the right of `left`, the tops of their ascenders at `top`; large words are bold."""
        bold = size * self.per_mm * BLANK.bold if size >= BLANK.label else 0.0
        self.draw.text(
            (left * self.per_mm, top * self.per_mm), words, INK, self._font(size), anchor="la", stroke_width=bold
        )

    def width(self, words: str, size: float) -> float:
        """The width of words in a font of that size."""
        return self._font(size).getlength(words) / self.per_mm

    def _font(self, size: float) -> ImageFont.FreeTypeFont:
        font = ImageFont.load_default(size * self.per_mm)
        assert isinstance(font, ImageFont.FreeTypeFont)  # noqa: S101  # Pillow gives this class when a size is given
        return font


def _draw_corner_marks(sheet: _Sheet, name: str) -> None:
    """Draws a black square in each corner; its pattern comes from the layout's name and the corner.

    A small picture still shows by these marks which form it is, and how it lies.
    """
    width, height = (side / sheet.per_mm for side in sheet.picture.size)
    edge, mark, cells = BLANK.edge, BLANK.mark, BLANK.cells
    corners = [(left, top) for top in (edge, height - edge - mark) for left in (edge, width - edge - mark)]
    for corner, (left, top) in enumerate(corners):
        sheet.block(left, top, left + mark, top + mark, INK)
        bits = np.unpackbits(np.frombuffer(hashlib.sha256(f"{name} {corner}".encode()).digest(), np.uint8))
        for row, column in np.argwhere(bits[: cells**2].reshape(cells, cells)).tolist():
            x, y = left + (column + 1) * mark / (cells + 2), top + (row + 1) * mark / (cells + 2)
            sheet.block(x, y, x + mark / (cells + 2), y + mark / (cells + 2), PAPER)


def _hints(layout: Layout) -> list[str]:
    """Sentences on how to fill the sheet in."""
    conventions = [field.convention for field in layout.fields if field.convention is not None]
    amounts = next((_AMOUNTS[convention.decimal] for convention in conventions if convention.cents_always), None)
    return [*([_BOXED] if any(field.boxed for field in layout.fields) else []), *([amounts] if amounts else [])]


def _draw_boxes(sheet: _Sheet, field: LayoutField, layout: Layout) -> None:
    """Draws a field's boxes; a field that is only shown gets a line to write on."""
    cells, rule = cells_of(field, layout), BLANK.rule
    if field.kind is Kind.SHOW:
        left, _, right, bottom = cells[0]
        sheet.block(left, bottom - rule, right, bottom, INK)
        return
    for left, top, right, bottom in cells:
        for edge in (left, right):
            sheet.block(edge - rule / 2, top - rule / 2, edge + rule / 2, bottom + rule / 2, INK)
        for edge in (top, bottom):
            sheet.block(left, edge - rule / 2, right, edge + rule / 2, INK)
    if field.boxed and field.order and len(cells) in _YEAR_BOXES:
        units = "".join(unit.upper() * (_YEAR_BOXES[len(cells)] if unit == "y" else 2) for unit in field.order)
        below = _zone(field, layout)[3] + BLANK.below
        for (left, _, right, _), letter in zip(cells, units, strict=True):
            sheet.text(letter, (left + right - sheet.width(letter, BLANK.letter)) / 2, below, BLANK.letter)


def _draw_label(sheet: _Sheet, field: LayoutField, layout: Layout) -> None:
    """Draws a field's label: to the left of its zone where there is room beside other zones, else above it."""
    words, size = field.display_name, BLANK.label
    left, top, _, bottom = _zone(field, layout)
    zones = (_zone(other, layout) for other in layout.fields if other is not field)
    ends = [zone[2] for zone in zones if zone[1] < bottom and zone[3] > top and zone[0] < left]
    start = max([BLANK.margin, *ends])
    if sheet.width(words, size) <= left - BLANK.before - start:
        sheet.text(words, start, (top + bottom - size) / 2, size)
    else:
        sheet.text(words, _inside(field, layout)[0], top - BLANK.above - size, size)
