"""Fills in sheets without a MICR line: printed forms, amounts cut from cheques, and envelopes.

Each `fill_...` takes an empty sheet, its layout and a hand, draws on the sheet, and returns the values by field name.
"""

from __future__ import annotations

import datetime
from decimal import Decimal

from numpy.random import Generator

from ml.reading.forms.blank import PAPER, blank_sheet, cells_of
from ml.reading.forms.layouts import Kind, Layout, LayoutField
from ml.reading.forms.money import Convention
from ml.training.fields.digits import DIGIT_HEIGHT
from ml.training.fields.pen import Pen
from ml.training.sheets.filled_sheet import Rectangle, Sheet, amount_text, pen_like, pixels_of, write_text
from ml.training.synthesis.signs import draw_currency_of

_IN_BOX_MM, _ON_LINE_MM, _ON_STRIP_MM, _ON_ENVELOPE_MM = (4.5, 6.5), (4.2, 6.2), (3.6, 5.2), (4.0, 6.0)
"""Least and greatest height of a digit, in millimetres."""

_CLEAR_MM = 0.5
"""Distance that most digits keep from a box's edges, in millimetres."""

_ZERO_SHARE = 0.08
"""Share of a form's amounts that are zero."""

_LONG_CODE_SHARE = 0.2
"""Share of postal codes with four more digits behind a dash."""


def fill_form(sheet: Sheet, layout: Layout, hand: Pen, rng: Generator) -> dict[str, str]:
    """A printed form. A field named "total" gets the sum of the amounts before it."""
    sheet.printed[:] = PAPER - blank_sheet(layout, sheet.per_mm)
    values: dict[str, str] = {}
    total = Decimal(0)
    for field in layout.fields:
        if field.convention is not None:
            value = total if field.name == "total" else _random_amount(rng)
            total += value
            _write_amount(sheet, _inside(sheet, cells_of(field, layout)[0]), value, field.convention, hand, rng)
            values[field.name] = f"{value:.2f}"
        elif field.kind is Kind.SHOW:
            _write_signature(sheet, _inside(sheet, cells_of(field, layout)[0]), hand, rng)
        else:
            values[field.name] = _write_digits(sheet, field, layout, hand, rng)
    return values


def _random_amount(rng: Generator) -> Decimal:
    if rng.random() < _ZERO_SHARE:
        return Decimal(0)
    return Decimal(int(rng.integers(100, 10 ** int(rng.integers(4, 8))))) / 100


def _inside(sheet: Sheet, cell: Rectangle) -> Rectangle:
    """The inside of a printed box: millimetres in, pixels out."""
    left, top, right, bottom = cell
    inside = left + _CLEAR_MM, top + _CLEAR_MM, right - _CLEAR_MM, bottom - _CLEAR_MM
    return inside[0] * sheet.per_mm, inside[1] * sheet.per_mm, inside[2] * sheet.per_mm, inside[3] * sheet.per_mm


def _write_amount(
    sheet: Sheet, box: Rectangle, value: Decimal, convention: Convention, hand: Pen, rng: Generator
) -> None:
    pen = write_text(amount_text(value, convention, rng), hand, rng)
    sheet.write_within(pen, box, rng.uniform(*_ON_LINE_MM), rng.uniform(0.05, 0.8), rng.uniform(0.3, 0.8))


def _write_signature(sheet: Sheet, box: Rectangle, hand: Pen, rng: Generator) -> None:
    pen = pen_like(hand, 8)
    pen.word(rng)
    sheet.write_within(pen, box, rng.uniform(6, 9), rng.uniform(0, 0.5), 1.0)


def _write_digits(sheet: Sheet, field: LayoutField, layout: Layout, hand: Pen, rng: Generator) -> str:
    """Write one digit in each box; returns the field's value."""
    text, value = _random_day(field, rng) if field.kind is Kind.DATE else (_random_digits(field, rng),) * 2
    height = rng.uniform(*_IN_BOX_MM)
    for digit, cell in zip(text, cells_of(field, layout), strict=True):
        across, down = (float(rng.normal(0.5, 0.2)) for _ in range(2))
        box = _inside(sheet, cell)
        sheet.write_within(write_text(digit, hand, rng), box, height * rng.uniform(0.9, 1.1), across, down)
    return value


