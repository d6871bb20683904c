"""The segmentation lattice: which runs of atoms it has, and which of them the classifier is asked about."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import NO_DIGIT
from ml.reading.recognisers.lattice import Lattice, extended, full_lattice

Draw = Callable[..., NDArray[np.uint8]]
Cut = Callable[[NDArray[np.uint8]], Lattice]


def sure_of(cut: Lattice, digit: int = 0) -> NDArray[np.float32]:
    """The probabilities of a classifier that takes every glyph for one digit."""
    chances = np.full((len(cut.glyphs), NO_DIGIT + 1), 0.001, np.float32)
    chances[:, digit] = 0.99
    return chances


def test_no_run_takes_pieces_of_two_marks(cut: Cut, blocks: Draw) -> None:
    found = cut(blocks((20, 100), (104, 184)))
    marks = [atom.mark for atom in found.atoms]
    assert len(set(marks)) == 2
    assert min(marks.count(mark) for mark in set(marks)) > 1
    for first, last in found.runs:
        inside = marks[first : last + 1]
        cut_through = [mark for mark in set(inside) if inside.count(mark) < marks.count(mark)]
        assert len(cut_through) <= 1


def test_a_mark_that_is_surely_a_digit_is_not_cut(cut: Cut, blocks: Draw) -> None:
    marks = cut(blocks((20, 75), (120, 175)))
    assert len(marks.atoms) > 2
    assert len(extended(marks, sure_of(marks)).glyphs) == len(marks.glyphs) == 2


def test_a_mark_as_wide_as_two_is_cut_however_sure_the_network_is(cut: Cut, blocks: Draw) -> None:
    marks = cut(blocks((20, 130), (170, 210)))
    assert len(extended(marks, sure_of(marks)).glyphs) > len(marks.glyphs)


def test_a_sure_mark_close_to_a_doubtful_one_is_asked_about_together_with_it(cut: Cut, blocks: Draw) -> None:
    marks = cut(blocks((20, 60), (64, 104)))
    chances = sure_of(marks)
    chances[1] = 0.05
    chances[1, NO_DIGIT] = 0.5
    more = extended(marks, chances).glyphs[len(marks.glyphs) :]
    assert [(glyph.first, glyph.last) for glyph in more] == [(0, 1)]


def test_small_marks_are_not_asked_about_but_may_be_learnt_from(cut: Cut, blocks: Draw) -> None:
    pixels = blocks((20, 60), (100, 140))
    pixels[72:80, 74:82] = 0  # a point on the line
    found = cut(pixels)
    assert len(found.atoms) == 3
    point = next(place for place, atom in enumerate(found.atoms) if atom.box.height < 12)
    assert found.is_small(point, point)
    asked = extended(found, np.full((len(found.glyphs), NO_DIGIT + 1), 0.09, np.float32)).glyphs
    assert (point, point) not in {(one.first, one.last) for one in asked}
    assert (point, point) in {(one.first, one.last) for one in full_lattice(found).glyphs}


def test_a_cloud_of_specks_makes_few_runs(cut: Cut, blocks: Draw) -> None:
    rng = np.random.default_rng(0)
    pixels = blocks((20, 60), (340, 380))
    for _ in range(250):
        x, y = int(rng.integers(70, 330)), int(rng.integers(20, 78))
        pixels[y : y + 3, x : x + 3] = 0
    found = cut(pixels)
    assert len(found.atoms) > 60
    assert len(found.runs) <= 8 * len(found.atoms)
