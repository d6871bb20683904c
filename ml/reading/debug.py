"""Every intermediate picture of a page, kept to look at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import GLYPH_SIDE, Glyph, Page, Reading
from ml.reading.ink import Ink

_COLUMNS = 32


def keep(directory: Path, page: Page, ink: Ink, glyphs: Sequence[Glyph], readings: Sequence[Reading]) -> None:
    """Write the page, its ink before and after thresholding, every candidate glyph, and the page with its boxes.

    Args:
        directory: Made if missing; files are named by the page's hash and number, so that pages do not overwrite each
            other.
        page: As loaded.
        ink: Rules already taken out.
        glyphs: All that the network was asked about, in order.
        readings: What came of them.
    """
    directory.mkdir(parents=True, exist_ok=True)
    stem = f"{page.sha256[:12]}-{page.number:03}"
    pictures = {
        "1-page": page.pixels[:, :, ::-1],
        "2-ink": 255 - ink.soft,
        "3-mask": (1 - ink.mask) * 255,
        "4-glyphs": _sheet(glyphs),
        "5-numbers": _boxed(page, readings),
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
