"""Fitting the model of acceptance: it finds what matters, and its curves fall one way only."""

from __future__ import annotations

import numpy as np
import pytest

from ml.reading.acceptance.evidence import NumberFeatures
from ml.reading.acceptance.model import AcceptanceModel, confidences
from ml.training.calibration.additive import curves_card, fit_curves

NAMES = NumberFeatures.names()
MARKS, BESIDE = NAMES.index("marks"), NAMES.index("beside")


def drawn(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows of which two features decide, and whether each is right."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(count, len(NAMES)))
    rows[:, BESIDE] = np.abs(rows[:, BESIDE])
    odds = 2 + 2 * np.minimum(rows[:, MARKS], 1) - 3 * rows[:, BESIDE]
    return rows, rng.random(count) < 1 / (1 + np.exp(-odds))


def test_curves_take_away_where_a_feature_is_worse_and_nowhere_else() -> None:
    rows, right = drawn(3_000, 1)
    _, curves = fit_curves(NumberFeatures, rows, right, np.ones(len(rows)))
    for name, better, curve in zip(NAMES, NumberFeatures.more_is_better(), curves, strict=True):
        steps = np.diff(curve.heights)
        assert (steps >= 0).all() if better else (steps <= 0).all(), name
        assert curve.heights.max() == 0, name
    taken = {name: -curve.heights.min() for name, curve in zip(NAMES, curves, strict=True)}
    assert sorted(taken, key=lambda name: -taken[name])[:2] in (["beside", "marks"], ["marks", "beside"])


def test_its_probabilities_hold_on_rows_that_it_has_not_seen() -> None:
    rows, right = drawn(6_000, 2)
    bias, curves = fit_curves(NumberFeatures, rows[:3_000], right[:3_000], np.ones(3_000))
    unseen = confidences(bias, curves, rows[3_000:])
    for low, high in ((0.0, 0.3), (0.3, 0.6), (0.6, 0.9), (0.9, 1.0)):
        here = (unseen >= low) & (unseen < high)
        assert right[3_000:][here].mean() == pytest.approx(unseen[here].mean(), abs=0.06)


def test_what_counts_more_is_fitted_better() -> None:
    rows, right = drawn(400, 3)
    odd = rows[:, MARKS] < 0
    flipped = np.where(odd, True, right)
    heavy, _ = fit_curves(NumberFeatures, rows, flipped, np.where(odd, 20.0, 1.0))
    light, _ = fit_curves(NumberFeatures, rows, flipped, np.where(odd, 0.05, 1.0))
    assert heavy > light


def test_the_card_holds_the_model() -> None:
    rows, right = drawn(500, 4)
    bias, curves = fit_curves(NumberFeatures, rows, right, np.ones(len(rows)))
    model = AcceptanceModel.from_card(
        {"bias": bias, "curves": curves_card(NumberFeatures, curves), "points": []}, NumberFeatures
    )
    again = confidences(model.bias, model.curves, rows)
    assert again == pytest.approx(confidences(bias, curves, rows), abs=1e-3)


def test_what_it_was_fitted_on_is_known_to_the_model_on_the_card() -> None:
    rows, right = drawn(500, 5)
    rows[:, MARKS] = np.maximum(rows[:, MARKS], -1.23456)  # many have the worst value, as of a probability of 0
    bias, curves = fit_curves(NumberFeatures, rows, right, np.ones(len(rows)))
    model = AcceptanceModel.from_card(
        {"bias": bias, "curves": curves_card(NumberFeatures, curves), "points": []}, NumberFeatures
    )
    assert all(model.judge(NumberFeatures(*row.tolist())).is_known for row in rows)
