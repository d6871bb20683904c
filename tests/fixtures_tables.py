"""Drawn tables: numbers by our strokes in ruled cells, level, askew or bent as paper in a photo is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.evaluation.sheets.strokes import draw_number, margin

Pixels = NDArray[np.uint8]
Values = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Look:
    """How a table is drawn: sizes in pixels, greys 0 to 255."""

    wide: int = 130
    high: int = 64
    digit: int = 34
    rule: int = 2
    grey: int = 60
    paper: int = 250
    walls: bool = True
    room: int = 60


USUAL = Look()


def numbers(rows: int, columns: int, seed: int = 1) -> list[list[str]]:
    """Numbers of two and three digits."""
    rng = np.random.default_rng(seed)
    return [[str(rng.integers(20, 999)) for _ in range(columns)] for _ in range(rows)]


def table_of(values: Values, look: Look = USUAL, seed: int = 3) -> Pixels:
    """A page with one table on it: uint8, height × width × 3."""
    rows, columns = len(values), len(values[0])
    size = rows * look.high + 2 * look.room, columns * look.wide + 2 * look.room
    page = np.full((*size, 3), look.paper, np.uint8)
    ends = look.room, look.room + columns * look.wide, look.room + rows * look.high
    for row in range(rows + 1):
        y = look.room + row * look.high
        cv2.line(page, (ends[0], y), (ends[1], y), (look.grey,) * 3, look.rule)
    for column in range(columns + 1) if look.walls else ():
        x = look.room + column * look.wide
        cv2.line(page, (x, look.room), (x, ends[2]), (look.grey,) * 3, look.rule)
    write(page, values, look, seed)
    return page


def write(page: Pixels, values: Values, look: Look = USUAL, seed: int = 3) -> None:
    """Write values in the middle of the cells of a page."""
    rng = np.random.default_rng(seed)
    for row, line in enumerate(values):
        for column, text in enumerate(line):
            if text:
                middle = look.room + (column + 0.5) * look.wide, look.room + (row + 0.5) * look.high
                put(page, text, middle, look.digit, rng)


def put(page: Pixels, text: str, middle: tuple[float, float], digit: int, rng: np.random.Generator) -> None:
    """Write a number around a place, x and y in pixels of the page."""
    ink = draw_number(text, digit, rng, gap=0.25, pen=0.1)
    inked = np.flatnonzero(ink.max(axis=0))
    ink = ink[:, inked[0] : inked[-1] + 1]
    left, top = round(middle[0] - ink.shape[1] / 2), round(middle[1] - digit / 2) - margin(digit)
    place = page[top : top + ink.shape[0], left : left + ink.shape[1]]
    np.minimum(place, (255 - ink[: place.shape[0], : place.shape[1]])[:, :, None], out=place)


def turned(page: Pixels, degrees: float) -> Pixels:
    """A page that lies askew, with paper around."""
    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    paper = page[0, 0].tolist()
    return cv2.warpAffine(page, matrix, (width, height), borderValue=paper, flags=cv2.INTER_LINEAR).astype(np.uint8)


def bent(page: Pixels, by: float) -> Pixels:
    """A page whose lines bow down by so many pixels in the middle, as on a sheet that curls."""
    height, width = page.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    bow = by * np.sin(np.pi * x / width)
    return cv2.remap(page, x, (y - bow).astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(
        np.uint8
    )
