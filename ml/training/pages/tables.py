"""Tables and rows of boxes filled in by hand: cells with a number each, and boxes with a digit each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
from numpy.random import Generator

from ml.training.fields.digits import Writers
from ml.training.pages.numbers import digits, finished
from ml.training.pages.page import DrawnPage
from ml.training.pages.scan import Scan
from ml.training.pages.scribe import Scribe
from ml.training.pages.sheet import Ink, Sheet
from ml.training.pages.strangers import by_hand
from ml.training.synthesis.signs import draw_strokes, print_word

_GRADES = ("A", "A+", "A-", "B", "B+", "B-", "C", "C+", "D", "F", "P", "E", "O", "S", "Pass", "Good", "Absent")
_HEADS = ("Name", "Score", "Total", "Part", "Sum", "Age", "Math", "Art")

_KINDS, _KIND_SHARES = ("digits", "decimals", "running", "grades"), (0.55, 0.25, 0.08, 0.12)
"""What a column has, and how often."""

_RULES = ("full", "grey", "horizontal", "none")
"""Rules around every cell; the same, grey and two pixels wide; between rows alone; columns by alignment alone."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's cells.

    Attributes:
        lefts: The columns' left edges and the last one's right edge, in pixels.
        tops: The rows' top edges and the last one's bottom edge, in pixels.
        rules: One of "full", "grey", "horizontal" and "none".
    """

    lefts: tuple[float, ...]
    tops: tuple[float, ...]
    rules: str

    @classmethod
    def random(cls, digit: float, rng: Generator) -> Grid:
        """One to 14 rows and one to 8 columns, more than one cell; `digit` is a digit's height in pixels."""
        rows, columns = int(rng.integers(1, 15)), int(rng.integers(1, 9))
        if rows * columns == 1:
            columns = 2
        edge = digit * rng.uniform(0.6, 2.5)
        wides = digit * rng.uniform(3.6, 4.6) * rng.uniform(0.95, 1.3, columns)
        high = digit * rng.uniform(1.6, 2.3)
        return cls(
            tuple(edge + np.concatenate([[0], np.cumsum(wides)])),
            tuple(edge + high * np.arange(rows + 1)),
            str(rng.choice(_RULES, p=(0.4, 0.25, 0.2, 0.15))),
        )

    def print_rules(self, sheet: Sheet, rng: Generator) -> None:
        """Print the rules, walls shared by neighbouring cells."""
        thick, dark = (2, rng.uniform(0.35, 0.6)) if self.rules == "grey" else (int(rng.integers(1, 4)), 1.0)
        if self.rules != "none":
            for top in self.tops:
                sheet.rule((self.lefts[0], top), (self.lefts[-1], top), thick=thick, dark=dark)
        if self.rules in ("full", "grey"):
            for left in self.lefts:
                sheet.rule((left, self.tops[0]), (left, self.tops[-1]), thick=thick, dark=dark)


def table(writers: Writers, rng: Generator) -> DrawnPage:
    """A table, its cells empty or with a number, in some columns with a decimal, or with grades in place of numbers."""
    digit = rng.uniform(16, 40)
    grid = Grid.random(digit, rng)
    edge = grid.lefts[0]
    sheet = Sheet(round(grid.tops[-1] + edge), round(grid.lefts[-1] + edge))
    grid.print_rules(sheet, rng)
    scribe = Scribe.random(writers, digit, rng)
    empty = float(rng.choice((0.0, 0.15, 0.5)))
    # Without a wall between them, numbers of neighbouring columns are told apart by the room between them alone.
    walled = grid.rules in ("full", "grey")
    aligned = rng.uniform(0.15, 0.85, len(grid.lefts)) if walled else np.full(len(grid.lefts), rng.uniform(0.3, 0.7))
    header = rng.random() < 0.3 and len(grid.tops) > 2
    columns = columns_of(len(grid.tops) - 1 - header, len(grid.lefts) - 1, empty, words=walled, rng=rng)
    for column, texts in enumerate(columns):
        if header:
            _print_head(sheet, grid, column, digit, rng)
        for row, text in enumerate(texts, start=int(header)):
            if text:
                is_number = text[0].isdigit()
                body = scribe.write(text, rng) if is_number else by_hand(text, scribe, rng)
                _fill_cell(sheet, grid, (row, column), body, text if is_number else "", float(aligned[column]))
    return finished("tables", sheet, Scan.random(rng), rng)


def columns_of(rows: int, columns: int, empty: float, *, words: bool, rng: Generator) -> list[list[str]]:
    """What stands in each column, from the top; empty texts in the share `empty` of the cells.

    A column has numbers of one shape, running numbers, or where there may be `words` grades. The last column may have
    the sums of the rows, and the last row those of the columns, of what is written there.
    """
    kinds = [str(kind) for kind in rng.choice(_KINDS, columns, p=_KIND_SHARES)]
    kinds = ["digits" if kind == "grades" and not words else kind for kind in kinds]
    texts = [["" if rng.random() < empty else text for text in _column(kind, rows, rng)] for kind in kinds]
    addable = [kind in ("digits", "decimals") for kind in kinds]
    first = max((at + 1 for at in range(columns - 1) if not addable[at]), default=0)
    if columns - 1 - first > 1 and rng.random() < 0.3:
        texts[-1] = [_sum(row) for row in zip(*texts[first:-1], strict=True)]
        addable[-1] = True
    if rows > 2 and rng.random() < 0.25:
        texts = [[*column[:-1], _sum(column[:-1]) if adds else ""] for column, adds in zip(texts, addable, strict=True)]
    return texts


