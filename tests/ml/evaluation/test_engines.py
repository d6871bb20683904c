"""Engines timed on the same amounts, in turn."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from ml.evaluation.peers.engines import available_engines, time_engines
from ml.reading.reader import Reader
from ml.training.datasets import LabelledNumber

Draw = Callable[..., NDArray[np.uint8]]
Encode = Callable[..., bytes]


@pytest.fixture(scope="module")
def amounts(digit_image: Draw, as_file: Encode) -> list[LabelledNumber]:
    return [LabelledNumber(value, as_file(digit_image(value)), value) for value in ("351", "4071", "28")]


def test_all_engines_read_the_same_files(amounts: list[LabelledNumber]) -> None:
    engines, absent = available_engines(Reader.shipped())
    assert absent == [], "the bench's peers are part of the set-up"
    assert list(engines)[:2] == ["our own networks", "as shipped, with the second reader"]
    assert len(engines) == 5
    results = time_engines(engines, amounts)
    assert [result.name for result in results] == list(engines)
    assert all(result.median > 0 and result.mean > 0 for result in results)
    assert [result.right for result in results[:3]] == [1.0] * 3


def test_what_is_read_wrong_is_counted(amounts: list[LabelledNumber]) -> None:
    (result,) = time_engines({"always 28": lambda data: "28"}, amounts)
    assert result.right == pytest.approx(1 / 3)
