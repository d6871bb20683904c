"""A sheet while it is drawn: a layer of print, a layer of handwriting, and the paper below both.

Positions on the sheet are in pixels, x to the right and y down. Sizes of writing are in millimetres. Both layers are
uint8, height × width, paper 0 and ink 255.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.reading.elements import Place
from ml.reading.forms.money import Convention
from ml.training.fields.digits import DIGIT_HEIGHT
from ml.training.fields.pen import MARGIN, Pen
from ml.training.synthesis.marks import crop_to_ink
from ml.training.synthesis.paper import random_paper

Ink = NDArray[np.float32]
Rectangle = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(slots=True)
class Sheet:
    """A sheet that is being printed and filled in.

    Attributes:
        printed: The layer of print: uint8, height × width, paper 0 and ink 255.
        written: The layer of handwriting, of the same shape.
        per_mm: Pixels a millimetre.
    """

    printed: NDArray[np.uint8]
    written: NDArray[np.uint8]
    per_mm: float

    def stamp(self, layer: NDArray[np.uint8], ink: Ink, left: float, bottom: float) -> None:
        """Put ink on a layer and cut off what lies beyond the sheet.

        Args:
            layer: `printed` or `written`.
            ink: float32, height × width, paper 0.0 and ink 1.0.
            left: Where the ink's left edge goes, in pixels.
            bottom: Where its lower edge goes, in pixels.
        """
        x, y = round(left), round(bottom) - ink.shape[0]
        area = layer[max(0, y) : y + ink.shape[0], max(0, x) : x + ink.shape[1]]
        inside = ink[max(0, -y) :, max(0, -x) :][: area.shape[0], : area.shape[1]]
        np.maximum(area, (inside * 255).astype(np.uint8), out=area)

    def box(self, left: float, top: float, right: float, bottom: float) -> None:
        """Print a rectangle, in pixels."""
        corners = (round(left), round(top)), (round(right), round(bottom))
        cv2.rectangle(self.printed, *corners, 255, max(1, round(0.18 * self.per_mm)), cv2.LINE_AA)

    def rule(self, left: float, right: float, y: float) -> None:
        """Print a line to write on, in pixels."""
        ends = (round(left), round(y)), (round(right), round(y))
        cv2.line(self.printed, *ends, 230, max(1, round(0.15 * self.per_mm)), cv2.LINE_AA)

    def text(self, words: str, left: float, bottom: float, height_mm: float) -> float:
        """Print words.

        Args:
            words: Latin letters and digits.
            left: Where they begin, in pixels.
            bottom: Their base line, in pixels.
            height_mm: Height of a capital, in millimetres.

        Returns:
            Where they end, in pixels.
        """
        font, thick = cv2.FONT_HERSHEY_SIMPLEX, max(1, round(0.2 * self.per_mm))
        scale = height_mm * self.per_mm / cv2.getTextSize("X", font, 1.0, 1)[0][1]
        cv2.putText(self.printed, words, (round(left), round(bottom)), font, scale, 230, thick, cv2.LINE_AA)
        return left + cv2.getTextSize(words, font, scale, thick)[0][0]

    def write(self, pen: Pen, left: float, foot: float, digit_mm: float, right: float) -> None:
        """Put a strip of handwriting on the sheet, smaller where it would pass the right limit.

        Args:
            pen: With the strip that it wrote.
            left: Where the writing begins, in pixels.
            foot: Its base line, in pixels.
            digit_mm: Height of a digit in millimetres, where there is room.
            right: The limit, in pixels.
        """
        scale = min(digit_mm * self.per_mm / DIGIT_HEIGHT, (right - left) / (pen.at - MARGIN))
        ink = pen.ink[:, : int(pen.at) + MARGIN].astype(np.float32) / 255
        small = cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.float32)
        below = (ink.shape[0] - pen.base) * scale
        self.stamp(self.written, small, left - MARGIN * scale, foot + below)

    def write_within(self, pen: Pen, box: Rectangle, digit_mm: float, across: float, down: float) -> None:
        """Put a strip of handwriting into a box, smaller where the box has no room for it.

        Args:
            pen: With the strip that it wrote.
            box: In pixels.
            digit_mm: Height of a digit in millimetres, where the box has room.
            across: Where in the free room: 0.0 at the left edge, 1.0 at the right. Beyond these the writing crosses
                the edge.
            down: Likewise, from the top.
        """
        ink = crop_to_ink(pen.ink.astype(np.float32) / np.float32(255))
        room = box[2] - box[0], box[3] - box[1]
        scale = min(digit_mm * self.per_mm / DIGIT_HEIGHT, room[0] / ink.shape[1], room[1] / ink.shape[0])
        size = max(1, round(scale * ink.shape[1])), max(1, round(scale * ink.shape[0]))
        small = cv2.resize(ink, size, interpolation=cv2.INTER_AREA).astype(np.float32)
        left, top = box[0] + across * (room[0] - size[0]), box[1] + down * (room[1] - size[1])
        self.stamp(self.written, small, left, round(top) + size[1])


def pixels_of(sheet: Sheet, place: Place) -> Rectangle:
    """A place of a layout (shares of the sheet), in the sheet's pixels."""
    height, width = sheet.printed.shape
    return place.left * width, place.top * height, place.right * width, place.bottom * height


def pen_like(hand: Pen, signs: int) -> Pen:
    """A pen of the same hand at the beginning of an empty strip.

    Args:
        hand: Whose slant, shapes and spacing to take.
        signs: How many signs the strip has room for.
    """
    ink = np.zeros((hand.ink.shape[0], 2 * MARGIN + (signs + 4) * 2 * DIGIT_HEIGHT), np.uint8)
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
        spread=hand.spread,
        at=MARGIN,
        base=MARGIN + DIGIT_HEIGHT,
        digit=hand.digit,
    )


def write_text(text: str, hand: Pen, rng: Generator) -> Pen:
    """Write digits and signs on a strip; returns the pen that holds it."""
    pen = pen_like(hand, len(text))
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


def amount_text(value: Decimal, convention: Convention, rng: Generator) -> str:
    """An amount as people of the convention's country write it: with or without grouping, with or without cents."""
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


def cheque_paper(sheet: Sheet, rng: Generator) -> Ink:
    """Paper with a pattern against copying: float32, height × width, grey 0 to 255."""
    height, width = sheet.printed.shape
    return np.clip(random_paper(height, width, 4.5 * sheet.per_mm, rng), 150, 250).astype(np.float32)


def plain_paper(sheet: Sheet, rng: Generator) -> Ink:
    """Paper without a pattern, a little unevenly lit: float32, height × width, grey 0 to 255."""
    height, width = sheet.printed.shape
    light = rng.uniform(-10, 10, (3, 3)).astype(np.float32)
    uneven = cv2.resize(light, (width, height), interpolation=cv2.INTER_CUBIC)
    paper: Ink = np.clip(rng.uniform(200, 245) + uneven, 150, 250).astype(np.float32)
    return paper


def on_paper(sheet: Sheet, paper: Ink, rng: Generator) -> NDArray[np.uint8]:
    """Lay print and handwriting on the paper, with a scanner's softness and noise: uint8, height × width, grey."""
    print_, ink = (
        cv2.GaussianBlur(layer.astype(np.float32) / 255, (0, 0), 0.06 * sheet.per_mm)
        for layer in (sheet.printed, sheet.written)
    )
    page = paper * (1 - 0.85 * print_)
    page = page * (1 - ink) + np.minimum(page, rng.uniform(20, 80)) * ink
    return np.clip(page + rng.normal(0, 2, page.shape), 0, 255).astype(np.uint8)
