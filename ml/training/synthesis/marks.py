"""Marks that are no digit: letters, commas, blots, lines, ticks, and digits crossed out, joined or cut.

They leave as float32, count × 28 × 28, normalised as the reader normalises a mark. Everything follows from the
generator that is passed in: the same seed draws the same marks.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.reading.recognisers.normalise import normalise
from ml.training.datasets import Digits

Ink = NDArray[np.float32]

_SIDE = 96
"""Side in pixels of the paper that a mark is drawn on, before it is normalised."""
_FONTS = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_DUPLEX,
    cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_SCRIPT_SIMPLEX,
    cv2.FONT_HERSHEY_SCRIPT_COMPLEX,
)
_LETTERS = "ABCDEFGHJKLMNPRTUVWXYabcdefhkmnprtuvwxy$#&*%+=@?"
"""Without those that a pen writes like a digit: I, l, O, o, Q, S, s, Z, z, g, q, i, j."""


def draw_marks(count: int, digits: Digits, rng: Generator) -> Ink:
    """Draw marks that are no digit, as the reader would hand them to the network.

    Args:
        count: How many.
        digits: The digits to cross out, join and cut; those of training only.
        rng: Decides everything.

    Returns:
        float32, count × 28 × 28, paper 0.0 and ink 1.0. Some look like a digit by chance; training sorts these out.
    """
    kinds: tuple[Callable[[], Ink], ...] = (
        lambda: _draw_letter(rng),
        lambda: _draw_comma(rng),
        lambda: _draw_blot(rng),
        lambda: _draw_dash(rng),
        lambda: _draw_tick(rng),
        lambda: _draw_scribble(rng),
        lambda: _draw_corner(rng),
        lambda: _cross_out(_random_digit(digits, rng), rng),
        lambda: _join(_random_digit(digits, rng), _random_digit(digits, rng), rng),
        lambda: _cut(_random_digit(digits, rng), rng),
    )
    shares = np.array([4, 1, 1, 1, 1, 2, 1, 2, 4, 1], float)
    chosen = rng.choice(len(kinds), size=count, p=shares / shares.sum())
    return np.stack([normalise(kinds[kind]()) for kind in chosen])


def _random_digit(digits: Digits, rng: Generator) -> Ink:
    return np.asarray(digits.pixels[rng.integers(len(digits.pixels))])


def _blank_paper() -> NDArray[np.uint8]:
    return np.zeros((_SIDE, _SIDE), np.uint8)


def _as_ink(paper: cv2.typing.MatLike) -> Ink:
    return paper.astype(np.float32) / np.float32(255)


def _random_points(rng: Generator, count: int) -> NDArray[np.int32]:
    return rng.integers(14, _SIDE - 14, (count, 2)).astype(np.int32)


def _draw_curve(paper: NDArray[np.uint8], points: NDArray[np.float64], width: int) -> None:
    """Draw a Bézier curve with these control points."""
    t = np.linspace(0, 1, 24)[:, None]
    hull = [points.astype(float)[i] * np.ones((24, 1)) for i in range(len(points))]
    while len(hull) > 1:
        hull = [(1 - t) * a + t * b for a, b in pairwise(hull)]
    cv2.polylines(paper, [hull[0].round().astype(np.int32)], False, 255, width, cv2.LINE_AA)


def _warp(paper: NDArray[np.uint8], rng: Generator) -> Ink:
    """Shear, turn and bend a printed mark, so that it looks written by hand."""
    shear, turn = rng.normal(0, 0.2), rng.normal(0, 0.12)
    matrix = np.array([[np.cos(turn), shear, 0], [np.sin(turn), 1, 0]], np.float32)
    matrix[:, 2] = _SIDE / 2 - matrix[:, :2] @ (_SIDE / 2, _SIDE / 2)
    columns, rows = np.meshgrid(np.arange(_SIDE, dtype=np.float32), np.arange(_SIDE, dtype=np.float32))
    bend = rng.uniform(0, 6) * np.sin(rows / rng.uniform(10, 25) + rng.uniform(0, 6))
    lift = rng.uniform(0, 6) * np.sin(columns / rng.uniform(10, 25) + rng.uniform(0, 6))
    bent = cv2.remap(paper, columns + bend.astype(np.float32), rows + lift.astype(np.float32), cv2.INTER_LINEAR)
    return _as_ink(cv2.warpAffine(bent, matrix, (_SIDE, _SIDE)))


def _draw_letter(rng: Generator) -> Ink:
    paper = _blank_paper()
    letter = _LETTERS[rng.integers(len(_LETTERS))]
    font = _FONTS[rng.integers(len(_FONTS))]
    cv2.putText(paper, letter, (22, 70), font, rng.uniform(1.7, 2.2), 255, int(rng.integers(4, 10)), cv2.LINE_AA)
    return _warp(paper, rng)


def _draw_comma(rng: Generator) -> Ink:
    """Draw a dot with a tail, never so slim that it is a 1."""
    paper = _blank_paper()
    thick = int(rng.integers(12, 20))
    cv2.circle(paper, (48, 40), thick, 255, -1, cv2.LINE_AA)
    tail = np.array([(52, 44), (58, 58), (rng.uniform(28, 48), rng.uniform(62, 78))])
    _draw_curve(paper, tail, thick // 2 + 4)
    return _warp(paper, rng)


def _draw_blot(rng: Generator) -> Ink:
    paper = _blank_paper()
    for _ in range(rng.integers(1, 6)):
        size = (int(rng.integers(6, 24)), int(rng.integers(6, 24)))
        middle = (int(rng.integers(34, 62)), int(rng.integers(34, 62)))
        cv2.ellipse(paper, middle, size, float(rng.uniform(0, 180)), 0, 360, 255, -1, cv2.LINE_AA)
    return _as_ink(paper)


def _draw_dash(rng: Generator) -> Ink:
    """Draw a level line: a minus, an equals sign, a piece of a ruled line."""
    paper = _blank_paper()
    for row in rng.integers(30, 66, rng.integers(1, 3)):
        slope = int(rng.integers(-9, 10))
        cv2.line(paper, (8, int(row)), (88, int(row) + slope), 255, int(rng.integers(4, 14)), cv2.LINE_AA)
    return _as_ink(paper)


def _draw_tick(rng: Generator) -> Ink:
    paper = _blank_paper()
    foot = (int(rng.integers(25, 45)), int(rng.integers(70, 88)))
    ends = (
        (int(rng.integers(4, 20)), int(rng.integers(40, 65))),
        (int(rng.integers(70, 92)), int(rng.integers(5, 30))),
    )
    for end in ends:
        cv2.line(paper, foot, end, 255, int(rng.integers(4, 11)), cv2.LINE_AA)
    return _as_ink(paper)


def _draw_scribble(rng: Generator) -> Ink:
    paper = _blank_paper()
    for _ in range(rng.integers(2, 5)):
        _draw_curve(paper, _random_points(rng, int(rng.integers(3, 7))).astype(float), int(rng.integers(4, 10)))
    return _as_ink(paper)


def _draw_corner(rng: Generator) -> Ink:
    """Draw the place where two lines of a form's box meet or cross."""
    paper = _blank_paper()
    x, y = (int(v) for v in rng.integers(8, 88, 2))
    width = int(rng.integers(3, 9))
    cv2.line(paper, (x, 0), (x, _SIDE), 255, width)
    cv2.line(paper, (0, y), (_SIDE, y), 255, width)
    return _as_ink(paper)


