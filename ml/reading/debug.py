"""Every intermediate picture of a page, kept to look at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import GLYPH_SIDE, Glyph, Page, Reading
from ml.reading.ink.ink import Ink
from ml.reading.ink.lines import FRAME
from ml.reading.recognisers.combine import Number

_COLUMNS = 32
_LARGER, _ROW, _NAMES = 4, 18, 20


def keep(
    directory: Path,
    page: Page,
    ink: Ink,
    glyphs: Sequence[Glyph],
    numbers: Sequence[Number],
    readings: Sequence[Reading],
) -> None:
    """Write every stage: page, ink, mask, candidate glyphs, lines with what is read in each frame, and boxes.

    Args:
        directory: Made if missing; files are named by the page's hash and number, so that pages do not overwrite each
            other.
        page: As loaded.
        ink: Rules already taken out.
        glyphs: All that the network of digits was asked about, in order.
        numbers: With the lines that the network of strings read.
        readings: What came of them.
    """
    directory.mkdir(parents=True, exist_ok=True)
    stem = f"{page.sha256[:12]}-{page.number:03}"
    pictures = {
        "1-page": page.pixels[:, :, ::-1],
        "2-ink": 255 - ink.soft,
        "3-mask": (1 - ink.mask) * 255,
        "4-glyphs": _sheet(glyphs),
        "5-strings": _lines(numbers),
        "6-numbers": _boxed(page, readings),
    }
    for name, picture in pictures.items():
        cv2.imwrite(str(directory / f"{stem}-{name}.png"), picture)


def _sheet(glyphs: Sequence[Glyph]) -> NDArray[np.uint8]:
    rows = max(1, -(-len(glyphs) // _COLUMNS))
    sheet = np.zeros((rows * GLYPH_SIDE, _COLUMNS * GLYPH_SIDE), np.uint8)
    for number, glyph in enumerate(glyphs):
        top, left = number // _COLUMNS * GLYPH_SIDE, number % _COLUMNS * GLYPH_SIDE
        sheet[top : top + GLYPH_SIDE, left : left + GLYPH_SIDE] = (glyph.pixels * 255).astype(np.uint8)
    return sheet


def _lines(numbers: Sequence[Number]) -> NDArray[np.uint8]:
    """Each line, and below it how likely each symbol is, frame by frame: 0 to 9, and nothing, from above."""
    parts = [_line(number) for number in numbers]
    width = max((part.shape[1] for part in parts), default=1)
    widened = [cv2.copyMakeBorder(p, 0, 8, 0, width - p.shape[1], cv2.BORDER_CONSTANT, value=255) for p in parts]
    return np.vstack(widened).astype(np.uint8) if widened else np.full((1, 1), 255, np.uint8)


def _line(number: Number) -> NDArray[np.uint8]:
    line = 255 - np.clip(255 * number.cutting.line, 0, 255).astype(np.uint8)
    framed = cv2.copyMakeBorder(line, 0, 0, FRAME, FRAME, cv2.BORDER_CONSTANT, value=255)
    chances = 255 - np.round(255 * np.exp(number.transcript.frames.T)).astype(np.uint8)
    size = (len(number.transcript.frames) * FRAME * _LARGER, chances.shape[0] * _ROW)
    table = cv2.resize(chances, size, interpolation=cv2.INTER_NEAREST)
    large = cv2.resize(framed, None, fx=_LARGER, fy=_LARGER, interpolation=cv2.INTER_CUBIC)
    short = max(0, table.shape[1] - large.shape[1])
    padded = np.pad(large, ((0, 0), (0, short)), constant_values=255)[:, : table.shape[1]]
    both = cv2.copyMakeBorder(np.vstack([padded, table]), 0, 0, _NAMES, 0, cv2.BORDER_CONSTANT, value=255)
    for place, name in enumerate([*"0123456789", "-"]):
        foot = (4, large.shape[0] + (place + 1) * _ROW - 5)
        cv2.putText(both, name, foot, cv2.FONT_HERSHEY_SIMPLEX, 0.45, 90, 1, cv2.LINE_AA)
    return both.astype(np.uint8)


def _boxed(page: Page, readings: Sequence[Reading]) -> NDArray[np.uint8]:
    picture = page.pixels[:, :, ::-1].copy()
    for reading in readings:
        for digit in reading.digits:
            box = digit.box
            cv2.rectangle(picture, (box.left, box.top), (box.right, box.bottom), (0, 160, 0), 1)
        cv2.putText(
            picture,
            reading.text,
            (reading.box.left, max(reading.box.top - 4, 10)),
            cv2.FONT_HERSHEY_SIMPLEX,
            0.6,
            (0, 0, 220),
        )
    return picture
