"""The model of acceptance: monotone, explained, and silent about evidence that it has never seen."""

from __future__ import annotations

import math
from dataclasses import asdict, replace

import numpy as np
import pytest

from ml.reading.acceptance.evidence import EVIDENCE, CellFeatures, NumberFeatures
from ml.reading.acceptance.model import AcceptanceModel, Curve, Features, confidences
from ml.reading.operating_points import OperatingPoint


def clear(features: type[Features]) -> Features:
    """Evidence against which nothing speaks."""
    sides = zip(features.names(), features.more_is_better(), strict=True)
    return features(**{name: 5.0 if better else 0.0 for name, better in sides})


CLEAR = clear(NumberFeatures)
BETTER = {name for name, better in zip(NumberFeatures.names(), NumberFeatures.more_is_better(), strict=True) if better}
POINTS = (OperatingPoint(0.01, 0.98, 100, 60, 0, 0.05, 0),)


def model() -> AcceptanceModel:
    """Each feature takes away up to 3, from its best value on."""
    rising = Curve(np.array([0.0, 5.0]), np.array([-3.0, 0.0]), (0.0, 5.0))
    falling = Curve(np.array([0.0, 5.0]), np.array([0.0, -3.0]), (0.0, 5.0))
    curves = tuple(rising if better else falling for better in NumberFeatures.more_is_better())
    return AcceptanceModel(NumberFeatures, 5.0, curves, POINTS)


def test_nothing_speaks_against_clear_evidence() -> None:
    judged = model().judge(CLEAR)
    assert judged.confidence == pytest.approx(1 / (1 + math.exp(-5)))
    assert (judged.reason, judged.is_known) == ("", True)


@pytest.mark.parametrize("name", NumberFeatures.names())
def test_worse_evidence_is_never_surer_and_its_reason_is_told(name: str) -> None:
    worse = replace(CLEAR, **{name: 3.0})
    judged = model().judge(worse)
    assert judged.confidence < model().judge(CLEAR).confidence
    assert judged.reason == worse.reason(NumberFeatures.names().index(name))


@pytest.mark.parametrize("name", ["running", "sums"])
def test_what_is_not_known_makes_less_sure_but_is_no_reason(name: str) -> None:
    rising, falling = (Curve(np.array([-5.0, 5.0]), np.array(ends), (-5.0, 5.0)) for ends in ((-3.0, 0.0), (0.0, -3.0)))
    curves = tuple(rising if better else falling for better in CellFeatures.more_is_better())
    cells = AcceptanceModel(CellFeatures, 5.0, curves, POINTS)
    sides = zip(CellFeatures.names(), CellFeatures.more_is_better(), strict=True)
    clear_cell = CellFeatures(**{each: 5.0 if better else -5.0 for each, better in sides})
    unknown, against = (cells.judge(replace(clear_cell, **{name: value})) for value in (0.0, -1.0))
    assert against.confidence < unknown.confidence < cells.judge(clear_cell).confidence
    assert unknown.reason == ""
    assert against.reason == clear_cell.reason(CellFeatures.names().index(name))


@pytest.mark.parametrize("name", NumberFeatures.names())
def test_evidence_that_is_worse_than_all_that_was_seen_is_unknown(name: str) -> None:
    beyond = replace(CLEAR, **{name: -1.0 if name in BETTER else 6.0})
    judged = model().judge(beyond)
    assert not judged.is_known
    assert judged.reason
    better = replace(CLEAR, **{name: 6.0 if name in BETTER else -1.0})
    assert model().judge(better).is_known, "better than all that was seen is well"


@pytest.mark.parametrize("features", set(EVIDENCE.values()), ids=lambda features: features.__name__)
def test_every_feature_has_a_reason_that_gives_what_was_measured(features: type[Features]) -> None:
    evidence = clear(features)
    sentences = [evidence.reason(at) for at in range(len(features.names()))]
    assert all(sentence.endswith(".") and "{" not in sentence for sentence in sentences)
    assert "The digits are only 32 pixels high." in sentences


def test_the_card_gives_the_same_model_again() -> None:
    first = model()
    curves = {name: {"knots": list(curve.knots), "heights": list(curve.heights), "seen": list(curve.seen)}
              for name, curve in zip(NumberFeatures.names(), first.curves, strict=True)}  # fmt: skip
    again = AcceptanceModel.from_card(
        {"bias": 5.0, "curves": curves, "points": [asdict(point) for point in POINTS]}, NumberFeatures
    )
    doubtful = replace(CLEAR, marks=2.0, beside=1.0)
    assert again.judge(doubtful) == first.judge(doubtful)
    assert again.threshold(0.01) == 0.98
    assert again.threshold(0.001) > 1, "an error rate that nothing proves lets nothing pass"


def test_many_rows_at_once_have_the_confidences_of_each() -> None:
    doubtful = replace(CLEAR, contrast=1.0, letters=2.0)
    rows = np.stack([CLEAR.row, doubtful.row])
    each = [model().judge(one).confidence for one in (CLEAR, doubtful)]
    assert confidences(5.0, model().curves, rows) == pytest.approx(each)
