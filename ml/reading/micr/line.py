"""The MICR line read by its shapes: each symbol of E-13B is slid along the line, and the best row of them kept."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box
from ml.reading.ink.ink import Ink
from ml.reading.micr.e13b import HIGH, PITCH, SYMBOLS, WIDE, shape_of

_FINE = 4
"""Pixels to a module while shapes are compared."""

_ROOM, _AROUND = 3, 1
"""Modules looked at above and below the line, and of paper that belong to a symbol's shape on each side."""

_SCALE, _SCALES = 0.965, (0.92, 0.99)
"""Ink spreads, or is eaten by a threshold: a line's module is its digits' height over nine, times one of these."""

_FEWEST = 5
"""Fewer symbols are no MICR line."""

_LIKE = 0.72
"""Correlation from which ink is a symbol; print, letters and handwriting stay below."""

_SHARP = 22.0
"""Correlations to probabilities: how fast the less alike lose; chosen on drawn lines."""

_CLOSE, _APART = 0.9, 1.45
"""In pitches: no two symbols are closer; those further apart have a space between them."""

_DARK, _SPECKS = 135, 5
"""Of what is no symbol, ink that is darker, 0 to 255, counts; less than so many square modules of it are specks."""

_FULL = 0.4
"""Print has at least this share of full ink where its shape has ink; a shadow of print may have its shape."""

_SURELY_LIKE, _SURELY = 0.85, 0.95
"""A line as like its shapes and as sure as this is the MICR line, and no other scale or row is tried."""

_LINES = 4
"""So many rows of marks of one height are tried, those with most marks first."""


@dataclass(frozen=True, slots=True)
class MicrSymbol:
    """A symbol of the line.

    Attributes:
        symbol: A digit, one of ⑆ ⑇ ⑈ ⑉, or "?" for ink that is none.
        confidence: 0 to 1, among all symbols.
        alternatives: The runners-up, likeliest first, with theirs.
        box: Its place, in pixels of what was read.
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
        text: All of them, a space where there is room for a symbol or more.
        likeness: Mean correlation with the shapes, 0 to 1.
    """

    symbols: tuple[MicrSymbol, ...]
    text: str
    likeness: float

    @property
    def confidence(self) -> float:
        """0 to 1: that all symbols are right, as far as the shapes tell."""
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
    """A box around where a box's corners come to lie."""
    corners = np.array([(x, y, 1) for x in (box.left, box.right) for y in (box.top, box.bottom)]) @ matrix.T
    left, top = np.maximum(np.floor(corners.min(axis=0)), 0).astype(int).tolist()
    right, bottom = np.ceil(corners.max(axis=0)).astype(int).tolist()
    return Box(left, top, max(left + 1, right), max(top + 1, bottom))


@dataclass(frozen=True, slots=True)
class _Row:
    """Marks of one height on one line: the line's foot is at `foot + slope * x`, in pixels."""

    height: float
    foot: float
    slope: float
    left: float
    right: float


def find_micr(ink: Ink) -> MicrLine | None:
    """The line of a page that looks most like E-13B.

    Args:
        ink: Of an upright page, or of the part where the line is.

    Returns:
        None where there is none.
    """
    found: list[tuple[MicrLine, _Row]] = []
    for row in _rows(ink.rows):
        line = _read(ink, row, _SCALE)
        if line is not None:
            found.append((line, row))
            if line.likeness >= _SURELY_LIKE and line.confidence >= _SURELY:
                return line
    if not found:
        return None
    best, row = max(found, key=lambda one: _worth(one[0]))
    level = _along(ink, row, best)
    others = (_read(ink, own, scale) for own, scale in ((level, _SCALE), *((row, scale) for scale in _SCALES)))
    return max((line for line in (best, *others) if line is not None), key=_worth)


def _along(ink: Ink, row: _Row, line: MicrLine) -> _Row:
    """The row as the symbols found in it lie: marks of a pattern beside them may have tilted it."""
    left, top, width, height = ink.rows[1:, : cv2.CC_STAT_AREA].T
    middle, foot = left + width / 2, (top + height).astype(np.float64)
    similar = np.abs(height - row.height) < 0.09 * row.height + 0.5
    own = np.zeros(len(middle), bool)
    for symbol in line.symbols:
        box = symbol.box
        inside = (middle > box.left / ink.scale) & (middle < box.right / ink.scale)
        own |= inside & similar & (np.abs(foot - box.bottom / ink.scale) < 0.2 * row.height)
    if own.sum() < _FEWEST - 1:
        return row
    slope, at = np.polyfit(middle[own], foot[own], 1)
    return replace(row, foot=float(at), slope=float(slope))


