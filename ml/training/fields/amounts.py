"""Amounts on cheque paper, composed without end: what the network that reads whole strings learns from.

Digits come from real hands (MNIST's training digits and others that may be used so) and from strokes of our own
(`ml.training.synthesis.hands`); one string is one hand, slant, pen and ink. Everything follows from the seed.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.reading.ink.lines import as_line
from ml.training.datasets import Digits
from ml.training.synthesis.hands import Hand
from ml.training.synthesis.marks import cropped
from ml.training.synthesis.paper import scanned, some_paper

Ink = NDArray[np.float32]

LINE = 44
"""Height of the tallest digit on the paper, in pixels, before the scanner."""

MOST_DIGITS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Amount:
    """An amount as it was written.

    Attributes:
        image: uint8, height × width, grey.
        digits: In order, without separators.
        boxes: int32, digits × 4: left, top, right, bottom of each digit's ink in the image, right and bottom exclusive.
    """

    image: NDArray[np.uint8]
    digits: str
    boxes: NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """What is written as the network looks at it, packed: a round of training keeps a hundred thousand.

    Attributes:
        pixels: uint8, 32 × width: -0.5 to 1.2 as 0 to 255.
        digits: In order; for the network of fields with the signs between them.
    """

    pixels: NDArray[np.uint8]
    digits: str

    @classmethod
    def of(cls, image: NDArray[np.uint8], digits: str) -> Line:
        """A picture as the reader prepares it, and what is written there."""
        return cls(((as_line(image) + 0.5) * (255 / 1.7)).round().astype(np.uint8), digits)

    def unpacked(self) -> Ink:
        """float32, 32 × width, paper 0.0 and ink 1.0."""
        return self.pixels.astype(np.float32) * np.float32(1.7 / 255) - np.float32(0.5)


class Writers:
    """Real digits to write with, sorted by what they are."""

    def __init__(self, digits: Digits) -> None:
        self._bodies = [[cropped(pixels) for pixels in digits.pixels[digits.labels == digit]] for digit in range(10)]

    def one(self, digit: int, rng: Generator) -> Ink:
        """Somebody's digit, as it is: float32, height × width, no paper around it."""
        bodies = self._bodies[digit]
        return bodies[rng.integers(len(bodies))]


def compose_amount(writers: Writers, rng: Generator) -> Amount:
    """One amount: its digits, separators and closing marks in one hand, on paper, scanned, cut out with some room."""
    digits = _some_digits(rng)
    ink, boxes = _written(digits, writers, rng)
    ink, boxes = _cut_out(ink, boxes, rng)
    if rng.random() < 0.6:
        ink = bent(ink, rng)
    soft = cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.4, 1.1))
    cover = soft * (1 - rng.uniform(0, 0.4) * cv2.resize(rng.random((6, 24), np.float32), ink.shape[::-1]))
    paper = some_paper(ink.shape[0], ink.shape[1], LINE, rng)
    dark = np.minimum(paper, rng.uniform(10, 0.62 * float(np.median(paper))))
    image = scanned(paper * (1 - cover) + dark * cover, rng)
    scale = rng.uniform(0.45, 1.0)
    across = scale * rng.uniform(0.9, 1.1)
    image = cv2.resize(image, None, fx=across, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8)
    across = image.shape[1] / ink.shape[1]  # to whole pixels
    return Amount(image, digits, (boxes * (across, scale, across, scale)).round().astype(np.int32))


def compose_lines(writers: Writers, count: int, rng: Generator) -> list[Line]:
    """Amounts for training, ready for the network."""
    amounts = (compose_amount(writers, rng) for _ in range(count))
    return [Line.of(amount.image, amount.digits) for amount in amounts]


def _some_digits(rng: Generator) -> str:
    count = int(rng.choice(MOST_DIGITS, p=(0.02, 0.05, 0.13, 0.27, 0.27, 0.15, 0.07, 0.04))) + 1
    digits = rng.integers(0, 10, count)
    if rng.random() < 0.35:
        digits[count - int(rng.integers(1, min(4, count) + 1)) :] = 0
    if rng.random() < 0.1:  # the same digit twice in a row, which a reader of strings likes to lose
        at = int(rng.integers(count))
        digits[max(0, at - 1) : at + 1] = digits[at]
    if rng.random() < 0.7:
        digits[0] = digits[0] or rng.integers(1, 10)
    return "".join(map(str, digits))


