"""Pictures made to take the reader's memory or time. All of them are drawn, none comes from elsewhere.

A name in, a picture out: uint8, height × width × 3, RGB. Each picture has one kind of content that costs some stage
the most, or a shape that no camera makes. The same name gives the same picture at each call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.training.sheets.strokes import draw_number

Pixels = NDArray[np.uint8]
Grey = NDArray[np.uint8]

SIDE = 5000
"""Side in pixels of a square of 25 megapixels, the largest page that the reader is given."""

_PAPER, _INK = 255, 0

_SHAPES = (
    (1, 1),
    (3, 3),
    (1, 1_000),
    (1_000, 1),
    (2, 40),
    (60, 60_000),
    (60_000, 60),
    (14_500, 32),
    (32, 14_500),
    (100, 250_000),
    (250_000, 100),
)
"""Height and width of pages that are too thin or too small: none has more than 25 megapixels."""


def pictures(side: int = SIDE) -> dict[str, Callable[[], Pixels]]:
    """Every hostile picture by its name; each is drawn when it is called for.

    Args:
        side: Pixels of the side of the square ones. Tests take smaller ones than `SIDE`.
    """
    square: dict[str, Callable[[], Pixels]] = {
        name: partial(_drawn, draw, side, side) for name, draw in CONTENTS.items()
    }
    thin: dict[str, Callable[[], Pixels]] = {
        f"{name} of {height} x {width}": partial(_drawn, CONTENTS[name], height, width)
        for height, width in _SHAPES
        for name in ("blank", "grey noise", "a line of digits")
    }
    return square | thin


def _drawn(draw: Callable[[int, int], Grey], height: int, width: int) -> Pixels:
    return cv2.cvtColor(draw(height, width), cv2.COLOR_GRAY2RGB).astype(np.uint8, copy=False)


def _blank(height: int, width: int) -> Grey:
    return np.full((height, width), _PAPER, np.uint8)


def _black(height: int, width: int) -> Grey:
    return np.full((height, width), _INK, np.uint8)


def _grey_noise(height: int, width: int) -> Grey:
    return np.random.default_rng(1).integers(0, 256, (height, width), np.uint8)


def _specks(height: int, width: int, share: float) -> Grey:
    """White paper of which a share of the pixels is black."""
    page, noise = _blank(height, width), np.random.default_rng(2).integers(0, 256, (height, width), np.uint8)
    page[noise < 256 * share] = _INK
    return page


def _checkerboard(height: int, width: int) -> Grey:
    return ((np.add.outer(np.arange(height), np.arange(width)) % 2) * 255).astype(np.uint8)


def _dots(height: int, width: int, step: int, dot: int) -> Grey:
    """A square dot every few pixels, across and down."""
    across, down = (np.arange(length) % step < dot for length in (width, height))
    page = _blank(height, width)
    page[np.outer(down, across)] = _INK
    return page


def _rules(height: int, width: int, step: int, thick: int) -> Grey:
    """Level rules from edge to edge."""
    page = _blank(height, width)
    page[np.arange(height) % step < thick] = _INK
    return page


def _upright_rules(height: int, width: int) -> Grey:
    return np.ascontiguousarray(_rules(width, height, 24, 2).T)


def _boxes(height: int, width: int, step: int) -> Grey:
    """Both kinds of rules: one mark with as many holes as there are boxes."""
    return np.minimum(_rules(height, width, step, 2), np.ascontiguousarray(_rules(width, height, step, 2).T))


def _frames(height: int, width: int) -> Grey:
    """Outlines of rectangles, each a mark by itself with ink inside."""
    frame = _blank(32, 32)
    cv2.rectangle(frame, (3, 3), (28, 28), _INK, 2)
    cv2.circle(frame, (16, 16), 3, _INK, -1)
    return _tiled(frame, height, width)


def _broken_rules(height: int, width: int) -> Grey:
    """Short level and upright dashes: each may be the piece of a rule or of a digit."""
    tile = _blank(24, 36)
    tile[4:6, 2:30] = _INK
    tile[8:22, 14:16] = _INK
    return _tiled(tile, height, width)


def _tiled(tile: Grey, height: int, width: int) -> Grey:
    down, across = -(-height // tile.shape[0]), -(-width // tile.shape[1])
    return np.ascontiguousarray(np.tile(tile, (down, across))[:height, :width])


def _digits(height: int, width: int, tall: int, apart: float) -> Grey:
    """Lines of digits from edge to edge, one number a line."""
    rng = np.random.default_rng(3)
    line = 255 - draw_number("".join(str(digit) for digit in rng.integers(0, 10, 80)), tall, rng, gap=apart)
    return _tiled(line, height, width)


def _line_of_digits(height: int, width: int) -> Grey:
    """One number along the longer side, as tall as the shorter side allows."""
    if height > width:
        return np.ascontiguousarray(np.rot90(_line_of_digits(width, height)))
    rng, tall = np.random.default_rng(4), max(8, min(20, height // 3))
    number = 255 - draw_number("".join(str(digit) for digit in rng.integers(0, 10, 200)), tall, rng, gap=0.15)
    page, number = _blank(height, width), number[:height]
    line = np.tile(number, (1, -(-width // number.shape[1])))[:, :width]
    top = (height - line.shape[0]) // 2
    page[top : top + line.shape[0]] = line
    return page


def _rings(height: int, width: int) -> Grey:
    """Concentric circles: each mark lies in all those around it."""
    down, across = (np.arange(length, dtype=np.float32) - length / 2 for length in (height, width))
    distance = np.sqrt(np.add.outer(down**2, across**2))
    return np.where(distance % 8 < 3, np.uint8(_INK), np.uint8(_PAPER))


def _nested(height: int, width: int) -> Grey:
    """Rectangles in rectangles."""
    down, across = (np.minimum(np.arange(length), length - 1 - np.arange(length)) for length in (height, width))
    return np.where(np.minimum.outer(down, across) % 6 < 2, np.uint8(_INK), np.uint8(_PAPER))


def _comb(height: int, width: int) -> Grey:
    """One mark as large as the page, with a tooth every few pixels."""
    page = np.ascontiguousarray(_rules(width, height, 6, 2).T)
    page[: max(1, height // 50)] = _INK
    return page


def _scribble(height: int, width: int, strokes: int) -> Grey:
    """Curved strokes everywhere, over each other."""
    rng, page = np.random.default_rng(5), _blank(height, width)
    steps = rng.normal(0, 25, (strokes, 40, 2)).cumsum(axis=1)
    starts = rng.random((strokes, 1, 2)) * (width, height)
    cv2.polylines(page, list((starts + steps).astype(np.int32)), False, _INK, 3)
    return page


def _words(height: int, width: int) -> Grey:
    """Short strokes in rows, as close as writing stands."""
    rng, page = np.random.default_rng(6), _blank(height, width)
    rows, columns = range(10, height, 30), range(10, width, 18)
    origins = np.array([(x, y) for y in rows for x in columns], np.float64).reshape(-1, 1, 2)
    strokes = origins + rng.random((len(origins), 4, 2)) * (14, 22)
    cv2.polylines(page, list(strokes.astype(np.int32)), False, _INK, 2)
    return page


def _sheets(height: int, width: int) -> Grey:
    """Light rectangles on a dark ground: each may be a sheet of paper."""
    page, across, down = np.full((height, width), 60, np.uint8), max(1, width // 5), max(1, height // 5)
    for row in range(5):
        for column in range(5):
            top, left = row * down + down // 8, column * across + across // 8
            page[top : top + 3 * down // 4, left : left + 3 * across // 4] = 150 + 4 * (5 * row + column)
    return page


def _glare(height: int, width: int) -> Grey:
    """White patches on grey paper, each fading into it."""
    step = max(16, min(height, width) // 60)
    down, across = (np.abs(np.arange(length) % step - step / 2) for length in (height, width))
    distance = np.hypot.outer(down, across) / step
    bright: Grey = np.clip(330 - 480 * distance, 150, 255).astype(np.uint8)
    return bright


CONTENTS: Mapping[str, Callable[[int, int], Grey]] = {
    "blank": _blank,
    "black": _black,
    "grey noise": _grey_noise,
    "salt and pepper": partial(_specks, share=0.05),
    "dense specks": partial(_specks, share=0.25),
    "checkerboard": _checkerboard,
    "a dot every 4 pixels": partial(_dots, step=4, dot=2),
    "a dot every 8 pixels": partial(_dots, step=8, dot=4),
    "a dot every 16 pixels": partial(_dots, step=16, dot=10),
    "a dot every 40 pixels": partial(_dots, step=40, dot=14),
    "level rules": partial(_rules, step=24, thick=2),
    "upright rules": _upright_rules,
    "close rules": partial(_rules, step=4, thick=2),
    "boxes": partial(_boxes, step=40),
    "small boxes": partial(_boxes, step=16),
    "frames": _frames,
    "broken rules": _broken_rules,
    "lines of digits": partial(_digits, tall=30, apart=0.3),
    "lines of small digits": partial(_digits, tall=14, apart=0.3),
    "touching digits": partial(_digits, tall=24, apart=-0.05),
    "numbers": partial(_digits, tall=26, apart=1.2),
    "a line of digits": _line_of_digits,
    "rings": _rings,
    "nested rectangles": _nested,
    "a comb": _comb,
    "scribble": partial(_scribble, strokes=4_000),
    "thin scribble": partial(_scribble, strokes=600),
    "short strokes": _words,
    "sheets": _sheets,
    "patches of glare": _glare,
}
"""What a page is full of, by its name: each drawn for a height and a width in pixels, uint8, height × width."""
