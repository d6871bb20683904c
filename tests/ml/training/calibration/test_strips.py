"""Strips: when the second reader counts, and figures on strips that a calibration was not fitted on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from ml.reading.recognisers.combine import Calibration, CandidateScores
from ml.training.calibration.acceptance import read_rate_at
from ml.training.calibration.fitting import Observation
from ml.training.calibration.strips import Calibrations, ObservedStrip, cross_validate

Observe = Callable[[int, int], list[Observation]]


def test_the_second_reader_speaks_where_ours_are_not_sure() -> None:
    sure = Observation(CandidateScores(("351",), np.log([[0.99, 0.99]]), ("351", "351")), "351")
    other = Observation(CandidateScores(("361",), np.log([[0.99, 0.99, 0.99]]), ("361",) * 3), "351")
    calibration = Calibration((0.5, 0.5), 2.0, 1.0, 1.0, 1.0)
    with_second = Calibration((0.5, 0.5, 0.5), 2.0, 1.0, 1.0, 1.0)
    for asked_below, right in ((0.0, True), (2.0, False)):
        calibrations = Calibrations(calibration, with_second, asked_below)
        assert calibrations.outcome(ObservedStrip(sure, other), second=True).right is right
        assert calibrations.outcome(ObservedStrip(sure, other), second=False).right


def test_figures_are_counted_on_the_half_that_was_not_calibrated_on(observations: Observe) -> None:
    observed = [ObservedStrip(one, one) for one in observations(4_000, 4)]
    halves = np.arange(4_000) % 2 == 0
    fare = cross_validate(observed, halves, second=False, error_rate=0.05)
    assert fare.point.strings == 4_000
    assert 0 < fare.point.passed < 4_000
    assert fare.point.error_rate == pytest.approx(0.05, abs=0.02)
    assert 0 < read_rate_at(fare.outcomes, 0.05) < 1
    # What one half says is not what is counted on it: with its answers turned round, few of the other's pass right.
    swap = {"351": "361", "361": "351"}
    turned = [
        ObservedStrip(*(Observation(one.alone.scores, swap[one.alone.written] if half else one.alone.written),) * 2)
        for one, half in zip(observed, halves, strict=True)
    ]
    assert cross_validate(turned, halves, second=False, error_rate=0.05).point.error_rate > 0.2
