"""From what the network says of each piece to the number that explains a whole strip best."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import NO_DIGIT, Alternative, Box, Digit
from ml.reading.forms.layouts import Layout
from ml.reading.recognisers.segment import WIDE, Atom, Segmented, whole_marks

_NO_DIGIT_COST = 1.0
"""What calling an atom no digit costs beside its chance: two joined digits are no digit either, but that says less."""

_SMALL_COST = 0.5
_PIECE_COST = 1.0
_GAP_COST = 2.0
_LOW_COST = 3.0
_NARROW_COST = 5.0
_FEWEST_DIGITS = 0.75
"""At least this share of a strip's glyphs are digits, else it is a word or a drawing."""

_RUNNERS_UP = 3

_UNCLEAR = "~"
"""Stands, while a strip is decoded, for a small mark that is neither a speck nor a separator."""

_NOT_UNDERSTOOD = re.compile(_UNCLEAR + r"|[.,-]{2}.*[0-9?]")
"""Such a mark, or separators side by side before a digit: no way to write a number. (Closing dashes come last.)"""

MARKS_UNCLEAR = "Small marks beside the digits were not understood: a digit, or a part of one, may have been missed."

MORE_LINES = "There seems to be more than one line of writing in this picture of one number."

ALONE = "A digit that stands alone on a page may be a letter that looks like one."

_TALL, _APART = 0.6, 0.75
"""In digit's heights: marks at least so tall make a line, and lines stand at least so far apart."""

_WIDEST_COMMA, _TALLEST_COMMA, _LARGEST_SPECK = 0.35, 0.5, 0.15
"""In digit's heights."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A strip read as a number.

    Attributes:
        text: With its separators, "?" where something stands that is no digit.
        digits: Left to right; those that are no digit included.
        confidence: The least sure decision's, 0 to 1.
        checks: Sentences about what speaks against the reading.
    """

    text: str
    digits: tuple[Digit, ...]
    confidence: float
    checks: tuple[str, ...] = ()

    @property
    def value(self) -> str:
        """The digits in order, "?" where something stands that is no digit."""
        return "".join("?" if digit.digit is None else str(digit.digit) for digit in self.digits)


@dataclass(frozen=True, slots=True)
class _Step:
    """One piece of a path: a glyph, or a small mark by its sign ("" for a speck)."""

    candidate: int | None
    sign: str
    cost: float


def decode(strip: Segmented, chances: NDArray[np.float32], layout: Layout) -> Decoded | None:
    """Find the cheapest way to explain every atom, each once.

    Args:
        strip: Its atoms and candidates.
        chances: float32, candidates × 11: what the network says of each, no digit last.
        layout: With `one_number`, what is no digit is left out of the value, and lowers its confidence instead.

    Returns:
        The number, or None where the strip is none.
    """
    steps = _best_path(strip, chances)
    digits, text = [], []
    unsure = 1.0
    for step in steps:
        if step.candidate is None:
            text.append(step.sign)
            continue
        digit = ranked(chances[step.candidate], strip.candidates[step.candidate].glyph.box)
        if digit.digit is None and layout.one_number:
            unsure = min(unsure, digit.confidence)
            continue
        digits.append(digit)
        text.append("?" if digit.digit is None else str(digit.digit))
    if not _is_number(digits, layout) or (not layout.one_number and _is_word(strip, chances)):
        return None
    confidence = min(unsure, *(digit.confidence for digit in digits), 1.0)
    written = "".join(text)
    unclear = (MARKS_UNCLEAR,) if _NOT_UNDERSTOOD.search(written) and not layout.one_number else ()
    several = (MORE_LINES,) if layout.one_number and not layout.one_digit and _lines(strip) > 1 else ()
    lone = (ALONE,) if len(digits) == 1 and not layout.one_number else ()
    shown = written.replace(_UNCLEAR, "").strip(".,-/")
    return Decoded(shown, tuple(digits), confidence, (*unclear, *several, *lone))


def _lines(strip: Segmented) -> int:
    """How many lines of at least two tall marks there are, one below the other."""
    tall = [atom.box for atom in strip.atoms if atom.box.height >= _TALL * strip.height]
    middles = np.sort([(box.top + box.bottom) / 2 for box in tall])
    lines = np.split(middles, np.flatnonzero(np.diff(middles) > _APART * strip.height) + 1)
    return sum(len(line) > 1 for line in lines)


def _best_path(strip: Segmented, chances: NDArray[np.float32]) -> list[_Step]:
    """The cheapest path from before the first atom to behind the last.

    A piece costs the negative logarithm of its chance, times its atoms, so that long pieces are not cheaper for being
    fewer.
    """
    count = len(strip.atoms)
    best = [0.0] + [np.inf] * count
    back: list[tuple[int, _Step] | None] = [None] * (count + 1)
    for first, last, step in sorted(_steps(strip, chances), key=lambda one: one[1]):
        if best[first] + step.cost < best[last + 1]:
            best[last + 1] = best[first] + step.cost
            back[last + 1] = first, step
    path: list[_Step] = []
    at = count
    while (link := back[at]) is not None:
        at, step = link
        path.append(step)
    return path[::-1]


