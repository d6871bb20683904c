"""Every intermediate picture of a page, written to files for a person to look at.

A page's stages come in as the reader made them; one PNG for each stage goes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.constants import Constants, by_eye
from ml.reading.elements import GLYPH_SIDE, Glyph, Page
from ml.reading.ink.ink import Ink
from ml.reading.ink.lines import FRAME
from ml.reading.recognisers.combine import Number

_CLASSES = [*"0123456789", "-"]
"""The classes of the network of strings, as a picture names them; "-" is the blank."""


@dataclass(frozen=True, slots=True)
class DebugConstants(Constants):
    """How the pictures are laid out. None of these changes a reading."""

    columns: int = by_eye(32, "glyphs", (8, 64), "A row of the glyphs' picture holds this many.")
    magnification: int = by_eye(4, "times", (2, 8), "A line is drawn larger than the network sees it by this factor.")
    row_height: int = by_eye(18, "pixels", (12, 40), "Height of a class's row in the table of posteriors.")
    names_width: int = by_eye(20, "pixels", (14, 60), "Width of the margin that holds the classes' names.")
    name_size: float = by_eye(0.45, "OpenCV's font scale", (0.3, 1.0), "Size of the classes' names.")
    gap: int = by_eye(8, "pixels", (1, 40), "Distance between two lines.")
    text_size: float = by_eye(0.6, "OpenCV's font scale", (0.3, 2.0), "Size of the text above a number's box.")


DEBUG = DebugConstants()


def keep(
    directory: Path,
    page: Page,
    ink: Ink,
    glyphs: Sequence[Glyph],
    numbers: Sequence[Number],
) -> None:
    """Write a picture of every stage: page, ink, mask, glyphs, lines with their posteriors, and boxes.

    Args:
        directory: Made if it is missing. Files are named by the page's hash and number, so that no page overwrites
            another's.
        page: As loaded.
        ink: After ruled lines were taken out.
        glyphs: All that the network of digits classified, in order.
        numbers: With the lines that the network of strings read, and what it made of them.
    """
    directory.mkdir(parents=True, exist_ok=True)
    stem = f"{page.sha256[:12]}-{page.number:03}"
    pictures = {
        "1-page": page.pixels[:, :, ::-1],
        "2-ink": 255 - ink.soft,
        "3-mask": (1 - ink.mask) * 255,
        "4-glyphs": _glyph_table(glyphs),
        "5-strings": _stacked_lines(numbers),
        "6-numbers": _boxed(page, numbers),
    }
    for name, picture in pictures.items():
        cv2.imwrite(str(directory / f"{stem}-{name}.png"), picture)


def _glyph_table(glyphs: Sequence[Glyph]) -> NDArray[np.uint8]:
    """All glyphs in rows, ink light on a dark ground: uint8, height × width."""
    columns = DEBUG.columns
    rows = max(1, -(-len(glyphs) // columns))
    table = np.zeros((rows * GLYPH_SIDE, columns * GLYPH_SIDE), np.uint8)
    for number, glyph in enumerate(glyphs):
        top, left = number // columns * GLYPH_SIDE, number % columns * GLYPH_SIDE
        table[top : top + GLYPH_SIDE, left : left + GLYPH_SIDE] = (glyph.pixels * 255).astype(np.uint8)
    return table


def _stacked_lines(numbers: Sequence[Number]) -> NDArray[np.uint8]:
    """The pictures of all lines, one below the other: uint8, height × width."""
    parts = [_line_with_posteriors(number) for number in numbers]
    width = max((part.shape[1] for part in parts), default=1)
    widened = [
        cv2.copyMakeBorder(part, 0, DEBUG.gap, 0, width - part.shape[1], cv2.BORDER_CONSTANT, value=255)
        for part in parts
    ]
    return np.vstack(widened).astype(np.uint8) if widened else np.full((1, 1), 255, np.uint8)


def _line_with_posteriors(number: Number) -> NDArray[np.uint8]:
    """A line, and below it a row for each class that is dark in the frames where the class is likely."""
    times, row_height = DEBUG.magnification, DEBUG.row_height
    line = 255 - np.clip(255 * number.cutting.line, 0, 255).astype(np.uint8)
    framed = cv2.copyMakeBorder(line, 0, 0, FRAME, FRAME, cv2.BORDER_CONSTANT, value=255)
    posteriors = 255 - np.round(255 * np.exp(number.transcript.frames.T)).astype(np.uint8)
    size = (len(number.transcript.frames) * FRAME * times, posteriors.shape[0] * row_height)
    table = cv2.resize(posteriors, size, interpolation=cv2.INTER_NEAREST)
    large = cv2.resize(framed, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC)
    lacking = max(0, table.shape[1] - large.shape[1])
    padded = np.pad(large, ((0, 0), (0, lacking)), constant_values=255)[:, : table.shape[1]]
    stacked = np.vstack([padded, table])
    named = cv2.copyMakeBorder(stacked, 0, 0, DEBUG.names_width, 0, cv2.BORDER_CONSTANT, value=255)
    for row, name in enumerate(_CLASSES):
        foot = (4, large.shape[0] + (row + 1) * row_height - 5)
        cv2.putText(named, name, foot, cv2.FONT_HERSHEY_SIMPLEX, DEBUG.name_size, 90, 1, cv2.LINE_AA)
    return named.astype(np.uint8)


def _boxed(page: Page, numbers: Sequence[Number]) -> NDArray[np.uint8]:
    """The page with a green box around each digit, and each number's text in red above it: BGR, as OpenCV writes."""
    picture = page.pixels[:, :, ::-1].copy()
    for number in numbers:
        for digit in number.decoded.digits:
            box = digit.box
            cv2.rectangle(picture, (box.left, box.top), (box.right, box.bottom), (0, 160, 0), 1)
        place = number.decoded.digits[0].box
        foot = (place.left, max(place.top - 4, 10))
        cv2.putText(picture, number.decoded.text, foot, cv2.FONT_HERSHEY_SIMPLEX, DEBUG.text_size, (0, 0, 220))
    return picture
