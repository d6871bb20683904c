"""Cheques that we draw ourselves, filled in with known values: their print, somebody's digits, their MICR line."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.reading.layouts import Kind, Layout, LayoutField, Place
from ml.reading.money import Convention
from ml.training.amounts import LINE, Writers
from ml.training.datasets import Digits
from ml.training.paper import some_paper
from ml.training.pen import ROOM, Pen
from ml.training.printed import micr_line
from ml.training.signs import currency

Ink = NDArray[np.float32]

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


@dataclass(slots=True)
class _Sheet:
    """A sheet being printed and filled in: two layers, paper 0 and ink 255, and how many pixels a millimetre has."""

    printed: NDArray[np.uint8]
    written: NDArray[np.uint8]
    per_mm: float

    def stamp(self, layer: NDArray[np.uint8], body: Ink, left: float, bottom: float) -> None:
        """Ink put down with its lower left corner at a place, in pixels; what is beyond the sheet is cut off."""
        x, y = round(left), round(bottom) - body.shape[0]
        area = layer[max(0, y) : y + body.shape[0], max(0, x) : x + body.shape[1]]
        own = body[max(0, -y) :, max(0, -x) :][: area.shape[0], : area.shape[1]]
        np.maximum(area, (own * 255).astype(np.uint8), out=area)

    def box(self, left: float, top: float, right: float, bottom: float) -> None:
        """A printed rectangle, in pixels."""
        corners = (round(left), round(top)), (round(right), round(bottom))
        cv2.rectangle(self.printed, *corners, 255, max(1, round(0.18 * self.per_mm)), cv2.LINE_AA)

    def rule(self, left: float, right: float, y: float) -> None:
        """A printed line to write on, in pixels."""
        ends = (round(left), round(y)), (round(right), round(y))
        cv2.line(self.printed, *ends, 230, max(1, round(0.15 * self.per_mm)), cv2.LINE_AA)

    def text(self, words: str, left: float, bottom: float, tall_mm: float) -> float:
        """Printed words; returns where they end, in pixels."""
        font, thick = cv2.FONT_HERSHEY_SIMPLEX, max(1, round(0.2 * self.per_mm))
        scale = tall_mm * self.per_mm / cv2.getTextSize("X", font, 1.0, 1)[0][1]
        cv2.putText(self.printed, words, (round(left), round(bottom)), font, scale, 230, thick, cv2.LINE_AA)
        return left + cv2.getTextSize(words, font, scale, thick)[0][0]

    def write(self, pen: Pen, left: float, foot: float, digit_mm: float) -> None:
        """What a pen wrote on a strip of its own, its beginning and its base line at a place, in pixels."""
        share = digit_mm * self.per_mm / LINE
        ink = pen.ink[:, : int(pen.at) + ROOM].astype(np.float32) / 255
        small = cv2.resize(ink, None, fx=share, fy=share, interpolation=cv2.INTER_AREA).astype(np.float32)
        below = (ink.shape[0] - pen.base) * share
        self.stamp(self.written, small, left - ROOM * share, foot + below)


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
    sheet = _Sheet(np.zeros(shape, np.uint8), np.zeros(shape, np.uint8), per_mm)
    hand = Pen.some(1, writers or Writers(_NOBODY), rng)
    if writers is None:
        hand.drawn = 1.0
    values = {}
    for field in layout.fields:
        if field.kind is Kind.AMOUNT and field.convention is not None:
            values[field.name] = _fill_amount(sheet, field, field.convention, hand, rng)
        elif field.kind is Kind.DATE:
            values[field.name] = _fill_date(sheet, field, hand, rng)
    values |= _print_micr(sheet, layout, rng)
    return Filled(_on_paper(sheet, rng), layout, values)


def _pixels(sheet: _Sheet, place: Place) -> tuple[float, float, float, float]:
    height, width = sheet.printed.shape
    return place.left * width, place.top * height, place.right * width, place.bottom * height


def _pen_like(hand: Pen, signs: int) -> Pen:
    """The same hand at the beginning of a strip."""
    ink = np.zeros((hand.ink.shape[0], 2 * ROOM + (signs + 4) * 2 * LINE), np.uint8)
    return Pen(
        ink=ink,
        printed=np.zeros_like(ink),
        writers=hand.writers,
        hand=hand.hand,
        drawn=hand.drawn,
        slant=hand.slant,
        turn=hand.turn,
        gap=max(hand.gap, 0.02),
        slope=hand.slope,
        thick=hand.thick,
        comma=hand.comma,
        at=ROOM,
        base=ROOM + LINE,
        digit=hand.digit,
    )


def _written(text: str, hand: Pen, rng: Generator) -> Pen:
    """A text of digits and signs, written."""
    pen = _pen_like(hand, len(text))
    for sign in text:
        if sign.isdigit():
            pen.write(sign, rng)
        elif sign == "/":
            pen.slash(rng)
        elif sign == "-":
            pen.dash(rng, 0.2, 0.8)
        else:
            pen.mark(sign, rng)
    return pen


def _fill_amount(sheet: _Sheet, field: LayoutField, convention: Convention, hand: Pen, rng: Generator) -> str:
    left, top, right, bottom = _pixels(sheet, field.place)
    per_mm, digit = sheet.per_mm, rng.uniform(*_DIGIT_MM)
    middle, high = (top + bottom) / 2, rng.uniform(7.5, 10.0) * sheet.per_mm
    start = left + 0.2 * (right - left)
    sheet.box(start, middle - high / 2, right - 2 * per_mm, middle + high / 2)
    sign = currency(round(rng.uniform(3.2, 4.5) * per_mm), rng)
    sheet.stamp(sheet.printed, sign, start + 1.5 * per_mm, middle + sign.shape[0] / 2)
    value = Decimal(int(rng.integers(100, 10 ** int(rng.integers(4, 8))))) / 100
    if not convention.cents_always and rng.random() < 0.8:
        value = Decimal(int(value * 100))
    text = as_written(value, convention, rng)
    foot = middle + digit * per_mm / 2
    sheet.write(_written(text, hand, rng), start + 3 * per_mm + sign.shape[1], foot, digit)
    return f"{value:.2f}"


def as_written(value: Decimal, convention: Convention, rng: Generator) -> str:
    """An amount as somebody of the convention's country may write it."""
    whole, cents = f"{value:.2f}".split(".")
    if convention.currency == "INR":
        head, tail = whole[:-3], whole[-3:]
        pairs = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)][::-1]
        grouped = ",".join([*pairs, tail]) if rng.random() < 0.7 else whole
    else:
        grouped = f"{int(whole):,}" if rng.random() < 0.6 else whole
        grouped = grouped.replace(",", "." if convention.decimal == "," else ",")
    if cents == "00" and not convention.cents_always:
        return grouped + ("/-" if rng.random() < 0.8 else "")
    return grouped + convention.decimal + cents


