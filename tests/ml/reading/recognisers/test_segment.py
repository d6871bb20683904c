"""Strips cut into pieces: what is asked about, and what is not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.elements import NO_DIGIT, Page
from ml.reading.forms.layouts import ONE_NUMBER
from ml.reading.ink.ink import find_ink
from ml.reading.ink.locate import locate
from ml.reading.recognisers.segment import Segmented, every_candidate, segment, widened

Draw = Callable[..., NDArray[np.uint8]]
Cut = Callable[[NDArray[np.uint8]], Segmented]


@pytest.fixture
def cut() -> Cut:
    def marks_of(pixels: NDArray[np.uint8]) -> Segmented:
        ink = find_ink(Page(np.repeat(pixels[:, :, None], 3, axis=2), 1, None, ""))
        (strip,) = locate(ink, ONE_NUMBER)
        return segment(strip, ink.scale)

    return marks_of


def sure_of(cut: Segmented, digit: int = 0) -> NDArray[np.float32]:
    """What a network says that takes every candidate for one digit."""
    chances = np.full((len(cut.candidates), NO_DIGIT + 1), 0.001, np.float32)
    chances[:, digit] = 0.99
    return chances


def blocks(*spans: tuple[int, int], top: int = 20, bottom: int = 80) -> NDArray[np.uint8]:
    """Hollow boxes, with strokes of six pixels, on a white strip: each a mark as wide as its span."""
    paper = np.full((100, 400), 255, np.uint8)
    for left, right in spans:
        paper[top:bottom, left:right] = 0
        paper[top + 6 : bottom - 6, left + 6 : right - 6] = 255
    return paper


def test_a_wide_mark_is_cut_and_a_narrow_one_is_not(cut: Cut) -> None:
    found = cut(blocks((20, 60), (100, 190)))
    pieces = [sum(atom.mark == mark.label for atom in found.atoms) for mark in found.strip.marks]
    assert pieces[0] == 1
    assert pieces[1] > 1


def test_no_run_takes_pieces_of_two_marks(cut: Cut) -> None:
    found = cut(blocks((20, 100), (104, 184)))
    marks = [atom.mark for atom in found.atoms]
    assert len(set(marks)) == 2
    assert min(marks.count(mark) for mark in set(marks)) > 1
    for first, last in found.runs:
        own = marks[first : last + 1]
        cut_through = [mark for mark in set(own) if own.count(mark) < marks.count(mark)]
        assert len(cut_through) <= 1


def test_a_mark_that_is_surely_a_digit_is_not_cut(cut: Cut) -> None:
    marks = cut(blocks((20, 75), (120, 175)))
    assert len(marks.atoms) > 2
    assert len(widened(marks, sure_of(marks)).candidates) == len(marks.candidates) == 2


def test_a_mark_as_wide_as_two_is_cut_however_sure_the_network_is(cut: Cut) -> None:
    marks = cut(blocks((20, 130), (170, 210)))
    assert len(widened(marks, sure_of(marks)).candidates) > len(marks.candidates)


def test_a_sure_mark_close_to_a_doubtful_one_is_asked_about_together_with_it(cut: Cut) -> None:
    marks = cut(blocks((20, 60), (64, 104)))
    chances = sure_of(marks)
    chances[1] = 0.05
    chances[1, NO_DIGIT] = 0.5
    more = widened(marks, chances).candidates[len(marks.candidates) :]
    assert [(candidate.first, candidate.last) for candidate in more] == [(0, 1)]


def test_small_marks_are_not_asked_about_but_may_be_learnt_from(cut: Cut) -> None:
    pixels = blocks((20, 60), (100, 140))
    pixels[72:80, 74:82] = 0  # a point on the line
    found = cut(pixels)
    assert len(found.atoms) == 3
    point = next(place for place, atom in enumerate(found.atoms) if atom.box.height < 12)
    assert found.is_small(point, point)
    asked = widened(found, np.full((len(found.candidates), NO_DIGIT + 1), 0.09, np.float32)).candidates
    assert (point, point) not in {(one.first, one.last) for one in asked}
    assert (point, point) in {(one.first, one.last) for one in every_candidate(found).candidates}


def test_a_cloud_of_specks_makes_few_runs(cut: Cut) -> None:
    rng = np.random.default_rng(0)
    pixels = blocks((20, 60), (340, 380))
    for _ in range(250):
        x, y = int(rng.integers(70, 330)), int(rng.integers(20, 78))
        pixels[y : y + 3, x : x + 3] = 0
    found = cut(pixels)
    assert len(found.atoms) > 60
    assert len(found.runs) <= 8 * len(found.atoms)
