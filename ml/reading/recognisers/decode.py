"""Decodes a segmentation lattice: the classifier's probabilities in, the likeliest number with its separators out.

A path through the lattice explains every atom once, as a digit, as no digit, or as a small mark (a separator or a
speck). The cheapest path is found by dynamic programming. Costs are negative logarithms of probabilities (in nats),
with penalties for odd shapes. Lengths are in pixels of the strip, boxes in pixels of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import NO_DIGIT, Alternative, Box, Digit
from ml.reading.forms.layouts import Layout
from ml.reading.recognisers.atoms import Atom
from ml.reading.recognisers.constants import ATOMS, DECODING, SMALL_MARKS
from ml.reading.recognisers.lattice import Lattice, whole_marks

_UNCLEAR = "~"
"""The sign, during decoding, of a small mark that is neither a speck nor a separator."""

_UNCLEAR_MARKS = re.compile(_UNCLEAR + r"|[.,-]{2}.*[0-9?]")
"""An unclear mark, or two separators side by side before a digit: nobody writes a number so. Dashes may close it."""

MARKS_UNCLEAR = "Small marks beside the digits were not understood: a digit, or a part of one, may have been missed."

MORE_LINES = "There seems to be more than one line of writing in this picture of one number."

ALONE = "A digit that stands alone on a page may be a letter that looks like one."


@dataclass(frozen=True, slots=True)
class Decoded:
    """A strip decoded as a number.

    Attributes:
        text: With its separators, and "?" for a glyph that is no digit.
        digits: From left to right, glyphs that are no digit included.
        confidence: That of the least sure digit, 0 to 1.
        checks: Sentences on what speaks against the reading.
        is_number: Whether enough of the strip is digits, and these are sure enough; else it may be a word.
    """

    text: str
    digits: tuple[Digit, ...]
    confidence: float
    checks: tuple[str, ...] = ()
    is_number: bool = True

    @property
    def value(self) -> str:
        """The digits in order, "?" for a glyph that is no digit."""
        return "".join(_character(digit) for digit in self.digits)


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of a path: a glyph, by its place in the lattice, or a small mark, by its sign ("" for a speck)."""

    glyph: int | None
    sign: str
    cost: float


def decode(lattice: Lattice, probabilities: NDArray[np.float32], layout: Layout) -> Decoded | None:
    """Find the cheapest path that explains every atom once.

    Args:
        lattice: Its atoms and glyphs.
        probabilities: float32, glyphs × 11, from the classifier: 0 to 9, and no digit last.
        layout: With `one_number`, a glyph that is no digit is left out of the value, and lowers its confidence instead.

    Returns:
        The number; None if hardly any of the strip is digits.
    """
    digits, text = [], []
    least = 1.0
    for step in _best_path(lattice, probabilities):
        if step.glyph is None:
            text.append(step.sign)
            continue
        digit = ranked(probabilities[step.glyph], lattice.glyphs[step.glyph].glyph.box)
        least = min(least, digit.confidence)
        if digit.digit is not None or not layout.one_number:
            digits.append(digit)
            text.append(_character(digit))
    read = [digit for digit in digits if digit.digit is not None]
    if not read or (not layout.one_number and len(read) < DECODING.hardly_any * len(digits)):
        return None
    is_number = layout.one_number or (_are_digits(read, len(digits)) and not _is_word(lattice, probabilities))
    written = "".join(text)
    shown = written.replace(_UNCLEAR, "").strip(".,-/")
    return Decoded(shown, tuple(digits), least, tuple(_checks(lattice, written, len(digits), layout)), is_number)


def _character(digit: Digit) -> str:
    return "?" if digit.digit is None else str(digit.digit)


def _checks(lattice: Lattice, written: str, digits: int, layout: Layout) -> Iterator[str]:
    """Sentences on what speaks against a number.

    Args:
        lattice: Its lattice.
        written: Its text, with `_UNCLEAR` for unclear marks.
        digits: How many it has.
        layout: What the picture holds.
    """
    if layout.one_number:
        if not layout.one_digit and _line_count(lattice) > 1:
            yield MORE_LINES
        return
    if _UNCLEAR_MARKS.search(written):
        yield MARKS_UNCLEAR
    if digits == 1:
        yield ALONE


def _line_count(lattice: Lattice) -> int:
    """How many lines of writing stand one below the other; specks and single marks do not count."""
    tall = DECODING.line_mark_height * lattice.height
    boxes = [atom.box for atom in lattice.atoms if atom.box.height >= tall]
    middles = np.sort([(box.top + box.bottom) / 2 for box in boxes])
    lines = np.split(middles, np.flatnonzero(np.diff(middles) > DECODING.lines_apart * lattice.height) + 1)
    return sum(len(line) >= DECODING.line_marks for line in lines)


def _best_path(lattice: Lattice, probabilities: NDArray[np.float32]) -> list[_Step]:
    """The cheapest path from before the first atom to behind the last."""
    count = len(lattice.atoms)
    best = [0.0] + [np.inf] * count
    back: list[tuple[int, _Step] | None] = [None] * (count + 1)
    for first, last, step in sorted(_steps(lattice, probabilities), key=lambda edge: edge[1]):
        if best[first] + step.cost < best[last + 1]:
            best[last + 1] = best[first] + step.cost
            back[last + 1] = first, step
    path: list[_Step] = []
    at = count
    while (link := back[at]) is not None:
        at, step = link
        path.append(step)
    return path[::-1]


