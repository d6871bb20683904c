"""Numbers as people note them on any paper, cut out one by one: the network of fields learns from these too.

Writers' digits come in; lines leave. They are written, scanned and reduced as the drawn pages' numbers are: small ones,
pale ones and some of which a part is pale, packed as JPEG, with broken strokes, on a rule or beside a wall of a cell.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.training.fields.digits import Writers
from ml.training.fields.lines import Line
from ml.training.pages.marks import date_or_fraction, decimal, signed
from ml.training.pages.numbers import any_digits, finished, interrupt
from ml.training.pages.page import DrawnPage
from ml.training.pages.scan import Scan
from ml.training.pages.scribe import RAISED, Scribe, value_of
from ml.training.pages.sheet import Ink, Sheet

_SMALLEST, _LARGEST = 8, 60
"""Height of a digit on the picture, in pixels."""

_DRAWN = 40
"""Digits are drawn at least so high, in pixels, and reduced by the scanner."""


def compose_notes(writers: Writers, count: int, rng: Generator) -> list[Line]:
    """Compose numbers for training, prepared for the network of fields.

    Args:
        writers: The real digits; those of training only.
        count: How many lines.
        rng: Decides everything.
    """
    lines: list[Line] = []
    while len(lines) < count:
        page = note(writers, rng)
        lines += [Line.of(cut(page, rng), written.value) for written in page.numbers]
    return lines


def note(writers: Writers, rng: Generator) -> DrawnPage:
    """A piece of paper with one number; with none where the scanner turned it out of the picture."""
    height = float(np.exp(rng.uniform(np.log(_SMALLEST), np.log(_LARGEST))))
    drawn = max(float(_DRAWN), height)
    text = _text(rng)
    body = Scribe.random(writers, drawn, rng).write(text, rng)
    if rng.random() < 0.2:
        body = _with_pale_part(body, rng)
    beside, above = round(drawn * rng.uniform(0.8, 1.6)), round(drawn * rng.uniform(0.6, 1.2))
    sheet = Sheet(body.shape[0] + 2 * above, body.shape[1] + 2 * beside)
    sheet.write(body, beside, above, value_of(text))
    if rng.random() < 0.3:
        _print_walls(sheet, (beside, above), drawn, rng)
    if rng.random() < 0.15:
        interrupt(sheet, drawn, rng)
    scan = replace(Scan.random(rng), scale=height / drawn, quality=int(rng.choice((100, int(rng.integers(25, 96))))))
    return finished("a note", sheet, scan, rng)


def _text(rng: Generator) -> str:
    kind = rng.choice(4, p=(0.45, 0.25, 0.1, 0.2))
    return (any_digits, _decimal, signed, date_or_fraction)[kind](rng)


def _decimal(rng: Generator) -> str:
    return decimal(str(rng.choice((".", RAISED, ","), p=(0.4, 0.3, 0.3))), rng)


def _with_pale_part(body: Ink, rng: Generator) -> Ink:
    """A number with a digit, or digits that touch, in paler ink than others: as often at its ends as within it."""
    inked = np.flatnonzero(body.max(axis=0) > 0.1)
    parts = np.split(inked, np.flatnonzero(np.diff(inked) > 1) + 1)
    if len(parts) == 1:
        return body
    part = parts[int(rng.choice((0, -1, int(rng.integers(len(parts))))))]
    share = np.ones(body.shape[1], np.float32)
    share[part[0] : part[-1] + 1] = rng.uniform(0.3, 0.7)
    return body * share


def _print_walls(sheet: Sheet, room: tuple[int, int], digit: float, rng: Generator) -> None:
    """Print a rule below or above the number, or a wall beside it, some of them close to its ink."""
    thick, dark = int(rng.integers(1, 4)), rng.uniform(0.2, 1.0)
    away = rng.uniform(-0.05, 0.3) * digit
    left, right = room[0] - away, sheet.width - room[0] + away
    top, bottom = room[1] - away, sheet.height - room[1] + away
    for line in rng.choice(4, int(rng.integers(1, 3)), replace=False):
        ends = (
            ((0, bottom), (sheet.width, bottom)),
            ((0, top), (sheet.width, top)),
            ((left, 0), (left, sheet.height)),
            ((right, 0), (right, sheet.height)),
        )[line]
        sheet.rule(*ends, thick=thick, dark=dark)


def cut(page: DrawnPage, rng: Generator) -> NDArray[np.uint8]:
    """Cut the number out of its picture with some room, as a reader does: uint8, height × width, grey."""
    box = page.numbers[0].box
    above, below, left, right = (rng.uniform(0.02, 0.35, 4) * box.height).astype(int)
    grey = cv2.cvtColor(page.pixels, cv2.COLOR_RGB2GRAY)
    top, first = max(0, box.top - above), max(0, box.left - left)
    return grey[top : box.bottom + below, first : box.right + right].astype(np.uint8)
