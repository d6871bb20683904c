"""Fields as people fill them in, composed without end: the network of fields learns from these.

A field leaves as a grey picture, uint8, height × width, with its text. It is an amount with marks, cents and closing
strokes, a date, a number, or a row of boxes with a digit in each, on cheque paper, with print of a form around it.
Everything follows from the seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.reading.ink.lines import FRAME
from ml.training.fields.boxes import fill_boxes
from ml.training.fields.courtesy import write_amount
from ml.training.fields.dates import write_date
from ml.training.fields.digits import DIGIT_HEIGHT, Writers
from ml.training.fields.lines import Line
from ml.training.fields.pen import Pen
from ml.training.synthesis.elastic import distort
from ml.training.synthesis.paper import random_paper, scan_page

MOST_SIGNS = 18
"""Signs that a sheet has room for, each as wide as two digits: no writing reaches the sheet's end."""

_LEVEL = 0.015
"""Slope of a base line, in heights a width, below which a strip may be cut close above the digits."""


@dataclass(frozen=True, slots=True, eq=False)
class Writing:
    """A picture of a field that was filled in, with its label.

    Attributes:
        image: uint8, height × width, grey.
        text: Digits and signs in order, in the signs of `ml.reading.forms.signs`; no spaces.
    """

    image: NDArray[np.uint8]
    text: str


def compose_writings(writers: Writers, count: int, rng: Generator) -> list[Line]:
    """Compose fields for training, prepared for the network of fields."""
    lines: list[Line] = []
    while len(lines) < count:
        writing = compose_writing(writers, rng)
        line = Line.of(writing.image, writing.text)
        if _has_room(line):
            lines.append(line)
    return lines


def _has_room(line: Line) -> bool:
    """Whether a line has a frame for each sign, and one more between two signs that are the same."""
    frames: int = line.pixels.shape[1] // FRAME
    repeats = sum(sign == following for sign, following in pairwise(line.text))
    return frames > len(line.text) + repeats


def compose_writing(writers: Writers, rng: Generator) -> Writing:
    """Compose one field: an amount, a date, a date or a number in boxes, or digits, cut out, on paper, scanned."""
    choice = rng.random()
    if choice < 0.2:
        pen, text = fill_boxes(writers, rng)
        return scan_writing(pen, text, rng)
    pen = Pen.random(MOST_SIGNS, writers, rng)
    if choice < 0.66:
        text = write_amount(pen, rng)
    elif choice < 0.9:
        text = write_date(pen, rng)
    else:
        text = _write_number(pen, rng)
    return scan_writing(pen, text, rng)


def _write_number(pen: Pen, rng: Generator) -> str:
    """Write digits, or a postal code, perhaps with a town before it and four more digits behind it."""
    digits = "".join(map(str, rng.integers(0, 10, int(rng.integers(1, 10)))))
    if rng.random() < 0.5:
        return pen.write(digits, rng)
    text = pen.word(rng) if rng.random() < 0.6 else ""
    pen.at += rng.uniform(0, 0.8) * DIGIT_HEIGHT if text else 0.0
    if rng.random() < 0.25:
        return text + pen.write(digits[:5], rng) + pen.dash(rng, 0.15, 0.5) + pen.write(digits[-4:], rng)
    return text + pen.write(digits, rng)


def scan_writing(pen: Pen, text: str, rng: Generator) -> Writing:
    """Cut out what a pen wrote and the form printed, put it on paper, and scan it.

    Args:
        pen: With its sheet.
        text: What the sheet says.
        rng: Decides everything.
    """
    ink, printed = _cut_out(pen, rng)
    if rng.random() < 0.6:
        ink = distort(ink, rng)
    soft = cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.4, 1.1))
    cover = soft * (1 - rng.uniform(0, 0.4) * cv2.resize(rng.random((6, 24), np.float32), ink.shape[::-1]))
    paper = random_paper(ink.shape[0], ink.shape[1], DIGIT_HEIGHT, rng)
    usual = float(np.median(paper))
    page = paper * (1 - printed) + np.minimum(paper, rng.uniform(10, 0.8 * usual)) * printed
    page = page * (1 - cover) + np.minimum(page, rng.uniform(10, 0.62 * usual)) * cover
    image = scan_page(page, rng)
    scale = rng.uniform(0.45, 1.0)
    small = cv2.resize(image, None, fx=scale * rng.uniform(0.9, 1.1), fy=scale, interpolation=cv2.INTER_AREA)
    return Writing(small.astype(np.uint8), text)


def _cut_out(pen: Pen, rng: Generator) -> NDArray[np.float32]:
    """Cut out the strip as a form's field has it, with some room.

    Returns:
        float32, 2 × height × width, paper 0.0 and ink 1.0: what the pen wrote, and what the form printed.
    """
    layers = np.stack([pen.ink, pen.printed]).astype(np.float32) / np.float32(255)
    both = layers.max(axis=0)
    rows, columns = np.nonzero(both.max(axis=1) > 0.2)[0], np.nonzero(both.max(axis=0) > 0.2)[0]
    reach = rng.uniform(0.02, 0.45, 4) * DIGIT_HEIGHT
    top, left = max(0, int(rows[0] - reach[0])), max(0, int(columns[0] - reach[1]))
    if abs(pen.slope) < _LEVEL and rng.random() < 0.2:  # cut off what reaches far above the digits
        top = max(top, int(pen.base - rng.uniform(1.1, 1.35) * DIGIT_HEIGHT))
    return layers[:, top : int(rows[-1] + reach[2]), left : int(columns[-1] + reach[3])]