def _random_digits(field: LayoutField, rng: Generator) -> str:
    return "".join(map(str, rng.integers(0, 10, field.length[1] if field.length else 1)))


def _random_day(field: LayoutField, rng: Generator) -> tuple[str, str]:
    """A day as a row of boxes shows it, and as YYYY-MM-DD."""
    day = datetime.date(2015, 1, 1) + datetime.timedelta(days=int(rng.integers(0, 5000)))
    parts = {"d": f"{day.day:02d}", "m": f"{day.month:02d}", "y": str(day.year)}
    return "".join(parts[part] for part in field.order or "dmy"), day.isoformat()


def fill_strip(sheet: Sheet, layout: Layout, hand: Pen, rng: Generator) -> dict[str, str]:
    """An amount cut from a cheque: its currency's sign, and in most pictures the box around it."""
    values = {}
    for field in layout.fields:
        if field.convention is None:
            continue
        left, top, right, bottom = pixels_of(sheet, field.place)
        rim = rng.uniform(0.8, 1.8) * sheet.per_mm
        if rng.random() < 0.7:
            sheet.box(left + rim, top + rim, right - rim, bottom - rim)
        sign = draw_currency_of(field.convention.currency, round(rng.uniform(3.2, 4.5) * sheet.per_mm), rng)
        sheet.stamp(sheet.printed, sign, left + 2 * rim, (top + bottom + sign.shape[0]) / 2)
        start = left + 2 * rim + sign.shape[1] + 1.5 * sheet.per_mm
        value = _random_amount(rng) or Decimal(100)
        text = amount_text(value, field.convention, rng)
        box = (start, top + 1.5 * rim, right - 2 * rim, bottom - 1.5 * rim)
        height = rng.uniform(*_ON_STRIP_MM)
        sheet.write_within(write_text(text, hand, rng), box, height, rng.uniform(0, 0.6), rng.uniform(0.3, 0.7))
        values[field.name] = f"{value:.2f}"
    return values


def fill_envelope(sheet: Sheet, layout: Layout, hand: Pen, rng: Generator) -> dict[str, str]:
    """An envelope with a stamp and an address: name, street, town, and the postal code behind the town or below it."""
    field = next(field for field in layout.fields if field.kind is Kind.POSTAL_CODE)
    left, top, right, bottom = pixels_of(sheet, field.place)
    per_mm, height = sheet.per_mm, rng.uniform(*_ON_ENVELOPE_MM)
    sheet.box(right - 30 * per_mm, 6 * per_mm, right - 8 * per_mm, 32 * per_mm)
    code, value = _random_code(rng)
    lines = [_address_line(words, hand, rng) for words in _address(code, rng)]
    start = left + rng.uniform(0.05, 0.25) * (right - left)
    step = rng.uniform(0.19, 0.23) * (bottom - top)
    for place, pen in enumerate(lines):
        foot = top + (0.9 + place) * step
        sheet.write(pen, start + rng.uniform(-2, 2) * per_mm, foot, height, right)
    return {field.name: value}


def _random_code(rng: Generator) -> tuple[str, str]:
    """A postal code as it is written, and its digits."""
    digits = "".join(map(str, rng.integers(0, 10, 9)))
    if rng.random() < _LONG_CODE_SHARE:
        return f"{digits[:5]}-{digits[5:]}", digits
    return digits[:5], digits[:5]


def _address(code: str, rng: Generator) -> list[list[str]]:
    """An address: its lines, each a list of words. An empty word stands for a word in letters."""
    street = [str(rng.integers(1, 2000)), ""]
    return [["", ""], street, ["", code]] if rng.random() < 0.6 else [["", ""], street, [""], [code]]


def _address_line(words: list[str], hand: Pen, rng: Generator) -> Pen:
    pen = pen_like(hand, 8 * len(words))
    for place, word in enumerate(words):
        pen.at += rng.uniform(0.9, 1.6) * DIGIT_HEIGHT if place else 0.0
        for sign in word:
            if sign == "-":
                pen.dash(rng, 0.2, 0.5)
            else:
                pen.write(sign, rng)
        if not word:
            pen.word(rng)
    return pen
