"""Drawn tables: numbers by our strokes in ruled cells, level, askew or bent as paper in a photo is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.training.sheets.strokes import draw_number, margin

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


FORM_SIZE = (1000, 1300)
"""Width and height of a form with a table, in pixels."""

FORM_CORNER = (140, 330)
"""Left and top of its table."""

HEADINGS = ("Pupil", "Maths", "Art", "PE")
"""Of its columns, as a layout names them."""


def form_of(values: Values, look: Look = USUAL, seed: int = 3) -> Pixels:
    """A form: print above and below, between them a table with these values: uint8, height × width × 3."""
    page = np.full((FORM_SIZE[1], FORM_SIZE[0], 3), look.paper, np.uint8)
    table = table_of(values, look, seed)[look.room - 20 : 20 - look.room, look.room - 20 : 20 - look.room]
    left, top = FORM_CORNER[0] - 20, FORM_CORNER[1] - 20
    page[top : top + table.shape[0], left : left + table.shape[1]] = table
    above = (
        "Riverside School",
        "Mark sheet of the summer term",
        "Fill in one row for each pupil",
        "Room, house, staff",
    )
    below = ("Signed by the teacher", "Return to the office by Friday", "Keep a copy for the records")
    for lines, first in ((above, 90), (below, 1090)):
        for number, line in enumerate(lines):
            at = (120, first + 55 * number)
            cv2.putText(page, line, at, cv2.FONT_HERSHEY_SIMPLEX, 1.25, (20, 20, 20), 2, cv2.LINE_AA)
    return page


def table_field(rows: int, names: Sequence[str] = HEADINGS, look: Look = USUAL, **given: object) -> dict[str, object]:
    """The field of a form's table, as a layout's JSON has it: its first column is not read, nor is its first row."""
    left, top = FORM_CORNER[0] - 8, FORM_CORNER[1] - 8
    right, bottom = left + len(HEADINGS) * look.wide + 16, top + rows * look.high + 16
    place = [left / FORM_SIZE[0], top / FORM_SIZE[1], right / FORM_SIZE[0], bottom / FORM_SIZE[1]]
    columns = [{"name": name, "kind": "unread" if name == "Pupil" else "number"} for name in names]
    return {"name": "marks", "kind": "table", "place": place, "columns": columns, "header_rows": 1} | given
