"""Printed boxes found, and their rules taken out."""

import cv2
import numpy as np
import pytest

from ml.reading.ink.frames import find_frames
from ml.reading.ink.zone_rules import paint_over
from tests.fixtures_zones import PER_MM, box, mm, paper, stroke


@pytest.mark.parametrize("count", [1, 6, 8, 10])
def test_cells_in_a_row_are_found(count: int) -> None:
    picture = paper()
    for cell in range(count):
        box(picture, 6 + 5.5 * cell, 6, 6 + 5.5 * (cell + 1), 12)
    if count == 1:
        picture = paper()
        box(picture, 6, 6, 60, 13)
    frames = find_frames(picture, PER_MM).frames
    assert [len(frame.cells) for frame in frames] == [count]


@pytest.mark.parametrize("blur_mm", [0.1, 0.19, 0.24])
def test_cells_out_of_focus_that_fill_their_zone_are_found(blur_mm: float) -> None:
    picture = paper(14, 61)
    for cell in range(8):
        box(picture, 2.5 + 7 * cell, 2.5, 2.5 + 7 * (cell + 1), 11.5)
        cv2.putText(picture, "8", mm(3.5 + 7 * cell, 10), 0, 1.9, (60, 60, 60), 6, cv2.LINE_AA)
    blurred = cv2.GaussianBlur(picture, (0, 0), blur_mm * PER_MM).astype(np.uint8)
    assert [len(frame.cells) for frame in find_frames(blurred, PER_MM).frames] == [8]


@pytest.mark.parametrize("angle", [-0.8, 0.8])
def test_a_box_that_is_not_quite_level_is_found(angle: float) -> None:
    picture = paper()
    box(picture, 6, 6, 60, 14)
    turn = cv2.getRotationMatrix2D((picture.shape[1] / 2, picture.shape[0] / 2), angle, 1)
    turned = cv2.warpAffine(picture, turn, picture.shape[1::-1], borderMode=cv2.BORDER_REPLICATE).astype(np.uint8)
    assert len(find_frames(turned, PER_MM).frames) == 1


def test_a_cell_for_the_currency_is_told_from_the_box() -> None:
    picture = paper()
    box(picture, 6, 6, 60, 14)
    box(picture, 6, 6, 16, 14)
    (frame,) = find_frames(picture, PER_MM).frames
    assert [cell.width / PER_MM for cell in frame.cells] == pytest.approx([10, 44], abs=1)


def test_a_1_as_tall_as_its_box_is_no_edge_and_stays() -> None:
    picture = paper()
    box(picture, 6, 6, 60, 12)
    stroke(picture, (30, 6.2), (30, 11.8))
    ruled = find_frames(picture, PER_MM)
    (frame,) = ruled.frames
    assert len(frame.cells) == 1
    clean = paint_over(picture, ruled.rules, PER_MM)
    x, y = mm(30, 9)
    assert clean[y, x].max() < 120
    assert clean[mm(6)[0], mm(20)[0]].min() > 200  # while the box is gone


def test_an_edge_that_looks_broken_beside_bold_digits_is_whole() -> None:
    picture = paper()
    for cell in range(6):
        box(picture, 6 + 5.5 * cell, 5, 6 + 5.5 * (cell + 1), 15)
    across, (top, bottom) = mm(6 + 5.5 * 3)[0], mm(9, 10.6)
    picture[top:bottom, across - 2 : across + 4] = 235
    assert [len(frame.cells) for frame in find_frames(picture, PER_MM).frames] == [6]


def test_a_box_of_which_the_zone_shows_a_part_is_one() -> None:
    picture = paper()
    box(picture, 6, 6, 80, 13)
    ruled = find_frames(picture, PER_MM)
    assert [len(frame.cells) for frame in ruled.frames] == [1]
    assert paint_over(picture, ruled.rules, PER_MM).min() > 200, "an edge is left"


def test_two_lines_across_a_zone_are_no_box() -> None:
    picture = paper()
    for down in (6, 13):
        cv2.line(picture, mm(0, down), mm(70, down), (60, 60, 60), 2)
    assert not find_frames(picture, PER_MM).frames


def test_a_printed_screen_makes_no_boxes() -> None:
    picture = paper(grey=200)
    picture[::5, ::5] = 60
    picture[1::5, ::5] = 60
    picture[::5, 1::5] = 60
    stroke(picture, (20, 5), (20, 12))
    stroke(picture, (40, 5), (40, 12))
    assert find_frames(picture, PER_MM).frames == ()


def test_blank_paper_has_no_boxes() -> None:
    assert find_frames(paper(), PER_MM).frames == ()
