"""Hands: how somebody writes digits, drawn from strokes of our own.

A hand keeps to its shapes, slant and pen, and wavers a little from digit to digit.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.training.synthesis.shapes import CROSSED_SEVENS, PLAIN_ONES, SHAPES, UPSTROKE_ONES, Shape

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

    def write_noughts(self, count: int, height: int, rng: Generator) -> tuple[Ink, NDArray[np.float64]]:
        """Noughts written in one stroke: a coil, or each hooked to the next.

        Returns:
            float32, about `height` × its width, as `write`; and count × 2, where each begins and ends, in pixels.
        """
        radius = height * rng.uniform(0.32, 0.6) * self.stretch
        step = 2 * radius * rng.uniform(0.75, 1.35)
        middles = radius + step * np.arange(count) + rng.normal(0, 0.06 * radius, count)
        radii, tall = radius * rng.normal(1, 0.1, count).clip(0.7, 1.3), rng.uniform(0.85, 1.0, count)
        tall[rng.integers(count)] = 1.0
        way = _coil if rng.random() < 0.5 else _hooked
        curve = way(middles, radii, tall, rng)
        curve += rng.normal(0, 0.3 * self.waver, curve.shape)
        thick = max(1, round(height * self.pen * rng.uniform(0.85, 1.15)))
        rim = thick + 3
        points = curve * (1, height)
        left = float(points[:, 0].min())
        points += (rim - left, rim - points[:, 1].min())
        paper = np.zeros((int(np.ptp(points[:, 1])) + 2 * rim, int(points[:, 0].max()) + rim), np.uint8)
        cv2.polylines(paper, [(points * 16).round().astype(np.int32)], False, 255, thick, cv2.LINE_AA, shift=4)
        rows, columns = np.nonzero(paper.max(axis=1) > 40)[0], np.nonzero(paper.max(axis=0) > 40)[0]
        written = paper[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        reach = radii + thick / 2
        ends = np.stack([middles - reach, middles + reach], axis=1) + rim - left - columns[0]
        return written.astype(np.float32) / np.float32(255), ends.clip(0, written.shape[1])


def _coil(
    middles: NDArray[np.float64], radii: NDArray[np.float64], tall: NDArray[np.float64], rng: Generator
) -> NDArray[np.float64]:
    """A stroke that goes round once for each nought and moves on, as in "eee": points, x in pixels and y in heights."""
    way = rng.choice((-1, 1))
    turns = len(middles)
    angle = np.linspace(rng.uniform(-0.25, 0.1), turns - 1 + rng.uniform(0.85, 1.1), 20 * turns)
    places = np.arange(turns)
    x = np.interp(angle - 0.5, places, middles) + way * np.interp(angle - 0.5, places, radii) * np.sin(
        2 * np.pi * angle
    )
    height = np.interp(angle - 0.5, places, tall)
    return np.stack([x, 1 - height * (0.5 + 0.5 * np.cos(2 * np.pi * angle))], axis=1)


def _hooked(
    middles: NDArray[np.float64], radii: NDArray[np.float64], tall: NDArray[np.float64], rng: Generator
) -> NDArray[np.float64]:
    """Noughts closed at the top, from where the pen goes straight on to the next."""
    dip = rng.uniform(-0.02, 0.25)
    points = []
    for middle, radius, height in zip(middles, radii, tall, strict=True):
        loop = ((0.3, 0.03), (-0.6, 0.12), (-1, 0.5), (-0.55, 0.93), (0.2, 1), (0.95, 0.6), (0.65, 0.12), (0.1, 0.04))
        points += [(middle + radius * x, 1 - height * (1 - y)) for x, y in (*loop, (0.9, 0.04 + dip))]
    return _through(np.array(points[:-1]))


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
