"""The segmentation lattice: every way to take a strip's atoms together as glyphs.

A strip goes in; its lattice comes out, in pixels of the strip. A run is some neighbouring atoms that may be one digit.
A glyph is a run's ink, normalised for the classifier. `segment` gives glyphs to whole marks only. `extended` adds those
of pieces and of joined neighbours where the classifier is not sure of the whole marks, so that few glyphs need to be
classified. `ml.reading.recognisers.decode` finds the best path.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import NO_DIGIT, Box, Glyph
from ml.reading.ink.locate import Strip, usual_height
from ml.reading.recognisers.atoms import Atom, cut_into_atoms, stroke_width
from ml.reading.recognisers.constants import LATTICE
from ml.reading.recognisers.normalise import glyph_of

Run = tuple[int, int]
"""The places of a run's first and last atom, both included."""


@dataclass(frozen=True, slots=True, eq=False)
class LatticeGlyph:
    """A run of atoms as one glyph.

    Attributes:
        first: The place of its first atom.
        last: The place of its last atom, included.
        glyph: Its pixels; the box is in pixels of the page.
    """

    first: int
    last: int
    glyph: Glyph


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """The segmentation lattice of a strip.

    Attributes:
        strip: Whose atoms.
        scale: Pixels of the page for one of the strip's.
        atoms: From left to right.
        runs: All that may be one digit: not too wide, and without pieces of two marks.
        glyphs: Those of the runs that the classifier is asked about.
        height: The usual height of a digit, in pixels of the strip.
        stroke: The width of the pen's stroke, in pixels of the strip.
        baseline: Where the digits stand: the middle of their lower edges, in rows of the strip.
    """

    strip: Strip
    scale: float
    atoms: tuple[Atom, ...]
    runs: tuple[Run, ...]
    glyphs: tuple[LatticeGlyph, ...]
    height: float
    stroke: float
    baseline: float

    def is_small(self, first: int, last: int) -> bool:
        """Whether a run is too low for a digit, or hangs from the line of writing as a comma does."""
        atoms = self.atoms[first : last + 1]
        top, bottom = min(atom.box.top for atom in atoms), max(atom.box.bottom for atom in atoms)
        low_top = top > self.baseline - LATTICE.hanging_top * self.height
        hangs = low_top and bottom > self.baseline + LATTICE.hanging_foot * self.height
        return hangs or bottom - top < LATTICE.small * self.height

    def with_glyphs(self, runs: Iterable[Run]) -> Lattice:
        """The same lattice, with the glyphs of more runs."""
        more = [self._glyph(first, last) for first, last in runs]
        return replace(self, glyphs=(*self.glyphs, *more))

    def _glyph(self, first: int, last: int) -> LatticeGlyph:
        atoms = self.atoms[first : last + 1]
        return LatticeGlyph(first, last, glyph_of(self.strip, atoms, self.stroke, self.scale))


def segment(strip: Strip, scale: float) -> Lattice:
    """Build the lattice of a strip, with the glyphs of its whole marks.

    Args:
        strip: Marks that may be one number.
        scale: Pixels of the page for one of the strip's; the glyphs' boxes are in pixels of the page.
    """
    height = usual_height(strip.marks)
    stroke = stroke_width(strip, height)
    atoms = cut_into_atoms(strip, height, stroke)
    tall = LATTICE.baseline_height * height
    feet = [mark.box.bottom - strip.box.top for mark in strip.marks if mark.box.height >= tall]
    runs = tuple(_runs(atoms, height))
    lattice = Lattice(strip, scale, tuple(atoms), runs, (), height, stroke, float(np.median(feet)))
    whole = sorted(whole_marks(atoms) & set(runs))
    return lattice.with_glyphs(run for run in whole if not lattice.is_small(*run))


def full_lattice(lattice: Lattice) -> Lattice:
    """The same lattice with the glyphs of all runs, small ones too, in the runs' order."""
    return replace(lattice, glyphs=()).with_glyphs(lattice.runs)