def _worth(line: MicrLine) -> float:
    """More symbols are better, and less unexplained ink, and then how like the shapes they are."""
    return sum(-1.0 if symbol.symbol == "?" else line.likeness for symbol in line.symbols)


def _rows(marks: NDArray[np.int32]) -> list[_Row]:
    """Rows of marks of one height, those with most marks first.

    Args:
        marks: int32, labels × 5, as OpenCV has them; the first is the paper.
    """
    boxes = marks[1:]
    width, height = boxes[:, cv2.CC_STAT_WIDTH], boxes[:, cv2.CC_STAT_HEIGHT]
    boxes = boxes[(height >= 10) & (width <= 1.1 * height) & (width >= 0.25 * height)]
    height = boxes[:, cv2.CC_STAT_HEIGHT].astype(np.float64)
    foot = boxes[:, cv2.CC_STAT_TOP] + height
    middle = boxes[:, cv2.CC_STAT_LEFT] + boxes[:, cv2.CC_STAT_WIDTH] / 2
    free = np.ones(len(boxes), bool)
    rows: list[_Row] = []
    while free.sum() >= _FEWEST - 1 and len(rows) < _LINES:
        similar = np.abs(height[:, None] - height) < 0.09 * height[:, None] + 0.5
        level = np.abs(foot[:, None] - foot) < 0.2 * height[:, None] + 0.02 * np.abs(middle[:, None] - middle)
        together = similar & level & free & free[:, None]
        first = int(together.sum(axis=1).argmax())
        own = np.flatnonzero(together[first])
        free[own] = False
        free[first] = False
        if len(own) < _FEWEST - 1:
            break
        slope, at = np.polyfit(middle[own], foot[own], 1) if np.ptp(middle[own]) > 0 else (0.0, foot[own][0])
        rows.append(_Row(float(np.median(height[own])), float(at), float(slope), middle[own].min(), middle[own].max()))
    return rows


def _read(ink: Ink, row: _Row, scale: float) -> MicrLine | None:
    module = row.height / HIGH * scale
    strip, back = _strip(ink, row, module)
    likeness = _likeness(strip)
    places = _places(likeness)
    if len(places) < _FEWEST:
        return None
    symbols: list[MicrSymbol] = []
    text = ""
    near = round(0.6 * _FINE)
    pitch = PITCH * _FINE
    for index, place in enumerate(places):
        gap = (place - places[index - 1]) / pitch if index else 1.0
        if gap > _APART:
            for hole in _inked_holes(strip, places[index - 1], place):
                symbols.append(MicrSymbol("?", 0.0, (), _box(ink, row, module, back, hole)))
                text += "?"
            if not text.endswith("?"):
                text += " "
        scores = likeness[:, max(0, place - near) : place + near + 1].max(axis=1)
        chances = np.exp(_SHARP * (scores - scores.max()))
        chances /= chances.sum()
        order = np.argsort(-chances, kind="stable")
        ranked = [(SYMBOLS[one], float(chances[one])) for one in order[:4]]
        symbols.append(MicrSymbol(*ranked[0], tuple(ranked[1:]), _box(ink, row, module, back, place)))
        text += ranked[0][0]
    similar = float(np.mean([likeness[:, place].max() for place in places]))
    return MicrLine(tuple(symbols), text, similar)


def _strip(ink: Ink, row: _Row, module: float) -> tuple[NDArray[np.float32], float]:
    """The row at four pixels a module, level: float32, ink 0 to 255; and its first column on the page."""
    share = module / _FINE
    left = max(0.0, row.left - 40 * module)
    right = min(float(ink.soft.shape[1]), row.right + 40 * module)
    size = max(1, round((right - left) / share)), (HIGH + 2 * _ROOM) * _FINE
    top = row.foot + row.slope * left - (HIGH + _ROOM) * module
    back = np.array([[share, 0, left], [row.slope * share, share, top]])
    soft = cv2.GaussianBlur(ink.soft, (0, 0), 0.35 * share) if share > 1.4 else ink.soft
    flags = cv2.WARP_INVERSE_MAP | cv2.INTER_LINEAR
    return cv2.warpAffine(soft, back, size, flags=flags).astype(np.float32), left


