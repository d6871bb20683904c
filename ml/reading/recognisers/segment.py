"""A strip cut into atoms, and the atoms put together into candidates that the network is asked about.

Joined neighbours are cut at too many places rather than too few; which cuts were right is settled in `decode`, by what
the network says of the pieces.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, reduce

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import NO_DIGIT, Box, Glyph
from ml.reading.ink.locate import Mark, Strip, usual_height
from ml.reading.recognisers.normalise import normalise

_MOST_ATOMS = 7
_MOST_WIDTH = 1.5
WIDE = 0.7
"""Marks wider than this many digit's heights may be two digits, and are cut."""

_SMALL = 0.42
"""A mark lower than this share of a digit's height is a separator or a speck."""

_MOST_IN_STRIP = 400
"""More atoms than this are a pattern or a scribble; asking the network about all of them would take seconds."""

_SURE = 0.97
"""A mark that the network gives this for one digit is not cut, nor put together with neighbours clear of it."""

_TALL, _NARROW, _CLEAR, _OVERLAP = 0.7, 1.1, 0.15, 0.25
"""Of such a mark: least height, and most width; room to a neighbour that is none, and reach into one that is; in
digit's heights."""

_NEIGHBOURS = np.ones((3, 3), np.uint8)
_THINNEST_STROKE = 2.2
_MOST_CUTS = 80


@dataclass(frozen=True, slots=True, eq=False)
class Atom:
    """A piece that is never cut further.

    Attributes:
        box: In the strip's pixels.
        pixels: uint8, the box's height × width, 1 where the atom's ink is.
        left: Where it begins when the strip's slant is taken out, in pixels.
        right: Where it ends then.
        mark: The mark it is a piece of.
    """

    box: Box
    pixels: NDArray[np.uint8]
    left: float
    right: float
    mark: int


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """Neighbouring atoms taken together: `first` to `last`, both in, as one glyph."""

    first: int
    last: int
    glyph: Glyph


@dataclass(frozen=True, slots=True, eq=False)
class Segmented:
    """A strip with its pieces.

    Attributes:
        strip: Whose pieces.
        scale: Pixels of the page for one of the strip's.
        atoms: From left to right.
        runs: First and last of every run of neighbours that may be one digit: not too wide, no pieces of two marks.
        candidates: Those runs that the network is asked about.
        height: What a digit's height is here, in the strip's pixels.
        stroke: How thick the pen's stroke is, in the same.
        base: Where the digits stand: the middle of their lower edges, in rows of the strip.
    """

    strip: Strip
    scale: float
    atoms: tuple[Atom, ...]
    runs: tuple[tuple[int, int], ...]
    candidates: tuple[Candidate, ...]
    height: float
    stroke: float
    base: float

    def is_small(self, first: int, last: int) -> bool:
        """Whether a run is too low for a digit, or hangs from the line as a comma does."""
        atoms = self.atoms[first : last + 1]
        top, bottom = min(atom.box.top for atom in atoms), max(atom.box.bottom for atom in atoms)
        hangs = top > self.base - 0.45 * self.height and bottom > self.base + 0.05 * self.height
        return hangs or bottom - top < _SMALL * self.height

    def asked(self, runs: Iterable[tuple[int, int]]) -> Segmented:
        """The same with more candidates."""
        more = [self._candidate(first, last) for first, last in runs]
        return replace(self, candidates=(*self.candidates, *more))

    def _candidate(self, first: int, last: int) -> Candidate:
        return Candidate(first, last, _glyph(self.strip, self.atoms[first : last + 1], self.stroke, self.scale))


def segment(strip: Strip, scale: float) -> Segmented:
    """Cut a strip; the candidates, for now, are its marks as they are.

    Args:
        strip: Marks that may be one number.
        scale: Pixels of the page for one of the strip's; the glyphs' boxes are in pixels of the page.
    """
    height = usual_height(strip.marks)
    stroke = float(min(strip.stroke + 1, max(1.0, height / 2)))  # with its soft edges
    atoms = [
        atom for mark in strip.marks if mark.area >= 0.4 * stroke**2 for atom in _atoms(strip, mark, height, stroke)
    ]
    if len(atoms) > _MOST_IN_STRIP:
        atoms = []
    atoms.sort(key=lambda atom: atom.left + atom.right)
    tall = [mark.box.bottom - strip.box.top for mark in strip.marks if mark.box.height >= 0.6 * height]
    runs = tuple(_runs(atoms, height))
    cut = Segmented(strip, scale, tuple(atoms), runs, (), height, stroke, float(np.median(tall)))
    return cut.asked(run for run in sorted(whole_marks(atoms) & set(runs)) if not cut.is_small(*run))