def _sum(texts: Sequence[str]) -> str:
    """The sum of the numbers among texts, with as many decimals as they have; empty if there is none."""
    written = [Decimal(text) for text in texts if text]
    return str(sum(written)) if written else ""


def _column(kind: str, rows: int, rng: Generator) -> list[str]:
    if kind == "grades":
        return [str(rng.choice(_GRADES)) for _ in range(rows)]
    if kind == "running":
        first = int(rng.integers(1, 40))
        return [str(first + row) for row in range(rows)]
    if kind == "decimals":
        return [f"{rng.integers(0, 100)}.{digits(1, rng)}" for _ in range(rows)]
    places = int(rng.integers(1, 4))
    return [digits(places if rng.random() < 0.7 else int(rng.integers(1, 4)), rng) for _ in range(rows)]


def _print_head(sheet: Sheet, grid: Grid, column: int, digit: float, rng: Generator) -> None:
    """Print a word in a column's first cell; `digit` is the height of the digits below, in pixels."""
    word = print_word(str(rng.choice(_HEADS)), max(7, round(0.5 * digit)), rng)
    sheet.print_on(word, grid.lefts[column] + 0.3 * digit, grid.tops[0] + 0.5 * digit)


def _fill_cell(sheet: Sheet, grid: Grid, cell: tuple[int, int], body: Ink, text: str, aligned: float) -> None:
    """Write a number in a cell, clear of its walls; one that is too wide for it stays unwritten."""
    row, column = cell
    room = grid.lefts[column + 1] - grid.lefts[column] - body.shape[1] - 8
    spare = grid.tops[row + 1] - grid.tops[row] - body.shape[0] - 6
    if room < 0 or spare < 0:
        return
    sheet.write(body, grid.lefts[column] + 4 + room * aligned, grid.tops[row] + 3 + spare / 2, text)


def digit_boxes(writers: Writers, rng: Generator) -> DrawnPage:
    """Rows of boxes, a digit in each: a row is one number, with X, a dash or nothing in the boxes before it."""
    digit = rng.uniform(18, 45)
    wide, high = digit * rng.uniform(1.05, 1.5), digit * rng.uniform(1.3, 1.7)
    boxes, rows = int(rng.integers(3, 8)), int(rng.integers(1, 6))
    pitch = high + digit * rng.uniform(0.8, 1.6)
    edge = digit * rng.uniform(1, 3)
    sheet = Sheet(round(2 * edge + rows * pitch), round(2 * edge + boxes * wide + digit * 4))
    scribe = Scribe.random(writers, digit, rng)
    scribe = replace(scribe, pen=replace(scribe.pen, slant=rng.uniform(-0.05, 0.15)))
    filler = str(rng.choice(("X", "-", "")))
    thick, dark = int(rng.integers(1, 3)), rng.uniform(0.4, 1.0)
    for row in range(rows):
        left, top = edge, edge + row * pitch
        for box in range(boxes):
            at = left + box * wide
            corners = ((at, top), (at + wide, top), (at + wide, top + high), (at, top + high), (at, top))
            sheet.rule(*corners, thick=thick, dark=dark)
        _fill_boxes(sheet, scribe, (left, top), (wide, high), _boxed(boxes, rng), filler, rng)
    return finished("digit boxes", sheet, Scan.random(rng), rng)


def _boxed(boxes: int, rng: Generator) -> str:
    """What stands in a row of boxes, a space where a box is empty; now and then the whole row is."""
    count = 0 if rng.random() < 0.1 else int(rng.integers(1, boxes + 1))
    return digits(count, rng).rjust(boxes)


def _fill_boxes(
    sheet: Sheet,
    scribe: Scribe,
    corner: tuple[float, float],
    box: tuple[float, float],
    text: str,
    filler: str,
    rng: Generator,
) -> None:
    """Fill in one row of boxes, each digit clear of the walls; all its digits are one number."""
    row = np.zeros((round(box[1]), round(box[0] * len(text))), np.float32)
    for place, sign in enumerate(text):
        body = scribe.write(sign, rng) if sign != " " else _filler(filler, scribe, rng)
        body = body[: round(box[1]) - 4, : round(box[0]) - 4]
        left = round(box[0] * place + (box[0] - body.shape[1]) * rng.uniform(0.35, 0.65))
        top = round((box[1] - body.shape[0]) * rng.uniform(0.35, 0.65))
        if sign == " ":
            sheet.write(body, corner[0] + left, corner[1] + top)
        else:
            row[top : top + body.shape[0], left : left + body.shape[1]] = body
    if text.strip():
        sheet.write(row, *corner, value=text.strip())


def _filler(filler: str, scribe: Scribe, rng: Generator) -> Ink:
    """What a person writes in an empty box: an X, a dash, or nothing."""
    size = scribe.height * rng.uniform(0.6, 0.9)
    pen = max(1.0, scribe.height * scribe.pen.hand.pen)
    if filler == "X":
        return draw_strokes((((0, 0), (1, 1)), ((1, 0), (0, 1))), (0.8 * size, size), pen, rng, waver=0.06)
    if filler == "-":
        return draw_strokes((((0, 0.5), (1, 0.5)),), (size, 0.2 * size), pen, rng, waver=0.05)
    return np.zeros((1, 1), np.float32)
