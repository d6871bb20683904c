"""Lines of one number each, half of them printed and half written by hand, on the same papers and scans."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.reading.ink.constants import LINES
from ml.reading.ink.lines import as_line
from ml.training.fields.digits import Writers
from ml.training.pages.numbers import any_digits, digits, finished
from ml.training.pages.scan import Scan
from ml.training.pages.scribe import Scribe, value_of
from ml.training.pages.sheet import Sheet
from ml.training.synthesis.typefaces import printed

_LEAST, _GREATEST = 9, 80
"""Heights of a digit, in pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelledLine:
    """A line with who wrote it.

    Attributes:
        line: float32, 32 × width, from `ml.reading.ink.lines`.
        printed: Whether a machine printed it.
    """

    line: NDArray[np.float32]
    printed: bool


def labelled_lines(count: int, writers: Writers, faces: Sequence[str], seed: int) -> Iterator[LabelledLine]:
    """Draw lines.

    Args:
        count: How many.
        writers: The real digits that are written with.
        faces: Files of typefaces to print with.
        seed: Decides everything.
    """
    for number in range(count):
        rng = np.random.default_rng((seed, number))
        yield LabelledLine(_line(writers, faces, rng, by_machine=number % 2 == 0), number % 2 == 0)


def _line(writers: Writers, faces: Sequence[str], rng: Generator, *, by_machine: bool) -> NDArray[np.float32]:
    height = float(np.exp(rng.uniform(np.log(_LEAST), np.log(_GREATEST))))
    drawn = max(height, 24.0)  # small digits come from a reduced page
    text = _text(rng)
    if by_machine:
        body = printed(text, drawn, faces[int(rng.integers(len(faces)))], rng)
    else:
        body = Scribe.random(writers, drawn, rng).write(text, rng)
    room = round(1.2 * drawn)
    sheet = Sheet(body.shape[0] + 2 * room, body.shape[1] + 2 * room)
    (sheet.print_on if by_machine else sheet.write)(body, room, room, value_of(text))
    usual = Scan.random(rng)
    scan = Scan(height / drawn, usual.turn, usual.blur, usual.grain, usual.light, usual.quality)
    page = finished("print or hand", sheet, scan, rng)
    (box,) = (number.box for number in page.numbers)
    around = round(float(rng.choice((LINES.room, LINES.much_room))) * box.height)
    top, left = max(0, box.top - around), max(0, box.left - around)
    pixels = page.pixels[top : box.bottom + around, left : box.right + around]
    return as_line(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.uint8))


def _text(rng: Generator) -> str:
    """A number of up to seven digits, half of them short as in the cells of tables, some of them with decimals."""
    if rng.random() < 0.5:
        return digits(int(rng.integers(1, 4)), rng)
    if rng.random() < 0.25:
        return f"{rng.integers(0, 1000)}.{digits(int(rng.integers(1, 3)), rng)}"
    return any_digits(rng)
