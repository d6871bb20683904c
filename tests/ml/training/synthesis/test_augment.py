import numpy as np

from ml.reading.elements import NO_DIGIT
from ml.training.datasets import Digits
from ml.training.synthesis.augment import Batches, augmented

NO_MORE = Digits(np.empty((0, 28, 28), np.float32), np.empty(0, np.int64))


def test_augmented_glyphs_stay_glyphs_and_differ(digits: Digits) -> None:
    changed = augmented(digits.pixels, np.random.default_rng(1))
    assert changed.shape == digits.pixels.shape
    assert changed.dtype == np.float32
    assert changed.min() >= 0
    assert changed.max() <= 1
    assert (np.abs(changed - digits.pixels).max(axis=(1, 2)) > 0.1).all()


def test_ink_survives_augmentation(digits: Digits) -> None:
    ratio = augmented(digits.pixels, np.random.default_rng(2)).sum(axis=(1, 2)) / digits.pixels.sum(axis=(1, 2))
    assert (ratio > 0.4).all()
    assert (ratio < 2.5).all()


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