def _written(digits: str, writers: Writers, rng: Generator) -> tuple[Ink, NDArray[np.int32]]:
    """The amount's ink on a wide sheet, its base line at two thirds, and each digit's box."""
    hand = Hand.some(rng, pen=rng.uniform(0.045, 0.15))
    drawn = rng.choice((0.0, 0.3, 0.6, 1.0), p=(0.3, 0.2, 0.2, 0.3))  # how many of the digits come from strokes
    slant, gap, uneven = rng.uniform(-0.15, 0.5), rng.normal(0.08, 0.11), rng.uniform(0.0, 0.1)
    size, small_noughts = rng.uniform(0.85, 1.0), rng.choice((1.0, rng.uniform(0.5, 0.85)), p=(0.7, 0.3))
    slope, turn = rng.normal(0, 0.03), rng.normal(0, 0.06)
    thousands = rng.choice(("", ".", ",", " ", "'"), p=(0.42, 0.36, 0.08, 0.09, 0.05))
    joins_noughts = drawn > 0 and rng.random() < 0.45
    ink = np.zeros((3 * LINE, (len(digits) + 3) * 2 * LINE), np.uint8)
    boxes = []
    pen, base = LINE, 2 * LINE
    index = 0
    while index < len(digits):
        digit = digits[index]
        if index and thousands and (len(digits) - index) % 3 == 0:
            pen = _mark(ink, thousands, pen, base + slope * pen, hand, rng)
        height = LINE * size * rng.uniform(1 - 1.5 * uneven, 1) * (small_noughts if digit == "0" else 1.0)
        count = _noughts(digits, index, bool(thousands)) if joins_noughts else 0
        if count > 1:
            body, ends = hand.write_noughts(count, int(height), rng)
        else:
            body = one_digit(int(digit), int(height), hand, drawn, writers, rng)
            ends = np.array([[0, body.shape[1]]])
        lean = slant + rng.normal(0, 0.05)
        tall = body.shape[0]
        body = slanted(body, lean, turn)
        foot = base + slope * pen + rng.normal(0, 0.04) * LINE
        if digit == "0" and small_noughts < 1 and rng.random() < 0.3:
            foot -= rng.uniform(0, 1 - small_noughts) * LINE
        top = int(np.clip(foot - body.shape[0], 0, ink.shape[0] - body.shape[0]))
        area = ink[top : top + body.shape[0], pen : pen + body.shape[1]]
        np.maximum(area, (body * 255).astype(np.uint8), out=area)
        for left, right in _leaning(ends, lean * tall, body.shape[1]):
            boxes.append((pen + left, top, pen + right, top + body.shape[0]))
        # A slanted line's boxes overlap where its ink does not.
        step = body.shape[1] - 0.45 * abs(slant) * body.shape[0] + (gap + rng.normal(0, 0.07)) * LINE
        pen += max(int(0.4 * body.shape[1]), int(step))
        index += max(count, 1)
    if rng.random() < 0.4:
        pen = _closed(ink, pen, base + slope * pen, hand, rng)
    if rng.random() < 0.06:
        _opened(ink, boxes[0][0], base, hand, rng)
    return ink.astype(np.float32) / np.float32(255), np.array(boxes, np.int32)


def _noughts(digits: str, start: int, grouped: bool) -> int:
    """How many noughts stand side by side from a place on, up to the next thousands mark."""
    end = start
    while end < len(digits) and digits[end] == "0" and not (grouped and end > start and (len(digits) - end) % 3 == 0):
        end += 1
    return end - start


def _leaning(ends: NDArray[np.float64], shift: float, width: int) -> list[tuple[int, int]]:
    """Where each of the digits of a body begins and ends once it leans: round ones grow less wide than the body."""
    middles, reaches = ends.mean(axis=1), np.hypot(np.ptp(ends, axis=1) / 2, shift / 2)
    if len(ends) == 1:
        return [(0, width)]
    first, last = (middles - reaches).min(), (middles + reaches).max()
    scale = width / (last - first)
    return [(int((m - r - first) * scale), int((m + r - first) * scale)) for m, r in zip(middles, reaches, strict=True)]