def _steps(strip: Segmented, chances: NDArray[np.float32]) -> Iterator[tuple[int, int, _Step]]:
    """What every run may be, with its first and last atom."""
    for first, last in strip.runs:
        if strip.is_small(first, last):
            # Small marks are looked at one by one, as a group they would hide a digit's broken-off part.
            yield first, last, _Step(None, _sign(strip, strip.atoms[first]), _SMALL_COST * (last - first + 1) ** 2)
    likeliest = chances[:, :NO_DIGIT].argmax(axis=1).tolist()
    costs = -np.log(np.maximum(chances, 1e-6))
    for index, candidate in enumerate(strip.candidates):
        atoms = strip.atoms[candidate.first : candidate.last + 1]
        height = max(atom.box.bottom for atom in atoms) - min(atom.box.top for atom in atoms)
        width = max(atom.right for atom in atoms) - min(atom.left for atom in atoms)
        digit = likeliest[index]
        as_digit = float(costs[index, digit]) + _shape_cost(digit, width, height, strip.height)
        cost = min(as_digit, float(costs[index, NO_DIGIT]) + _NO_DIGIT_COST) * len(atoms)
        yield candidate.first, candidate.last, _Step(index, "", cost + _gap_cost(atoms, strip) + _PIECE_COST)


def _shape_cost(digit: int, width: float, height: float, usual_height: float) -> float:
    """What a digit's shape costs: the network sees every piece at one size, so a slip of a digit looks like a digit."""
    low = max(0.0, 0.7 - height / usual_height) * _LOW_COST
    if digit == 1:
        return low + max(0.0, width / usual_height - 0.6) * _NARROW_COST
    return low + max(0.0, 0.4 - width / height) * _NARROW_COST


def _gap_cost(atoms: tuple[Atom, ...], strip: Segmented) -> float:
    """What it costs to take marks together that stand beside each other: a digit's parts mostly overlap."""
    right, gaps = atoms[0].right, 0
    for atom in atoms[1:]:
        gaps += atom.left > right + 0.03 * strip.height
        right = max(right, atom.right)
    return gaps * _GAP_COST


def _sign(strip: Segmented, atom: Atom) -> str:
    """What a small mark is, by its shape and where it stands; "" for a speck, `_UNCLEAR` for what is none of these."""
    box = atom.box
    if any(other.mark == atom.mark for other in strip.atoms if other is not atom):
        return _UNCLEAR  # cut off something larger
    raised = box.bottom < strip.base - 0.2 * strip.height
    if raised and box.width * box.height < 1.2 * strip.stroke**2:
        return ""
    if box.width >= 1.8 * box.height and (box.top + box.bottom) / 2 < strip.base - 0.15 * strip.height:
        return "-"
    if box.bottom < strip.base - 0.25 * strip.height:
        return "" if max(box.width, box.height) <= _LARGEST_SPECK * strip.height else _UNCLEAR
    if box.width > _WIDEST_COMMA * strip.height or box.height > _TALLEST_COMMA * strip.height:
        return _UNCLEAR
    return "," if box.height > 1.5 * strip.stroke + 1 and box.bottom > strip.base + 0.06 * strip.height else "."


def ranked(chances: NDArray[np.floating[Any]], box: Box) -> Digit:
    """The likeliest of 11 classes with its runners-up.

    Args:
        chances: 11 probabilities, no digit last.
        box: Of the glyph's ink on the page.
    """
    order = np.argsort(-chances, kind="stable")[: _RUNNERS_UP + 1]
    sorted_ = [Alternative(None if int(one) == NO_DIGIT else int(one), float(chances[one])) for one in order]
    return Digit(sorted_[0].digit, sorted_[0].confidence, tuple(sorted_[1:]), box)


def _is_word(strip: Segmented, chances: NDArray[np.float32]) -> bool:
    """Whether most marks, uncut, are no digit: letters cut into slips would pass for rows of ones.

    Marks wide enough to be cut do not count: they are digits that touch, or whole words, and cutting tells which.
    """
    whole = whole_marks(strip.atoms)
    votes = []
    for candidate, chance in zip(strip.candidates, chances, strict=True):
        atoms = strip.atoms[candidate.first : candidate.last + 1]
        width = max(atom.right for atom in atoms) - min(atom.left for atom in atoms)
        if (candidate.first, candidate.last) in whole and width < WIDE * strip.height:
            votes.append(chance[NO_DIGIT] > 0.5)
    return bool(votes) and sum(votes) > len(votes) / 2


def _is_number(digits: list[Digit], layout: Layout) -> bool:
    read = [digit for digit in digits if digit.digit is not None]
    if not read:
        return False
    if layout.one_number:
        return True
    sure = sum(digit.confidence for digit in read) / len(read)
    return len(read) >= _FEWEST_DIGITS * len(digits) and sure >= 0.6
