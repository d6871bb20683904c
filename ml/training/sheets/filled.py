"""Fills in a sheet of any shipped layout with random values: a picture in, grey, with the values that it shows.

This module chooses how a layout is filled in, and draws the cheques. `filled_forms.py` draws the sheets without a MICR
line, `filled_sheet.py` puts ink on the sheet. The same seed gives the same sheet, to the pixel.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.reading.forms.layouts import Kind, Layout, LayoutField
from ml.reading.forms.money import Convention
from ml.training.datasets import Digits
from ml.training.fields.digits import Writers
from ml.training.fields.pen import Pen
from ml.training.sheets.filled_forms import fill_envelope, fill_form, fill_strip
from ml.training.sheets.filled_sheet import (
    Ink,
    Sheet,
    amount_text,
    cheque_paper,
    on_paper,
    pixels_of,
    plain_paper,
    write_text,
)
from ml.training.sheets.filled_words import WordsOfSheet, fill_words
from ml.training.synthesis.printed import micr_line
from ml.training.synthesis.signs import draw_currency_of
from ml.training.words.texts import any_value

_MODULE_MM = 0.3302
"""The grid of E-13B characters: 0.013 inch."""

_DIGIT_MM = (3.6, 5.2)
"""Least and greatest height of a digit, in millimetres."""

_CELL_MM = (5.6, 6.6)
"""Width and height of a printed box for one digit, in millimetres."""

_NO_DIGITS = Digits(np.empty((0, 28, 28), np.float32), np.empty(0, np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class Filled:
    """A sheet that was filled in.

    Attributes:
        picture: uint8, height × width, grey, the sheet from edge to edge.
        layout: The sheet's layout.
        values: By a field's name, the value that a right reading gives.
    """

    picture: NDArray[np.uint8]
    layout: Layout
    values: dict[str, str]


def fill_in(
    layout: Layout,
    writers: Writers | None,
    rng: Generator,
    per_mm: float = 200 / 25.4,
    words: WordsOfSheet | None = None,
) -> Filled:
    """Draw a sheet of a layout and fill it in with random values, in one hand.

    Args:
        layout: Its size has to be known.
        writers: Whose digits to write with. None: the digits are drawn from strokes.
        rng: Decides everything.
        per_mm: Pixels a millimetre.
        words: Who writes a cheque's amount in words; None: it has none.

    Raises:
        ValueError: The layout does not say how large its sheet is.
    """
    if layout.size is None:
        raise ValueError(f"{layout.name} does not say how large its sheet is")
    shape = round(layout.size[1] * per_mm), round(layout.size[0] * per_mm)
    sheet = Sheet(np.zeros(shape, np.uint8), np.zeros(shape, np.uint8), per_mm)
    hand = Pen.random(1, writers or Writers(_NO_DIGITS), rng)
    hand.drawn = 0.0 if writers else 1.0
    fill, paper = _fill_and_paper(layout, words)
    values = fill(sheet, layout, hand, rng)
    return Filled(on_paper(sheet, paper(sheet, rng), rng), layout, values)


Fill = Callable[[Sheet, Layout, Pen, Generator], dict[str, str]]
Paper = Callable[[Sheet, Generator], Ink]


def _fill_and_paper(layout: Layout, words: WordsOfSheet | None) -> tuple[Fill, Paper]:
    """How to fill in sheets of a layout, and on what paper."""
    if layout.printable:
        return fill_form, plain_paper
    if any(field.kind is Kind.POSTAL_CODE for field in layout.fields):
        return fill_envelope, plain_paper
    return (fill_strip if layout.micr is None else partial(_fill_cheque, words=words)), cheque_paper


def _fill_cheque(sheet: Sheet, layout: Layout, hand: Pen, rng: Generator, words: WordsOfSheet | None) -> dict[str, str]:
    said = {field.words_of: field for field in layout.fields} if words else {}
    values = {}
    for field in layout.fields:
        if field.kind is Kind.AMOUNT and field.convention is not None:
            line = said.get(field.name)
            value = any_value(line.language, rng) if line else None
            values[field.name] = _fill_amount(sheet, field, field.convention, value, hand, rng)
            if line and words:
                said_value = words.said(Decimal(values[field.name]), rng)
                fill_words(sheet, line, said_value, words.sources, rng)
        elif field.kind is Kind.DATE:
            values[field.name] = _fill_date(sheet, field, hand, rng)
    values |= _print_micr(sheet, layout, rng)
    return values | _print_repeated(sheet, layout, values, rng)


def _print_repeated(sheet: Sheet, layout: Layout, values: dict[str, str], rng: Generator) -> dict[str, str]:
    """Print the numbers that stand in a second place of the sheet."""
    repeated = {field.name: values[field.same_as] for field in layout.fields if field.same_as in values}
    for field in layout.fields:
        if field.name in repeated:
            _left, top, right, bottom = pixels_of(sheet, field.place)
            height = rng.uniform(2.4, 3.4)
            base = (top + bottom + height * sheet.per_mm) / 2
            sheet.text(repeated[field.name], right - 18 * sheet.per_mm, base, height)
    return repeated


def _any_amount(convention: Convention, rng: Generator) -> Decimal:
    value = Decimal(int(rng.integers(100, 10 ** int(rng.integers(4, 8))))) / 100
    return Decimal(int(value * 100)) if not convention.cents_always and rng.random() < 0.8 else value


def _fill_amount(
    sheet: Sheet, field: LayoutField, convention: Convention, value: Decimal | None, hand: Pen, rng: Generator
) -> str:
    """Print the box and the currency's sign, and write an amount behind it; without one any amount."""
    left, top, right, bottom = pixels_of(sheet, field.place)
    per_mm, digit = sheet.per_mm, rng.uniform(*_DIGIT_MM)
    middle, height = (top + bottom) / 2, rng.uniform(7.5, 10.0) * sheet.per_mm
    start = left + 0.2 * (right - left)
    sheet.box(start, middle - height / 2, right - 2 * per_mm, middle + height / 2)
    sign = draw_currency_of(convention.currency, round(rng.uniform(3.2, 4.5) * per_mm), rng)
    sheet.stamp(sheet.printed, sign, start + 1.5 * per_mm, middle + sign.shape[0] / 2)
    value = _any_amount(convention, rng) if value is None else value
    text = amount_text(value, convention, rng)
    foot = middle + digit * per_mm / 2
    sheet.write(write_text(text, hand, rng), start + 3 * per_mm + sign.shape[1], foot, digit, right)
    return f"{value:.2f}"


