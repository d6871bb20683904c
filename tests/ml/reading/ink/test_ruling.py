"""Frames around single digits, taken out of a page's ink."""

import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.forms.layouts import ANY_NUMBER
from ml.reading.ink.constants import RULING
from ml.reading.ink.ink import Ink
from ml.reading.ink.ruling import without_rules


@pytest.mark.parametrize("is_noisy", [False, True])
def test_frames_go_and_what_they_hold_stays_beside_a_pattern_too(is_noisy: bool) -> None:
    mask = _page(is_noisy=is_noisy)
    lefts = range(20, 320, 50)

    left_over = without_rules(Ink.of(mask * np.uint8(255), mask, 1.0), ANY_NUMBER).mask

    assert (np.count_nonzero(mask[:, 1:] > mask[:, :-1]) > RULING.most_holes) == is_noisy
    assert not any(left_over[20, left : left + 40].any() or left_over[20:60, left].any() for left in lefts)
    assert all(left_over[30:50, left + 20].all() for left in lefts)


def _page(*, is_noisy: bool) -> NDArray[np.uint8]:
    """Strokes in frames, other strokes below them, and perhaps a pattern with a hole every other pixel."""
    mask = np.zeros((900, 900), np.uint8)
    for left in range(20, 320, 50):
        mask[20:60, left : left + 40] = 1
        mask[22:58, left + 2 : left + 38] = 0
        mask[30:50, left + 18 : left + 22] = 1
    for left in range(20, 880, 20):
        mask[100:120, left : left + 10] = 1
    if is_noisy:
        mask[150:850, 20:880] = 1
        mask[151:849:2, 21:879:2] = 0
    return mask