def _fill_date(sheet: _Sheet, field: LayoutField, hand: Pen, rng: Generator) -> str:
    left, top, right, bottom = _pixels(sheet, field.place)
    day = datetime.date(2015, 1, 1) + datetime.timedelta(days=int(rng.integers(0, 5000)))
    parts = {"d": f"{day.day:02d}", "m": f"{day.month:02d}", "y": str(day.year)}
    groups = [parts[one] for one in field.order or "dmy"]
    middle, per_mm = (top + bottom) / 2, sheet.per_mm
    if not field.boxed:
        digit = rng.uniform(*_DIGIT_MM)
        start = sheet.text("DATE", left + 0.3 * (right - left), middle + 2 * per_mm, 1.6)
        sheet.rule(start + per_mm, right - 4 * per_mm, middle + 2.5 * per_mm)
        text = str(rng.choice(("/", "-", "."), p=(0.7, 0.2, 0.1))).join(groups)
        sheet.write(_written(text, hand, rng), start + 2 * per_mm, middle + 2 * per_mm, digit)
        return day.isoformat()
    wide, high = (side * per_mm for side in _CELL_MM)
    start = right - 4 * per_mm - 8 * wide
    for place, sign in enumerate("".join(groups)):
        at = start + place * wide
        sheet.box(at, middle - high / 2, at + wide, middle + high / 2)
        foot = middle + rng.uniform(0.3, 0.42) * high
        sheet.write(_written(sign, hand, rng), at + rng.uniform(0.12, 0.32) * wide, foot, rng.uniform(3.4, 4.6))
    return day.isoformat()


def _print_micr(sheet: _Sheet, layout: Layout, rng: Generator) -> dict[str, str]:
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


def _on_paper(sheet: _Sheet, rng: Generator) -> NDArray[np.uint8]:
    """Paper, print and ink together: uint8, height × width, grey."""
    height, width = sheet.printed.shape
    paper = np.clip(some_paper(height, width, 4.5 * sheet.per_mm, rng), 150, 250)
    print_, ink = (
        cv2.GaussianBlur(layer.astype(np.float32) / 255, (0, 0), 0.06 * sheet.per_mm)
        for layer in (sheet.printed, sheet.written)
    )
    page = paper * (1 - 0.85 * print_)
    page = page * (1 - ink) + np.minimum(page, rng.uniform(20, 80)) * ink
    return np.clip(page + rng.normal(0, 2, page.shape), 0, 255).astype(np.uint8)
