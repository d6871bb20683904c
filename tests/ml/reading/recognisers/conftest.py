"""Drawn strips and their lattices."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.elements import Page
from ml.reading.forms.layouts import ONE_NUMBER
from ml.reading.ink.ink import find_ink
from ml.reading.ink.locate import locate
from ml.reading.recognisers.lattice import Lattice, segment


@pytest.fixture
def cut() -> Callable[[NDArray[np.uint8]], Lattice]:
    """The lattice of a picture's one strip."""

    def lattice_of(pixels: NDArray[np.uint8]) -> Lattice:
        ink = find_ink(Page(np.repeat(pixels[:, :, None], 3, axis=2), 1, None, ""))
        (strip,) = locate(ink, ONE_NUMBER)
        return segment(strip, ink.scale)

    return lattice_of


@pytest.fixture
def blocks() -> Callable[..., NDArray[np.uint8]]:
    """Hollow boxes, with strokes of six pixels, on a white strip: each a mark as wide as its span."""

    def draw(*spans: tuple[int, int], top: int = 20, bottom: int = 80) -> NDArray[np.uint8]:
        paper = np.full((100, 400), 255, np.uint8)
        for left, right in spans:
            paper[top:bottom, left:right] = 0
            paper[top + 6 : bottom - 6, left + 6 : right - 6] = 255
        return paper

    return draw
