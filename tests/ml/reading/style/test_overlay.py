"""Two numbers laid one over the other."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.elements import Writing
from ml.reading.style.overlay import difference, overlaid

Pixels = NDArray[np.uint8]
Draw = Callable[..., Pixels]

WRITING = Writing(slant=10, pen=5, height=50, spacing=0.1, unevenness=0.03, ink=(0, 0, 0))


def drawn_again(draw: Draw, text: str, seed: int) -> Pixels:
    """The same number with other jitter: the elastic stray of a hand."""
    pixels = draw(text, 80)
    rng = np.random.default_rng(seed)
    shift = [cv2.resize(rng.normal(0, 6, (4, 10)).astype(np.float32), pixels.shape[1::-1]) for _ in range(2)]
    down, across = np.mgrid[0 : pixels.shape[0], 0 : pixels.shape[1]].astype(np.float32)
    bent = cv2.remap(pixels, across + shift[0], down + shift[1], cv2.INTER_LINEAR, borderValue=(255, 255, 255))
    return np.asarray(bent, np.uint8)


@pytest.mark.parametrize("scale", [0.6, 1.0, 1.7])
def test_the_same_ink_scanned_again_is_a_copy(digit_image: Draw, scale: float) -> None:
    first = digit_image("4071", 80)
    again = cv2.resize(first, None, fx=scale, fy=scale * 1.03, interpolation=cv2.INTER_AREA)
    again = cv2.GaussianBlur(again, (0, 0), 1.0) * 0.8 + np.random.default_rng(1).normal(10, 5, again.shape)
    laid = overlaid(first, np.clip(again, 0, 255).astype(np.uint8))
    assert laid.is_copy
    assert laid.first.shape == laid.second.shape


def test_the_same_number_written_twice_is_none(digit_image: Draw) -> None:
    laid = overlaid(drawn_again(digit_image, "4071", 1), drawn_again(digit_image, "4071", 2))
    assert not laid.is_copy
    assert laid.coincidence > 0.3


def test_other_numbers_coincide_less(digit_image: Draw) -> None:
    same = overlaid(drawn_again(digit_image, "4071", 1), drawn_again(digit_image, "4071", 2)).coincidence
    assert overlaid(digit_image("4071", 80), digit_image("2358", 80)).coincidence < same


def test_empty_paper_coincides_with_nothing(digit_image: Draw) -> None:
    assert overlaid(np.full((60, 120, 3), 240, np.uint8), digit_image("4071")).coincidence == pytest.approx(0, abs=0.2)


def test_difference_is_counted_in_what_a_hand_strays() -> None:
    assert difference(WRITING, WRITING) == 0
    leaning = Writing(slant=26, pen=5, height=50, spacing=0.1, unevenness=0.03, ink=(0, 0, 0))
    assert difference(WRITING, leaning) == pytest.approx(1.0)
    larger = Writing(slant=10, pen=10, height=100, spacing=0.1, unevenness=0.03, ink=(0, 0, 0))
    assert difference(WRITING, larger) == 0
    single = Writing(slant=10, pen=5, height=50, spacing=None, unevenness=None, ink=(0, 0, 0))
    assert difference(WRITING, single) == 0
