"""Which marks stand together as one number, by their boxes alone."""

import numpy as np
import pytest

from ml.reading.elements import Box
from ml.reading.forms.layouts import ANY_NUMBER, ONE_NUMBER
from ml.reading.ink.hand import slope_of
from ml.reading.ink.ink import Ink
from ml.reading.ink.locate import Strip, locate

Corners = tuple[int, int, int, int]


def strips(*marks: Corners) -> list[Strip]:
    """Strips of a page on which each mark is a filled rectangle: left, top, right, bottom."""
    mask = np.zeros((200, 600), np.uint8)
    for left, top, right, bottom in marks:
        mask[top:bottom, left:right] = 1
    return locate(Ink.of(mask * 255, mask, 1.0), ANY_NUMBER)


@pytest.mark.parametrize(
    "marks",
    [
        pytest.param([(49, 55, 93, 97), (96, 90, 104, 107), (113, 51, 139, 95)], id="a comma that hangs low"),
        pytest.param([(32, 39, 44, 58), (46, 49, 66, 59), (76, 29, 108, 63), (115, 32, 148, 61)], id="a broken 5"),
        pytest.param([(32, 30, 43, 61), (49, 44, 67, 61), (62, 36, 80, 42), (97, 29, 128, 61)], id="a loose bar"),
        pytest.param(
            [(20, 60, 50, 100), (60, 45, 90, 85), (100, 30, 130, 70), (140, 15, 170, 55)], id="a climbing line"
        ),
    ],
)
def test_one_number_is_one_strip(marks: list[Corners]) -> None:
    (strip,) = strips(*marks)
    assert len(strip.marks) == len(marks)


@pytest.mark.parametrize(
    "marks",
    [
        pytest.param([(20, 50, 50, 90), (60, 50, 90, 90), (140, 50, 170, 90), (180, 50, 210, 90)], id="far apart"),
        pytest.param([(20, 20, 50, 60), (60, 20, 90, 60), (20, 80, 50, 120), (60, 80, 90, 120)], id="two lines"),
        pytest.param([(20, 20, 50, 60), (60, 20, 90, 60), (100, 20, 200, 180)], id="something else beside"),
    ],
)
def test_what_does_not_belong_together_stays_apart(marks: list[Corners]) -> None:
    assert len(strips(*marks)) == 2


@pytest.mark.parametrize("slope", [-0.35, 0.2, 0.35])
def test_a_line_that_climbs_or_falls_is_made_level(slope: float) -> None:
    mask = np.zeros((400, 600), np.uint8)
    corners = [(left, int(200 + slope * (left - 250))) for left in range(60, 440, 60)]
    for left, top in corners:
        mask[top : top + 50, left : left + 30] = 1
    (strip,) = locate(Ink.of(mask * 255, mask, 1.0), ONE_NUMBER)
    assert strip.slope == pytest.approx(slope, abs=0.03)
    tops = [mark.box.top for mark in strip.marks]
    assert max(tops) - min(tops) <= 12
    assert strip.labels.shape == (strip.box.height, strip.box.width)
    for mark, (left, top) in zip(strip.marks, corners, strict=True):
        own, corner = mark.box, strip.box
        inside = Box(own.left - corner.left, own.top - corner.top, own.right - corner.left, own.bottom - corner.top)
        found = strip.on_page(inside, 1.0)
        assert (found.left + found.right) / 2 == pytest.approx(left + 15, abs=5)
        assert found.top == pytest.approx(top, abs=12)
        assert found.bottom == pytest.approx(top + 50, abs=12)


def test_a_line_that_is_about_level_stays_as_it_is() -> None:
    mask = np.zeros((200, 600), np.uint8)
    for place, left in enumerate(range(60, 440, 60)):
        mask[60 + 2 * place : 110 + 2 * place, left : left + 30] = 1
    (strip,) = locate(Ink.of(mask * 255, mask, 1.0), ONE_NUMBER)
    assert strip.slope == 0
    assert strip.level_from is None


def test_ink_too_fine_to_be_looked_at_small_is_level() -> None:
    labels = np.zeros((400, 1000), np.int32)
    labels[5, 5], labels[395, 993] = 1, 2
    assert slope_of(labels, 400.0) == 0


def test_on_a_page_too_wide_to_be_turned_a_line_stays_as_it_is() -> None:
    mask = np.zeros((200, 40_000), np.uint8)
    for place, left in enumerate(range(39_000, 39_360, 60)):
        mask[20 + 18 * place : 70 + 18 * place, left : left + 30] = 1
    (strip,) = locate(Ink.of(mask * 255, mask, 1.0), ONE_NUMBER)
    assert strip.level_from is None
