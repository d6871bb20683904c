"""Fields as people fill them in, composed without end: what the network that reads digits and signs learns from.

Amounts with their marks, cents and closing strokes, dates with theirs, rows of boxes with a digit in each; on cheque
paper, with what a form prints around. Everything follows from the seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.reading.ink.lines import FRAME
from ml.training.fields.amounts import LINE, Line, Writers, bent
from ml.training.fields.boxes import fill_boxes
from ml.training.fields.courtesy import write_amount
from ml.training.fields.dates import write_date
from ml.training.fields.pen import Pen
from ml.training.synthesis.paper import scanned, some_paper

SIGNS_ROOM = 18
"""For which a sheet has room, each as wide as two digits: no writing reaches its end."""

_LEVEL = 0.015


@dataclass(frozen=True, slots=True, eq=False)
class Writing:
    """A field as it was filled in.

    Attributes:
        image: uint8, height × width, grey.
        text: Digits and signs in order, as `ml.reading.forms.signs` names them; no spaces.
    """

    image: NDArray[np.uint8]
    text: str


def compose_writings(writers: Writers, count: int, rng: Generator) -> list[Line]:
    """Fields for training, ready for the network."""
    lines: list[Line] = []
    while len(lines) < count:
        writing = compose_writing(writers, rng)
        line = Line.of(writing.image, writing.text)
        if _has_room(line):
            lines.append(line)
    return lines


def _has_room(line: Line) -> bool:
    """Whether there are frames enough for the signs, and one more between two that are the same."""
    frames: int = line.pixels.shape[1] // FRAME
    repeats = sum(one == other for one, other in pairwise(line.digits))
    return frames > len(line.digits) + repeats


def compose_writing(writers: Writers, rng: Generator) -> Writing:
    """One field: an amount, a date, a date or a number in boxes, or digits, on paper, scanned, cut out."""
    way = rng.random()
    if way < 0.2:
        pen, text = fill_boxes(writers, rng)
        return scan(pen, text, rng)
    pen = Pen.some(SIGNS_ROOM, writers, rng)
    if way < 0.66:
        text = write_amount(pen, rng)
    elif way < 0.9:
        text = write_date(pen, rng)
    else:
        text = _write_number(pen, rng)
    return scan(pen, text, rng)


def _write_number(pen: Pen, rng: Generator) -> str:
    """Digits, or a postal code, before which a town may stand, and behind which four more digits."""
    digits = "".join(map(str, rng.integers(0, 10, int(rng.integers(1, 10)))))
    if rng.random() < 0.5:
        return pen.write(digits, rng)
    text = pen.word(rng) if rng.random() < 0.6 else ""
    pen.at += rng.uniform(0, 0.8) * LINE if text else 0.0
    if rng.random() < 0.25:
        return text + pen.write(digits[:5], rng) + pen.dash(rng, 0.15, 0.5) + pen.write(digits[-4:], rng)
    return text + pen.write(digits, rng)


def scan(pen: Pen, text: str, rng: Generator) -> Writing:
    """What a pen wrote, and the form printed, cut out with some room, on paper, as a scanner sees it."""
    ink, print_ = _cut_out(pen, rng)
    if rng.random() < 0.6:
        ink = bent(ink, rng)
    soft = cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.4, 1.1))
    cover = soft * (1 - rng.uniform(0, 0.4) * cv2.resize(rng.random((6, 24), np.float32), ink.shape[::-1]))
    paper = some_paper(ink.shape[0], ink.shape[1], LINE, rng)
    usual = float(np.median(paper))
    page = paper * (1 - print_) + np.minimum(paper, rng.uniform(10, 0.8 * usual)) * print_
    page = page * (1 - cover) + np.minimum(page, rng.uniform(10, 0.62 * usual)) * cover
    image = scanned(page, rng)
    scale = rng.uniform(0.45, 1.0)
    small = cv2.resize(image, None, fx=scale * rng.uniform(0.9, 1.1), fy=scale, interpolation=cv2.INTER_AREA)
    return Writing(small.astype(np.uint8), text)


def _cut_out(pen: Pen, rng: Generator) -> NDArray[np.float32]:
    """The strip as a form's field has it: float32, 2 × height × width, what was written and what is printed."""
    layers = np.stack([pen.ink, pen.printed]).astype(np.float32) / np.float32(255)
    both = layers.max(axis=0)
    rows, columns = np.nonzero(both.max(axis=1) > 0.2)[0], np.nonzero(both.max(axis=0) > 0.2)[0]
    reach = rng.uniform(0.02, 0.45, 4) * LINE
    top, left = max(0, int(rows[0] - reach[0])), max(0, int(columns[0] - reach[1]))
    if abs(pen.slope) < _LEVEL and rng.random() < 0.2:  # what reaches far above the digits is cut off
        top = max(top, int(pen.base - rng.uniform(1.1, 1.35) * LINE))
    return layers[:, top : int(rows[-1] + reach[2]), left : int(columns[-1] + reach[3])]
