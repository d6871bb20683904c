"""Writes the words of a cheque: the amount in words on its line, with what is printed there, and the payee above it.

Fonts of handwriting write; they stand outside this project. A sheet that is filled in without them has no words.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import cv2
import numpy as np
from numpy.random import Generator

from ml.reading.forms.layouts import LayoutField
from ml.training.sheets.filled_sheet import Ink, Sheet, pixels_of
from ml.training.words.amount_line import MARGIN, write_line
from ml.training.words.lines import Sources
from ml.training.words.surroundings import printed
from ml.training.words.texts import any_name
from ml.training.words.ways import written_way
from ml.training.words.writing import ABOVE, Hand, X

_X_MM = (1.5, 2.6)
"""Least and greatest height of an x, in millimetres."""

_NARROWEST = 0.7
"""A line that is too long for its room is written narrower, down to this share; then smaller."""

_CENTS = 0.1
"""Share of contradicting amounts in which only the cents are others."""

_PAYEE_MM = (7.5, 11.0)
"""How far above the amount's base line the payee's is, in millimetres."""


@dataclass(frozen=True, slots=True)
class WordsOfSheet:
    """Who writes the words of a sheet, and whether they tell the truth.

    Attributes:
        sources: Fonts, typefaces and digits.
        contradict: Whether the amount in words is another than the amount in figures.
    """

    sources: Sources
    contradict: bool = False

    def said(self, value: Decimal, rng: Generator) -> Decimal:
        """The amount that the words say beside an amount in figures."""
        return other_amount(value, rng) if self.contradict else value


def other_amount(value: Decimal, rng: Generator) -> Decimal:
    """Another amount: a digit changed, added or left out, as a misreading or a fraud has it; seldom one of cents."""
    whole, cents = f"{value:.2f}".split(".")
    while True:
        at, kind = int(rng.integers(len(whole))), rng.random()
        if kind < _CENTS:
            place = int(rng.integers(2))
            other = Decimal(f"{whole}.{cents[:place]}{rng.integers(10)}{cents[place + 1 :]}")
            if other and other != value:
                return other
            continue
        if kind < 0.6:
            changed = f"{whole[:at]}{rng.integers(10)}{whole[at + 1 :]}"
        elif kind < 0.8:
            changed = f"{whole[:at]}{rng.integers(10)}{whole[at:]}"
        else:
            changed = whole[:at] + whole[at + 1 :]
        if changed.strip("0") and not changed.startswith("0") and changed != whole and len(changed) <= 9:
            return Decimal(f"{changed}.{cents}")


def fill_words(sheet: Sheet, field: LayoutField, value: Decimal, sources: Sources, rng: Generator) -> None:
    """Write an amount in words into its field, and a payee above it in the same hand.

    Args:
        sheet: Its figures stand already.
        field: Its `language` tells how the amount is said.
        value: The amount.
        sources: Fonts, typefaces and digits.
        rng: Decides everything.
    """
    left, top, right, bottom = pixels_of(sheet, field.place)
    is_indian = field.language == "en-india"
    foot = top + (bottom - top) * rng.uniform(*((0.34, 0.46) if is_indian else (0.62, 0.75)))
    start, end = left + 0.02 * (right - left), right - 0.14 * (right - left) * (not is_indian)
    face = sources.faces[int(rng.integers(len(sources.faces)))]
    caption = printed("Rupees" if is_indian else "DOLLARS", face, 1.0, 0).ink
    scale = rng.uniform(1.3, 1.7) * sheet.per_mm / X
    small = cv2.resize(caption, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.float32)
    drop = (caption.shape[0] - ABOVE) * scale
    sheet.stamp(sheet.printed, small, start if is_indian else end, foot + drop)
    if is_indian:
        start += small.shape[1]
    sheet.rule(start, end, foot + rng.uniform(0.1, 1.0) * sheet.per_mm)
    hand, x_mm = Hand.random(list(sources.fonts), sources.writers, rng), rng.uniform(*_X_MM)
    text = written_way(value, field.language, rng)
    _put(sheet, write_line(text, hand, rng, closes=True), (start, foot, end), x_mm)
    _write_payee(sheet, hand, (start, foot, end), x_mm, rng)


def _write_payee(sheet: Sheet, hand: Hand, place: tuple[float, float, float], x_mm: float, rng: Generator) -> None:
    """Write a name on the line above: its descenders reach down."""
    start, foot, end = place
    above = foot - rng.uniform(*_PAYEE_MM) * sheet.per_mm
    limit = start + rng.uniform(0.35, 0.6) * (end - start)
    _put(sheet, write_line(any_name(rng), hand, rng), (start, above, limit), x_mm)


def _put(sheet: Sheet, ink: Ink, place: tuple[float, float, float], x_mm: float) -> None:
    """Put a line of writing on the sheet: from the left limit on its base line, narrower where it would pass the right.

    Args:
        sheet: The sheet.
        ink: As `write_line` gives it.
        place: Left limit, base line and right limit, in pixels.
        x_mm: Height of an x, in millimetres, where there is room.
    """
    start, foot, end = place
    scale = x_mm * sheet.per_mm / X
    room = (end - start) / (ink.shape[1] - 2 * MARGIN)
    scale = min(scale, room / _NARROWEST)
    across = min(scale, room)
    size = max(1, round(ink.shape[1] * across)), max(1, round(ink.shape[0] * scale))
    small = cv2.resize(ink, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    sheet.stamp(sheet.written, small, start - MARGIN * across, foot + (ink.shape[0] - ABOVE) * scale)
