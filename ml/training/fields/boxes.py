"""Rows of boxes that a form prints for a date or a number, as people fill them in: a digit in each."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.random import Generator

from ml.training.fields.amounts import LINE, Writers
from ml.training.fields.pen import ROOM, Pen
from ml.training.synthesis.signs import printed_letter


@dataclass(frozen=True, slots=True)
class _Boxes:
    """How a form prints its boxes; in pixels, where nothing else is said.

    Attributes:
        line: Width of the printed lines, in digits' heights.
        wide: Width of a box.
        high: Height of a box.
        apart: Between two boxes.
        comb: Open at the top: only the teeth are printed.
        lifted: Of the base line of the digits above the lower edge.
        lettered: A letter below each box, or in it, says what belongs there.
    """

    line: float
    wide: float
    high: float
    apart: float
    comb: bool
    lifted: float
    lettered: str

    @classmethod
    def some(cls, rng: Generator) -> _Boxes:
        """Closed boxes side by side or apart, or a comb."""
        return cls(
            line=rng.uniform(0.02, 0.07),
            wide=rng.uniform(0.85, 1.6) * LINE,
            high=rng.uniform(1.1, 1.9) * LINE,
            apart=float(rng.choice((0.0, rng.uniform(0.05, 0.4) * LINE), p=(0.7, 0.3))),
            comb=rng.random() < 0.2,
            lifted=rng.uniform(0.05, 0.4) * LINE,
            lettered=str(rng.choice(("", "below", "within"), p=(0.7, 0.2, 0.1))),
        )

    def print_one(self, pen: Pen, rng: Generator) -> None:
        """A box whose left edge is at the pen's place."""
        low, tall, across = -self.lifted / LINE, (self.high - self.lifted) / LINE, self.wide / LINE
        if self.comb:
            top = low + rng.uniform(0.2, 0.5) * (tall - low)
            pen.print_line((0, top), (0, low), (across, low), (across, top), thick=self.line)
        else:
            pen.print_line((0, low), (across, low), (across, tall), (0, tall), (0, low), thick=self.line)
        if self.lettered:
            letter = printed_letter(int(rng.uniform(0.2, 0.4) * LINE), rng)
            pen.at += (self.wide - letter.shape[1]) / 2
            foot = letter.shape[0] + 0.1 * LINE if self.lettered == "below" else -0.05 * LINE
            pen.stamp(letter, pen.foot + self.lifted + foot, printed=True)


def fill_boxes(writers: Writers, rng: Generator) -> tuple[Pen, str]:
    """A row of boxes with a digit in each; the pen that filled them, and the digits."""
    digits = _some_digits(rng)
    pen = Pen.some(len(digits), writers, rng)
    pen.slope = 0.0
    boxes = _Boxes.some(rng)
    untidy = rng.uniform(0.02, 0.16)
    for place, digit in enumerate(digits):
        left = ROOM + place * (boxes.wide + boxes.apart)
        pen.at = left
        boxes.print_one(pen, rng)
        usual = 0.6 * LINE  # width of a digit
        pen.at = left + (boxes.wide - usual) / 2 + rng.normal(0, untidy) * LINE
        pen.write(digit, rng, raised=rng.normal(0.03, untidy / 2))
    return pen, digits


def _some_digits(rng: Generator) -> str:
    """A number, or day, month and year."""
    count = int(rng.choice((4, 5, 6, 8, 9, 10), p=(0.08, 0.12, 0.15, 0.5, 0.05, 0.1)))
    digits = "".join(map(str, rng.integers(0, 10, count)))
    if count == 8 and rng.random() < 0.7:
        day, month, year = rng.integers(1, 32), rng.integers(1, 13), rng.integers(1990, 2040)
        digits = f"{day:02d}{month:02d}{year}"
    return digits
