"""Cuts a strip's marks into atoms, the pieces that are never cut further.

A strip goes in; its atoms come out, from left to right, in pixels of the strip. Digits that touch are cut at too many
places rather than too few: the path through the lattice chooses among the cuts later (`lattice`, `decode`).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box
from ml.reading.ink.groups import Mark
from ml.reading.ink.locate import Strip
from ml.reading.recognisers.constants import ATOMS


@dataclass(frozen=True, slots=True, eq=False)
class Atom:
    """A piece of a mark that is never cut further.

    Attributes:
        box: In the strip's pixels.
        pixels: uint8, the box's height × width, 1 where the atom's ink is.
        left: Its left edge after the strip's slant is taken out, in pixels.
        right: Its right edge after that, exclusive.
        mark: The label of the mark that it is a piece of.
    """

    box: Box
    pixels: NDArray[np.uint8]
    left: float
    right: float
    mark: int


def stroke_width(strip: Strip, height: float) -> float:
    """The width of the pen's stroke with its soft edges, in pixels of the strip.

    Args:
        strip: Whose marks.
        height: A digit's height, in pixels of the strip.
    """
    return float(min(strip.stroke + ATOMS.soft_rim, max(1.0, ATOMS.thickest_stroke * height)))


def cut_into_atoms(strip: Strip, height: float, stroke: float) -> list[Atom]:
    """Cut all marks of a strip, except specks.

    Args:
        strip: Marks that may be one number.
        height: A digit's height, in pixels of the strip.
        stroke: The stroke's width, in pixels of the strip.

    Returns:
        From left to right. Empty where there are too many: the strip is then a pattern or a scribble.
    """
    smallest = ATOMS.smallest_area * stroke**2
    atoms = [atom for mark in strip.marks if mark.area >= smallest for atom in _cut_mark(strip, mark, height, stroke)]
    if len(atoms) > ATOMS.most_atoms:
        return []
    return sorted(atoms, key=lambda atom: atom.left + atom.right)


def _cut_mark(strip: Strip, mark: Mark, height: float, stroke: float) -> list[Atom]:
    """The atoms of one mark: several if it is wide and has thin places, else the whole mark."""
    top, left = mark.box.top - strip.box.top, mark.box.left - strip.box.left
    inked = strip.labels[top : top + mark.box.height, left : left + mark.box.width] == mark.label
    # Whole numbers of 32 bits: a blot may have millions of pixels.
    columns, rows = cv2.findNonZero(inked.view(np.uint8)).reshape(-1, 2).T + np.array([[left], [top]], np.int32)
    upright = columns + strip.slant * rows
    cuts = _cuts(upright, height, stroke)
    if not cuts.size:  # as most marks
        return [_atom(rows, columns, upright, mark.label)]
    pieces = np.searchsorted(cuts, upright, side="right")
    members = (pieces == piece for piece in range(int(pieces.max()) + 1))
    return [_atom(rows[inside], columns[inside], upright[inside], mark.label) for inside in members if inside.any()]


def _atom(rows: NDArray[np.int32], columns: NDArray[np.int32], upright: NDArray[np.float64], mark: int) -> Atom:
    """The atom of some pixels of a strip; `upright` is each pixel's column after the slant is taken out."""
    box = Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
    pixels = np.zeros((box.height, box.width), np.uint8)
    pixels[rows - box.top, columns - box.left] = 1
    return Atom(box, pixels, float(upright.min()), float(upright.max()) + 1, mark)


def _cuts(upright: NDArray[np.float64], height: float, stroke: float) -> NDArray[np.float64]:
    """Columns where two digits may touch: the thinnest ones nearby, and not much thicker than a stroke.

    Args:
        upright: The column of each pixel of the mark, slant taken out.
        height: A digit's height, in pixels.
        stroke: The stroke's width, in pixels.

    Returns:
        float64, ascending. Empty for a mark too narrow for two digits, or too wide for a number.
    """
    start, end = float(upright.min()), float(upright.max()) + 1
    if not ATOMS.wide * height < end - start < ATOMS.widest * height:
        return np.empty(0)
    profile = np.bincount((upright - start).astype(np.int64)).astype(np.float64)
    smooth = np.convolve(profile, np.ones(3) / 3, mode="same")
    # A piece narrower than the pen is no digit.
    apart = max(ATOMS.narrowest_pixels, ATOMS.narrowest * height, stroke)
    thickest = min(ATOMS.cut_strokes * stroke + ATOMS.cut_rim, ATOMS.cut_height * height)
    chosen: list[int] = []
    # The thinnest columns come first, and each keeps later ones at a distance.
    for column in np.argsort(smooth, kind="stable").tolist():
        if smooth[column] > thickest:
            break
        inside = apart <= column <= len(profile) - apart
        if inside and all(abs(column - other) >= apart for other in chosen):
            chosen.append(column)
    return np.sort(np.asarray(chosen, np.float64)) + start + 0.5
