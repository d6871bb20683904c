"""Batches of digits and marks: as the seed says, each digit once in an epoch."""

from __future__ import annotations

import numpy as np
import pytest

from ml.reading.elements import NO_DIGIT
from ml.training.datasets import Digits
from ml.training.runs.digit_batches import Batches

pytestmark = pytest.mark.training
NO_MORE = Digits(np.empty((0, 28, 28), np.float32), np.empty(0, np.int64))


def test_batches_follow_from_seed_and_epoch(digits: Digits) -> None:
    first, second = (Batches(digits, NO_MORE, [digits.pixels], 16, 0.25, seed=3) for _ in range(2))
    assert np.array_equal(first[1][0], second[1][0])
    second.begin(1)
    assert not np.array_equal(first[1][0], second[1][0])


def test_each_digit_and_its_share_of_marks_stand_in_an_epoch(digits: Digits) -> None:
    batches = Batches(digits, NO_MORE, [digits.pixels[:3]], 16, 0.25, seed=3)
    labels = np.concatenate([batches[index][1] for index in range(len(batches))])
    assert len(labels) == 80
    assert (labels == NO_DIGIT).sum() == 16
    assert np.array_equal(np.bincount(labels, minlength=10)[:10], np.bincount(digits.labels))


def test_other_digits_stand_in_an_epoch_beside_them(digits: Digits) -> None:
    ones = Digits(np.ones((5, 28, 28), np.float32), np.full(5, 1, np.int64))
    batches = Batches(digits, ones, [digits.pixels[:3]], 16, 0.25, seed=3)
    labels = np.concatenate([batches[index][1] for index in range(len(batches))])
    assert len(labels) == 96
    assert (labels == 1).sum() == (digits.labels == 1).sum() + 16
