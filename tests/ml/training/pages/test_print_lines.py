"""Lines of print and of handwriting, and the typefaces that print is set in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ml.training.fields.digits import Writers
from ml.training.pages.print_lines import labelled_lines
from ml.training.synthesis.typefaces import printed, split_faces, typefaces

pytestmark = pytest.mark.training


def test_half_of_the_lines_are_printed_and_all_are_lines(writers: Writers) -> None:
    lines = list(labelled_lines(8, writers, typefaces(), seed=3))
    assert sum(line.printed for line in lines) == 4
    for line in lines:
        assert line.line.dtype == np.float32
        assert line.line.shape[0] == 32
        assert line.line.max() > 0.5, "there is ink on it"


def test_the_same_seed_draws_the_same_lines(writers: Writers) -> None:
    one, other = (list(labelled_lines(3, writers, typefaces(), seed=5)) for _ in range(2))
    assert all(np.array_equal(a.line, b.line) for a, b in zip(one, other, strict=True))


def test_print_is_as_high_as_asked_and_wider_with_more_digits() -> None:
    face = next(face for face in typefaces() if "LiberationSans-Regular" in face)
    for seed in range(5):
        rng = np.random.default_rng(seed)
        one, four = (printed(text, 30, face, rng) for text in ("8", "8888"))
        assert 24 <= one.shape[0] <= 36
        assert four.shape[1] > 2.5 * one.shape[1]


def test_whole_families_are_held_out() -> None:
    faces = [f"/usr/{name}.ttf" for name in ("Serif-Bold", "Serif-Regular", "Plain-Bold", "Plain-Regular", "Mono-Book")]
    shown, held_out = split_faces(faces, every=3)
    assert sorted([*shown, *held_out]) == sorted(faces)
    families = [{Path(face).stem.split("-")[0] for face in part} for part in (shown, held_out)]
    assert all(families)
    assert families[0].isdisjoint(families[1])