def every_candidate(cut: Segmented) -> Segmented:
    """The same with every run as a candidate, small ones too, in their order."""
    return replace(cut, candidates=()).asked(cut.runs)


def widened(cut: Segmented, chances: NDArray[np.float32]) -> Segmented:
    """More candidates where the marks as they are do not settle it: their pieces, and neighbours taken together.

    A mark that the network surely calls a digit, as tall as one and no wider, is not cut; where it is clear of what is
    no digit, it stands for itself. Small marks are told apart by their shape, not by the network.

    Args:
        cut: From `segment`.
        chances: float32, candidates × 11: what the network says of the marks.
    """
    asked = [(candidate.first, candidate.last) for candidate in cut.candidates]
    sure = [run for run, chance in zip(asked, chances, strict=True) if _is_sure(cut, run, chance)]
    clear = _clear(cut, sure)

    def needed(first: int, last: int) -> bool:
        for (start, end), alone in zip(sure, clear, strict=True):
            shared = first <= end and start <= last
            if shared and (alone or first > start or last < end):
                return False
        return not cut.is_small(first, last)

    return cut.asked(run for run in cut.runs if run not in asked and needed(*run))


def whole_marks(atoms: Sequence[Atom]) -> set[tuple[int, int]]:
    """The runs that are a mark with all its pieces, where no other mark's stand between them."""
    places: dict[int, list[int]] = {}
    for place, atom in enumerate(atoms):
        places.setdefault(atom.mark, []).append(place)
    return {(own[0], own[-1]) for own in places.values() if own[-1] - own[0] + 1 == len(own)}


def _is_sure(cut: Segmented, run: tuple[int, int], chance: NDArray[np.float32]) -> bool:
    """Whether a mark as it is, is one digit."""
    if chance[:NO_DIGIT].max() < _SURE:
        return False
    boxes = [atom.box for atom in cut.atoms[run[0] : run[1] + 1]]
    box = reduce(Box.union, boxes)
    return box.height >= _TALL * cut.height and box.width < _NARROW * cut.height


def _clear(cut: Segmented, sure: Sequence[tuple[int, int]]) -> NDArray[np.bool_]:
    """Which of the sure marks are clear of their neighbours: bool, marks."""
    lefts = np.array([atom.left for atom in cut.atoms])
    rights = np.array([atom.right for atom in cut.atoms])
    inside = np.zeros(len(cut.atoms), bool)
    for first, last in sure:
        inside[first : last + 1] = True
    clear = np.empty(len(sure), bool)
    for place, (first, last) in enumerate(sure):
        left, right = lefts[first : last + 1].min(), rights[first : last + 1].max()
        gaps = np.maximum(left - rights, lefts - right)  # below 0 where two overlap
        crowded = gaps < np.where(inside, -_OVERLAP, _CLEAR) * cut.height  # by a doubtful one sooner than by a sure one
        crowded[first : last + 1] = False
        clear[place] = not crowded.any()
    return clear


def _atoms(strip: Strip, mark: Mark, height: float, stroke: float) -> list[Atom]:
    """A mark as it is, or cut where it is wide and thin."""
    top, left = mark.box.top - strip.box.top, mark.box.left - strip.box.left
    pixels = strip.labels[top : top + mark.box.height, left : left + mark.box.width] == mark.label
    rows, columns = np.nonzero(pixels)
    upright = columns + left + strip.slant * (rows + top)
    pieces = np.searchsorted(_cuts(upright, height, stroke), upright, side="right")
    atoms = []
    for piece in range(int(pieces.max()) + 1):
        mine = pieces == piece
        if not mine.any():
            continue
        r, c, u = rows[mine], columns[mine], upright[mine]
        box = Box(int(c.min()) + left, int(r.min()) + top, int(c.max()) + 1 + left, int(r.max()) + 1 + top)
        own = np.zeros((box.height, box.width), np.uint8)
        own[r + top - box.top, c + left - box.left] = 1
        atoms.append(Atom(box, own, float(u.min()), float(u.max()) + 1, mark.label))
    return atoms


def _cuts(upright: NDArray[np.float64], height: float, stroke: float) -> NDArray[np.float64]:
    """Columns where a mark may be two digits: the thinnest of their neighbourhood, and not much thicker than a stroke.

    Args:
        upright: The column of each of the mark's pixels, slant taken out.
        height: A digit's height, in pixels.
        stroke: The stroke's thickness, in pixels.

    Returns:
        Ascending; none for a mark too narrow for two digits.
    """
    start, end = float(upright.min()), float(upright.max()) + 1
    if not WIDE * height < end - start < _MOST_CUTS * height / 4:
        return np.empty(0)
    profile = np.bincount((upright - start).astype(np.int64)).astype(np.float64)
    calm = np.convolve(profile, np.ones(3) / 3, mode="same")
    # A slip narrower than the pen is no digit.
    apart = max(2.0, 0.15 * height, stroke)
    # The thinnest first; each keeps others at a distance.
    order = np.argsort(calm, kind="stable")
    chosen: list[int] = []
    for column in order.tolist():
        if calm[column] > min(2.6 * stroke + 1, 0.6 * height):
            break
        inside = apart <= column <= len(profile) - apart
        if inside and all(abs(column - other) >= apart for other in chosen):
            chosen.append(column)
    return np.sort(np.asarray(chosen, np.float64)) + start + 0.5


