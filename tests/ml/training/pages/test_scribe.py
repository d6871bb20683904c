"""A scribe writes numbers with their marks in the size asked for."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ml.training.fields.digits import Writers
from ml.training.pages.scribe import RAISED, Scribe, value_of

pytestmark = pytest.mark.training


@pytest.fixture
def scribe(writers: Writers) -> Scribe:
    return Scribe.random(writers, 40, np.random.default_rng(5))


@pytest.mark.parametrize("height", [12, 40, 88])
def test_digits_have_the_height_asked_for(height: int, writers: Writers) -> None:
    heights = [
        Scribe.random(writers, height, rng).write("8", rng).shape[0] for rng in map(np.random.default_rng, range(12))
    ]
    assert 0.75 * height <= np.median(heights) <= 1.25 * height


def test_the_same_seed_writes_the_same_number(scribe: Scribe) -> None:
    one, other = (scribe.write("20.5", np.random.default_rng(2)) for _ in range(2))
    assert np.array_equal(one, other)


@pytest.mark.parametrize("mark", [".", ",", RAISED, "-", "/"])
def test_a_mark_is_written(mark: str, scribe: Scribe) -> None:
    rng = np.random.default_rng
    assert scribe.write(f"3{mark}7", rng(1)).sum() > scribe.write("37", rng(1)).sum() - 1
    assert scribe.write(f"3{mark}7", rng(1)).shape[1] > scribe.write("37", rng(1)).shape[1]


def test_a_raised_point_stands_half_way_up(scribe: Scribe) -> None:
    for seed in range(6):
        body = scribe.write(f"1{RAISED}1", np.random.default_rng(seed))
        _, _, stats, middles = cv2.connectedComponentsWithStats((body > 0.5).astype(np.uint8))
        smallest = 1 + int(np.argmin(stats[1:, cv2.CC_STAT_AREA]))
        assert 0.25 < middles[smallest][1] / body.shape[0] < 0.75


def test_a_raised_point_is_a_point_in_the_value() -> None:
    assert value_of(f"20{RAISED}5") == "20.5"
