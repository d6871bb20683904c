"""Hands: writers invented by our code, who draw digits with strokes of their own.

A hand keeps its shapes, its pen and its width, and wavers a little from digit to digit. It gives ink as float32,
height × width in pixels, paper 0.0 and ink 1.0. Lengths of a hand are in heights of a digit.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.training.synthesis.shapes import CROSSED_SEVENS, PLAIN_ONES, SHAPES, UPSTROKE_ONES, Shape

Ink = NDArray[np.float32]
Points = NDArray[np.float64]

_LEAST_INK = 40
"""Of 255: what is paler counts as paper when a digit is cut out."""


@dataclass(frozen=True, slots=True)
class Hand:
    """One writer's way to write digits.

    Attributes:
        shapes: The shape of each digit, with this hand's deviation from the usual one.
        pen: Width of the line, in heights of a digit.
        waver: How far points stray from digit to digit, in heights of a digit.
        stretch: Factor on the width of every digit.
        upstroke: Whether the 1 has an upstroke. Then the 7 is crossed: an uncrossed one would look the same as the 1.
    """

    shapes: tuple[Shape, ...]
    pen: float
    waver: float
    stretch: float
    upstroke: bool

    @classmethod
    def random(cls, rng: Generator, pen: float) -> Hand:
        """A hand at random, with a given width of the line."""
        upstroke = rng.random() < 0.6
        choices = {**SHAPES, 1: UPSTROKE_ONES, 7: CROSSED_SEVENS} if upstroke else {**SHAPES, 1: PLAIN_ONES}
        shapes = tuple(_vary(choices[digit][rng.integers(len(choices[digit]))], rng) for digit in range(10))
        return cls(shapes, pen, waver=rng.uniform(0.008, 0.035), stretch=rng.uniform(0.75, 1.4), upstroke=upstroke)

    def write(self, digit: int, height: int, rng: Generator) -> Ink:
        """Write one digit.

        Returns:
            float32, about `height` × its width, paper 0.0 and ink 1.0, no paper around it.
        """
        # Now and then even a steady hand writes a digit in another way.
        steady = digit in (1, 7) or rng.random() < 0.9
        shape = self.shapes[digit] if steady else SHAPES[digit][rng.integers(len(SHAPES[digit]))]
        width = max(2.0, height * rng.uniform(*shape.width) * self.stretch)
        thick = self._thickness(height, rng)
        rim = thick + 3
        paper = np.zeros((height + 2 * rim, int(width) + 2 * rim), np.uint8)
        for stroke in shape.strokes:
            points = np.array(stroke) + rng.normal(0, self.waver, (len(stroke), 2))
            _draw(paper, _smooth_through(points) * (width, height) + rim, thick)
        return _cut_out(paper)[0]

    def write_noughts(self, count: int, height: int, rng: Generator) -> tuple[Ink, Points]:
        """Write noughts in one stroke: as a coil, or each hooked to the next.

        Returns:
            The ink: float32, about `height` × its width, as from `write`.
            The left and right end of each nought: float64, count × 2, in pixels.
        """
        radius = height * rng.uniform(0.32, 0.6) * self.stretch
        step = 2 * radius * rng.uniform(0.75, 1.35)
        middles = radius + step * np.arange(count) + rng.normal(0, 0.06 * radius, count)
        radii, heights = radius * rng.normal(1, 0.1, count).clip(0.7, 1.3), rng.uniform(0.85, 1.0, count)
        heights[rng.integers(count)] = 1.0
        draw_curve = _coil if rng.random() < 0.5 else _hooked
        curve = draw_curve(middles, radii, heights, rng)
        curve += rng.normal(0, 0.3 * self.waver, curve.shape)
        thick = self._thickness(height, rng)
        rim = thick + 3
        points = curve * (1, height)
        left = float(points[:, 0].min())
        points += (rim - left, rim - points[:, 1].min())
        paper = np.zeros((int(np.ptp(points[:, 1])) + 2 * rim, int(points[:, 0].max()) + rim), np.uint8)
        _draw(paper, points, thick)
        ink, first_column = _cut_out(paper)
        reach = radii + thick / 2
        ends = np.stack([middles - reach, middles + reach], axis=1) + rim - left - first_column
        return ink, ends.clip(0, ink.shape[1])

    def _thickness(self, height: int, rng: Generator) -> int:
        """Width of the line in pixels, for one digit."""
        return max(1, round(height * self.pen * rng.uniform(0.85, 1.15)))


def _draw(paper: NDArray[np.uint8], curve: Points, thick: int) -> None:
    cv2.polylines(paper, [(curve * 16).round().astype(np.int32)], False, 255, thick, cv2.LINE_AA, shift=4)


def _cut_out(paper: NDArray[np.uint8]) -> tuple[Ink, int]:
    """The ink without the paper around it, and the column of the paper where it begins."""
    rows, columns = np.nonzero(paper.max(axis=1) > _LEAST_INK)[0], np.nonzero(paper.max(axis=0) > _LEAST_INK)[0]
    written = paper[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return written.astype(np.float32) / np.float32(255), columns[0]


def _coil(middles: Points, radii: Points, heights: Points, rng: Generator) -> Points:
    """A stroke that goes round once for each nought and moves on, as in "eee".

    Returns:
        float64, points × 2: x in pixels, y in heights of a digit.
    """
    direction = rng.choice((-1, 1))
    turns = len(middles)
    angle = np.linspace(rng.uniform(-0.25, 0.1), turns - 1 + rng.uniform(0.85, 1.1), 20 * turns)
    places = np.arange(turns)
    x = np.interp(angle - 0.5, places, middles) + direction * np.interp(angle - 0.5, places, radii) * np.sin(
        2 * np.pi * angle
    )
    height = np.interp(angle - 0.5, places, heights)
    return np.stack([x, 1 - height * (0.5 + 0.5 * np.cos(2 * np.pi * angle))], axis=1)


def _hooked(middles: Points, radii: Points, heights: Points, rng: Generator) -> Points:
    """Noughts closed at the top, from where the pen goes straight on to the next; returns points as `_coil`."""
    dip = rng.uniform(-0.02, 0.25)
    points = []
    for middle, radius, height in zip(middles, radii, heights, strict=True):
        loop = ((0.3, 0.03), (-0.6, 0.12), (-1, 0.5), (-0.55, 0.93), (0.2, 1), (0.95, 0.6), (0.65, 0.12), (0.1, 0.04))
        points += [(middle + radius * x, 1 - height * (1 - y)) for x, y in (*loop, (0.9, 0.04 + dip))]
    return _smooth_through(np.array(points[:-1]))


def _vary(shape: Shape, rng: Generator) -> Shape:
    """The shape with one hand's habits: points moved, where a corner stays a corner, and a narrower range of widths."""
    moved: dict[tuple[float, float], tuple[float, float]] = {}
    for x, y in (point for stroke in shape.strokes for point in stroke):
        moved.setdefault((x, y), (x + rng.normal(0, 0.05), y + rng.normal(0, 0.045)))
    strokes = tuple(tuple(moved[point] for point in stroke) for stroke in shape.strokes)
    habit = rng.uniform(*shape.width)
    return Shape(strokes, (0.88 * habit, 1.12 * habit))


def _smooth_through(points: Points, steps: int = 10) -> Points:
    """A smooth line through points (Catmull-Rom): float64, count × 2."""
    if len(points) == 2:
        return points
    around = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    a, b, c, d = (around[i : len(around) - 3 + i, None, :] for i in range(4))
    t = np.linspace(0, 1, steps)[None, :, None]
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    flat: Points = curve.reshape(-1, 2)
    return flat