def _fill_date(sheet: Sheet, field: LayoutField, hand: Pen, rng: Generator) -> str:
    """Write a day on a line or in boxes; returns it as YYYY-MM-DD."""
    day = datetime.date(2015, 1, 1) + datetime.timedelta(days=int(rng.integers(0, 5000)))
    parts = {"d": f"{day.day:02d}", "m": f"{day.month:02d}", "y": str(day.year)}
    groups = [parts[part] for part in field.order or "dmy"]
    if field.boxed:
        _write_date_in_boxes(sheet, field, "".join(groups), hand, rng)
    else:
        _write_date_on_line(sheet, field, groups, hand, rng)
    return day.isoformat()


def _write_date_on_line(sheet: Sheet, field: LayoutField, groups: list[str], hand: Pen, rng: Generator) -> None:
    left, top, right, bottom = pixels_of(sheet, field.place)
    middle, per_mm = (top + bottom) / 2, sheet.per_mm
    digit = rng.uniform(*_DIGIT_MM)
    start = sheet.text("DATE", left + 0.3 * (right - left), middle + 2 * per_mm, 1.6)
    sheet.rule(start + per_mm, right - 4 * per_mm, middle + 2.5 * per_mm)
    text = str(rng.choice(("/", "-", "."), p=(0.7, 0.2, 0.1))).join(groups)
    sheet.write(write_text(text, hand, rng), start + 2 * per_mm, middle + 2 * per_mm, digit, right - 2 * per_mm)


def _write_date_in_boxes(sheet: Sheet, field: LayoutField, digits: str, hand: Pen, rng: Generator) -> None:
    _left, top, right, bottom = pixels_of(sheet, field.place)
    middle, per_mm = (top + bottom) / 2, sheet.per_mm
    width, height = (side * per_mm for side in _CELL_MM)
    start = right - 4 * per_mm - 8 * width
    for place, digit in enumerate(digits):
        left = start + place * width
        sheet.box(left, middle - height / 2, left + width, middle + height / 2)
        foot = middle + rng.uniform(0.3, 0.42) * height
        begin = left + rng.uniform(0.12, 0.32) * width
        sheet.write(write_text(digit, hand, rng), begin, foot, rng.uniform(3.4, 4.6), begin + width)


def _print_micr(sheet: Sheet, layout: Layout, rng: Generator) -> dict[str, str]:
    """Print the MICR line where the layout has one; returns the values of its parts by field."""
    if layout.micr is None:
        return {}
    text = random_micr(layout, rng)
    line = micr_line(text, _MODULE_MM * sheet.per_mm, rng)
    x, y = (side * sheet.per_mm for side in layout.micr.at)
    before = text.index(layout.micr.anchor) * 3.175 * sheet.per_mm
    sheet.stamp(sheet.printed, line, x - before - sheet.per_mm, y + _MODULE_MM * sheet.per_mm)
    parts = layout.micr.parts(text) or {}
    spans = {field.name: parts.get(field.in_micr) for field in layout.fields if field.in_micr}
    return {name: "".join(s for s in text[span[0] : span[1]] if s != "⑉") for name, span in spans.items() if span}


def random_micr(layout: Layout, rng: Generator) -> str:
    """A random MICR line as the layout's country prints it; an American one has a valid check digit."""

    def digits(count: int) -> str:
        return "".join(map(str, rng.integers(0, 10, count)))

    if layout.name == "cheque-us":
        first = digits(8)
        weights = (3, 7, 1, 3, 7, 1, 3, 7)
        check = -sum(w * int(d) for w, d in zip(weights, first, strict=True)) % 10
        return f"⑆{first}{check}⑆ {digits(10)}⑈ {digits(4)}"
    if layout.name == "cheque-europe":
        return f"⑈{digits(6)}⑈ {digits(2)}⑉{digits(4)}⑆ {digits(8)}⑈"
    return f"⑈{digits(6)}⑈ {digits(9)}⑆ {digits(6)}⑈ {digits(2)}"
