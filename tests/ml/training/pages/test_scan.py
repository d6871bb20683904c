"""Outlines move with the picture, and a number that leaves the page is none."""

from __future__ import annotations

import numpy as np
import pytest

from ml.training.pages.page import DrawnPage, Picture
from ml.training.pages.scan import Scan, scanned
from ml.training.pages.sheet import Sheet

pytestmark = pytest.mark.training

STILL = Scan(scale=1.0, turn=0.0, blur=0.3, grain=0.0, light=0.0, quality=100)


def square_at(left: int, top: int, scan: Scan) -> DrawnPage:
    sheet = Sheet(200, 300)
    sheet.write(np.ones((20, 30), np.float32), left, top, "7")
    paper = np.full((200, 300, 3), 250, np.float32)
    picture = sheet.on_paper(paper, (0, 0, 0), (0, 0, 0), np.random.default_rng(0))
    return scanned("square", picture, scan, np.random.default_rng(0))


def dark_box(page: DrawnPage) -> tuple[int, int, int, int]:
    rows, columns = np.nonzero(page.pixels[:, :, 0] < 180)
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


@pytest.mark.parametrize(
    "scan",
    [STILL, Scan(0.5, 0.0, 0.3, 0.0, 0.0, 100), Scan(1.0, 4.0, 0.3, 0.0, 0.3, 100), Scan(0.7, -2, 0.5, 2, 0, 80)],
)
def test_the_box_lies_around_the_ink_however_it_is_scanned(scan: Scan) -> None:
    page = square_at(120, 60, scan)
    (number,) = page.numbers
    box = (number.box.left, number.box.top, number.box.right, number.box.bottom)
    assert np.abs(np.subtract(box, dark_box(page))).max() <= 2


@pytest.mark.parametrize(("left", "top"), [(-5, 60), (280, 60), (120, -5), (120, 190)])
def test_a_number_of_which_a_part_is_cut_is_none(left: int, top: int) -> None:
    assert square_at(left, top, STILL).numbers == ()


@pytest.mark.parametrize(("left", "top"), [(0, 0), (270, 180)])
def test_a_number_that_touches_the_edge_is_whole(left: int, top: int) -> None:
    assert len(square_at(left, top, STILL).numbers) == 1


def test_light_falls_off() -> None:
    even = Picture(np.full((80, 80, 3), 200, np.float32), ())
    lit = scanned("x", even, Scan(1.0, 0.0, 0.3, 0.0, 0.4, 100), np.random.default_rng(1)).pixels
    assert lit.max() <= 200
    assert int(lit.max()) - int(lit.min()) > 10
