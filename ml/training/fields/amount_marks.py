"""Marks around the digits of an amount for the network of strings, which has to read past them.

Each function draws into a sheet of ink, uint8, height × width, paper 0 and ink 255. Places are in pixels.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.training.fields.digits import DIGIT_HEIGHT
from ml.training.synthesis.hands import Hand

Sheet = NDArray[np.uint8]

_CLOSINGS = ("-", ".-", "=", "/-", ":", ".", ",", "~")
_CLOSING_SHARES = (0.3, 0.14, 0.14, 0.07, 0.05, 0.16, 0.07, 0.07)


def write_thousands_mark(sheet: Sheet, mark: str, column: int, base: float, hand: Hand, rng: Generator) -> int:
    """Write a thousands mark.

    Args:
        sheet: Changed in place.
        mark: A point, a comma, an apostrophe, or a space, which is room alone.
        column: Where the digit before it ends.
        base: Row of the base line.
        hand: The hand to write in.
        rng: Decides everything.

    Returns:
        The column where the next digit begins.
    """
    thick = max(2, round(hand.pen * DIGIT_HEIGHT))
    room = int(rng.uniform(0.02, 0.22) * DIGIT_HEIGHT)
    if mark == " ":
        return column + int(rng.uniform(0.2, 0.5) * DIGIT_HEIGHT)
    start = (column + room, int(base - rng.uniform(0, 0.12) * DIGIT_HEIGHT))
    if mark == "'":
        start = (start[0], int(base - rng.uniform(0.75, 1.0) * DIGIT_HEIGHT))
    if mark == ".":
        cv2.circle(sheet, start, max(1, round(thick * rng.uniform(0.5, 1.1))), 255, -1, cv2.LINE_AA)
    else:
        left, down = int(rng.uniform(0, 0.12) * DIGIT_HEIGHT), int(rng.uniform(0.08, 0.3) * DIGIT_HEIGHT)
        cv2.line(sheet, start, (start[0] - left, start[1] + down), 255, thick, cv2.LINE_AA)
    return column + room + thick + int(rng.uniform(0.0, 0.2) * DIGIT_HEIGHT)


def close_amount(sheet: Sheet, column: int, base: float, hand: Hand, rng: Generator) -> None:
    """Write what keeps others from adding a digit: a dash, a point and a dash, "=", "/-", ":", a stroke or a flourish.

    Args:
        sheet: Changed in place.
        column: Where the last digit ends.
        base: Row of the base line.
        hand: The hand to write in.
        rng: Decides everything.
    """
    thick = max(1, round(hand.pen * DIGIT_HEIGHT * rng.uniform(0.7, 1.1)))
    start = column + int(rng.uniform(-0.05, 0.35) * DIGIT_HEIGHT)
    middle = base - rng.uniform(0.25, 0.75) * DIGIT_HEIGHT
    length = rng.uniform(0.15, 1.6) * DIGIT_HEIGHT
    kind = rng.choice(_CLOSINGS, p=_CLOSING_SHARES)

    def dash(height: float, begin: float, end: float) -> None:
        first, last = ((int(x), int(height + rng.normal(0, 0.05) * DIGIT_HEIGHT)) for x in (begin, end))
        cv2.line(sheet, first, last, 255, thick, cv2.LINE_AA)

    def dot(height: float) -> None:
        cv2.circle(sheet, (start, int(height)), max(1, round(0.7 * thick)), 255, -1, cv2.LINE_AA)

    if kind in (".-", ".", ":"):
        dot(base - 0.05 * DIGIT_HEIGHT)
    if kind == ":":
        dot(middle)
    if kind == ",":
        end = (start - thick, int(base + 0.2 * DIGIT_HEIGHT))
        cv2.line(sheet, (start, int(base)), end, 255, thick, cv2.LINE_AA)
    if kind == "/-":
        end = (start + int(0.35 * DIGIT_HEIGHT), int(base - rng.uniform(0.7, 1) * DIGIT_HEIGHT))
        cv2.line(sheet, (start, int(base)), end, 255, thick, cv2.LINE_AA)
        dash(middle, start + 0.3 * DIGIT_HEIGHT, start + 0.3 * DIGIT_HEIGHT + length)
    if kind in ("-", ".-"):
        dash(middle, start + 0.1 * DIGIT_HEIGHT, start + length)
    if kind == "=":
        apart = rng.uniform(0.15, 0.3) * DIGIT_HEIGHT
        dash(middle, start, start + 0.6 * length)
        dash(middle - apart, start, start + 0.6 * length)
    if kind == "~":
        x = np.linspace(0, length, 20)
        wave = np.stack([start + x, middle + np.sin(x / (0.15 * DIGIT_HEIGHT)) * 0.08 * DIGIT_HEIGHT], axis=1)
        cv2.polylines(sheet, [wave.round().astype(np.int32)], False, 255, thick, cv2.LINE_AA)


def open_amount(sheet: Sheet, left: int, base: float, hand: Hand, rng: Generator) -> None:
    """Write a dash, "$", "#" or "*" before an amount whose first digit begins at the column `left`."""
    thick = max(1, round(hand.pen * DIGIT_HEIGHT * 0.9))
    if rng.random() < 0.4:
        row = int(base - rng.uniform(0.3, 0.6) * DIGIT_HEIGHT)
        first, last = (max(0, left - DIGIT_HEIGHT), row), (max(1, left - DIGIT_HEIGHT // 4), row)
        cv2.line(sheet, first, last, 255, thick, cv2.LINE_AA)
    else:
        sign, scale = rng.choice(("$", "#", "*")), rng.uniform(0.7, 1.1) * DIGIT_HEIGHT / 22
        foot, font = (max(0, left - int(1.0 * DIGIT_HEIGHT)), int(base)), cv2.FONT_HERSHEY_SIMPLEX
        cv2.putText(sheet, str(sign), foot, font, scale, 255, thick, cv2.LINE_AA)
