"""Patches without writing are of every sort of paper, and none of them holds the ink of a pen."""

from __future__ import annotations

import numpy as np
import pytest

from ml.training.pages.nothing import EMPTY, empty_patch
from ml.training.pages.sheet import Sheet

pytestmark = pytest.mark.training


@pytest.mark.parametrize("paper", EMPTY)
def test_each_paper_is_drawn_in_the_size_asked_for(paper: str) -> None:
    one = EMPTY[paper](60, 140, np.random.default_rng(4))
    assert one.shape == (60, 140, 3)
    assert one.std() > 0
    assert np.array_equal(one, EMPTY[paper](60, 140, np.random.default_rng(4)))


def test_patches_have_the_size_of_a_cell_and_differ() -> None:
    patches = [empty_patch(np.random.default_rng(seed)) for seed in range(20)]
    assert all(28 <= patch.shape[0] < 140 and 40 <= patch.shape[1] < 320 for patch in patches)
    assert len({patch.tobytes() for patch in patches}) == 20


def test_no_pen_touches_an_empty_patch(monkeypatch: pytest.MonkeyPatch) -> None:
    def write(*_: object) -> None:
        raise AssertionError("a pen wrote")

    monkeypatch.setattr(Sheet, "write", write)
    for seed in range(40):
        empty_patch(np.random.default_rng(seed))
