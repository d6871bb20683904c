"""Ink told from paper."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ml.reading.elements import Page
from ml.reading.ink.ink import Ink, find_ink


def page(grey: np.ndarray) -> Page:
    return Page(np.repeat(grey.astype(np.uint8)[:, :, None], 3, axis=2), 1, None, "")


def strokes(height: int = 300, width: int = 400) -> np.ndarray:
    """1 where there is ink: bars five pixels thick."""
    mask = np.zeros((height, width), np.uint8)
    for left in range(40, width - 40, 45):
        mask[height // 4 : 3 * height // 4, left : left + 5] = 1
    return mask


@pytest.mark.parametrize("pen", [0, 90, 150])
def test_ink_is_found_where_it_is(pen: int) -> None:
    mask = strokes()
    found = find_ink(page(np.where(mask, pen, 230)))
    assert (found.mask == mask).mean() > 0.99
    assert found.mask[mask == 1].mean() > 0.95


def test_light_ink_on_dark_paper_is_the_same() -> None:
    grey = np.where(strokes(), 30, 220).astype(np.uint8)
    assert np.array_equal(find_ink(page(grey)).mask, find_ink(page(255 - grey)).mask)


def test_a_shadow_is_no_ink() -> None:
    mask = strokes(600, 800)
    light = np.linspace(250, 110, 800)[None, :].repeat(600, axis=0)
    light[:, 400:] *= 0.75
    found = find_ink(page(cv2.GaussianBlur(np.where(mask, 0.35 * light, light), (3, 3), 0)))
    assert found.mask[cv2.dilate(mask, np.ones((9, 9))) == 0].mean() < 0.002
    assert found.mask[mask == 1].mean() > 0.9


def test_small_writing_on_a_page_of_which_nothing_is_known_is_looked_at_in_smaller_pixels() -> None:
    small = page(np.where(strokes(20, 400), 40, 230))
    low, tall = (np.full((300, 400), 230), np.where(strokes(), 40, 230))
    low[100:120] = small.pixels[:, :, 0]
    enlarged = find_ink(page(low), of_any_page=True)
    assert (enlarged.scale, enlarged.soft.shape) == (0.5, (600, 800))
    wide = page(np.tile(low, (1, 3)))
    assert [find_ink(one, of_any_page=True).scale for one in (page(tall), wide)] == [1.0, 1.0]
    assert find_ink(page(low)).scale == 1.0


def test_a_pale_stroke_beside_dark_ones_is_ink_where_pale_ones_are_looked_for_too() -> None:
    mask = strokes(300, 700)
    mask[:130] = mask[170:] = 0
    grey = np.where(mask, 40, 230)
    pale = np.s_[130:170, 130:135]  # the third bar
    grey[pale] = 170
    assert find_ink(page(grey)).mask[pale].mean() < 0.1
    found = find_ink(page(grey), of_any_page=True)
    assert found.mask[pale].mean() > 0.95
    assert (found.mask == mask).mean() > 0.99, "and dark strokes are as thick as before"


def test_a_pale_rule_is_no_ink_where_pale_strokes_are_looked_for() -> None:
    grey = np.where(strokes(300, 700), 40, 230)
    grey[270:272] = 180
    assert not find_ink(page(grey), of_any_page=True).mask[265:280].any()


def test_paper_alone_has_no_ink() -> None:
    rng = np.random.default_rng(0)
    assert find_ink(page(rng.normal(225, 3, (300, 400)))).mask.mean() < 0.001


def test_what_hangs_together_has_one_label() -> None:
    mask = strokes()
    ink = Ink.of(mask * 255, mask, 1.0)
    assert len(ink.rows) == 1 + len(range(40, 360, 45))
    assert ink.rows[1:, cv2.CC_STAT_AREA].tolist() == [750] * (len(ink.rows) - 1)


def test_a_page_of_a_hundred_thousand_specks_is_labelled_too() -> None:
    mask = np.zeros((700, 700), np.uint8)
    mask[::2, ::2] = 1
    ink = Ink.of(mask * 255, mask, 1.0)
    assert len(ink.rows) == 350 * 350 + 1
    assert ink.labels.max() == 350 * 350
