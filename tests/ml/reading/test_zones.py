"""Words and lines in a zone, whatever its size on the page."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.elements import Box, Page
from ml.reading.zones import Zone

Draw = Callable[..., NDArray[np.uint8]]


def page_with(*pieces: tuple[NDArray[np.uint8], int, int], size: tuple[int, int] = (160, 640)) -> Page:
    pixels = np.full((*size, 3), 235, np.uint8)
    for piece, left, top in pieces:
        inside = pixels[top : top + piece.shape[0], left : left + piece.shape[1]]
        np.minimum(inside, piece[: inside.shape[0], : inside.shape[1]], out=inside)
    return Page(pixels, 1, None, "")


def zone_of(page: Page, per_mm: float = 8.0) -> Zone:
    height, width = page.pixels.shape[:2]
    return Zone.of(page, Box(0, 0, width, height), per_mm)


def test_two_numbers_far_apart_are_two_words_and_each_a_line(digit_image: Draw) -> None:
    one, other = digit_image("12", 40), digit_image("345", 40)
    zone = zone_of(page_with((one, 20, 50), (other, 380, 50)))
    assert len(zone.words) == 2
    assert len(zone.lines()) == 2


def test_numbers_nearer_are_also_tried_together(digit_image: Draw) -> None:
    one, other = digit_image("12", 40), digit_image("345", 40)
    zone = zone_of(page_with((one, 20, 50), (other, 20 + one.shape[1] + 20, 50)))
    lines = zone.lines()
    assert len(zone.words) == 2
    assert len(lines) == 3
    assert lines[0].box.width > lines[1].box.width + lines[2].box.width  # the longest first


def test_lines_below_one_another_stay_apart(digit_image: Draw) -> None:
    zone = zone_of(page_with((digit_image("12", 40), 20, 10), (digit_image("345", 40), 20, 90)))
    assert len(zone.lines()) == 2


@pytest.mark.parametrize("scale", [1.0, 2.5])
def test_a_word_stands_where_it_stands_on_the_page(scale: float, digit_image: Draw) -> None:
    page = page_with((digit_image("735", 40), 100, 50))
    large = cv2.resize(page.pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    zone = zone_of(Page(large, 1, None, ""), 8.0 * scale)
    (word,) = zone.words
    found = zone.on_page(word)
    ink = np.argwhere(large[:, :, 0] < 128)
    wanted = (*ink.min(axis=0)[::-1], *(ink.max(axis=0)[::-1] + 1))
    assert (found.left, found.top, found.right, found.bottom) == pytest.approx(wanted, abs=4 * scale)


def test_a_long_stroke_does_not_make_the_digits_small(digit_image: Draw) -> None:
    page = page_with((digit_image("735", 30), 100, 70))
    pixels = page.pixels.copy()
    cv2.line(pixels, (220, 5), (200, 150), (40, 40, 40), 3, cv2.LINE_AA)
    zone = zone_of(Page(pixels, 1, None, ""))
    line = zone.lines()[0]
    assert line.picture.shape[0] < 80


def test_something_tall_close_beside_a_line_is_noticed(digit_image: Draw) -> None:
    number = digit_image("345", 40)
    zone = zone_of(page_with((digit_image("1", 40), 20, 50), (number, 60, 50)))
    whole, *parts = zone.lines()
    assert not zone.goes_on(whole)
    assert any(zone.goes_on(part) for part in parts) or len(zone.words) == 1


def test_an_empty_zone_has_no_lines() -> None:
    assert zone_of(page_with()).lines() == []
