"""Reads the MICR line of a page by the shapes of its symbols.

In goes the ink of a page, out comes its MICR line: symbols with confidences, 0 to 1, and boxes in pixels of the page.
Rows of marks are found first. In each row, each symbol of E-13B slides along, and the symbols that fit best are kept.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box
from ml.reading.ink.ink import Ink
from ml.reading.micr.constants import E13B, MICR_LINE
from ml.reading.micr.e13b import HEIGHT, SYMBOLS, WIDTH
from ml.reading.micr.likeness import best_columns, likeness_of_symbols
from ml.reading.micr.rows import Row, find_rows, refitted


@dataclass(frozen=True, slots=True)
class MicrSymbol:
    """A symbol of the line.

    Attributes:
        symbol: A digit, one of ⑆ ⑇ ⑈ ⑉, or "?" for ink that is no symbol.
        confidence: Its probability among all symbols, 0 to 1.
        alternatives: The next likeliest symbols with their probabilities, likeliest first.
        box: Its place, in pixels of the page.
    """

    symbol: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...]
    box: Box


@dataclass(frozen=True, slots=True)
class MicrLine:
    """A MICR line.

    Attributes:
        symbols: From the left.
        text: All symbols; a space stands where there is room for a symbol or more.
        likeness: Mean correlation with the shapes, 0 to 1.
    """

    symbols: tuple[MicrSymbol, ...]
    text: str
    likeness: float

    @property
    def confidence(self) -> float:
        """Probability that all symbols are right, as far as their shapes show; 0 to 1."""
        return math.prod(symbol.confidence for symbol in self.symbols)

    @property
    def box(self) -> Box:
        """Around all symbols."""
        whole = self.symbols[0].box
        for symbol in self.symbols[1:]:
            whole = whole.union(symbol.box)
        return whole

    def mapped(self, matrix: NDArray[np.float64]) -> MicrLine:
        """The same line on a page that was moved or turned.

        Args:
            matrix: float64, 2 × 3: from a point of the old page to one of the new.
        """
        symbols = tuple(replace(symbol, box=_mapped(symbol.box, matrix)) for symbol in self.symbols)
        return replace(self, symbols=symbols)


def _mapped(box: Box, matrix: NDArray[np.float64]) -> Box:
    """The upright box around a box's corners after they are moved."""
    corners = np.array([(x, y, 1) for x in (box.left, box.right) for y in (box.top, box.bottom)]) @ matrix.T
    left, top = np.maximum(np.floor(corners.min(axis=0)), 0).astype(int).tolist()
    right, bottom = np.ceil(corners.max(axis=0)).astype(int).tolist()
    return Box(left, top, max(left + 1, right), max(top + 1, bottom))


def find_micr(ink: Ink) -> MicrLine | None:
    """Finds the line of a page that looks most like E-13B.

    Args:
        ink: Of an upright page, or of the part where the line is.

    Returns:
        None where no row of marks has enough symbols.
    """
    candidates: list[tuple[MicrLine, Row]] = []
    for row in find_rows(ink.rows):
        line = _read(ink, row, MICR_LINE.scale)
        if line is not None:
            candidates.append((line, row))
            if line.likeness >= MICR_LINE.sure_likeness and line.confidence >= MICR_LINE.sure:
                return line
    if not candidates:
        return None
    best, row = max(candidates, key=lambda candidate: _score(candidate[0]))
    level = refitted(row, ink, (symbol.box for symbol in best.symbols))
    attempts = (level, MICR_LINE.scale), (row, MICR_LINE.small_scale), (row, MICR_LINE.large_scale)
    again = (_read(ink, attempt, scale) for attempt, scale in attempts)
    return max((line for line in (best, *again) if line is not None), key=_score)


def _score(line: MicrLine) -> float:
    """Of two lines the higher is the better: the symbols' likeness added up, less each unknown symbol's cost."""
    cost = MICR_LINE.unknown_cost
    return sum(-cost if symbol.symbol == "?" else line.likeness for symbol in line.symbols)


