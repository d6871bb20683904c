"""Hands: how somebody writes digits, drawn from strokes of our own.

A hand keeps to its shapes, slant and pen, and wavers a little from digit to digit.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.training.shapes import CROSSED_SEVENS, PLAIN_ONES, SHAPES, UPSTROKE_ONES, Shape

Ink = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody's way to write.

    Attributes:
        shapes: How each digit is written, its points moved a little as this hand moves them.
        pen: Width of the line, in digit heights.
        waver: How far points stray from digit to digit, in digit heights.
        stretch: Widths of all digits are multiplied with it.
        upstroke: Writes a 1 with an upstroke, and hence crosses the 7: an uncrossed one would be the same.
    """

    shapes: tuple[Shape, ...]
    pen: float
    waver: float
    stretch: float
    upstroke: bool

    @classmethod
    def some(cls, rng: Generator, pen: float) -> Hand:
        """A hand at random, with a given pen."""
        upstroke = rng.random() < 0.6
        ways = {**SHAPES, 1: UPSTROKE_ONES, 7: CROSSED_SEVENS} if upstroke else {**SHAPES, 1: PLAIN_ONES}
        shapes = tuple(_own(ways[digit][rng.integers(len(ways[digit]))], rng) for digit in range(10))
        return cls(shapes, pen, waver=rng.uniform(0.008, 0.035), stretch=rng.uniform(0.75, 1.4), upstroke=upstroke)

    def write(self, digit: int, height: int, rng: Generator) -> Ink:
        """One digit.

        Returns:
            float32, about `height` × its width, paper 0.0 and ink 1.0, no paper around it.
        """
        # Now and then even a steady hand writes a digit in another way.
        steady = digit in (1, 7) or rng.random() < 0.9
        shape = self.shapes[digit] if steady else SHAPES[digit][rng.integers(len(SHAPES[digit]))]
        width = max(2.0, height * rng.uniform(*shape.width) * self.stretch)
        thick = max(1, round(height * self.pen * rng.uniform(0.85, 1.15)))
        rim = thick + 3
        paper = np.zeros((height + 2 * rim, int(width) + 2 * rim), np.uint8)
        for stroke in shape.strokes:
            points = np.array(stroke) + rng.normal(0, self.waver, (len(stroke), 2))
            curve = _through(points) * (width, height) + rim
            cv2.polylines(paper, [(curve * 16).round().astype(np.int32)], False, 255, thick, cv2.LINE_AA, shift=4)
        rows, columns = np.nonzero(paper.max(axis=1) > 40)[0], np.nonzero(paper.max(axis=0) > 40)[0]
        written = paper[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        return written.astype(np.float32) / np.float32(255)


def _own(shape: Shape, rng: Generator) -> Shape:
    """The shape as one hand writes it: points moved, but a corner stays a corner; width narrowed to a habit."""
    moved: dict[tuple[float, float], tuple[float, float]] = {}
    for x, y in (point for stroke in shape.strokes for point in stroke):
        moved.setdefault((x, y), (x + rng.normal(0, 0.05), y + rng.normal(0, 0.045)))
    strokes = tuple(tuple(moved[point] for point in stroke) for stroke in shape.strokes)
    habit = rng.uniform(*shape.width)
    return Shape(strokes, (0.88 * habit, 1.12 * habit))


def _through(points: NDArray[np.float64], steps: int = 10) -> NDArray[np.float64]:
    """A smooth line through points: Catmull-Rom, count × 2."""
    if len(points) == 2:
        return points
    around = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    a, b, c, d = (around[i : len(around) - 3 + i, None, :] for i in range(4))
    t = np.linspace(0, 1, steps)[None, :, None]
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    flat: NDArray[np.float64] = curve.reshape(-1, 2)
    return flat