def one_digit(digit: int, height: int, hand: Hand, drawn: float, writers: Writers, rng: Generator) -> Ink:
    """One digit as this hand writes it: by its own strokes, or somebody's, in about this hand's width and pen.

    Args:
        digit: Which.
        height: Of the digit, in pixels, about.
        hand: Whose.
        drawn: How likely it is drawn by the hand's strokes, 0 to 1.
        writers: Whose digits are taken else.
        rng: Decides everything.

    Returns:
        float32, about `height` × its width, paper 0.0 and ink 1.0, upright.
    """
    own_way = hand.upstroke and drawn > 0 and digit in (1, 7)
    if own_way or rng.random() < drawn:
        return hand.write(digit, height, rng)
    body = writers.one(digit, rng)
    scale = height / max(body.shape[0], 0.6 * body.shape[1])
    stretch = hand.stretch * rng.uniform(0.9, 1.1)
    large = cv2.resize(body, None, fx=scale * stretch, fy=scale, interpolation=cv2.INTER_CUBIC)
    # The resized strokes are sharpened and brought to about this hand's pen.
    pen = round(height * hand.pen - 0.11 * height)
    if pen < 0:
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (1 - pen, 1 - pen))
        thin = cv2.erode(large, kernel)
        large = thin if thin.sum() > 0.45 * large.sum() else large
    elif pen > 0:
        large = cv2.dilate(large, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (1 + pen, 1 + pen)))
    sharp: Ink = np.clip((large - 0.5) * 2.5 + 0.5, 0, 1)
    return sharp


def slanted(body: Ink, slant: float, turn: float) -> Ink:
    """The digit leaning to the right, in widths a height, and turned, in radians; no paper around it."""
    height, width = body.shape
    wider = int(abs(slant) * height) + 1
    taller = int(abs(turn) * width) + 1
    matrix = np.array(
        [[1, -slant, wider if slant < 0 else slant * height], [turn, 1, 0 if turn > 0 else taller]], float
    )
    if slant < 0:
        matrix[0, 2] = 0
    moved = cv2.warpAffine(body, matrix, (width + wider, height + taller)).astype(np.float32)
    return cropped(moved)


def _mark(ink: NDArray[np.uint8], kind: str, pen: int, base: float, hand: Hand, rng: Generator) -> int:
    """A thousands mark; returns where the pen goes on."""
    thick = max(2, round(hand.pen * LINE))
    room = int(rng.uniform(0.02, 0.22) * LINE)
    if kind == " ":
        return pen + int(rng.uniform(0.2, 0.5) * LINE)
    at = (pen + room, int(base - rng.uniform(0, 0.12) * LINE))
    if kind == "'":
        at = (at[0], int(base - rng.uniform(0.75, 1.0) * LINE))
    if kind == ".":
        cv2.circle(ink, at, max(1, round(thick * rng.uniform(0.5, 1.1))), 255, -1, cv2.LINE_AA)
    else:
        end = (at[0] - int(rng.uniform(0, 0.12) * LINE), at[1] + int(rng.uniform(0.08, 0.3) * LINE))
        cv2.line(ink, at, end, 255, thick, cv2.LINE_AA)
    return pen + room + thick + int(rng.uniform(0.0, 0.2) * LINE)