def _read(ink: Ink, row: Row, scale: float) -> MicrLine | None:
    """Reads a row; None where it has too few symbols for a MICR line."""
    level = _LevelRow.cut(ink, row, row.height / HEIGHT * scale)
    likeness = likeness_of_symbols(level.pixels)
    columns = best_columns(likeness)
    if len(columns) < MICR_LINE.fewest_symbols:
        return None
    symbols: list[MicrSymbol] = []
    text = ""
    pitch = E13B.pitch * MICR_LINE.pixels_a_module
    for index, column in enumerate(columns):
        if index and (column - columns[index - 1]) / pitch > MICR_LINE.space:
            between = level.unknown_between(columns[index - 1], column)
            unknown = [MicrSymbol("?", 0.0, (), level.box_at(start)) for start in between]
            symbols += unknown
            text += "?" * len(unknown) or " "
        symbols.append(_symbol(likeness, column, level.box_at(column)))
        text += symbols[-1].symbol
    mean = float(np.mean([likeness[:, column].max() for column in columns]))
    return MicrLine(tuple(symbols), text, mean)


def _symbol(likeness: NDArray[np.float32], column: int, box: Box) -> MicrSymbol:
    """The likeliest symbols that begin near a column."""
    near = round(MICR_LINE.search * MICR_LINE.pixels_a_module)
    scores = likeness[:, max(0, column - near) : column + near + 1].max(axis=1)
    chances = np.exp(MICR_LINE.sharpness * (scores - scores.max()))
    chances /= chances.sum()
    order = np.argsort(-chances, kind="stable")[: MICR_LINE.most_symbols]
    ranked = [(SYMBOLS[index], float(chances[index])) for index in order]
    return MicrSymbol(*ranked[0], tuple(ranked[1:]), box)


@dataclass(frozen=True, slots=True, eq=False)
class _LevelRow:
    """A row, cut out and laid level, `MICR_LINE.pixels_a_module` pixels a module.

    Attributes:
        pixels: float32, height × width, ink 0 to 255.
        row: Where it lies on the page's ink.
        left: Its first column, in pixels of the ink.
        module: Pixels of the ink to a module.
        scale: Pixels of the page to one of the ink.
    """

    pixels: NDArray[np.float32]
    row: Row
    left: float
    module: float
    scale: float

    @classmethod
    def cut(cls, ink: Ink, row: Row, module: float) -> _LevelRow:
        fine = MICR_LINE.pixels_a_module
        share = module / fine
        left = max(0.0, row.left - MICR_LINE.side_room * module)
        right = min(float(ink.soft.shape[1]), row.right + MICR_LINE.side_room * module)
        size = max(1, round((right - left) / share)), (HEIGHT + 2 * MICR_LINE.room) * fine
        top = row.foot + row.slope * left - (HEIGHT + MICR_LINE.room) * module
        back = np.array([[share, 0, left], [row.slope * share, share, top]])
        shrinks = share > MICR_LINE.shrink_from
        soft = cv2.GaussianBlur(ink.soft, (0, 0), MICR_LINE.shrink_blur * share) if shrinks else ink.soft
        flags = cv2.WARP_INVERSE_MAP | cv2.INTER_LINEAR
        pixels = cv2.warpAffine(soft, back, size, flags=flags).astype(np.float32)
        return cls(pixels, row, left, module, ink.scale)

    def unknown_between(self, before: int, after: int) -> list[int]:
        """The columns between two symbols, a pitch apart, at which ink stands that is no symbol."""
        fine, room = MICR_LINE.pixels_a_module, MICR_LINE.room
        pitch = E13B.pitch * fine
        start, end = round(before + pitch), round(after - MICR_LINE.space_end * fine)
        between = self.pixels[room * fine : (room + HEIGHT) * fine, start:end]
        if between.size == 0:
            return []
        dark = (between > MICR_LINE.dark).sum(axis=0)
        return [
            round(start + first - MICR_LINE.frame * fine)
            for first in np.arange(0, end - start, pitch)
            if dark[int(first) : int(first + pitch)].sum() > MICR_LINE.specks * fine**2
        ]

    def box_at(self, column: int) -> Box:
        """The place of the symbol whose frame begins at a column, in pixels of the page."""
        start = self.left + (column / MICR_LINE.pixels_a_module + MICR_LINE.frame) * self.module
        foot = self.row.foot + self.row.slope * start
        edges = start, foot - HEIGHT * self.module, start + WIDTH * self.module, foot
        left, top, right, bottom = (edge * self.scale for edge in edges)
        right, bottom = max(int(left) + 1, math.ceil(right), 1), max(int(top) + 1, math.ceil(bottom), 1)
        return Box(max(0, int(left)), max(0, int(top)), right, bottom)
