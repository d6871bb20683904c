"""Marks cut into atoms: which are cut, and which are not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ml.reading.recognisers.lattice import Lattice

Draw = Callable[..., NDArray[np.uint8]]
Cut = Callable[[NDArray[np.uint8]], Lattice]


def test_a_wide_mark_is_cut_and_a_narrow_one_is_not(cut: Cut, blocks: Draw) -> None:
    found = cut(blocks((20, 60), (100, 190)))
    pieces = [sum(atom.mark == mark.label for atom in found.atoms) for mark in found.strip.marks]
    assert pieces[0] == 1
    assert pieces[1] > 1


def test_the_atoms_of_a_mark_are_all_of_its_ink(cut: Cut, blocks: Draw) -> None:
    found = cut(blocks((20, 60), (100, 190)))
    ink = np.zeros(found.strip.labels.shape, np.uint8)
    for atom in found.atoms:
        ink[atom.box.top : atom.box.bottom, atom.box.left : atom.box.right] += atom.pixels
    assert np.array_equal(ink, found.strip.labels > 0)
