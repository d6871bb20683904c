"""Calibrating numbers by where they stand: which fold judges a number, and what the card says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ml.reading.acceptance.evidence import NumberFeatures
from ml.reading.acceptance.model import AcceptanceModel
from ml.training.calibration.acceptance import Outcome
from ml.training.calibration.calibrate_pages import model_card, points_for
from ml.training.calibration.judged import JudgedNumber

_SIDES = zip(NumberFeatures.names(), NumberFeatures.more_is_better(), strict=True)
CLEAR = NumberFeatures(**{name: 5.0 if better else 0.0 for name, better in _SIDES})


def numbers(count: int) -> list[JudgedNumber]:
    """Numbers of which those with ink beside them are mostly wrong, on two kinds of pages."""
    rng = np.random.default_rng(5)
    made = []
    for at in range(count):
        beside = float(rng.random() < 0.3)
        right = bool(rng.random() < (0.3 if beside else 0.999))
        row = replace(CLEAR, beside=beside, contrast=float(rng.random())).row
        made.append(
            JudgedNumber("page", f"kind {at % 2}", f"fold {at % 3}", f"part {at % 3}", right, row, at % 50 == 0, 1.0)
        )
    return made


def test_the_card_tells_what_passes_and_its_model_asks_the_rest() -> None:
    card = model_card(NumberFeatures, numbers(1_500))
    model = AcceptanceModel.from_card(card, NumberFeatures)
    threshold = model.threshold(0.01)
    assert model.judge(CLEAR).confidence >= threshold
    asked = model.judge(replace(CLEAR, beside=1.0))
    assert asked.confidence < threshold
    assert asked.reason.startswith("More ink stands close beside this")
    counts = card["sources"]["kind 0"]
    assert counts["found"] == 750
    assert 0.5 * 750 < counts["passed"] < 0.72 * 750, "neither what is doubtful nor what is barred passes"
    assert counts["wrong"] <= 0.01 * counts["passed"]


def test_numbers_of_one_fold_prove_nothing() -> None:
    with pytest.raises(ValueError, match="one fold"):
        model_card(NumberFeatures, [replace(one, fold="same") for one in numbers(20)])


def test_where_few_pass_the_model_itself_has_to_expect_few_errors() -> None:
    """Without an error among 90 numbers nothing is known of one in a thousand."""
    few = [Outcome(True, confidence) for confidence in np.linspace(0.6, 0.9999, 90).tolist()]
    at = {point.error_rate: point for point in points_for(few, few)}
    assert at[0.001].threshold > 0.99
    assert at[0.05].threshold < at[0.01].threshold < at[0.001].threshold
    assert not at[0.001].proved


def test_where_many_pass_errors_are_counted() -> None:
    rng = np.random.default_rng(3)
    many = [Outcome(bool(rng.random() < 0.999), 0.9) for _ in range(4_000)]
    at = {point.error_rate: point for point in points_for(many, many)}
    assert (at[0.01].passed, at[0.01].proved) == (4_000, True), "a model that doubts too much is not believed"
    assert at[0.01].threshold == 0.9
