"""Marks of a zone, also of a pale pen or of digits that fell to pieces."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.elements import Page
from ml.reading.ink.ink import find_ink
from ml.reading.ink.zone_marks import pale_rows
from tests.fixtures_zones import page_with, zone_of

Draw = Callable[..., NDArray[np.uint8]]


def test_a_digit_that_fell_to_pieces_is_a_part_of_its_line(digit_image: Draw) -> None:
    """A thin pen's strokes break where they are pale: none of the pieces is as tall as writing."""
    broken, whole = digit_image("3", 36), digit_image("35", 40)
    for top in range(0, broken.shape[0], 12):
        broken[top : top + 5] = 235
    zone = zone_of(page_with((broken, 200, 50), (whole, 244, 50)))
    assert [word.left < 230 for word in zone.words] == [True]


@pytest.mark.parametrize("pale", [0.24, 0.25, 0.28])
def test_a_digit_of_which_only_specks_are_dark_beside_print_is_a_word(pale: float, digit_image: Draw) -> None:
    """The print settles how dark ink is; of a pale pen's digits, only where strokes meet is as dark."""
    zone = zone_of(_beside_print(_speckled(digit_image("3", 40), pale)))
    assert any(word.left > 240 and word.height > 30 for word in zone.words)


@pytest.mark.parametrize("pale", [0.3, 0.4])
def test_a_digit_of_which_the_upper_part_alone_is_dark_is_a_word_as_a_whole(pale: float, digit_image: Draw) -> None:
    digit = digit_image("6", 40)
    half = digit.shape[0] // 2
    piece = _speckled(digit, pale)
    piece[:half] = digit[:half]
    zone = zone_of(_beside_print(piece))
    assert max(word.height for word in zone.words if word.left > 240) > 40


def test_pale_bars_that_run_together_are_no_digit(digit_image: Draw) -> None:
    bars = np.full((40, 200, 3), 255, np.uint8)
    for left in range(0, 200, 8):
        bars[:, left : left + 4] = 0
    bars[15:25] = 0
    pages = [_beside_print(_speckled(piece, 0.35)) for piece in (bars, bars[:, :40])]
    assert [len(pale_rows(find_ink(page), 8.0)) for page in pages] == [0, 1]


def _speckled(digit: NDArray[np.uint8], share: float) -> NDArray[np.uint8]:
    """The digit in pale ink, and every few pixels a speck as dark as print."""
    pale = (255 - (255 - digit.astype(np.float32)) * share).astype(np.uint8)
    rows, columns = np.nonzero(digit[:, :, 0] < 60)
    for row, column in list(zip(rows, columns, strict=True))[::60]:
        pale[row - 1 : row + 2, column - 1 : column + 2] = 20
    return pale


def _beside_print(piece: NDArray[np.uint8]) -> Page:
    page = page_with((piece, 260, 60))
    pixels = page.pixels.copy()
    for left in range(20, 200, 30):
        cv2.rectangle(pixels, (left, 60), (left + 14, 100), (0, 0, 0), -1)
    return Page(pixels, 1, None, "")
