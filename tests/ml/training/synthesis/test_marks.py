import numpy as np

from ml.training.datasets import Digits
from ml.training.synthesis.marks import draw_marks
from ml.training.synthesis.strings import compose_strings


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


def test_same_seed_composes_the_same_strings(digits: Digits) -> None:
    first, second = (list(compose_strings(digits, 5, seed=9)) for _ in range(2))
    assert [string.digits for string in first] == [string.digits for string in second]
    assert all(np.array_equal(one.image, other.image) for one, other in zip(first, second, strict=True))


def test_strings_are_dark_ink_on_pale_paper(digits: Digits) -> None:
    for string in compose_strings(digits, 10, seed=5):
        assert 3 <= len(string.digits) <= 8
        assert string.digits.isdecimal()
        assert np.median(string.image) > 150
        assert string.image.min() < 130
