"""Fitting: the calibration that values follow is found again, and its confidence is the share that is right."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from ml.reading.recognisers.combine import Calibration, CandidateScores
from ml.training.calibration.acceptance import Outcome
from ml.training.calibration.fitting import Observation, fit_calibration

Observe = Callable[[int, int], list[Observation]]


def test_the_weights_of_a_combination_are_found_again(observations: Observe, truth: Calibration) -> None:
    found = fit_calibration(observations(20_000, 1))
    assert found.weights == pytest.approx(truth.weights, abs=0.05)
    assert found.pooled == pytest.approx(1.0, abs=0.1)
    assert found.bias == pytest.approx(0.0, abs=0.1)


def test_confidence_is_the_share_that_is_right(observations: Observe) -> None:
    calibration = fit_calibration(observations(5_000, 3))
    judged = [one.outcome(calibration) for one in observations(5_000, 2)]
    for low, high in ((0.5, 0.7), (0.7, 0.9), (0.9, 1.0)):
        band = [outcome for outcome in judged if low <= outcome.confidence < high]
        mean = np.mean([outcome.confidence for outcome in band])
        assert np.mean([outcome.right for outcome in band]) == pytest.approx(mean, abs=0.05)


@pytest.mark.parametrize(
    "scores", [None, CandidateScores((), np.empty((0, 2)), ("", ""))], ids=["no number", "no digits"]
)
def test_what_was_not_read_never_passes(scores: CandidateScores | None, truth: Calibration) -> None:
    nothing = Observation(scores, "351")
    assert nothing.outcome(truth) == Outcome(right=False, confidence=0.0)
    with pytest.raises(ValueError, match="nothing to calibrate"):
        fit_calibration([nothing])


def test_what_a_person_is_asked_about_anyway_never_passes(observations: Observe, truth: Calibration) -> None:
    one = observations(1, 5)[0]
    barred = Observation(one.scores, one.written, barred=True)
    assert one.outcome(truth).confidence > 0
    assert barred.outcome(truth) == Outcome(one.outcome(truth).right, 0.0)