@cache
def _template(symbol: str) -> NDArray[np.float32]:
    shape = np.pad(shape_of(symbol), _AROUND)
    large = cv2.resize(shape, None, fx=_FINE, fy=_FINE, interpolation=cv2.INTER_NEAREST)
    return cv2.GaussianBlur(large, (0, 0), 0.4 * _FINE).astype(np.float32)


def _likeness(strip: NDArray[np.float32]) -> NDArray[np.float32]:
    """How like each symbol the ink is whose place begins at each column: float32, symbols × columns."""
    soft = cv2.GaussianBlur(strip, (0, 0), 0.25 * _FINE)
    room = (WIDE + 2 * _AROUND) * _FINE
    calm: NDArray[np.float32] = cv2.copyMakeBorder(soft, 0, 0, 0, room, cv2.BORDER_CONSTANT).astype(np.float32)
    spread = _spread(calm, _template(SYMBOLS[0]).shape)
    return np.stack([_likeness_of(_template(symbol), calm, spread) for symbol in SYMBOLS])


def _spread(strip: NDArray[np.float32], size: tuple[int, ...]) -> NDArray[np.float32]:
    """The norm of what every window of a strip has beside its mean: float32, as many as there are windows."""
    sums, squares = cv2.integral2(strip, sdepth=cv2.CV_64F, sqdepth=cv2.CV_64F)
    high, wide = size

    def windows(table: NDArray[Any]) -> NDArray[np.float64]:
        corners = table[high:, wide:], table[:-high, wide:], table[high:, :-wide], table[:-high, :-wide]
        whole: NDArray[np.float64] = corners[0] - corners[1] - corners[2] + corners[3]
        return whole

    beside = windows(squares) - windows(sums) ** 2 / (high * wide)
    spread: NDArray[np.float32] = np.sqrt(np.maximum(beside, 1.0)).astype(np.float32)
    return spread


def _likeness_of(
    shape: NDArray[np.float32], strip: NDArray[np.float32], spread: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Correlation at each column, at the best height, less where the ink is faint."""
    common = cv2.matchTemplate(strip, shape, cv2.TM_CCOEFF)
    norm = float(np.linalg.norm(shape - shape.mean()))
    ink = np.clip(common / (255 * norm**2 * _FULL), 0, 1)
    likeness: NDArray[np.float32] = common / (norm * spread) * ink
    best: NDArray[np.float32] = likeness.max(axis=0)
    return best


def _places(likeness: NDArray[np.float32]) -> list[int]:
    """Columns where symbols begin: those of the row of symbols, none too close, that are most alike together."""
    gain = likeness.max(axis=0) - _LIKE
    step = round(_CLOSE * PITCH * _FINE)
    best = np.zeros(len(gain) + 1)
    taken = np.zeros(len(gain) + 1, bool)
    for column in range(len(gain)):
        own = gain[column] + (best[column - step + 1] if column >= step else 0.0)
        taken[column + 1] = own > best[column]
        best[column + 1] = max(own, best[column])
    places, at = [], len(gain)
    while at > 0:
        if taken[at]:
            places.append(at - 1)
            at = max(0, at - step)
        else:
            at -= 1
    return places[::-1]


def _inked_holes(strip: NDArray[np.float32], before: int, after: int) -> list[int]:
    """Where between two symbols something stands that is no symbol."""
    pitch = PITCH * _FINE
    start, end = round(before + pitch), round(after - 0.25 * _FINE)
    middle = strip[_ROOM * _FINE : (_ROOM + HIGH) * _FINE, start:end]
    if middle.size == 0:
        return []
    inked = (middle > _DARK).sum(axis=0)
    return [
        round(start + first - _AROUND * _FINE)
        for first in np.arange(0, end - start, pitch)
        if inked[int(first) : int(first + pitch)].sum() > _SPECKS * _FINE**2
    ]


def _box(ink: Ink, row: _Row, module: float, left: float, place: int) -> Box:
    """A symbol's place on the page."""
    start = left + (place / _FINE + _AROUND) * module
    foot = row.foot + row.slope * start
    edges = start, foot - HIGH * module, start + WIDE * module, foot
    x0, y0, x1, y1 = (edge * ink.scale for edge in edges)
    return Box(max(0, int(x0)), max(0, int(y0)), max(int(x0) + 1, math.ceil(x1), 1), max(int(y0) + 1, math.ceil(y1), 1))
