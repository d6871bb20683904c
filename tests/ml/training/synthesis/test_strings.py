import numpy as np

from ml.training.datasets import Digits
from ml.training.synthesis.strings import compose_strings


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
