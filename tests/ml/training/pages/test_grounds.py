"""A sheet lies on its ground with a margin all around."""

from __future__ import annotations

import numpy as np
import pytest

from ml.training.pages.grounds import GROUNDS
from ml.training.pages.page import DrawnPage

pytestmark = pytest.mark.training


@pytest.mark.parametrize("ground", GROUNDS)
def test_a_ground_is_a_picture_in_colour(ground) -> None:
    one = ground(50, 90, np.random.default_rng(3))
    assert one.shape == (50, 90, 3)
    assert one.dtype == np.float32
    assert 0 <= one.min() < one.max() <= 255


def test_numbers_stand_on_the_sheet_and_not_on_the_ground(pages: dict[str, list[DrawnPage]]) -> None:
    for page in pages["sheet on a ground"]:
        height, width = page.pixels.shape[:2]
        rim = np.concatenate([page.pixels[:4].reshape(-1, 3), page.pixels[-4:].reshape(-1, 3)])
        middle = page.pixels[height // 3 : -height // 3, width // 3 : -width // 3]
        assert np.median(middle) > np.median(rim)
        for number in page.numbers:
            paper = page.pixels[number.box.top : number.box.bottom, number.box.left : number.box.right]
            assert np.percentile(paper, 90) > np.median(rim)
