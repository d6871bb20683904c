"""Glyphs as reading finds them in composed amounts."""

from __future__ import annotations

import numpy as np
import pytest

from ml.reading.elements import Box
from ml.training.datasets import Digits
from ml.training.fields.digits import Writers
from ml.training.fields.segmented import find_glyphs, place_of

BOXES = np.array([(10, 10, 30, 50), (40, 12, 60, 50), (70, 10, 74, 48)], np.int32)


@pytest.mark.parametrize(
    ("box", "place"),
    [
        (Box(11, 9, 29, 51), 0),
        (Box(70, 10, 75, 49), 2),
        (Box(10, 10, 60, 50), None),
        (Box(62, 44, 67, 50), None),
        (Box(12, 12, 20, 22), None),
        (Box(10, 10, 42, 50), -1),
    ],
    ids=["a digit", "a slim digit", "two digits", "a mark between", "a piece of one", "a digit and a bit"],
)
def test_what_stands_in_a_box(box: Box, place: int | None) -> None:
    assert place_of(box, BOXES) == place


def test_digits_and_marks_are_found_and_the_same_seed_finds_the_same(digits: Digits) -> None:
    first, second = (find_glyphs(Writers(digits), 12, np.random.default_rng(5)) for _ in range(2))
    assert len(first.digits.labels) >= 12
    assert len(first.marks) >= 12
    assert first.digits.pixels.shape[1:] == first.marks.shape[1:] == (28, 28)
    assert first.digits.pixels.dtype == first.marks.dtype == np.float32
    assert set(first.digits.labels.tolist()) <= set(range(10))
    np.testing.assert_array_equal(first.digits.pixels, second.digits.pixels)
    np.testing.assert_array_equal(first.marks, second.marks)
