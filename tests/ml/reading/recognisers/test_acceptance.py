"""The model of acceptance: monotone, explained, and silent about evidence that it has never seen."""

from __future__ import annotations

import math
from dataclasses import asdict, replace

import numpy as np
import pytest

from ml.reading.operating_points import OperatingPoint
from ml.reading.recognisers.acceptance import (
    BETTER,
    NAMES,
    REASONS,
    AcceptanceModel,
    Curve,
    NumberFeatures,
    confidences,
)

CLEAR = NumberFeatures(**(dict.fromkeys(NAMES, 0.0) | dict.fromkeys(BETTER, 5.0)))
POINTS = (OperatingPoint(0.01, 0.98, 100, 60, 0, 0.05, 0),)


def model() -> AcceptanceModel:
    """Each feature takes away up to 3, from its best value on."""
    rising = Curve(np.array([0.0, 5.0]), np.array([-3.0, 0.0]), (0.0, 5.0))
    falling = Curve(np.array([0.0, 5.0]), np.array([0.0, -3.0]), (0.0, 5.0))
    return AcceptanceModel(5.0, tuple(rising if name in BETTER else falling for name in NAMES), POINTS)


def test_nothing_speaks_against_clear_evidence() -> None:
    judged = model().judge(CLEAR)
    assert judged.confidence == pytest.approx(1 / (1 + math.exp(-5)))
    assert (judged.reason, judged.is_known) == ("", True)


@pytest.mark.parametrize("name", NAMES)
def test_worse_evidence_is_never_surer_and_its_reason_is_told(name: str) -> None:
    worse = replace(CLEAR, **{name: 3.0})
    judged = model().judge(worse)
    assert judged.confidence < model().judge(CLEAR).confidence
    assert judged.reason == REASONS[name].format(height=8, stroke=8)


@pytest.mark.parametrize("name", NAMES)
def test_evidence_that_is_worse_than_all_that_was_seen_is_unknown(name: str) -> None:
    beyond = replace(CLEAR, **{name: -1.0 if name in BETTER else 6.0})
    judged = model().judge(beyond)
    assert not judged.is_known
    assert judged.reason
    better = replace(CLEAR, **{name: 6.0 if name in BETTER else -1.0})
    assert model().judge(better).is_known, "better than all that was seen is well"


def test_every_feature_has_a_reason() -> None:
    assert set(REASONS) == set(NAMES)


def test_the_card_gives_the_same_model_again() -> None:
    first = model()
    curves = {name: {"knots": list(curve.knots), "heights": list(curve.heights), "seen": list(curve.seen)}
              for name, curve in zip(NAMES, first.curves, strict=True)}  # fmt: skip
    again = AcceptanceModel.from_card({"bias": 5.0, "curves": curves, "pages": [asdict(point) for point in POINTS]})
    doubtful = replace(CLEAR, marks=2.0, beside=1.0)
    assert again.judge(doubtful) == first.judge(doubtful)
    assert again.threshold(0.01) == 0.98
    assert again.threshold(0.001) > 1, "an error rate that nothing proves lets nothing pass"


def test_many_rows_at_once_have_the_confidences_of_each() -> None:
    doubtful = replace(CLEAR, contrast=1.0, letters=2.0)
    rows = np.stack([CLEAR.row, doubtful.row])
    each = [model().judge(one).confidence for one in (CLEAR, doubtful)]
    assert confidences(5.0, model().curves, rows) == pytest.approx(each)
