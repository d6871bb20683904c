"""Drawn rows of boxes: what stands in each box is known."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.training.sheets.strokes import draw_number

Pixels = NDArray[np.uint8]


def paper(width: int = 700, height: int = 420) -> Pixels:
    return np.full((height, width, 3), 232, np.uint8)


def draw_boxes(
    page: Pixels,
    text: str,
    left: int,
    top: int,
    wide: int = 40,
    high: int = 52,
    *,
    inner: int = 90,
    seed: int = 3,
    pens: Sequence[float] = (),
) -> None:
    """A row of boxes; "X" is a cross, "-" a dash, " " nothing, "#" a sign, a digit a digit.

    Args:
        page: Where it is drawn.
        text: What stands in each box.
        left, top: Of the first box.
        wide, high: Of a box.
        inner: Grey of the walls between the boxes.
        seed: Decides how digits look.
        pens: How dark the pen is in each box, 0 to 1; all 1 where none is given.
    """
    right, foot = left + wide * len(text), top + high
    for place in range(1, len(text)):
        cv2.line(page, (left + place * wide, top), (left + place * wide, foot), (inner,) * 3, 1)
    cv2.rectangle(page, (left, top), (right, foot), (70, 70, 70), 2)
    for place, sign in enumerate(text):
        dark = pens[place] if pens else 1.0
        fill(page, sign, left + place * wide, top, wide, high, seed + place, dark)


def fill(page: Pixels, sign: str, left: int, top: int, wide: int, high: int, seed: int, dark: float) -> None:
    """What stands in one box; arguments as of `draw_boxes`."""
    pen = (round(40 + (232 - 40) * (1 - dark)),) * 3
    x, y = left + wide // 2, top + high // 2
    if sign == "X":
        cv2.line(page, (x - 9, y - 12), (x + 9, y + 12), pen, 2, cv2.LINE_AA)
        cv2.line(page, (x + 9, y - 11), (x - 10, y + 12), pen, 2, cv2.LINE_AA)
    elif sign == "-":
        cv2.line(page, (x - 10, y + 1), (x + 10, y - 1), pen, 2, cv2.LINE_AA)
    elif sign == "#":
        for shift in (-5, 5):
            cv2.line(page, (x + shift + 2, y - 14), (x + shift - 2, y + 14), pen, 2, cv2.LINE_AA)
            cv2.line(page, (x - 13, y + shift), (x + 13, y + shift), pen, 2, cv2.LINE_AA)
    elif sign.isdigit():
        ink = draw_number(sign, round(0.6 * high), np.random.default_rng(seed), gap=0.2, pen=0.1, slant=0.05)
        rows, columns = np.flatnonzero(ink.max(axis=1) > 60), np.flatnonzero(ink.max(axis=0) > 60)
        body = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32)[:, :, None] / 255 * dark
        at = np.s_[
            y - body.shape[0] // 2 : y - body.shape[0] // 2 + body.shape[0],
            x - body.shape[1] // 2 : x - body.shape[1] // 2 + body.shape[1],
        ]
        page[at] = np.minimum(page[at], page[at] * (1 - body) + 40 * body).astype(np.uint8)


def election_form(rows: Sequence[str], wide: int = 34, high: int = 44) -> Pixels:
    """A table: names on the left, a column of boxes on the right under one header that spans them."""
    boxes = len(rows[0])
    page = paper(760, 160 + high * len(rows))
    left, split, right = 40, 700 - boxes * wide, 700
    top, first = 40, 90
    foot = first + high * len(rows)
    for y in (top, *range(first, foot + 1, high)):
        cv2.line(page, (left, y), (right, y), (60, 60, 60), 2)
    for x in (left, split, right):
        cv2.line(page, (x, top), (x, foot), (60, 60, 60), 2)
    for place in range(1, boxes):
        cv2.line(page, (split + place * wide, first), (split + place * wide, foot), (90, 90, 90), 1)
    cv2.putText(page, "JUMLAH", (split + 8, 72), cv2.FONT_HERSHEY_SIMPLEX, 0.55, (50, 50, 50), 1, cv2.LINE_AA)
    for row, text in enumerate(rows):
        y = first + row * high
        cv2.putText(page, "Nama calon", (60, y + 30), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (50, 50, 50), 1, cv2.LINE_AA)
        for place, sign in enumerate(text):
            fill(page, sign, split + place * wide, y, wide, high, 7 * row + place, 1.0)
    return page


def score_card(rows: Sequence[Sequence[str]], wide: int = 44, high: int = 40) -> Pixels:
    """A table whose columns have their own headers: each cell is a number, of one digit here."""
    page = paper(160 + wide * len(rows[0]), 100 + high * (len(rows) + 1))
    left, top = 60, 40
    right, foot = left + wide * len(rows[0]), top + high * (len(rows) + 1)
    for y in range(top, foot + 1, high):
        cv2.line(page, (left, y), (right, y), (60, 60, 60), 1)
    for x in range(left, right + 1, wide):
        cv2.line(page, (x, top), (x, foot), (60, 60, 60), 1)
    for place in range(len(rows[0])):
        at = left + place * wide + 14, top + 28
        cv2.putText(page, f"{place + 1}", at, cv2.FONT_HERSHEY_SIMPLEX, 0.6, (50, 50, 50), 1, cv2.LINE_AA)
    for row, texts in enumerate(rows):
        for place, text in enumerate(texts):
            fill(page, text, left + place * wide, top + (row + 1) * high, wide, high, 5 * row + place, 1.0)
    return page
