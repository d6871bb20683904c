"""Score cards and other forms filled in by hand: tables in which some rows, or columns, are printed numbers.

What is printed is the form's own, and no answer: it must not pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from ml.training.fields.digits import Writers
from ml.training.pages.numbers import digits, finished
from ml.training.pages.page import DrawnPage
from ml.training.pages.scan import Scan
from ml.training.pages.scribe import Scribe
from ml.training.pages.sheet import Ink, Sheet
from ml.training.synthesis.signs import print_word
from ml.training.synthesis.typefaces import printed, split_faces, typefaces

_WORDS = ("Hole", "Par", "Index", "Yards", "Out", "In", "Max", "Name", "Total", "Round", "Team", "Item")

_GIVEN, _GIVEN_SHARES = ("running", "small", "large", "any", "decimals", "words"), (0.3, 0.2, 0.2, 0.1, 0.1, 0.1)
"""What a printed row has, and how often."""

_SHADES = (0.0, 0.12, 0.25, 0.4)
"""Of the bands behind printed rows, as a share of the print's full colour."""

_BLANK = 0.15
"""Share of the cards that nobody has filled in."""


@dataclass(frozen=True, slots=True)
class _Card:
    """A card while it is drawn, its lines across; a card whose columns have the roles is drawn likewise.

    Attributes:
        sheet: It.
        cell: A cell's width and height in pixels.
        edge: Around the table, in pixels.
        is_upright: Whether its lines are columns.
        face: The typeface's file.
        size: Height of a printed digit, in pixels.
    """

    sheet: Sheet
    cell: tuple[float, float]
    edge: float
    is_upright: bool
    face: str
    size: float

    def corner(self, line: int, place: int) -> tuple[float, float]:
        """Left and top of a cell, of which the first is at the start of the line."""
        column, row = (line, place) if self.is_upright else (place, line)
        return self.edge + column * self.cell[0], self.edge + row * self.cell[1]

    def shade(self, line: int, places: int, dark: float) -> None:
        """Print a band behind a line."""
        (left, top), (right, bottom) = self.corner(line, 0), self.corner(line + 1, places - 1)
        right, bottom = (right, bottom + self.cell[1]) if self.is_upright else (right + self.cell[0], bottom)
        area = self.sheet.printed[round(top) : round(bottom), round(left) : round(right)]
        np.maximum(area, dark, out=area)

    def put(self, line: int, place: int, body: Ink, rng: Generator, value: str | None = None) -> None:
        """Put ink into a cell, clear of its walls, with the pen where it has a value; what is too large stays out."""
        room, spare = self.cell[0] - body.shape[1] - 8, self.cell[1] - body.shape[0] - 6
        if room < 0 or spare < 0:
            return
        left, top = self.corner(line, place)
        at = left + 4 + room * rng.uniform(0.4, 0.6), top + 3 + spare * rng.uniform(0.35, 0.65)
        if value is None:
            self.sheet.print_on(body, *at)
        else:
            self.sheet.write(body, *at, value)


def score_card(writers: Writers, rng: Generator) -> DrawnPage:
    """A table with printed rows and rows to fill in, or columns; bands, heads and typefaces as forms have them."""
    digit = rng.uniform(14, 36)
    lines, places = int(rng.integers(3, 10)), int(rng.integers(3, 13))
    upright = bool(rng.random() < 0.4)
    cell = digit * rng.uniform(2.4, 4.2), digit * rng.uniform(1.5, 2.2)
    edge = digit * rng.uniform(0.6, 2.0)
    columns, rows = (lines, places) if upright else (places, lines)
    sheet = Sheet(round(2 * edge + rows * cell[1]), round(2 * edge + columns * cell[0]))
    _, faces = split_faces(typefaces())
    card = _Card(sheet, cell, edge, upright, faces[int(rng.integers(len(faces)))], digit * rng.uniform(0.5, 1.0))
    scribe = Scribe.random(writers, digit, rng)
    filled, labelled = float(rng.choice((1.0, 0.85, 0.5))), bool(rng.random() < 0.6)
    long = int(rng.integers(1, 4))
    for line, given in enumerate(_roles(lines, rng)):
        texts = _given(given, places, rng) if given else _answers(long, places, filled, rng)
        if given:
            card.shade(line, places, float(rng.choice(_SHADES)))
        if labelled and given != "words":
            texts = [str(rng.choice(_WORDS)) if given else "", *texts[1:]]
        for place, text in enumerate(texts):
            if text and given:
                card.put(line, place, _print(text, card, rng), rng)
            elif text:
                card.put(line, place, scribe.write(text, rng), rng, text)
    _print_rules(card, columns, rows, rng)
    return finished("score cards", sheet, Scan.random(rng), rng)


def _roles(lines: int, rng: Generator) -> list[str]:
    """What each line has that is printed; empty for those that a person fills in.

    The first is printed; on some cards all are, which nobody has filled in.
    """
    share = 1.0 if rng.random() < _BLANK else 0.35
    given = [str(kind) for kind in rng.choice(_GIVEN, lines, p=_GIVEN_SHARES)]
    return [kind if line == 0 or rng.random() < share else "" for line, kind in enumerate(given)]


def _given(kind: str, places: int, rng: Generator) -> list[str]:
    """The texts of a printed line."""
    if kind == "running":
        first = int(rng.choice((1, 1, 10, int(rng.integers(1, 200)))))
        return [str(first + place) for place in range(places)]
    if kind == "words":
        return [str(rng.choice(_WORDS)) for _ in range(places)]
    if kind == "decimals":
        return [f"{rng.integers(0, 100)}.{digits(1, rng)}" for _ in range(places)]
    low, high = {"small": (1, 10), "large": (80, 620), "any": (1, 10_000)}[kind]
    return [str(number) for number in rng.integers(low, high, places)]


def _answers(long: int, places: int, filled: float, rng: Generator) -> Sequence[str]:
    """What a person writes into a line: numbers of at most `long` digits, `filled` of its cells."""
    return [digits(int(rng.integers(1, long + 1)), rng) if rng.random() < filled else "" for _ in range(places)]


def _print(text: str, card: _Card, rng: Generator) -> Ink:
    if not text[0].isdigit():
        return print_word(text, max(7, round(0.8 * card.size)), rng)
    return printed(text, card.size, card.face, rng)


def _print_rules(card: _Card, columns: int, rows: int, rng: Generator) -> None:
    """Print the rules: around every cell, or between rows alone."""
    thick, dark = int(rng.integers(1, 4)), rng.uniform(0.5, 1.0)
    wide, high = card.cell
    right, bottom = card.edge + columns * wide, card.edge + rows * high
    for row in range(rows + 1):
        top = card.edge + row * high
        card.sheet.rule((card.edge, top), (right, top), thick=thick, dark=dark)
    if rng.random() < 0.85:
        for column in range(columns + 1):
            left = card.edge + column * wide
            card.sheet.rule((left, card.edge), (left, bottom), thick=thick, dark=dark)
