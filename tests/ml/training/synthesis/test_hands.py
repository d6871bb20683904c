"""Hands: what they draw has its size and hangs together."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ml.training.synthesis.hands import Hand
from ml.training.synthesis.shapes import SHAPES


@pytest.mark.parametrize("digit", range(10))
def test_every_shape_of_a_hand_is_written_within_its_size(digit: int) -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        ink = Hand.random(rng, pen=0.08).write(digit, 44, rng)
        assert ink.dtype == np.float32
        assert 0.8 <= ink.max() <= 1
        assert 30 <= ink.shape[0] <= 75
        assert 2 <= ink.shape[1] <= 120


def test_who_writes_the_one_with_an_upstroke_crosses_the_seven() -> None:
    sevens = {shape.strokes: len(shape.strokes) for shape in SHAPES[7]}
    for seed in range(60):
        hand = Hand.random(np.random.default_rng(seed), pen=0.08)
        if hand.upstroke:
            assert len(hand.shapes[7].strokes) in {count for count in sevens.values() if count > 1}
            assert hand.shapes[1].strokes[0][0][1] > 0.2  # begins well below its top


@pytest.mark.parametrize("count", [2, 3, 5])
def test_noughts_in_one_stroke_hang_together_and_stand_side_by_side(count: int) -> None:
    for seed in range(30):
        rng = np.random.default_rng(seed)
        ink, ends = Hand.random(rng, pen=0.08).write_noughts(count, 40, rng)
        marks, _ = cv2.connectedComponents((ink > 0.2).astype(np.uint8))
        assert marks == 2  # the paper and one mark
        assert len(ends) == count
        assert (np.diff(ends.mean(axis=1)) > 0).all()
        assert ends.min() >= 0
        assert ends.max() <= ink.shape[1]
