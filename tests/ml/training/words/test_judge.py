"""Counting the errors of a network of words."""

from __future__ import annotations

import pytest

from ml.training.words.judge import distance

pytestmark = pytest.mark.training


@pytest.mark.parametrize(
    ("text", "truth", "signs"),
    [("", "", 0), ("ten", "ten", 0), ("tcn", "ten", 1), ("tn", "ten", 1), ("tenn", "ten", 1), ("", "ten", 3)],
)
def test_the_distance_counts_signs(text: str, truth: str, signs: int) -> None:
    assert distance(text, truth) == signs
