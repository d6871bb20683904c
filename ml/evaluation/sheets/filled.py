"""Sheets of every shipped layout that we draw ourselves, filled in with known values; cheques among them."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.evaluation.sheets.filled_forms import fill_envelope, fill_form, fill_strip
from ml.evaluation.sheets.filled_sheet import (
    Ink,
    Sheet,
    as_written,
    cheque_paper,
    on_paper,
    pixels_of,
    plain_paper,
    written,
)
from ml.reading.forms.layouts import Kind, Layout, LayoutField
from ml.reading.forms.money import Convention
from ml.training.datasets import Digits
from ml.training.fields.digits import Writers
from ml.training.fields.pen import Pen
from ml.training.synthesis.printed import micr_line
from ml.training.synthesis.signs import draw_currency_of

_MODULE_MM = 0.3302
_DIGIT_MM = (3.6, 5.2)
"""A digit's height, in millimetres: from and to."""

_CELL_MM = (5.6, 6.6)
"""A printed box for one digit, in millimetres: width and height."""

_NOBODY = Digits(np.empty((0, 28, 28), np.float32), np.empty(0, np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class Filled:
    """A sheet that was filled in.

    Attributes:
        picture: uint8, height × width, grey, the sheet from edge to edge.
        layout: Whose sheet.
        values: What its fields say, by name, as the reader gives them.
    """

    picture: NDArray[np.uint8]
    layout: Layout
    values: dict[str, str]


def fill_in(layout: Layout, writers: Writers | None, rng: Generator, per_mm: float = 200 / 25.4) -> Filled:
    """A sheet of a layout with values at random, in one hand.

    Args:
        layout: With a size.
        writers: Whose digits; None: they are drawn from strokes.
        rng: Decides everything.
        per_mm: Pixels a millimetre.

    Raises:
        ValueError: The layout does not say how large its sheet is.
    """
    if layout.size is None:
        raise ValueError(f"{layout.name} does not say how large its sheet is")
    shape = round(layout.size[1] * per_mm), round(layout.size[0] * per_mm)
    sheet = Sheet(np.zeros(shape, np.uint8), np.zeros(shape, np.uint8), per_mm)
    hand = Pen.random(1, writers or Writers(_NOBODY), rng)
    hand.drawn = 0.0 if writers else 1.0
    fill, paper = _way(layout)
    values = fill(sheet, layout, hand, rng)
    return Filled(on_paper(sheet, paper(sheet, rng), rng), layout, values)


Fill = Callable[[Sheet, Layout, Pen, Generator], dict[str, str]]
Paper = Callable[[Sheet, Generator], Ink]


def _way(layout: Layout) -> tuple[Fill, Paper]:
    """How sheets of a layout are filled in, and on what paper."""
    if layout.printable:
        return fill_form, plain_paper
    if any(field.kind is Kind.POSTAL_CODE for field in layout.fields):
        return fill_envelope, plain_paper
    return (fill_strip if layout.micr is None else _fill_cheque), cheque_paper


def _fill_cheque(sheet: Sheet, layout: Layout, hand: Pen, rng: Generator) -> dict[str, str]:
    values = {}
    for field in layout.fields:
        if field.kind is Kind.AMOUNT and field.convention is not None:
            values[field.name] = _fill_amount(sheet, field, field.convention, hand, rng)
        elif field.kind is Kind.DATE:
            values[field.name] = _fill_date(sheet, field, hand, rng)
    values |= _print_micr(sheet, layout, rng)
    return values | _print_again(sheet, layout, values, rng)


def _print_again(sheet: Sheet, layout: Layout, values: dict[str, str], rng: Generator) -> dict[str, str]:
    """Numbers that stand in a second place of the sheet."""
    again = {field.name: values[field.same_as] for field in layout.fields if field.same_as in values}
    for field in layout.fields:
        if field.name in again:
            _left, top, right, bottom = pixels_of(sheet, field.place)
            tall = rng.uniform(2.4, 3.4)
            middle = (top + bottom + tall * sheet.per_mm) / 2
            sheet.text(again[field.name], right - 18 * sheet.per_mm, middle, tall)
    return again


def _fill_amount(sheet: Sheet, field: LayoutField, convention: Convention, hand: Pen, rng: Generator) -> str:
    left, top, right, bottom = pixels_of(sheet, field.place)
    per_mm, digit = sheet.per_mm, rng.uniform(*_DIGIT_MM)
    middle, high = (top + bottom) / 2, rng.uniform(7.5, 10.0) * sheet.per_mm
    start = left + 0.2 * (right - left)
    sheet.box(start, middle - high / 2, right - 2 * per_mm, middle + high / 2)
    sign = draw_currency_of(convention.currency, round(rng.uniform(3.2, 4.5) * per_mm), rng)
    sheet.stamp(sheet.printed, sign, start + 1.5 * per_mm, middle + sign.shape[0] / 2)
    value = Decimal(int(rng.integers(100, 10 ** int(rng.integers(4, 8))))) / 100
    if not convention.cents_always and rng.random() < 0.8:
        value = Decimal(int(value * 100))
    text = as_written(value, convention, rng)
    foot = middle + digit * per_mm / 2
    sheet.write(written(text, hand, rng), start + 3 * per_mm + sign.shape[1], foot, digit, right)
    return f"{value:.2f}"


def _fill_date(sheet: Sheet, field: LayoutField, hand: Pen, rng: Generator) -> str:
    left, top, right, bottom = pixels_of(sheet, field.place)
    day = datetime.date(2015, 1, 1) + datetime.timedelta(days=int(rng.integers(0, 5000)))
    parts = {"d": f"{day.day:02d}", "m": f"{day.month:02d}", "y": str(day.year)}
    groups = [parts[one] for one in field.order or "dmy"]
    middle, per_mm = (top + bottom) / 2, sheet.per_mm
    if not field.boxed:
        digit = rng.uniform(*_DIGIT_MM)
        start = sheet.text("DATE", left + 0.3 * (right - left), middle + 2 * per_mm, 1.6)
        sheet.rule(start + per_mm, right - 4 * per_mm, middle + 2.5 * per_mm)
        text = str(rng.choice(("/", "-", "."), p=(0.7, 0.2, 0.1))).join(groups)
        sheet.write(written(text, hand, rng), start + 2 * per_mm, middle + 2 * per_mm, digit, right - 2 * per_mm)
        return day.isoformat()
    wide, high = (side * per_mm for side in _CELL_MM)
    start = right - 4 * per_mm - 8 * wide
    for place, sign in enumerate("".join(groups)):
        at = start + place * wide
        sheet.box(at, middle - high / 2, at + wide, middle + high / 2)
        foot = middle + rng.uniform(0.3, 0.42) * high
        begin = at + rng.uniform(0.12, 0.32) * wide
        sheet.write(written(sign, hand, rng), begin, foot, rng.uniform(3.4, 4.6), begin + wide)
    return day.isoformat()


def _print_micr(sheet: Sheet, layout: Layout, rng: Generator) -> dict[str, str]:
    """The line, where the layout has one, with the values of its parts."""
    if layout.micr is None:
        return {}
    text = some_micr(layout, rng)
    line = micr_line(text, _MODULE_MM * sheet.per_mm, rng)
    x, y = (side * sheet.per_mm for side in layout.micr.at)
    before = text.index(layout.micr.anchor) * 3.175 * sheet.per_mm
    sheet.stamp(sheet.printed, line, x - before - sheet.per_mm, y + _MODULE_MM * sheet.per_mm)
    parts = layout.micr.parts(text) or {}
    found = {field.name: parts.get(field.in_micr) for field in layout.fields if field.in_micr}
    return {name: "".join(s for s in text[span[0] : span[1]] if s != "⑉") for name, span in found.items() if span}


def some_micr(layout: Layout, rng: Generator) -> str:
    """A MICR line of a layout's country."""

    def some(count: int) -> str:
        return "".join(map(str, rng.integers(0, 10, count)))

    if layout.name == "cheque-us":
        first = some(8)
        weights = (3, 7, 1, 3, 7, 1, 3, 7)
        check = -sum(w * int(d) for w, d in zip(weights, first, strict=True)) % 10
        return f"⑆{first}{check}⑆ {some(10)}⑈ {some(4)}"
    if layout.name == "cheque-europe":
        return f"⑈{some(6)}⑈ {some(2)}⑉{some(4)}⑆ {some(8)}⑈"
    return f"⑈{some(6)}⑈ {some(9)}⑆ {some(6)}⑈ {some(2)}"
