"""The detector of lines: what it finds on drawn pages, and that it is not needed."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.elements import Box
from ml.reading.numbers.detector import Detector
from ml.reading.recognisers.second_reader import load_from_wheel

Pixels = NDArray[np.uint8]
Draw = Callable[..., Pixels]


@pytest.fixture(scope="module")
def detector() -> Detector:
    found = Detector.load()
    assert found is not None, "the extra second-reader is part of the shipped set-up"
    return found


def test_it_finds_each_line_of_writing_from_the_top(detector: Detector, digit_image: Draw) -> None:
    page = np.full((500, 600, 3), 235, np.uint8)
    places = [(60, 40), (330, 160), (100, 300)]
    for seed, (left, top) in enumerate(places):
        ink = cv2.resize(digit_image("40718", 40, seed=seed), (150, 50))
        page[top : top + 50, left : left + 150] = np.minimum(page[top : top + 50, left : left + 150], ink)
    lines = detector.lines(page)
    assert len(lines) == len(places)
    for line, (left, top) in zip(lines, places, strict=True):
        middle = Box(left + 40, top + 15, left + 110, top + 35)
        assert line.union(middle) == line, line


def test_paper_alone_has_no_lines(detector: Detector) -> None:
    rng = np.random.default_rng(0)
    paper = np.clip(rng.normal(220, 6, (400, 300, 3)), 0, 255).astype(np.uint8)
    assert detector.lines(paper) == []


@pytest.mark.parametrize("size", [(1, 1), (2, 900), (900, 2), (40, 4000)])
def test_pages_of_any_shape_are_looked_at(detector: Detector, size: tuple[int, int]) -> None:
    rng = np.random.default_rng(1)
    page = rng.integers(0, 255, (*size, 3), np.uint8)
    for line in detector.lines(page):
        assert line.right <= size[1]
        assert line.bottom <= size[0]


def test_without_the_extra_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ml.reading.recognisers.second_reader.second_reader_is_installed", lambda: False)
    assert load_from_wheel("PP-OCRv6_det_small.onnx") is None


def test_a_wheel_without_the_network_is_as_good_as_none() -> None:
    assert load_from_wheel("no_such_network.onnx") is None
