"""Rules of a zone told from what a pen wrote, and painted over."""

import cv2
import numpy as np

from ml.reading.ink.frames import find_frames
from ml.reading.ink.zone_rules import paint_over
from tests.fixtures_zones import PER_MM, mm, paper, stroke


def test_a_stroke_outside_of_any_box_is_no_rule() -> None:
    picture = paper()
    stroke(picture, (20, 4), (20, 14))
    stroke(picture, (24, 14), (28, 4))
    ruled = find_frames(picture, PER_MM)
    assert ruled.frames == ()
    assert not ruled.rules.any()
    assert np.array_equal(paint_over(picture, ruled.rules, PER_MM), picture)


def test_bars_of_digits_side_by_side_are_no_rule() -> None:
    picture = paper()
    for digit in range(3):  # sevens whose bars all but meet
        left = 10 + 4.0 * digit
        stroke(picture, (left, 6), (left + 3.2, 6))
        stroke(picture, (left + 3.2, 6), (left + 1.4, 11))
    assert not find_frames(picture, PER_MM).rules.any()


def test_a_digit_on_a_rule_keeps_its_foot() -> None:
    picture = paper()
    cv2.ellipse(picture, mm(20, 9), mm(1.4, 2.0), 0, 0, 360, (50, 40, 90), 4, cv2.LINE_AA)
    ink = picture[..., 1] < 100
    cv2.line(picture, mm(8, 11), mm(60, 11), (60, 60, 60), 2)
    clean = paint_over(picture, find_frames(picture, PER_MM).free, PER_MM)
    assert (clean[..., 1][ink] < 130).mean() > 0.97, "the nought lost its foot"
    assert clean[:, mm(30)[0] :].min() > 200, "the rule is left beside it"


def test_a_rule_of_which_the_papers_screen_hides_a_part_is_taken_out_as_a_whole() -> None:
    picture = paper()
    down, across = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]]
    screen = 26 * np.sin((across + down) * 0.5)
    picture = np.clip(picture - 30 + screen[..., None], 0, 255).astype(np.uint8)
    for left, right, grey in ((8, 30, 165), (30, 60, 50)):
        cv2.line(picture, mm(left, 11), mm(right, 11), (grey,) * 3, 2)
    columns = np.flatnonzero(find_frames(picture, PER_MM).rules[mm(11)[0]])
    assert columns[0] <= mm(9)[0]
    assert columns[-1] >= mm(59)[0]
