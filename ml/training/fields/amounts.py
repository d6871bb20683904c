"""Amounts on cheque paper, composed without end: the network of strings learns from these.

An amount leaves as a grey picture, uint8, height × width, with its digits and their boxes. The digits come from real
writers (MNIST's training digits and further ones that may be used so) and from our own strokes
(`ml.training.synthesis.hands`). One amount has one hand, slant, pen and ink. Everything follows from the seed.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.training.fields.amount_marks import close_amount, open_amount, write_thousands_mark
from ml.training.fields.digits import DIGIT_HEIGHT, Ink, Writers, slant, write_digit
from ml.training.fields.lines import Line
from ml.training.synthesis.elastic import distort
from ml.training.synthesis.hands import Hand
from ml.training.synthesis.paper import random_paper, scan_page

Boxes = NDArray[np.int32]

MOST_DIGITS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Amount:
    """A picture of an amount, with its label.

    Attributes:
        image: uint8, height × width, grey.
        digits: In order, without separators.
        boxes: int32, digits × 4: left, top, right, bottom of each digit's ink in the image, right and bottom exclusive.
    """

    image: NDArray[np.uint8]
    digits: str
    boxes: Boxes


@dataclass(frozen=True, slots=True)
class _Style:
    """How one amount is written.

    Attributes:
        hand: The hand that writes it.
        drawn: Share of the digits that the hand's strokes draw, 0 to 1.
        slant: Slant of the digits to the right, in widths a height.
        gap: Room between digits, in heights of a digit; below 0 they touch.
        uneven: How much heights differ from digit to digit, as a share.
        size: Height of the digits, as a share of `DIGIT_HEIGHT`.
        nought_size: Height of a nought beside the other digits.
        slope: Of the base line, downwards, in heights a width.
        turn: Of the digits, in radians.
        thousands_mark: Between groups of three digits; empty: none.
        joins_noughts: Whether noughts side by side are written in one stroke.
    """

    hand: Hand
    drawn: float
    slant: float
    gap: float
    uneven: float
    size: float
    nought_size: float
    slope: float
    turn: float
    thousands_mark: str
    joins_noughts: bool

    @classmethod
    def random(cls, rng: Generator) -> _Style:
        """A style at random. The order of the draws is part of what a seed means."""
        hand = Hand.random(rng, pen=rng.uniform(0.045, 0.15))
        drawn = float(rng.choice((0.0, 0.3, 0.6, 1.0), p=(0.3, 0.2, 0.2, 0.3)))
        return cls(
            hand=hand,
            drawn=drawn,
            slant=rng.uniform(-0.15, 0.5),
            gap=rng.normal(0.08, 0.11),
            uneven=rng.uniform(0.0, 0.1),
            size=rng.uniform(0.85, 1.0),
            nought_size=float(rng.choice((1.0, rng.uniform(0.5, 0.85)), p=(0.7, 0.3))),
            slope=rng.normal(0, 0.03),
            turn=rng.normal(0, 0.06),
            thousands_mark=str(rng.choice(("", ".", ",", " ", "'"), p=(0.42, 0.36, 0.08, 0.09, 0.05))),
            joins_noughts=drawn > 0 and rng.random() < 0.45,
        )


def compose_amount(writers: Writers, rng: Generator) -> Amount:
    """Compose one amount: digits, separators and closing marks in one hand, on paper, cut out with some room, scanned.

    Args:
        writers: The real digits to write with.
        rng: Decides everything.
    """
    digits = _random_digits(rng)
    ink, boxes = _write(digits, writers, rng)
    ink, boxes = _cut_out(ink, boxes, rng)
    if rng.random() < 0.6:
        ink = distort(ink, rng)
    soft = cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.4, 1.1))
    cover = soft * (1 - rng.uniform(0, 0.4) * cv2.resize(rng.random((6, 24), np.float32), ink.shape[::-1]))
    paper = random_paper(ink.shape[0], ink.shape[1], DIGIT_HEIGHT, rng)
    dark = np.minimum(paper, rng.uniform(10, 0.62 * float(np.median(paper))))
    image = scan_page(paper * (1 - cover) + dark * cover, rng)
    scale = rng.uniform(0.45, 1.0)
    across = scale * rng.uniform(0.9, 1.1)
    image = cv2.resize(image, None, fx=across, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8)
    across = image.shape[1] / ink.shape[1]  # the width was rounded to whole pixels
    return Amount(image, digits, (boxes * (across, scale, across, scale)).round().astype(np.int32))


def compose_lines(writers: Writers, count: int, rng: Generator) -> list[Line]:
    """Compose amounts for training, prepared for the network of strings."""
    amounts = (compose_amount(writers, rng) for _ in range(count))
    return [Line.of(amount.image, amount.digits) for amount in amounts]


def _random_digits(rng: Generator) -> str:
    count = int(rng.choice(MOST_DIGITS, p=(0.02, 0.05, 0.13, 0.27, 0.27, 0.15, 0.07, 0.04))) + 1
    digits = rng.integers(0, 10, count)
    if rng.random() < 0.35:
        digits[count - int(rng.integers(1, min(4, count) + 1)) :] = 0
    if rng.random() < 0.1:  # the same digit two times in a row, of which a reader of strings easily loses one
        place = int(rng.integers(count))
        digits[max(0, place - 1) : place + 1] = digits[place]
    if rng.random() < 0.7:
        digits[0] = digits[0] or rng.integers(1, 10)
    return "".join(map(str, digits))


def _write(digits: str, writers: Writers, rng: Generator) -> tuple[Ink, Boxes]:
    """Write an amount on a wide sheet, its base line at two thirds; returns the ink and each digit's box."""
    style = _Style.random(rng)
    sheet = np.zeros((3 * DIGIT_HEIGHT, (len(digits) + 3) * 2 * DIGIT_HEIGHT), np.uint8)
    boxes: list[tuple[int, int, int, int]] = []
    column, base = DIGIT_HEIGHT, 2 * DIGIT_HEIGHT
    index = 0
    while index < len(digits):
        if index and style.thousands_mark and (len(digits) - index) % 3 == 0:
            row = base + style.slope * column
            column = write_thousands_mark(sheet, style.thousands_mark, column, row, style.hand, rng)
        body, ends = _write_next(digits, index, style, writers, rng)
        lean = style.slant + rng.normal(0, 0.05)
        tall = body.shape[0]
        body = slant(body, lean, style.turn)
        foot = base + style.slope * column + rng.normal(0, 0.04) * DIGIT_HEIGHT
        if digits[index] == "0" and style.nought_size < 1 and rng.random() < 0.3:
            foot -= rng.uniform(0, 1 - style.nought_size) * DIGIT_HEIGHT
        top = int(np.clip(foot - body.shape[0], 0, sheet.shape[0] - body.shape[0]))
        area = sheet[top : top + body.shape[0], column : column + body.shape[1]]
        np.maximum(area, (body * 255).astype(np.uint8), out=area)
        for left, right in _slanted_ends(ends, lean * tall, body.shape[1]):
            boxes.append((column + left, top, column + right, top + body.shape[0]))
        # In a slanted line boxes overlap where the ink does not.
        room = (style.gap + rng.normal(0, 0.07)) * DIGIT_HEIGHT
        step = body.shape[1] - 0.45 * abs(style.slant) * body.shape[0] + room
        column += max(int(0.4 * body.shape[1]), int(step))
        index += len(ends)
    if rng.random() < 0.4:
        close_amount(sheet, column, base + style.slope * column, style.hand, rng)
    if rng.random() < 0.06:
        open_amount(sheet, boxes[0][0], base, style.hand, rng)
    return sheet.astype(np.float32) / np.float32(255), np.array(boxes, np.int32)


