"""A light sheet on dark, wooden or other ground is read as a page of its own, and the ground is never a number."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.elements import Box, Page
from ml.reading.forms.layout_json import shipped_layouts
from ml.reading.forms.layouts import ANY_NUMBER
from ml.reading.read import read_scan
from ml.reading.reader import Reader
from ml.reading.sheets.grounds import is_at_edge, may_show_ground, without_ground
from ml.reading.sheets.sheet import find_sheets, is_ground_bare
from tests.ml.reading.sheets.scenes import laid, page_of, seen_from, shot, table

Pixels = NDArray[np.uint8]
Draw = Callable[..., Pixels]
NUMBERS = ("48205", "7316", "90452", "1638")


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.shipped()


def written(digit_image: Draw, width: int = 760, height: int = 560) -> NDArray[np.float32]:
    """A sheet with four numbers below one another."""
    sheet = np.full((height, width, 3), 225, np.float32)
    for row, text in enumerate(NUMBERS):
        body = digit_image(text, height=48)[:, :, :1].astype(np.float32) / 255
        top, left = 50 + row * 120, 90 + (row % 2) * 260
        area = sheet[top : top + body.shape[0], left : left + body.shape[1]]
        area[:] = area * (0.15 + 0.85 * body)
    return sheet


def on_ground(sheet: NDArray[np.float32], kind: str, turn: float = 0.0, fill: float = 0.9) -> NDArray[np.float32]:
    picture = table(1000, 760, kind)
    corners = seen_from(sheet.shape[1], sheet.shape[0], (1000, 760), turn, 0, fill)
    laid(picture, sheet, corners)
    return picture


@pytest.mark.parametrize(("kind", "turn"), [("dark", 0.0), ("lid", 2.0), ("wood", -2.5), ("blue", 4.0)])
@pytest.mark.parametrize("layout", [ANY_NUMBER, shipped_layouts()], ids=["any", "auto"])
def test_numbers_of_a_sheet_on_its_ground_are_read_and_nothing_else(
    reader: Reader, digit_image: Draw, as_file: Callable[..., bytes], kind: str, turn: float, layout: object
) -> None:
    page = shot(on_ground(written(digit_image), kind, turn))
    (read,) = read_scan(as_file(page.pixels), layout, reader)  # type: ignore[arg-type]
    assert [reading.value for reading in read.readings] == list(NUMBERS)
    assert read.page.pixels.shape == page.pixels.shape
    for reading in read.readings:  # where it stands on the page as it came
        inside = page.pixels[reading.box.top : reading.box.bottom, reading.box.left : reading.box.right]
        assert 0.03 < float((inside.max(axis=2) < 120).mean()) < 0.8


def test_the_ground_is_painted_with_the_paper_beside_it(digit_image: Draw) -> None:
    picture = on_ground(written(digit_image), "lid", 3.0)
    picture[:, :500] *= 0.8  # a shadow over half of it
    page = shot(picture)
    bare = without_ground(page, find_sheets(page))
    assert bare.pixels.shape == page.pixels.shape
    assert bare.sha256 != page.sha256
    corners = [bare.pixels[y, x].mean() for y, x in ((4, 4), (4, -5), (-5, 4), (-5, -5))]
    assert corners == pytest.approx([180, 225, 180, 225], abs=14)
    middle = np.s_[300:460, 300:700]
    assert np.array_equal(bare.pixels[middle], page.pixels[middle])


def test_what_stands_beside_a_box_of_a_form_is_read_too(
    reader: Reader, digit_image: Draw, as_file: Callable[..., bytes]
) -> None:
    """A light box on a darker form looks like a sheet; the numbers beside it are part of the page."""
    form = np.full((900, 1000, 3), 140, np.float32)
    form[300:860, 120:880] = written(digit_image)
    for at, text in enumerate(("5127", "604", "8391", "277", "1940", "36")):
        body = digit_image(text, height=44)[:, :, :1].astype(np.float32) / 255
        top, left = 40 + 110 * (at // 3), 100 + 290 * (at % 3)
        area = form[top : top + body.shape[0], left : left + body.shape[1]]
        area[:] = area * (0.1 + 0.9 * body)
    page = shot(form)
    assert not is_ground_bare(page, find_sheets(page))
    (read,) = read_scan(as_file(page.pixels), ANY_NUMBER, reader)
    assert {"5127", "604", "8391", "277", "1940", "36"} <= {reading.value for reading in read.readings}


def test_light_writing_on_the_ground_is_no_bare_ground(digit_image: Draw) -> None:
    picture = on_ground(written(digit_image), "lid", fill=0.6)
    assert is_ground_bare(shot(picture), find_sheets(shot(picture)))
    for left in range(60, 900, 60):
        cv2.line(picture, (left, 30), (left + 20, 90), (210, 210, 210), 5, cv2.LINE_AA)
        cv2.line(picture, (left, 60), (left + 40, 60), (210, 210, 210), 5, cv2.LINE_AA)
    assert not is_ground_bare(shot(picture), find_sheets(shot(picture)))


def test_a_number_at_its_sheet_s_edge_is_asked_about(digit_image: Draw) -> None:
    page = shot(on_ground(written(digit_image), "dark"))
    (sheet,) = find_sheets(page)
    left, top = sheet.corners[0].round().astype(int).tolist()
    assert is_at_edge(Box(left + 3, top + 100, left + 80, top + 140), [sheet])
    assert not is_at_edge(Box(left + 30, top + 100, left + 110, top + 140), [sheet])


def test_a_page_without_ground_is_not_looked_at_for_it(digit_image: Draw) -> None:
    plain = written(digit_image)
    assert not may_show_ground(shot(plain, light=0.08))
    assert may_show_ground(shot(on_ground(plain, "dark")))
    assert may_show_ground(shot(on_ground(plain, "wood")[:700, 30:]))


def test_a_page_of_one_colour_shows_no_ground() -> None:
    for shade in (0, 90, 255):
        assert not may_show_ground(Page(np.full((40, 60, 3), shade, np.uint8), 1, None, ""))
        assert not is_ground_bare(page_of(np.full((40, 60, 3), shade)), [])
