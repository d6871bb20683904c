"""Which marks stand together as one number, by their boxes alone."""

import numpy as np
import pytest

from ml.reading.elements import ANY_NUMBER
from ml.reading.ink import Ink
from ml.reading.locate import Strip, locate

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