def _write_next(
    digits: str, index: int, style: _Style, writers: Writers, rng: Generator
) -> tuple[Ink, NDArray[np.float64]]:
    """Write the digit at `index`, or in one stroke the noughts that begin there.

    Returns:
        The ink: float32, height × width, upright, no paper around it.
        The left and right end of each digit in it: count × 2, in pixels.
    """
    nought_size = style.nought_size if digits[index] == "0" else 1.0
    height = int(DIGIT_HEIGHT * style.size * rng.uniform(1 - 1.5 * style.uneven, 1) * nought_size)
    count = _count_noughts(digits, index, bool(style.thousands_mark)) if style.joins_noughts else 0
    if count > 1:
        return style.hand.write_noughts(count, height, rng)
    body = write_digit(int(digits[index]), height, style.hand, style.drawn, writers, rng)
    return body, np.array([[0, body.shape[1]]])


def _count_noughts(digits: str, start: int, grouped: bool) -> int:
    """How many noughts are side by side from a place on, up to the next thousands mark."""
    end = start
    while end < len(digits) and digits[end] == "0" and not (grouped and end > start and (len(digits) - end) % 3 == 0):
        end += 1
    return end - start


def _slanted_ends(ends: NDArray[np.float64], shift: float, width: int) -> list[tuple[int, int]]:
    """Where each digit begins and ends after slanting: round digits grow less wide than the whole of them."""
    middles, reaches = ends.mean(axis=1), np.hypot(np.ptp(ends, axis=1) / 2, shift / 2)
    if len(ends) == 1:
        return [(0, width)]
    first, last = (middles - reaches).min(), (middles + reaches).max()
    scale = width / (last - first)
    return [(int((m - r - first) * scale), int((m + r - first) * scale)) for m, r in zip(middles, reaches, strict=True)]


def _cut_out(ink: Ink, boxes: Boxes, rng: Generator) -> tuple[Ink, Boxes]:
    """Cut out the strip as a form's field has it: the writing with some room, sometimes cut into."""
    rows, columns = np.nonzero(ink.max(axis=1) > 0.2)[0], np.nonzero(ink.max(axis=0) > 0.2)[0]
    tight = rng.random() < 0.15
    low = (-0.05 if tight else 0.0) * DIGIT_HEIGHT
    top = max(0, int(min(boxes[:, 1].min(), rows[0] + 0.1 * DIGIT_HEIGHT) - rng.uniform(low, 0.4 * DIGIT_HEIGHT)))
    bottom = int(boxes[:, 3].max() + rng.uniform(low, 0.35 * DIGIT_HEIGHT))
    left = max(0, int(columns[0] - rng.uniform(-0.03, 0.5) * DIGIT_HEIGHT))
    right = int(max(boxes[:, 2].max(), columns[-1]) + rng.uniform(-0.03, 0.6) * DIGIT_HEIGHT)
    moved = np.clip(boxes - (left, top, left, top), 0, (right - left, bottom - top) * 2).astype(np.int32)
    return ink[top:bottom, left:right], moved
