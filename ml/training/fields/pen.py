"""A pen in somebody's hand: digits put down one after the other, with the marks, strokes and letters between them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.reading.forms.signs import LETTERS, STAR
from ml.training.fields.amounts import LINE, Writers, one_digit, slanted
from ml.training.synthesis.hands import Hand
from ml.training.synthesis.signs import letters

Ink = NDArray[np.float32]

ROOM = 2 * LINE
"""Of paper around the writing, from which the strip is cut."""


@dataclass(slots=True)
class Pen:
    """A hand at work: where it is, on what, and how it writes. What it writes moves it on along the line.

    What each of its ways to write returns is what then stands there, as `ml.reading.forms.signs` names it.

    Attributes:
        ink: uint8, height × width, paper 0 and ink 255: what the hand wrote.
        printed: As `ink`: what the form prints.
        writers: Whose digits it writes where it does not draw its own.
        hand: Its shapes, and the width of its line.
        drawn: How many of the digits come from strokes, 0 to 1.
        slant: Of its digits to the right, in widths a height.
        turn: Of its digits, in radians.
        gap: Between digits, in digits' heights; below 0 they touch.
        slope: Of its base line, downwards.
        thick: Of its line, in pixels.
        comma: Length of its commas, in digits' heights.
        spread: Room that it leaves on both sides of its marks beyond what others leave, in digits' heights.
        at: Where it goes on, in pixels from the left.
        base: Where its base line begins, in pixels from the top.
        digit: Height of its tallest digits, in pixels.
        tip: Upper end of its last slash, x and y in pixels.
    """

    ink: NDArray[np.uint8]
    printed: NDArray[np.uint8]
    writers: Writers
    hand: Hand
    drawn: float
    slant: float
    turn: float
    gap: float
    slope: float
    thick: int
    comma: float
    spread: float
    at: float
    base: float
    digit: float
    tip: tuple[float, float] = (0.0, 0.0)

    @classmethod
    def some(cls, signs: int, writers: Writers, rng: Generator) -> Pen:
        """A hand at random, at the beginning of a sheet with room for so many signs."""
        hand = Hand.some(rng, pen=rng.uniform(0.045, 0.15))
        ink = np.zeros((2 * ROOM + 2 * LINE, 2 * ROOM + (signs + 4) * 2 * LINE), np.uint8)
        return cls(
            ink=ink,
            printed=np.zeros_like(ink),
            writers=writers,
            hand=hand,
            drawn=float(rng.choice((0.0, 0.3, 0.6, 1.0), p=(0.3, 0.25, 0.25, 0.2))),
            slant=rng.uniform(-0.15, 0.5),
            turn=rng.normal(0, 0.06),
            gap=float(rng.choice((rng.normal(0.1, 0.1), rng.uniform(0.2, 0.55)), p=(0.75, 0.25))),
            slope=rng.normal(0, 0.025),
            thick=max(1, round(hand.pen * LINE * 0.9)),
            comma=float(rng.choice((rng.uniform(0.1, 0.33), rng.uniform(0.3, 0.75)), p=(0.45, 0.55))),
            spread=float(rng.choice((0.0, rng.uniform(0.1, 0.6)), p=(0.7, 0.3))),
            at=ROOM,
            base=ROOM + LINE,
            digit=LINE * rng.uniform(0.85, 1.0),
        )

    @property
    def foot(self) -> float:
        """The base line below the pen, in pixels from the top."""
        return self.base + self.slope * self.at

    def write(self, digits: str, rng: Generator, raised: float = 0.0, size: float = 1.0) -> str:
        """Digits; `raised` in digits' heights above the base line, `size` beside the usual 1.0."""
        for digit in digits:
            self._write_digit(digit, rng, raised, size)
        return digits

    def _write_digit(self, digit: str, rng: Generator, raised: float, size: float) -> None:
        height = max(6, int(self.digit * size * rng.uniform(0.86, 1)))
        body = one_digit(int(digit), height, self.hand, self.drawn, self.writers, rng)
        tall = body.shape[0]
        body = slanted(body, self.slant + rng.normal(0, 0.05), self.turn)
        bottom = self.foot + rng.normal(0, 0.04) * LINE - raised * LINE
        self.stamp(body, bottom)
        step = body.shape[1] - 0.45 * abs(self.slant) * tall + (self.gap + rng.normal(0, 0.06)) * LINE * size
        self.at += max(0.4 * body.shape[1], step)

    def mark(self, sign: str, rng: Generator) -> str:
        """A point, a comma, or an apostrophe, which counts as a comma; and the room around it."""
        # Who makes a mark leaves it to be seen: what a digit's foot covers, nobody could read.
        foot = 0.45 * max(0.0, -self.slant) if sign == "." else 0.0
        self.at += (foot + rng.uniform(-0.1 if sign == "," else 0.0, 0.22) + self.spread * rng.uniform(0.1, 0.6)) * LINE
        low = rng.uniform(-0.08, 0.12)
        if sign == ".":
            wide = rng.uniform(0.0, 0.05)
            self.stroke((0, low), (wide, low + rng.normal(0, 0.02)), thick=rng.uniform(1.0, 1.9))
        elif sign == ",":
            self._comma(rng)
        else:
            high = rng.uniform(0.8, 1.05)
            self.stroke((0, high), (-rng.uniform(0, 0.08), high - rng.uniform(0.12, 0.3)))
        self.at += (self.hand.pen + rng.uniform(0.06, 0.25) + self.spread * rng.uniform(0.3, 1.0)) * LINE
        return "." if sign == "." else ","

    def _comma(self, rng: Generator) -> None:
        """A stroke down from the base line, or from above it where the hand makes long ones; often with a bow."""
        length = self.comma * rng.uniform(0.8, 1.2)
        top = rng.uniform(-0.08, 0.12) + rng.uniform(0, 0.45) * max(0.0, length - 0.25)
        lean = rng.uniform(-0.05, 0.75) * length
        self.at += max(0.0, lean) * LINE * rng.uniform(0.3, 1.0)
        bow = rng.normal(0.06, 0.06) * length
        self.stroke((0, top), (bow - lean / 2, top - length / 2), (-lean, top - length))

    def slash(self, rng: Generator, *, upright: bool = False) -> str:
        """A slanting stroke, often longer than digits are high; some are all but upright."""
        lean = rng.uniform(-0.05, 0.2) if upright else rng.uniform(0.1, 0.65)
        low, high = rng.uniform(-0.35, 0.1), rng.uniform(0.9, 1.4)
        if rng.random() < 0.2:
            low, high, lean = low - rng.uniform(0, 0.5), high + rng.uniform(0, 0.6), lean * rng.uniform(1.0, 1.6)
        self.at += rng.uniform(-0.05, 0.2) * LINE
        bow = rng.normal(0, 0.03)
        self.stroke((0, low), (lean / 2 + bow, (low + high) / 2), (lean, high))
        self.tip = (self.at + lean * LINE, self.foot - high * LINE)
        self.at += (0.75 * lean + rng.uniform(-0.05, 0.25)) * LINE
        return "/"

    def dash(self, rng: Generator, shortest: float, longest: float) -> str:
        """A level stroke, its length in digits' heights."""
        length, height = rng.uniform(shortest, longest), rng.uniform(0.3, 0.65)
        self.at += rng.uniform(0.05, 0.25) * LINE
        self.stroke((0, height), (length / 2, height + rng.normal(0, 0.03)), (length, height + rng.normal(0, 0.06)))
        self.at += (length + rng.uniform(0.05, 0.25)) * LINE
        return "-"

    def bowed_dash(self, rng: Generator) -> str:
        """A dash that sets on low, rises in a bow, and goes on level or a little upwards."""
        length, height, rise = rng.uniform(0.3, 1.4), rng.uniform(0.45, 0.95), rng.uniform(0.1, 0.5)
        self.at += rng.uniform(0.0, 0.2) * LINE
        bow = rng.uniform(0.1, 0.45) * length
        end = (length, height + rng.normal(0.04, 0.07))
        self.stroke((0, height - rise), (0.35 * bow, height - 0.35 * rise), (bow, height), end)
        self.at += (length + rng.uniform(0.05, 0.25)) * LINE
        return "-"

    def dash_from(self, start: tuple[float, float], rng: Generator) -> str:
        """A dash that begins at a point, in pixels, often in a hook up or down to it."""
        length, rise = rng.uniform(0.2, 1.3), rng.normal(0, 0.12)
        self.at = start[0]
        high = (self.foot - start[1]) / LINE
        hook = rng.uniform(-0.3, 0.25)
        middle = (rng.uniform(0.02, 0.25), high - hook)
        self.stroke((0, high), middle, (middle[0] + length, high - hook + rise))
        self.at += (middle[0] + length + rng.uniform(0.05, 0.25)) * LINE
        return "-"

    def stars(self, rng: Generator) -> str:
        """One star, two or three, each of three strokes."""
        count = int(rng.integers(1, 4))
        for _ in range(count):
            radius, middle = rng.uniform(0.12, 0.25), rng.uniform(0.35, 0.7)
            for angle in np.linspace(0, np.pi, 3, endpoint=False) + rng.uniform(0, 1):
                x, y = radius * np.cos(angle), radius * np.sin(angle)
                self.stroke((radius - x, middle - y), (radius + x, middle + y), thick=0.7)
            self.at += (2 * radius + rng.uniform(0.05, 0.2)) * LINE
        return STAR * count

    def word(self, rng: Generator) -> str:
        """Some letters."""
        self.at += rng.uniform(0.1, 0.4) * LINE
        body = letters(int(LINE * rng.uniform(0.6, 1.0)), self.thick, rng)[:, : 6 * LINE]
        self.stamp(body, self.foot + rng.uniform(0, 0.15) * LINE)
        self.at += body.shape[1] + rng.uniform(0.15, 0.5) * LINE
        return LETTERS

    def stroke(self, *points: tuple[float, float], thick: float = 1.0) -> None:
        """A line through points, x and y in digits' heights from the pen's place on the base line, y upwards."""
        own = [(round(16 * (self.at + x * LINE)), round(16 * (self.foot - y * LINE))) for x, y in points]
        wide = max(1, round(self.thick * thick))
        cv2.polylines(self.ink, [np.array(own, np.int32)], False, 255, wide, cv2.LINE_AA, shift=4)

    def print_line(self, *points: tuple[float, float], thick: float) -> None:
        """A straight line of the form; points as in `stroke`, its width in digits' heights."""
        own = [(round(self.at + x * LINE), round(self.foot - y * LINE)) for x, y in points]
        cv2.polylines(self.printed, [np.array(own, np.int32)], False, 255, max(1, round(thick * LINE)), cv2.LINE_AA)

    def stamp(self, body: Ink, bottom: float, *, printed: bool = False) -> None:
        """Something drawn already, its lower left corner at the pen's place and so many pixels from the top.

        Args:
            body: float32, height × width, paper 0.0 and ink 1.0.
            bottom: Of the body.
            printed: By the form, not the hand.
        """
        top, left = int(bottom) - body.shape[0], int(self.at)
        layer = self.printed if printed else self.ink
        area = layer[max(0, top) : top + body.shape[0], left : left + body.shape[1]]
        own = (body[max(0, -top) : max(0, -top) + area.shape[0], : area.shape[1]] * 255).astype(np.uint8)
        np.maximum(area, own, out=area)
