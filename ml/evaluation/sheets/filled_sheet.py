"""Sheets that we draw: two layers, what is printed and what somebody wrote, and the paper that both are put on."""

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
Sides = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(slots=True)
class Sheet:
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

    def write(self, pen: Pen, left: float, foot: float, digit_mm: float, right: float) -> None:
        """What a pen wrote on a strip of its own, its beginning and its base line at a place, in pixels.

        It is made smaller where it would reach further than to the right.
        """
        share = min(digit_mm * self.per_mm / DIGIT_HEIGHT, (right - left) / (pen.at - MARGIN))
        ink = pen.ink[:, : int(pen.at) + MARGIN].astype(np.float32) / 255
        small = cv2.resize(ink, None, fx=share, fy=share, interpolation=cv2.INTER_AREA).astype(np.float32)
        below = (ink.shape[0] - pen.base) * share
        self.stamp(self.written, small, left - MARGIN * share, foot + below)

    def write_within(self, pen: Pen, box: Sides, digit_mm: float, across: float, down: float) -> None:
        """The same, made smaller where a box has no room for it.

        Args:
            pen: That wrote.
            box: In pixels.
            digit_mm: Of a digit, where the box has room.
            across: Where in the room that is left, from 0.0 at the left to 1.0; beyond these the box's edge is crossed.
            down: Likewise, from the top.
        """
        ink = crop_to_ink(pen.ink.astype(np.float32) / np.float32(255))
        room = box[2] - box[0], box[3] - box[1]
        share = min(digit_mm * self.per_mm / DIGIT_HEIGHT, room[0] / ink.shape[1], room[1] / ink.shape[0])
        size = max(1, round(share * ink.shape[1])), max(1, round(share * ink.shape[0]))
        small = cv2.resize(ink, size, interpolation=cv2.INTER_AREA).astype(np.float32)
        left, top = box[0] + across * (room[0] - size[0]), box[1] + down * (room[1] - size[1])
        self.stamp(self.written, small, left, round(top) + size[1])


def pixels_of(sheet: Sheet, place: Place) -> Sides:
    """A place of a layout on its sheet, in pixels."""
    height, width = sheet.printed.shape
    return place.left * width, place.top * height, place.right * width, place.bottom * height


def pen_like(hand: Pen, signs: int) -> Pen:
    """The same hand at the beginning of a strip."""
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


def written(text: str, hand: Pen, rng: Generator) -> Pen:
    """A text of digits and signs, written."""
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


def cheque_paper(sheet: Sheet, rng: Generator) -> Ink:
    """With a print of its own against copying: float32, height × width, grey 0 to 255."""
    height, width = sheet.printed.shape
    return np.clip(random_paper(height, width, 4.5 * sheet.per_mm, rng), 150, 250).astype(np.float32)


def plain_paper(sheet: Sheet, rng: Generator) -> Ink:
    """As printers and envelopes have it, a little unevenly lit: as `cheque_paper`."""
    height, width = sheet.printed.shape
    light = rng.uniform(-10, 10, (3, 3)).astype(np.float32)
    uneven = cv2.resize(light, (width, height), interpolation=cv2.INTER_CUBIC)
    paper: Ink = np.clip(rng.uniform(200, 245) + uneven, 150, 250).astype(np.float32)
    return paper


def on_paper(sheet: Sheet, paper: Ink, rng: Generator) -> NDArray[np.uint8]:
    """Paper, print and ink together: uint8, height × width, grey."""
    print_, ink = (
        cv2.GaussianBlur(layer.astype(np.float32) / 255, (0, 0), 0.06 * sheet.per_mm)
        for layer in (sheet.printed, sheet.written)
    )
    page = paper * (1 - 0.85 * print_)
    page = page * (1 - ink) + np.minimum(page, rng.uniform(20, 80)) * ink
    return np.clip(page + rng.normal(0, 2, page.shape), 0, 255).astype(np.uint8)
