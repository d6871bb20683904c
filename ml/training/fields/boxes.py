"""Rows of boxes that a form prints for a date or a number, filled in with a digit in each box.

A pen (`ml.training.fields.pen`) with the boxes and the digits on its sheet leaves, and the digits as text.
"""

from __future__ import annotations

from dataclasses import dataclass

from numpy.random import Generator

from ml.training.fields.digits import DIGIT_HEIGHT, Writers
from ml.training.fields.pen import MARGIN, Pen
from ml.training.synthesis.signs import print_letter


@dataclass(frozen=True, slots=True)
class _Boxes:
    """How a form prints its boxes.

    Attributes:
        line: Width of the printed lines, in heights of a digit.
        wide: Width of a box, in pixels.
        high: Height of a box, in pixels.
        apart: Room between two boxes, in pixels.
        comb: Whether the boxes are open at the top, so that only the teeth of a comb are printed.
        lifted: Height of the digits' base line above the lower edge, in pixels.
        letters: Where a letter tells what belongs in the box: "below", "within", or empty for no letter.
    """

    line: float
    wide: float
    high: float
    apart: float
    comb: bool
    lifted: float
    letters: str

    @classmethod
    def random(cls, rng: Generator) -> _Boxes:
        """Closed boxes side by side or apart, or a comb, at random."""
        return cls(
            line=rng.uniform(0.02, 0.07),
            wide=rng.uniform(0.85, 1.6) * DIGIT_HEIGHT,
            high=rng.uniform(1.1, 1.9) * DIGIT_HEIGHT,
            apart=float(rng.choice((0.0, rng.uniform(0.05, 0.4) * DIGIT_HEIGHT), p=(0.7, 0.3))),
            comb=rng.random() < 0.2,
            lifted=rng.uniform(0.05, 0.4) * DIGIT_HEIGHT,
            letters=str(rng.choice(("", "below", "within"), p=(0.7, 0.2, 0.1))),
        )

    def print_box(self, pen: Pen, rng: Generator) -> None:
        """Print a box with its left edge where the pen is."""
        low, tall = -self.lifted / DIGIT_HEIGHT, (self.high - self.lifted) / DIGIT_HEIGHT
        across = self.wide / DIGIT_HEIGHT
        if self.comb:
            top = low + rng.uniform(0.2, 0.5) * (tall - low)
            pen.print_line((0, top), (0, low), (across, low), (across, top), thick=self.line)
        else:
            pen.print_line((0, low), (across, low), (across, tall), (0, tall), (0, low), thick=self.line)
        if self.letters:
            letter = print_letter(int(rng.uniform(0.2, 0.4) * DIGIT_HEIGHT), rng)
            pen.at += (self.wide - letter.shape[1]) / 2
            foot = letter.shape[0] + 0.1 * DIGIT_HEIGHT if self.letters == "below" else -0.05 * DIGIT_HEIGHT
            pen.stamp(letter, pen.foot + self.lifted + foot, printed=True)


def fill_boxes(writers: Writers, rng: Generator) -> tuple[Pen, str]:
    """Fill in a row of boxes; returns the pen that filled them, and the digits."""
    digits = _random_digits(rng)
    pen = Pen.random(len(digits), writers, rng)
    pen.slope = 0.0
    boxes = _Boxes.random(rng)
    untidy = rng.uniform(0.02, 0.16)
    for place, digit in enumerate(digits):
        left = MARGIN + place * (boxes.wide + boxes.apart)
        pen.at = left
        boxes.print_box(pen, rng)
        usual = 0.6 * DIGIT_HEIGHT  # width of a digit
        pen.at = left + (boxes.wide - usual) / 2 + rng.normal(0, untidy) * DIGIT_HEIGHT
        pen.write(digit, rng, raised=rng.normal(0.03, untidy / 2))
    return pen, digits


def _random_digits(rng: Generator) -> str:
    """Digits of a number, or of a day, a month and a year."""
    count = int(rng.choice((4, 5, 6, 8, 9, 10), p=(0.08, 0.12, 0.15, 0.5, 0.05, 0.1)))
    digits = "".join(map(str, rng.integers(0, 10, count)))
    if count == 8 and rng.random() < 0.7:
        day, month, year = rng.integers(1, 32), rng.integers(1, 13), rng.integers(1990, 2040)
        digits = f"{day:02d}{month:02d}{year}"
    return digits