def _cross_out(digit: Ink, rng: Generator) -> Ink:
    """Draw two or more strokes over a digit: a single one could be a European 7's bar."""
    paper = (cv2.resize(digit, (_SIDE, _SIDE)) * 255).astype(np.uint8)
    for _ in range(rng.integers(2, 6)):
        start, end = ((int(x), int(rng.integers(15, 81))) for x in (rng.integers(2, 24), rng.integers(72, 94)))
        cv2.line(paper, start, end, 255, int(rng.integers(5, 11)), cv2.LINE_AA)
    return _as_ink(paper)


def _join(left: Ink, right: Ink, rng: Generator) -> Ink:
    """Make one mark of two digits that touch."""
    first, second = crop_to_ink(left), crop_to_ink(right)
    overlap = int(rng.integers(0, 4))
    height = max(first.shape[0], second.shape[0])
    width = first.shape[1] + second.shape[1] - overlap
    ink = np.zeros((height + 4, width), np.float32)
    for body, start in ((first, 0), (second, first.shape[1] - overlap)):
        drop = int(rng.integers(0, height + 5 - body.shape[0]))
        area = ink[drop : drop + body.shape[0], start : start + body.shape[1]]
        np.maximum(area, body, out=area)
    return ink


def _cut(digit: Ink, rng: Generator) -> Ink:
    """A piece of a digit, cut off in the wrong place."""
    body = crop_to_ink(digit)
    height, width = body.shape
    cut = rng.uniform(0.35, 0.65)
    pieces = (
        body[: int(height * cut) + 1],
        body[int(height * cut) :],
        body[:, : int(width * cut) + 1],
        body[:, int(width * cut) :],
    )
    return pieces[rng.integers(4)]


def crop_to_ink(digit: Ink) -> Ink:
    """Cut away the paper around a digit, float32, height × width; a picture without ink stays whole."""
    rows, columns = np.nonzero(digit >= 0.05)
    if rows.size == 0:
        return digit
    return digit[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
