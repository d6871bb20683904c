"""Digits for tests of training: a few real ones where they are at hand would differ by machine, so ours are drawn."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ml.reading.recognisers.normalise import normalise
from ml.training.datasets import Digits
from ml.training.fields.digits import Writers

pytestmark = pytest.mark.training


def drawn_digit(label: int, rng: np.random.Generator) -> np.ndarray:
    paper = np.zeros((80, 80), np.uint8)
    place = (20 + int(rng.integers(-3, 4)), 60)
    cv2.putText(paper, str(label), place, cv2.FONT_HERSHEY_SIMPLEX, rng.uniform(1.6, 2), 255, int(rng.integers(4, 9)))
    return normalise(paper.astype(np.float32) / 255)


@pytest.fixture(scope="session")
def digits() -> Digits:
    """64 digits, float32, drawn with the same seed each time."""
    rng = np.random.default_rng(0)
    labels = np.arange(64) % 10
    return Digits(np.stack([drawn_digit(int(label), rng) for label in labels]), labels.astype(np.int64))


@pytest.fixture(scope="session")
def writers(digits: Digits) -> Writers:
    return Writers(digits)
