"""Calibration: from the recognisers' scores to evidence, and from evidence to a probability."""

from __future__ import annotations

import numpy as np
import pytest

from ml.reading.recognisers.calibration import Calibration, CandidateScores, Evidence

ALONE = Calibration(weights=(0.4, 0.8), bias=-0.5, pooled=0.8, ours=0.3, all=0.5)


def test_confidence_is_the_logistic_of_the_evidence() -> None:
    for ours, every, bias, slope in ((False, False, -0.5, 0.8), (True, False, -0.5, 1.1), (True, True, 0.0, 1.1)):
        expected = 1 / (1 + np.exp(-(bias + slope * np.log(0.9 / 0.1))))
        assert ALONE.confidence(Evidence(pooled=0.9, ours=ours, all=every)) == pytest.approx(expected)
    assert 0 < ALONE.confidence(Evidence(0.0, ours=False, all=False)) < 1


@pytest.mark.parametrize(
    ("best_values", "ours", "every"),
    [
        (("351", "351", "351"), True, True),
        (("351", "351", "361"), True, False),
        (("351", "351", ""), True, False),
        (("351", "361", "351"), False, False),
        (("351", "351"), True, True),
        (("351", "361"), False, False),
    ],
)
def test_our_own_readings_are_the_first_two(best_values: tuple[str, ...], ours: bool, every: bool) -> None:
    logs = np.log(np.tile([[0.9], [0.1]], (1, len(best_values))))
    calibration = Calibration((0.5,) * len(best_values), 0.0, 1.0, 0.0, 0.0)
    value, evidence = calibration.evidence(CandidateScores(("351", "361"), logs, best_values))
    assert value == "351"
    assert (evidence.ours, evidence.all) == (ours, every)
