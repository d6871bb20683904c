"""A pen that writes a field: digits one after the other, with the marks, strokes and letters between them.

It writes on a sheet of ink, uint8, paper 0 and ink 255. The pen's place is in pixels, strokes in heights of a digit.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.reading.forms.signs import LETTERS, STAR
from ml.training.fields.digits import DIGIT_HEIGHT, Ink, Writers, slant, write_digit
from ml.training.synthesis.hands import Hand
from ml.training.synthesis.signs import draw_letters

MARGIN = 2 * DIGIT_HEIGHT
"""Paper around the writing, in pixels, from which the strip is cut."""


@dataclass(slots=True)
class Pen:
    """A pen on a sheet: its place, its sheet, and how it writes. Writing moves it on along the line.

    Methods that write a sign return its text, in the signs of `ml.reading.forms.signs`.

    Attributes:
        ink: uint8, height × width, paper 0 and ink 255: what the pen wrote.
        printed: uint8, height × width, as `ink`: what the form prints.
        writers: The real digits to choose from where the hand's strokes do not draw.
        hand: The hand: its shapes and the width of its line.
        drawn: Share of the digits that the hand's strokes draw, 0 to 1.
        slant: Slant of the digits to the right, in widths a height.
        turn: Turn of the digits, in radians.
        gap: Room between digits, in heights of a digit; below 0 they touch.
        slope: Slope of the base line, downwards, in heights a width.
        thick: Width of the line, in pixels.
        comma: Length of commas, in heights of a digit.
        spread: Extra room on both sides of a mark, in heights of a digit.
        at: Column where the pen goes on, in pixels.
        base: Row where the base line begins, in pixels.
        digit: Height of the tallest digits, in pixels.
        tip: Upper end of the last slash, x and y in pixels.
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
    def random(cls, signs: int, writers: Writers, rng: Generator) -> Pen:
        """A pen at random, at the beginning of an empty sheet with room for `signs` signs."""
        hand = Hand.random(rng, pen=rng.uniform(0.045, 0.15))
        ink = np.zeros((2 * MARGIN + 2 * DIGIT_HEIGHT, 2 * MARGIN + (signs + 4) * 2 * DIGIT_HEIGHT), np.uint8)
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
            thick=max(1, round(hand.pen * DIGIT_HEIGHT * 0.9)),
            comma=float(rng.choice((rng.uniform(0.1, 0.33), rng.uniform(0.3, 0.75)), p=(0.45, 0.55))),
            spread=float(rng.choice((0.0, rng.uniform(0.1, 0.6)), p=(0.7, 0.3))),
            at=MARGIN,
            base=MARGIN + DIGIT_HEIGHT,
            digit=DIGIT_HEIGHT * rng.uniform(0.85, 1.0),
        )

    @property
    def foot(self) -> float:
        """Row of the base line below the pen, in pixels."""
        return self.base + self.slope * self.at

    def write(self, digits: str, rng: Generator, raised: float = 0.0, size: float = 1.0) -> str:
        """Write digits, `raised` above the base line in heights of a digit, in `size` times the usual height."""
        for digit in digits:
            self._write_digit(digit, rng, raised, size)
        return digits

    def _write_digit(self, digit: str, rng: Generator, raised: float, size: float) -> None:
        height = max(6, int(self.digit * size * rng.uniform(0.86, 1)))
        body = write_digit(int(digit), height, self.hand, self.drawn, self.writers, rng)
        tall = body.shape[0]
        body = slant(body, self.slant + rng.normal(0, 0.05), self.turn)
        bottom = self.foot + rng.normal(0, 0.04) * DIGIT_HEIGHT - raised * DIGIT_HEIGHT
        self.stamp(body, bottom)
        step = body.shape[1] - 0.45 * abs(self.slant) * tall + (self.gap + rng.normal(0, 0.06)) * DIGIT_HEIGHT * size
        self.at += max(0.4 * body.shape[1], step)

    def mark(self, sign: str, rng: Generator) -> str:
        """Write a point, a comma, or an apostrophe, which counts as a comma; and leave room around it."""
        # A point must stay visible: if a slanted digit's foot covered it, no reader could know of it.
        foot = 0.45 * max(0.0, -self.slant) if sign == "." else 0.0
        self.at += (
            foot + rng.uniform(-0.1 if sign == "," else 0.0, 0.22) + self.spread * rng.uniform(0.1, 0.6)
        ) * DIGIT_HEIGHT
        low = rng.uniform(-0.08, 0.12)
        if sign == ".":
            wide = rng.uniform(0.0, 0.05)
            self.stroke((0, low), (wide, low + rng.normal(0, 0.02)), thick=rng.uniform(1.0, 1.9))
        elif sign == ",":
            self._comma(rng)
        else:
            high = rng.uniform(0.8, 1.05)
            self.stroke((0, high), (-rng.uniform(0, 0.08), high - rng.uniform(0.12, 0.3)))
        self.at += (self.hand.pen + rng.uniform(0.06, 0.25) + self.spread * rng.uniform(0.3, 1.0)) * DIGIT_HEIGHT
        return "." if sign == "." else ","

    def _comma(self, rng: Generator) -> None:
        """Write a stroke down from the base line, a long one from above it; often with a bow."""
        length = self.comma * rng.uniform(0.8, 1.2)
        top = rng.uniform(-0.08, 0.12) + rng.uniform(0, 0.45) * max(0.0, length - 0.25)
        lean = rng.uniform(-0.05, 0.75) * length
        self.at += max(0.0, lean) * DIGIT_HEIGHT * rng.uniform(0.3, 1.0)
        bow = rng.normal(0.06, 0.06) * length
        self.stroke((0, top), (bow - lean / 2, top - length / 2), (-lean, top - length))

    def slash(self, rng: Generator, *, upright: bool = False) -> str:
        """Write a slanting stroke, often longer than digits are high; some are almost upright."""
        lean = rng.uniform(-0.05, 0.2) if upright else rng.uniform(0.1, 0.65)
        low, high = rng.uniform(-0.35, 0.1), rng.uniform(0.9, 1.4)
        if rng.random() < 0.2:
            low, high, lean = low - rng.uniform(0, 0.5), high + rng.uniform(0, 0.6), lean * rng.uniform(1.0, 1.6)
        self.at += rng.uniform(-0.05, 0.2) * DIGIT_HEIGHT
        bow = rng.normal(0, 0.03)
        self.stroke((0, low), (lean / 2 + bow, (low + high) / 2), (lean, high))
        self.tip = (self.at + lean * DIGIT_HEIGHT, self.foot - high * DIGIT_HEIGHT)
        self.at += (0.75 * lean + rng.uniform(-0.05, 0.25)) * DIGIT_HEIGHT
        return "/"

    def dash(self, rng: Generator, shortest: float, longest: float) -> str:
        """Write a level stroke, its length between two bounds in heights of a digit."""
        length, height = rng.uniform(shortest, longest), rng.uniform(0.3, 0.65)
        self.at += rng.uniform(0.05, 0.25) * DIGIT_HEIGHT
        self.stroke((0, height), (length / 2, height + rng.normal(0, 0.03)), (length, height + rng.normal(0, 0.06)))
        self.at += (length + rng.uniform(0.05, 0.25)) * DIGIT_HEIGHT
        return "-"

    def bowed_dash(self, rng: Generator) -> str:
        """Write a dash that begins low, rises in a bow, and goes on level or a little upwards."""
        length, height, rise = rng.uniform(0.3, 1.4), rng.uniform(0.45, 0.95), rng.uniform(0.1, 0.5)
        self.at += rng.uniform(0.0, 0.2) * DIGIT_HEIGHT
        bow = rng.uniform(0.1, 0.45) * length
        end = (length, height + rng.normal(0.04, 0.07))
        self.stroke((0, height - rise), (0.35 * bow, height - 0.35 * rise), (bow, height), end)
        self.at += (length + rng.uniform(0.05, 0.25)) * DIGIT_HEIGHT
        return "-"

    def dash_from(self, start: tuple[float, float], rng: Generator) -> str:
        """Write a dash that begins at a point, x and y in pixels, often with a hook up or down."""
        length, rise = rng.uniform(0.2, 1.3), rng.normal(0, 0.12)
        self.at = start[0]
        high = (self.foot - start[1]) / DIGIT_HEIGHT
        hook = rng.uniform(-0.3, 0.25)
        middle = (rng.uniform(0.02, 0.25), high - hook)
        self.stroke((0, high), middle, (middle[0] + length, high - hook + rise))
        self.at += (middle[0] + length + rng.uniform(0.05, 0.25)) * DIGIT_HEIGHT
        return "-"

    def stars(self, rng: Generator) -> str:
        """Write one to three stars, each of three strokes."""
        count = int(rng.integers(1, 4))
        for _ in range(count):
            radius, middle = rng.uniform(0.12, 0.25), rng.uniform(0.35, 0.7)
            for angle in np.linspace(0, np.pi, 3, endpoint=False) + rng.uniform(0, 1):
                x, y = radius * np.cos(angle), radius * np.sin(angle)
                self.stroke((radius - x, middle - y), (radius + x, middle + y), thick=0.7)
            self.at += (2 * radius + rng.uniform(0.05, 0.2)) * DIGIT_HEIGHT
        return STAR * count

    def word(self, rng: Generator) -> str:
        """Write letters, which count as one sign."""
        self.at += rng.uniform(0.1, 0.4) * DIGIT_HEIGHT
        body = draw_letters(int(DIGIT_HEIGHT * rng.uniform(0.6, 1.0)), self.thick, rng)[:, : 6 * DIGIT_HEIGHT]
        self.stamp(body, self.foot + rng.uniform(0, 0.15) * DIGIT_HEIGHT)
        self.at += body.shape[1] + rng.uniform(0.15, 0.5) * DIGIT_HEIGHT
        return LETTERS

    def stroke(self, *points: tuple[float, float], thick: float = 1.0) -> None:
        """Draw a line through points: x and y from the pen's place on the base line, in heights of a digit, y up."""
        pixels = [
            (round(16 * (self.at + x * DIGIT_HEIGHT)), round(16 * (self.foot - y * DIGIT_HEIGHT))) for x, y in points
        ]
        wide = max(1, round(self.thick * thick))
        cv2.polylines(self.ink, [np.array(pixels, np.int32)], False, 255, wide, cv2.LINE_AA, shift=4)

    def print_line(self, *points: tuple[float, float], thick: float) -> None:
        """Print straight lines of the form through points as in `stroke`, their width in heights of a digit."""
        pixels = [(round(self.at + x * DIGIT_HEIGHT), round(self.foot - y * DIGIT_HEIGHT)) for x, y in points]
        wide = max(1, round(thick * DIGIT_HEIGHT))
        cv2.polylines(self.printed, [np.array(pixels, np.int32)], False, 255, wide, cv2.LINE_AA)

    def stamp(self, body: Ink, bottom: float, *, printed: bool = False) -> None:
        """Put a drawing on the sheet, its lower left corner at the pen's column and the row `bottom`.

        Args:
            body: float32, height × width, paper 0.0 and ink 1.0.
            bottom: Row of the body's lower edge, in pixels.
            printed: Whether the form prints it; else the pen writes it.
        """
        top, left = int(bottom) - body.shape[0], int(self.at)
        layer = self.printed if printed else self.ink
        area = layer[max(0, top) : top + body.shape[0], left : left + body.shape[1]]
        visible = (body[max(0, -top) : max(0, -top) + area.shape[0], : area.shape[1]] * 255).astype(np.uint8)
        np.maximum(area, visible, out=area)
