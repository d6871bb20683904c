"""What several readings are worth together: the pool's weights, and how sure what they agree on is.

Fitted on values that no network was trained on, some hundreds of them: seven figures in all, each held near a guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.reading.recognisers.calibration import Calibration, CandidateScores, Evidence
from ml.training.calibration.acceptance import Outcome

_FIRST_WEIGHT = 0.5
_SMALLEST_STEP = 1e-9
_PRIOR = 1.0
"""How firmly figures are held (the inverse of a normal prior's variance), inputs at unit variance."""


@dataclass(frozen=True, slots=True)
class Observed:
    """What all readings said of a value, and what is written.

    Attributes:
        opinions: None where no number was found.
        written: The digits.
        barred: A person is asked, however sure the readings are.
    """

    scores: CandidateScores | None
    written: str
    barred: bool = False

    def outcome(self, calibration: Calibration) -> Outcome:
        """Whether the value that a calibration settles on is right, and how sure of it the calibration is."""
        if self.scores is None or not self.scores.values:
            return Outcome(right=False, confidence=0.0)
        value, evidence = calibration.evidence(self.scores)
        return Outcome(value == self.written, 0.0 if self.barred else calibration.confidence(evidence))


def fitted(observed: Sequence[Observed]) -> Calibration:
    """The calibration that makes what was observed likeliest.

    Args:
        observed: All with the same readings.

    Raises:
        ValueError: Nothing was read on any of them.
    """
    read = [one for one in observed if one.scores is not None and one.scores.values]
    scores = [one.scores for one in read if one.scores is not None]
    if not scores:
        raise ValueError("no strip was read: there is nothing to calibrate on")
    known = [
        (own, own.values.index(one.written)) for own, one in zip(scores, read, strict=True) if one.written in own.values
    ]
    readings = scores[0].logs.shape[1]
    weights = _weights([(own.logs, place) for own, place in known], readings)
    pool = Calibration(tuple(weights.tolist()), 0.0, 1.0, 0.0, 0.0)
    found = [pool.evidence(own) for own in scores]
    right = np.array([value == one.written for (value, _), one in zip(found, read, strict=True)], float)
    bias, pooled, ours, every = _logistic([evidence for _, evidence in found], right)
    return Calibration(pool.weights, bias, pooled, ours, every)


def _weights(known: list[tuple[NDArray[np.float64], int]], readings: int) -> NDArray[np.float64]:
    """How much each reading counts in choosing among the values proposed: a conditional logit.

    By Newton's method, steps halved where they lead too far: where readings rule much out, whole steps never settle.
    """
    weights = np.full(readings, _FIRST_WEIGHT)
    worth = _worth(known, weights)
    for _ in range(30):
        slope, curve = -_PRIOR * weights, _PRIOR * np.eye(readings)
        for logs, place in known:
            scores = logs @ weights
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            mean = chances @ logs
            slope += logs[place] - mean
            curve += (logs * chances[:, None]).T @ logs - np.outer(mean, mean)
        step = np.linalg.solve(curve, slope)
        while (better := _worth(known, weights + step)) < worth and np.abs(step).max() > _SMALLEST_STEP:
            step = step / 2
        weights, worth = weights + step, better
    return weights


def _worth(known: list[tuple[NDArray[np.float64], int]], weights: NDArray[np.float64]) -> float:
    """How likely weights make what is written, as a logarithm, less what their prior takes."""
    total = -_PRIOR * float(weights @ weights) / 2
    for logs, place in known:
        scores = logs @ weights
        total += float(scores[place] - scores.max() - np.log(np.exp(scores - scores.max()).sum()))
    return total


def _logistic(evidence: list[Evidence], right: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """The logistic regression on the evidence, by Newton's method."""
    rows = np.array([one.row for one in evidence])
    scale = rows.std(axis=0)
    scale[scale == 0] = 1.0
    inputs = rows / scale
    hold = _PRIOR * np.eye(rows.shape[1])
    hold[0, 0] = 1e-6  # the bias is free
    weights = np.zeros(rows.shape[1])
    for _ in range(50):
        chances = 1 / (1 + np.exp(-inputs @ weights))
        curve = inputs.T @ (inputs * (chances * (1 - chances))[:, None]) + hold
        weights += np.linalg.solve(curve, inputs.T @ (right - chances) - hold @ weights)
    bias, pooled, ours, every = (weights / scale).tolist()
    return bias, pooled, ours, every