def extended(lattice: Lattice, probabilities: NDArray[np.float32]) -> Lattice:
    """Add the glyphs of pieces and of joined neighbours, where whole marks leave a doubt.

    A mark that is surely a digit, as tall as one and no wider, is not cut. If it is also clear of its neighbours, it is
    not joined to any. Small marks are known by their shape (`decode`), so the classifier is not asked about them.

    Args:
        lattice: From `segment`.
        probabilities: float32, glyphs × 11, from the classifier: 0 to 9, and no digit last.

    Returns:
        The lattice with the new glyphs behind the old ones.
    """
    classified = [(glyph.first, glyph.last) for glyph in lattice.glyphs]
    sure = [run for run, row in zip(classified, probabilities, strict=True) if _is_sure(lattice, run, row)]
    clear = _clear(lattice, sure)

    def needed(first: int, last: int) -> bool:
        for (start, end), is_clear in zip(sure, clear, strict=True):
            shared = first <= end and start <= last
            if shared and (is_clear or first > start or last < end):
                return False
        return not lattice.is_small(first, last)

    return lattice.with_glyphs(run for run in lattice.runs if run not in classified and needed(*run))


def whole_marks(atoms: Sequence[Atom]) -> set[Run]:
    """The runs that are one mark with all its atoms, where no atom of another mark stands between them."""
    places: dict[int, list[int]] = {}
    for place, atom in enumerate(atoms):
        places.setdefault(atom.mark, []).append(place)
    return {(inside[0], inside[-1]) for inside in places.values() if inside[-1] - inside[0] + 1 == len(inside)}


def _is_sure(lattice: Lattice, run: Run, probabilities: NDArray[np.float32]) -> bool:
    """Whether a whole mark is surely one digit: to the classifier, and by its size."""
    if probabilities[:NO_DIGIT].max() < LATTICE.sure:
        return False
    boxes = [atom.box for atom in lattice.atoms[run[0] : run[1] + 1]]
    box = reduce(Box.union, boxes)
    return box.height >= LATTICE.sure_height * lattice.height and box.width < LATTICE.sure_width * lattice.height


def _clear(lattice: Lattice, sure: Sequence[Run]) -> NDArray[np.bool_]:
    """Which of the sure marks are clear of their neighbours: bool, marks."""
    lefts = np.array([atom.left for atom in lattice.atoms])
    rights = np.array([atom.right for atom in lattice.atoms])
    in_sure = np.zeros(len(lattice.atoms), bool)
    for first, last in sure:
        in_sure[first : last + 1] = True
    # A doubtful neighbour has to stand farther away than a sure one, which may even overlap a little.
    least_gaps = np.where(in_sure, -LATTICE.clear_overlap, LATTICE.clear_gap) * lattice.height
    clear = np.empty(len(sure), bool)
    for place, (first, last) in enumerate(sure):
        left, right = lefts[first : last + 1].min(), rights[first : last + 1].max()
        gaps = np.maximum(left - rights, lefts - right)  # below 0 where two overlap
        crowded = gaps < least_gaps
        crowded[first : last + 1] = False
        clear[place] = not crowded.any()
    return clear


def _runs(atoms: Sequence[Atom], height: float) -> list[Run]:
    """All runs that may be one digit.

    A digit may consist of several whole marks, and of pieces of one mark. Pieces of two marks are two digits.
    """
    atoms_of_mark = Counter(atom.mark for atom in atoms)
    most_atoms, most_gap, most_width = LATTICE.most_atoms, LATTICE.most_gap * height, LATTICE.most_width * height
    runs = []
    for first in range(len(atoms)):
        left, right = atoms[first].left, atoms[first].right
        missing: dict[int, int] = {}  # for each mark in the run: how many of its atoms are not in it
        for last in range(first, len(atoms)):
            if atoms[last].left - right > most_gap:
                break
            left, right = min(left, atoms[last].left), max(right, atoms[last].right)
            if last > first and right - left > most_width:
                break
            mark = atoms[last].mark
            missing[mark] = missing.get(mark, atoms_of_mark[mark]) - 1
            if last - first >= most_atoms and len(missing) > 1:
                break
            is_whole_mark = missing[mark] == 0 and len(missing) == 1  # into however many atoms it was cut
            if is_whole_mark or (last - first < most_atoms and sum(count > 0 for count in missing.values()) < 2):
                runs.append((first, last))
    return runs
