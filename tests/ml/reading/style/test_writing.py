"""How a number was written, measured on numbers whose writing we chose."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.elements import Box, Writing
from ml.reading.forms.layouts import ONE_NUMBER
from ml.reading.ink.groups import Mark
from ml.reading.ink.lines import Cutting
from ml.reading.ink.locate import Strip
from ml.reading.read import read_scan
from ml.reading.reader import Reader
from ml.reading.style.writing import colour_name, in_words, measure_writing

Pixels = NDArray[np.uint8]
Draw = Callable[..., Pixels]
Encode = Callable[..., bytes]
Measure = Callable[[Pixels], Writing]


@pytest.fixture(scope="module")
def written(as_file: Encode) -> Callable[[Pixels], Writing]:
    reader = Reader.shipped(with_second=False)

    def measure(pixels: Pixels) -> Writing:
        (page,) = read_scan(as_file(pixels), ONE_NUMBER, reader)
        (reading,) = page.readings
        assert reading.writing is not None
        return reading.writing

    return measure


@pytest.mark.parametrize("slant", [-0.3, 0.0, 0.3, 0.6])
def test_slant_is_in_degrees_to_the_right(written: Measure, digit_image: Draw, slant: float) -> None:
    found = written(digit_image("47141", slant=slant)).slant
    upright = written(digit_image("47141")).slant
    assert found - upright == pytest.approx(np.degrees(np.arctan(slant)), abs=7)


@pytest.mark.parametrize("pen", [0.05, 0.09, 0.15])
def test_pen_and_height_are_in_pixels(written: Measure, digit_image: Draw, pen: float) -> None:
    found = written(digit_image("3528", 90, pen=pen))
    assert found.height == pytest.approx(90 * (1 + pen), rel=0.15)
    assert found.pen == pytest.approx(90 * pen, rel=0.35, abs=1.5)


def test_wide_spaces_are_wider_than_narrow_ones(written: Measure, digit_image: Draw) -> None:
    narrow, wide = (written(digit_image("3528", gap=gap)).spacing for gap in (0.1, 0.5))
    assert narrow is not None
    assert wide is not None
    assert wide - narrow == pytest.approx(0.4, abs=0.12)


def test_a_single_digit_has_no_spacing(written: Measure, digit_image: Draw) -> None:
    found = written(digit_image("8"))
    assert found.spacing is None
    assert found.unevenness is None
    assert "spaced" not in found.words


@pytest.mark.parametrize(
    ("pen", "name"),
    [((20, 20, 25), "black"), ((30, 50, 170), "blue"), ((190, 30, 40), "red"), ((20, 120, 50), "green")],
)
def test_ink_has_its_colours_name(written: Measure, digit_image: Draw, pen: tuple[int, int, int], name: str) -> None:
    share = (255 - digit_image("3528").astype(np.float32)) / 255
    coloured = (235 * (1 - share) + np.array(pen, np.float32) * share).astype(np.uint8)
    found = written(cv2.GaussianBlur(coloured, (3, 3), 0).astype(np.uint8))
    assert colour_name(found.ink) == name
    assert f"{name} pen" in found.words


def test_the_sentence_says_what_the_figures_do() -> None:
    writing = Writing(slant=12.2, pen=8, height=46, spacing=0.12, unevenness=0.03, ink=(20, 40, 170))
    assert in_words(writing) == "Slanted 12° to the right, broad blue pen, digits 46 pixels high, evenly spaced"
    other = Writing(slant=-1, pen=2, height=46, spacing=-0.05, unevenness=0.2, ink=(30, 30, 30))
    assert in_words(other) == "Upright, fine black pen, digits 46 pixels high, touching"


def test_a_stroke_thinner_than_a_pixel_of_the_page_has_a_colour() -> None:
    """On an enlarged picture a stroke of one ink pixel begins and ends in the same pixel of the page."""
    labels, picture = np.ones((19, 1), np.int32), np.full((12, 3, 3), 80, np.uint8)
    mark = Mark(1, Box(410, 164, 411, 183), 19)
    strip = Strip((mark,), Box(410, 164, 411, 183), labels, np.full((19, 1), 200, np.uint8))
    cutting = Cutting(np.zeros((32, 8), np.float32), picture, Box(203, 80, 206, 92), strip, 0.5)
    assert measure_writing(cutting, [Box(205, 82, 206, 91)]).ink == (80, 80, 80)
