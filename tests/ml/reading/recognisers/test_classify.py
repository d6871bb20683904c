"""The network's door."""

from __future__ import annotations

import numpy as np
import pytest

from ml.reading.elements import Box, Glyph
from ml.reading.reader import Reader


@pytest.mark.parametrize("count", [1, 2, 64, 65])
def test_a_fresh_network_takes_any_number_of_glyphs_first(count: int) -> None:
    rng = np.random.default_rng(1)
    glyphs = [Glyph(Box(0, 0, 28, 28), rng.random((28, 28), np.float32)) for _ in range(count)]
    chances = Reader.shipped().classifier.classify(glyphs)
    assert chances.shape == (count, 11)
    assert np.allclose(chances.sum(axis=1), 1, atol=1e-3)