def _closed(ink: NDArray[np.uint8], pen: int, base: float, hand: Hand, rng: Generator) -> int:
    """What keeps others from adding a digit: a dash, a point and a dash, "=", "/-", ":", a stroke or a flourish."""
    thick = max(1, round(hand.pen * LINE * rng.uniform(0.7, 1.1)))
    start = pen + int(rng.uniform(-0.05, 0.35) * LINE)
    middle = base - rng.uniform(0.25, 0.75) * LINE
    length = rng.uniform(0.15, 1.6) * LINE
    kind = rng.choice(("-", ".-", "=", "/-", ":", ".", ",", "~"), p=(0.3, 0.14, 0.14, 0.07, 0.05, 0.16, 0.07, 0.07))

    def dash(height: float, begin: float, end: float) -> None:
        first, last = ((int(x), int(height + rng.normal(0, 0.05) * LINE)) for x in (begin, end))
        cv2.line(ink, first, last, 255, thick, cv2.LINE_AA)

    def dot(height: float) -> None:
        cv2.circle(ink, (start, int(height)), max(1, round(0.7 * thick)), 255, -1, cv2.LINE_AA)

    if kind in (".-", ".", ":"):
        dot(base - 0.05 * LINE)
    if kind == ":":
        dot(middle)
    if kind == ",":
        cv2.line(ink, (start, int(base)), (start - thick, int(base + 0.2 * LINE)), 255, thick, cv2.LINE_AA)
    if kind == "/-":
        foot = (start, int(base))
        cv2.line(ink, foot, (start + int(0.35 * LINE), int(base - rng.uniform(0.7, 1) * LINE)), 255, thick, cv2.LINE_AA)
        dash(middle, start + 0.3 * LINE, start + 0.3 * LINE + length)
    if kind in ("-", ".-"):
        dash(middle, start + 0.1 * LINE, start + length)
    if kind == "=":
        apart = rng.uniform(0.15, 0.3) * LINE
        dash(middle, start, start + 0.6 * length)
        dash(middle - apart, start, start + 0.6 * length)
    if kind == "~":
        x = np.linspace(0, length, 20)
        wave = np.stack([start + x, middle + np.sin(x / (0.15 * LINE)) * 0.08 * LINE], axis=1)
        cv2.polylines(ink, [wave.round().astype(np.int32)], False, 255, thick, cv2.LINE_AA)
    return int(start + length)


def _opened(ink: NDArray[np.uint8], left: int, base: float, hand: Hand, rng: Generator) -> None:
    """What stands before an amount: dashes, "$", "#", "*"."""
    thick = max(1, round(hand.pen * LINE * 0.9))
    if rng.random() < 0.4:
        height = int(base - rng.uniform(0.3, 0.6) * LINE)
        cv2.line(ink, (max(0, left - LINE), height), (max(1, left - LINE // 4), height), 255, thick, cv2.LINE_AA)
    else:
        sign, size = rng.choice(("$", "#", "*")), rng.uniform(0.7, 1.1) * LINE / 22
        font = cv2.FONT_HERSHEY_SIMPLEX
        cv2.putText(ink, str(sign), (max(0, left - int(1.0 * LINE)), int(base)), font, size, 255, thick, cv2.LINE_AA)


def _cut_out(ink: Ink, boxes: NDArray[np.int32], rng: Generator) -> tuple[Ink, NDArray[np.int32]]:
    """The strip as a form's field has it: the writing with some room, sometimes cut into."""
    rows, columns = np.nonzero(ink.max(axis=1) > 0.2)[0], np.nonzero(ink.max(axis=0) > 0.2)[0]
    tight = rng.random() < 0.15
    low = (-0.05 if tight else 0.0) * LINE
    top = max(0, int(min(boxes[:, 1].min(), rows[0] + 0.1 * LINE) - rng.uniform(low, 0.4 * LINE)))
    bottom = int(boxes[:, 3].max() + rng.uniform(low, 0.35 * LINE))
    left = max(0, int(columns[0] - rng.uniform(-0.03, 0.5) * LINE))
    right = int(max(boxes[:, 2].max(), columns[-1]) + rng.uniform(-0.03, 0.6) * LINE)
    moved = np.clip(boxes - (left, top, left, top), 0, (right - left, bottom - top) * 2).astype(np.int32)
    return ink[top:bottom, left:right], moved


def bent(ink: Ink, rng: Generator) -> Ink:
    """Elastic: strokes that no spline has.

    Source: P. Simard, D. Steinkraus, J. Platt, "Best practices for convolutional neural networks", 2003.
    """
    height, width = ink.shape
    coarse = (max(2, width // 12), max(2, height // 12))
    shift = [
        cv2.resize(
            rng.normal(0, rng.uniform(0.3, 1.6), coarse[::-1]).astype(np.float32),
            (width, height),
            interpolation=cv2.INTER_CUBIC,
        )
        for _ in range(2)
    ]
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    return cv2.remap(ink, across + shift[0], down + shift[1], cv2.INTER_LINEAR).astype(np.float32)
