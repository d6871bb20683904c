"""Drawn signs: ink, its size, its seed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.random import Generator
from numpy.typing import NDArray

from ml.training.synthesis.signs import draw_currency, draw_letters

Way = Callable[[int, Generator], NDArray[np.float32]]
WAYS: list[Way] = [draw_currency, lambda height, rng: draw_letters(height, 3, rng)]


@pytest.mark.parametrize("way", WAYS, ids=["currency", "letters"])
def test_a_sign_is_ink_with_no_paper_around(way: Way) -> None:
    for seed in range(60):
        ink = way(40, np.random.default_rng(seed))
        assert ink.dtype == np.float32
        assert 0.8 <= ink.max() <= 1
        assert all(edge.any() for edge in (ink[0], ink[-1], ink[:, 0], ink[:, -1]))


@pytest.mark.parametrize("height", [24, 48])
def test_a_currencys_sign_is_about_as_high_as_asked(height: int) -> None:
    ratios = np.array([draw_currency(height, np.random.default_rng(seed)).shape[0] / height for seed in range(120)])
    assert 0.9 < np.median(ratios) < 1.25
    assert ratios.min() > 0.7
    assert ratios.max() < 1.5


@pytest.mark.parametrize("way", WAYS, ids=["currency", "letters"])
def test_the_same_seed_draws_the_same_sign_and_another_another(way: Way) -> None:
    first, again, other = (way(40, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
