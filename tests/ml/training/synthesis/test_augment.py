import numpy as np

from ml.training.datasets import Digits
from ml.training.synthesis.augment import augment


def test_augmented_glyphs_stay_glyphs_and_differ(digits: Digits) -> None:
    changed = augment(digits.pixels, np.random.default_rng(1))
    assert changed.shape == digits.pixels.shape
    assert changed.dtype == np.float32
    assert changed.min() >= 0
    assert changed.max() <= 1
    assert (np.abs(changed - digits.pixels).max(axis=(1, 2)) > 0.1).all()


def test_ink_survives_augmentation(digits: Digits) -> None:
    ratio = augment(digits.pixels, np.random.default_rng(2)).sum(axis=(1, 2)) / digits.pixels.sum(axis=(1, 2))
    assert (ratio > 0.4).all()
    assert (ratio < 2.5).all()
