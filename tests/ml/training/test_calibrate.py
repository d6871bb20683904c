"""Calibration: what the networks' words are worth, counted on what it has not seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ml.reading.agree import Calibration, Evidence
from ml.training.acceptance import NEVER, Outcome
from ml.training.calibrate import Observed, both_ways, fitted, outcomes, threshold_for


def observations(count: int, seed: int) -> list[Observed]:
    """Values that are right as often as a known calibration says."""
    rng = np.random.default_rng(seed)
    truth = Calibration(bias=-0.5, string=0.8, same=1.5, digits=0.3)
    found = []
    for _ in range(count):
        evidence = Evidence(float(rng.uniform(0.02, 0.999)), bool(rng.random() < 0.6), float(rng.uniform(0.3, 0.999)))
        right = bool(rng.random() < truth.confidence(evidence))
        found.append(Observed("351", evidence, True, right, by_digits=right, as_string=right))
    return found


def test_a_calibration_is_found_again() -> None:
    found = fitted(observations(20_000, 1))
    assert found.bias == pytest.approx(-0.5, abs=0.15)
    assert found.string == pytest.approx(0.8, abs=0.06)
    assert found.same == pytest.approx(1.5, abs=0.2)
    assert found.digits == pytest.approx(0.3, abs=0.08)


def test_confidence_is_the_share_that_is_right() -> None:
    judged = outcomes(observations(5_000, 2), fitted(observations(5_000, 3)))
    for low, high in ((0.3, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.0)):
        band = [outcome for outcome in judged if low <= outcome.confidence < high]
        mean = np.mean([outcome.confidence for outcome in band])
        assert np.mean([outcome.right for outcome in band]) == pytest.approx(mean, abs=0.05)


def test_what_was_not_found_never_passes() -> None:
    (outcome,) = outcomes(
        [Observed("", None, may_pass=False, right=False, by_digits=False, as_string=False)], Calibration(9, 1, 1, 1)
    )
    assert outcome.confidence == 0.0
    with pytest.raises(ValueError, match="nothing to calibrate"):
        fitted([Observed("", None, may_pass=False, right=False, by_digits=False, as_string=False)])


def test_what_the_reader_never_lets_pass_is_not_counted_as_passing() -> None:
    one = observations(1, 5)[0]
    held = replace(one, may_pass=False)
    assert [outcome.confidence > 0 for outcome in outcomes([one, held], Calibration(9, 1, 1, 1))] == [True, False]


def test_the_threshold_lets_as_many_pass_as_the_error_rate_allows() -> None:
    judged = [Outcome(True, 0.9 - i / 10_000) for i in range(300)]
    judged += [Outcome(False, 0.8999 - 0.01), Outcome(False, 0.85), Outcome(False, 0.84)]
    threshold = threshold_for(judged, 0.01)
    passed = [outcome for outcome in judged if outcome.confidence >= threshold]
    assert sum(not outcome.right for outcome in passed) == 2 or len(passed) >= 300
    assert np.mean([not outcome.right for outcome in passed]) <= 0.01
    assert threshold_for([Outcome(False, 0.9)] * 5, 0.01) == NEVER


def test_figures_are_counted_on_the_half_that_was_not_calibrated_on() -> None:
    observed = observations(4_000, 4)
    halves = np.arange(4_000) % 2 == 0
    fare = both_ways(observed, halves, error_rate=0.05)
    assert fare.point.strings == 4_000
    assert 0 < fare.point.passed < 4_000
    assert fare.point.error_rate == pytest.approx(0.05, abs=0.02)
    assert 0 < fare.read_rate_at_error < 1
    assert [outcome.right for outcome in fare.outcomes] == [one.right for one in observed]
    # What one half says is not what is counted on it: with its answers turned round, few of the other's pass.
    turned = [
        Observed(one.value, one.evidence, True, one.right ^ half, one.by_digits, one.as_string)
        for one, half in zip(observed, halves, strict=True)
    ]
    assert both_ways(turned, halves, error_rate=0.05).point.error_rate > 0.2