def _steps(lattice: Lattice, probabilities: NDArray[np.float32]) -> Iterator[tuple[int, int, _Step]]:
    """All steps, each with its first and last atom: small runs as signs, glyphs as digits or as no digit."""
    for first, last in lattice.runs:
        if lattice.is_small(first, last):
            # The square makes small marks stand one by one: as a group they would hide a digit's broken-off part.
            cost = DECODING.small_cost * (last - first + 1) ** 2
            yield first, last, _Step(None, _sign(lattice, lattice.atoms[first]), cost)
    likeliest = probabilities[:, :NO_DIGIT].argmax(axis=1).tolist()
    costs = -np.log(np.maximum(probabilities, DECODING.least_probability))
    for place, (glyph, digit) in enumerate(zip(lattice.glyphs, likeliest, strict=True)):
        atoms = lattice.atoms[glyph.first : glyph.last + 1]
        as_digit = float(costs[place, digit]) + _shape_cost(digit, atoms, lattice.height)
        as_none = float(costs[place, NO_DIGIT]) + DECODING.no_digit_cost
        # Times the atoms, so that long runs are not cheaper for being fewer.
        cost = min(as_digit, as_none) * len(atoms)
        yield glyph.first, glyph.last, _Step(place, "", cost + _gap_cost(atoms, lattice.height) + DECODING.piece_cost)


def _shape_cost(digit: int, atoms: Sequence[Atom], usual_height: float) -> float:
    """The cost of a digit's size and shape, which the network cannot see: it gets all glyphs at one size."""
    height = max(atom.box.bottom for atom in atoms) - min(atom.box.top for atom in atoms)
    width = max(atom.right for atom in atoms) - min(atom.left for atom in atoms)
    low = max(0.0, DECODING.lowest - height / usual_height) * DECODING.low_cost
    if digit == 1:
        return low + max(0.0, width / usual_height - DECODING.widest_one) * DECODING.width_cost
    return low + max(0.0, DECODING.narrowest - width / height) * DECODING.width_cost


def _gap_cost(atoms: Sequence[Atom], usual_height: float) -> float:
    """The cost of the gaps between a glyph's atoms, from left to right: the parts of a digit mostly overlap."""
    right, gaps = atoms[0].right, 0
    for atom in atoms[1:]:
        gaps += atom.left > right + DECODING.gap * usual_height
        right = max(right, atom.right)
    return gaps * DECODING.gap_cost


def _sign(lattice: Lattice, atom: Atom) -> str:
    """The sign of a small mark, by its shape and place: ".", ",", "-", "" for a speck, else `_UNCLEAR`."""
    box, height, stroke = atom.box, lattice.height, lattice.stroke
    if any(other.mark == atom.mark for other in lattice.atoms if other is not atom):
        return _UNCLEAR  # cut off something larger
    raised = box.bottom < lattice.baseline - SMALL_MARKS.raised * height
    if raised and box.width * box.height < SMALL_MARKS.speck_area * stroke**2:
        return ""
    middle = (box.top + box.bottom) / 2
    if (
        box.width >= SMALL_MARKS.dash_shape * box.height
        and middle < lattice.baseline - SMALL_MARKS.dash_raised * height
    ):
        return "-"
    if box.bottom < lattice.baseline - SMALL_MARKS.off_line * height:
        return "" if max(box.width, box.height) <= SMALL_MARKS.largest_speck * height else _UNCLEAR
    if box.width > SMALL_MARKS.widest_comma * height or box.height > SMALL_MARKS.tallest_comma * height:
        return _UNCLEAR
    tall = box.height > SMALL_MARKS.comma_strokes * stroke + SMALL_MARKS.comma_rim
    return "," if tall and box.bottom > lattice.baseline + SMALL_MARKS.comma_foot * height else "."


def ranked(probabilities: NDArray[np.floating[Any]], box: Box) -> Digit:
    """The likeliest of the classifier's 11 classes, with its runners-up.

    Args:
        probabilities: 11: of 0 to 9, and of no digit last.
        box: The glyph's ink, in pixels of the page.
    """
    order = np.argsort(-probabilities, kind="stable")[: DECODING.runners_up + 1].tolist()
    best, *runners_up = [Alternative(None if at == NO_DIGIT else at, float(probabilities[at])) for at in order]
    return Digit(best.digit, best.confidence, tuple(runners_up), box)


def _is_word(lattice: Lattice, probabilities: NDArray[np.float32]) -> bool:
    """Whether most whole marks are no digit: letters cut into slivers would pass for rows of ones.

    Marks wide enough to be cut do not count: they are digits that touch, or whole words, and cutting shows which.
    """
    whole = whole_marks(lattice.atoms)
    votes = []
    for glyph, row in zip(lattice.glyphs, probabilities, strict=True):
        atoms = lattice.atoms[glyph.first : glyph.last + 1]
        width = max(atom.right for atom in atoms) - min(atom.left for atom in atoms)
        if (glyph.first, glyph.last) in whole and width < ATOMS.wide * lattice.height:
            votes.append(row[NO_DIGIT] > DECODING.no_digit)
    return bool(votes) and sum(votes) > DECODING.word * len(votes)


def _are_digits(read: Sequence[Digit], count: int) -> bool:
    """Whether enough of a strip's glyphs are digits, and these are sure enough, where anything may stand."""
    sure = sum(digit.confidence for digit in read) / len(read)
    return len(read) >= DECODING.fewest_digits * count and sure >= DECODING.least_sure
