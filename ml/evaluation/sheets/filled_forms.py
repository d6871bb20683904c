"""Sheets without a MICR line, filled in by hand: printed forms, an amount cut from a cheque, an envelope."""

from __future__ import annotations

import datetime
from decimal import Decimal

from numpy.random import Generator

from ml.evaluation.sheets.filled_sheet import Sheet, Sides, as_written, pen_like, pixels_of, written
from ml.reading.forms.blank import PAPER, blank_sheet, cells_of
from ml.reading.forms.layouts import Kind, Layout, LayoutField
from ml.reading.forms.money import Convention
from ml.training.fields.digits import DIGIT_HEIGHT
from ml.training.fields.pen import Pen
from ml.training.synthesis.signs import draw_currency_of

_IN_BOX_MM, _ON_LINE_MM, _ON_STRIP_MM, _ON_ENVELOPE_MM = (4.5, 6.5), (4.2, 6.2), (3.6, 5.2), (4.0, 6.0)
"""A digit's height, in millimetres: from and to."""

_CLEAR_MM = 0.5
"""Kept by most digits from a box's edges."""

_NOTHING = 0.08
"""Of a form's amounts, so many are nought."""

_LONG_CODE = 0.2
"""Of postal codes, so many have their four more digits behind a dash."""


def fill_form(sheet: Sheet, layout: Layout, hand: Pen, rng: Generator) -> dict[str, str]:
    """A printed form; what is called the total is that of the amounts before it."""
    sheet.printed[:] = PAPER - blank_sheet(layout, sheet.per_mm)
    values: dict[str, str] = {}
    total = Decimal(0)
    for field in layout.fields:
        if field.convention is not None:
            value = total if field.name == "total" else _some_amount(rng)
            total += value
            _write_amount(sheet, _clear(sheet, cells_of(field, layout)[0]), value, field.convention, hand, rng)
            values[field.name] = f"{value:.2f}"
        elif field.kind is Kind.SHOW:
            _sign(sheet, _clear(sheet, cells_of(field, layout)[0]), hand, rng)
        else:
            values[field.name] = _write_digits(sheet, field, layout, hand, rng)
    return values


def _some_amount(rng: Generator) -> Decimal:
    if rng.random() < _NOTHING:
        return Decimal(0)
    return Decimal(int(rng.integers(100, 10 ** int(rng.integers(4, 8))))) / 100


def _clear(sheet: Sheet, cell: Sides) -> Sides:
    """The inside of a printed box, in pixels."""
    left, top, right, bottom = cell
    own = left + _CLEAR_MM, top + _CLEAR_MM, right - _CLEAR_MM, bottom - _CLEAR_MM
    return own[0] * sheet.per_mm, own[1] * sheet.per_mm, own[2] * sheet.per_mm, own[3] * sheet.per_mm


def _write_amount(sheet: Sheet, box: Sides, value: Decimal, convention: Convention, hand: Pen, rng: Generator) -> None:
    pen = written(as_written(value, convention, rng), hand, rng)
    sheet.write_within(pen, box, rng.uniform(*_ON_LINE_MM), rng.uniform(0.05, 0.8), rng.uniform(0.3, 0.8))


def _sign(sheet: Sheet, box: Sides, hand: Pen, rng: Generator) -> None:
    pen = pen_like(hand, 8)
    pen.word(rng)
    sheet.write_within(pen, box, rng.uniform(6, 9), rng.uniform(0, 0.5), 1.0)


def _write_digits(sheet: Sheet, field: LayoutField, layout: Layout, hand: Pen, rng: Generator) -> str:
    """One in each box; what they mean."""
    text, value = _some_day(field, rng) if field.kind is Kind.DATE else (_some_digits(field, rng),) * 2
    size = rng.uniform(*_IN_BOX_MM)
    for sign, cell in zip(text, cells_of(field, layout), strict=True):
        across, down = (float(rng.normal(0.5, 0.2)) for _ in range(2))
        sheet.write_within(written(sign, hand, rng), _clear(sheet, cell), size * rng.uniform(0.9, 1.1), across, down)
    return value


def _some_digits(field: LayoutField, rng: Generator) -> str:
    return "".join(map(str, rng.integers(0, 10, field.length[1] if field.length else 1)))


def _some_day(field: LayoutField, rng: Generator) -> tuple[str, str]:
    """A day as it stands in a row of boxes, and as the reader gives it."""
    day = datetime.date(2015, 1, 1) + datetime.timedelta(days=int(rng.integers(0, 5000)))
    parts = {"d": f"{day.day:02d}", "m": f"{day.month:02d}", "y": str(day.year)}
    return "".join(parts[one] for one in field.order or "dmy"), day.isoformat()


def fill_strip(sheet: Sheet, layout: Layout, hand: Pen, rng: Generator) -> dict[str, str]:
    """An amount as it is cut from a cheque: a sign of its currency, most often the box that it stands in."""
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
        value = _some_amount(rng) or Decimal(100)
        text = as_written(value, field.convention, rng)
        box = (start, top + 1.5 * rim, right - 2 * rim, bottom - 1.5 * rim)
        size = rng.uniform(*_ON_STRIP_MM)
        sheet.write_within(written(text, hand, rng), box, size, rng.uniform(0, 0.6), rng.uniform(0.3, 0.7))
        values[field.name] = f"{value:.2f}"
    return values


def fill_envelope(sheet: Sheet, layout: Layout, hand: Pen, rng: Generator) -> dict[str, str]:
    """An envelope with a stamp and an address: name, street, town, and the postal code behind or below it."""
    field = next(field for field in layout.fields if field.kind is Kind.POSTAL_CODE)
    left, top, right, bottom = pixels_of(sheet, field.place)
    per_mm, size = sheet.per_mm, rng.uniform(*_ON_ENVELOPE_MM)
    sheet.box(right - 30 * per_mm, 6 * per_mm, right - 8 * per_mm, 32 * per_mm)
    code, value = _some_code(rng)
    lines = [_address_line(words, hand, rng) for words in _address(code, rng)]
    start = left + rng.uniform(0.05, 0.25) * (right - left)
    step = rng.uniform(0.19, 0.23) * (bottom - top)
    for place, pen in enumerate(lines):
        foot = top + (0.9 + place) * step
        sheet.write(pen, start + rng.uniform(-2, 2) * per_mm, foot, size, right)
    return {field.name: value}


def _some_code(rng: Generator) -> tuple[str, str]:
    """As it is written, and its digits."""
    digits = "".join(map(str, rng.integers(0, 10, 9)))
    if rng.random() < _LONG_CODE:
        return f"{digits[:5]}-{digits[5:]}", digits
    return digits[:5], digits[:5]


def _address(code: str, rng: Generator) -> list[list[str]]:
    """Its lines, word by word; an empty word is one in letters."""
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
