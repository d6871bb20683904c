"""A scribe: one person's pen on a page, who writes whole numbers with their marks.

A text comes in; ink leaves, float32, height × width, paper 0.0 and ink 1.0, no paper around it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.random import Generator

from ml.training.fields.digits import DIGIT_HEIGHT, Writers
from ml.training.fields.pen import MARGIN, Pen
from ml.training.pages.sheet import Ink
from ml.training.synthesis.hands import Hand
from ml.training.synthesis.marks import crop_to_ink

RAISED = "·"
"""A point at half the digits' height. In a number's value it is a point."""


@dataclass(frozen=True, slots=True)
class Scribe:
    """One person's pen on a page.

    Attributes:
        pen: A pen on a sheet that stays empty; it holds the hand, the slant and the spacing.
        height: Height of a digit on the page, in pixels.
    """

    pen: Pen
    height: float

    @classmethod
    def random(cls, writers: Writers, height: float, rng: Generator) -> Scribe:
        """A scribe at random. Most of the digits are real writers'; some scribes draw theirs by strokes.

        Args:
            writers: The real digits.
            height: Of a digit on the page, in pixels.
            rng: Decides everything.
        """
        pen = Pen.random(1, writers, rng)
        pen.hand = Hand.random(rng, pen=rng.uniform(0.06, 0.14))
        pen.drawn = float(rng.choice((0.0, 0.3, 1.0), p=(0.65, 0.2, 0.15)))
        pen.slant = rng.uniform(-0.1, 0.3)
        pen.turn, pen.slope = rng.normal(0, 0.03), rng.normal(0, 0.015)
        pen.gap = rng.uniform(0.08, 0.28)
        pen.thick = max(2, round(pen.hand.pen * DIGIT_HEIGHT * 0.9))
        pen.comma, pen.spread = rng.uniform(0.15, 0.35), 0.0
        return cls(pen, height)

    def write(self, text: str, rng: Generator) -> Ink:
        """Write a number.

        Args:
            text: Digits, and the marks ".", ",", "·" (a raised point), "-" and "/".
            rng: Decides how this one comes out.
        """
        size = (self.pen.ink.shape[0], 2 * MARGIN + (len(text) + 4) * 2 * DIGIT_HEIGHT)
        pen = replace(self.pen, ink=np.zeros(size, np.uint8), printed=np.zeros(size, np.uint8), at=MARGIN)
        for sign in text:
            _write_sign(pen, sign, rng)
        body = crop_to_ink(pen.ink.astype(np.float32) / np.float32(255))
        return resized(body, self.height / DIGIT_HEIGHT)


def value_of(text: str) -> str:
    """The value of what a scribe writes: a raised point is a point."""
    return text.replace(RAISED, ".")


def resized(body: Ink, scale: float) -> Ink:
    """Ink in another size, as sharp as a pen leaves it."""
    if scale <= 1:
        size = (max(1, round(body.shape[1] * scale)), max(1, round(body.shape[0] * scale)))
        return cv2.resize(body, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    large = cv2.resize(body, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    sharp: Ink = np.clip((large - 0.5) * 1.5 * scale + 0.5, 0, 1).astype(np.float32)
    return sharp


def _write_sign(pen: Pen, sign: str, rng: Generator) -> None:
    if sign.isdigit():
        pen.write(sign, rng)
    elif sign == "/":
        pen.at += rng.uniform(0.1, 0.25) * DIGIT_HEIGHT
        pen.slash(rng)
        pen.at += rng.uniform(0.15, 0.35) * DIGIT_HEIGHT
    elif sign == "-":
        pen.dash(rng, 0.3, 0.75)
    elif sign == RAISED:
        _raise_point(pen, rng)
    else:
        pen.mark(sign, rng)


def _raise_point(pen: Pen, rng: Generator) -> None:
    """Write a point of about an eighth of the digits' height, half way up, with a gap on both sides."""
    pen.at += (pen.hand.pen / 2 + rng.uniform(0.08, 0.22)) * DIGIT_HEIGHT
    high = rng.uniform(0.35, 0.6)
    pen.stroke((0, high), (rng.uniform(0, 0.03), high), thick=rng.uniform(1.0, 1.7))
    pen.at += (pen.hand.pen / 2 + rng.uniform(0.1, 0.25)) * DIGIT_HEIGHT
