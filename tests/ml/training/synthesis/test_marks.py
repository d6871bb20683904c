import numpy as np

from ml.training.datasets import Digits
from ml.training.synthesis.marks import draw_marks


def test_same_seed_draws_the_same_marks(digits: Digits) -> None:
    first, second, other = (draw_marks(40, digits, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_marks_are_glyphs_with_ink(digits: Digits) -> None:
    marks = draw_marks(60, digits, np.random.default_rng(3))
    assert marks.shape == (60, 28, 28)
    assert marks.dtype == np.float32
    assert marks.min() >= 0
    assert marks.max() <= 1
    assert (marks.sum(axis=(1, 2)) > 1).all()