def _runs(atoms: Sequence[Atom], height: float) -> list[tuple[int, int]]:
    """First and last of every run of neighbours that may be one digit.

    That may be pieces of one mark, and other marks as they are; pieces of two marks are two digits.
    """
    pieces = Counter(atom.mark for atom in atoms)
    runs = []
    for first in range(len(atoms)):
        right = atoms[first].right
        left = atoms[first].left
        missing: dict[int, int] = {}
        for last in range(first, len(atoms)):
            if atoms[last].left - right > 0.3 * height:
                break
            left, right = min(left, atoms[last].left), max(right, atoms[last].right)
            if last > first and right - left > _MOST_WIDTH * height:
                break
            mark = atoms[last].mark
            missing[mark] = missing.get(mark, pieces[mark]) - 1
            if last - first >= _MOST_ATOMS and len(missing) > 1:
                break
            whole = missing[mark] == 0 and len(missing) == 1  # into however many pieces it was cut
            if whole or (last - first < _MOST_ATOMS and sum(count > 0 for count in missing.values()) < 2):
                runs.append((first, last))
    return runs


def _glyph(strip: Strip, atoms: Sequence[Atom], stroke: float, scale: float) -> Glyph:
    """The atoms' ink as the network reads it, its edges soft and its strokes as thick as a pen's."""
    left, top = min(atom.box.left for atom in atoms), min(atom.box.top for atom in atoms)
    right, bottom = max(atom.box.right for atom in atoms), max(atom.box.bottom for atom in atoms)
    mask = np.zeros((bottom - top + 2, right - left + 2), np.uint8)
    for atom in atoms:
        row, column = atom.box.top - top + 1, atom.box.left - left + 1
        mask[row : row + atom.box.height, column : column + atom.box.width] |= atom.pixels
    box = Box(left, top, right, bottom)
    ink = _soft(strip, box, mask)
    return Glyph(strip.on_page(box, scale), normalise(_thickened(ink, stroke)))


def _soft(strip: Strip, box: Box, mask: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The ink under a mask and its outermost rim, 0.0 to 1.0; the mask has a border of one pixel around the box."""
    top, left = max(box.top - 1, 0), max(box.left - 1, 0)
    soft = strip.soft[top : box.bottom + 1, left : box.right + 1]
    if soft.shape != mask.shape:
        below = mask.shape[0] - soft.shape[0] - (top - box.top + 1)
        beside = mask.shape[1] - soft.shape[1] - (left - box.left + 1)
        edges = (top - box.top + 1, below, left - box.left + 1, beside)
        soft = cv2.copyMakeBorder(soft, *edges, cv2.BORDER_CONSTANT).astype(np.uint8)
    rim = cv2.dilate(mask, _NEIGHBOURS)
    return cv2.multiply(soft, rim, scale=1 / 255, dtype=cv2.CV_32F).astype(np.float32, copy=False)


def _thickened(ink: NDArray[np.float32], stroke: float) -> NDArray[np.float32]:
    """Strokes made at least 2.2 pixels thick at the network's scale, where a body is 20: fine pens fade there else."""
    side = max(ink.shape)
    if side > 80:
        share = 80 / side
        size = max(1, round(ink.shape[1] * share)), max(1, round(ink.shape[0] * share))
        ink = cv2.resize(ink, size, interpolation=cv2.INTER_AREA).astype(np.float32, copy=False)
        stroke, side = stroke * share, 80
        inked = np.sort(ink[ink > 0.05])
        peak = float(inked[int(0.9 * len(inked))]) if len(inked) else 1.0
        ink = np.minimum(ink / np.float32(max(peak, 0.05)), np.float32(1))
    missing = round(_THINNEST_STROKE / 20 * side - stroke)
    if missing < 1:
        return ink
    bordered = cv2.copyMakeBorder(ink, missing, missing, missing, missing, cv2.BORDER_CONSTANT)
    return cv2.dilate(bordered, _pen(missing + 1)).astype(np.float32, copy=False)


@cache
def _pen(side: int) -> NDArray[np.uint8]:
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)).astype(np.uint8)
