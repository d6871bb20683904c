"""Digits and fonts for tests of training, the same on every machine.

A few real digits where they are at hand would differ, so ours are drawn; no font of handwriting is part of this
project, so a typeface stands in.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from ml.reading.recognisers.normalise import normalise
from ml.training.datasets import Digits
from ml.training.fields.digits import Writers
from ml.training.synthesis.typefaces import typefaces
from ml.training.words.fonts import HandFont
from ml.training.words.lines import Sources

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


@pytest.fixture(scope="session")
def typeface() -> Path:
    """A typeface that is installed on most machines; without one there is nothing to write with."""
    for name in ("DejaVuSans", "LiberationSans-Regular"):
        for file in typefaces():
            if Path(file).stem == name:
                return Path(file)
    pytest.skip("Neither DejaVu Sans nor Liberation Sans is installed.")


@pytest.fixture(scope="session")
def sources(typeface: Path, writers: Writers) -> Sources:
    font = HandFont.of(typeface)
    return Sources([font], [font], writers)
