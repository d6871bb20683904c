"""Fits a calibration: the weights of the classifier combination, and the confidence of a combined value.

Some hundreds of values that no network was trained on go in, each with the recognisers' log-probabilities of its
candidates. Seven figures come out, each kept near a guess by a prior.
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
"""A step of Newton's method is not halved below this."""
_PRIOR = 1.0
"""Strength of the prior: the inverse of a normal prior's variance, with inputs at unit variance."""


@dataclass(frozen=True, slots=True)
class Observation:
    """The recognisers' scores of a strip or field, with the value that is right.

    Attributes:
        scores: The candidate values' scores; None where no number was found.
        written: The value that is written.
        barred: Whether a person is asked, however sure the recognisers are.
    """

    scores: CandidateScores | None
    written: str
    barred: bool = False

    def outcome(self, calibration: Calibration) -> Outcome:
        """Whether the calibration's best value is right, and its confidence in it."""
        if self.scores is None or not self.scores.values:
            return Outcome(right=False, confidence=0.0)
        value, evidence = calibration.evidence(self.scores)
        return Outcome(value == self.written, 0.0 if self.barred else calibration.confidence(evidence))


def fit_calibration(observations: Sequence[Observation]) -> Calibration:
    """Fit the calibration that makes the observations likeliest.

    Args:
        observations: All with scores of the same recognisers.

    Raises:
        ValueError: Nothing was read on any of them.
    """
    pairs = [(one.scores, one.written) for one in observations if one.scores is not None and one.scores.values]
    if not pairs:
        raise ValueError("no strip was read: there is nothing to calibrate on")
    choices = [(scores.logs, scores.values.index(written)) for scores, written in pairs if written in scores.values]
    weights = _fit_weights(choices, recognisers=pairs[0][0].logs.shape[1])
    combination = Calibration(tuple(weights.tolist()), 0.0, 1.0, 0.0, 0.0)
    combined = [combination.evidence(scores) for scores, _ in pairs]
    right = np.array([value == written for (value, _), (_, written) in zip(combined, pairs, strict=True)], float)
    bias, pooled, ours, every = _fit_logistic([evidence for _, evidence in combined], right)
    return Calibration(combination.weights, bias, pooled, ours, every)


def _fit_weights(choices: list[tuple[NDArray[np.float64], int]], recognisers: int) -> NDArray[np.float64]:
    """Fit how much each recogniser counts in the choice among candidate values: a conditional logit.

    Newton's method, with steps halved where they go too far. Where a recogniser gives most candidates almost no
    probability, whole steps never converge.

    Args:
        choices: For each value the log-probabilities, candidates × recognisers, and the right candidate's place.
        recognisers: How many recognisers.

    Returns:
        float64, recognisers.
    """
    weights = np.full(recognisers, _FIRST_WEIGHT)
    before = _log_likelihood(choices, weights)
    for _ in range(30):
        slope, curve = -_PRIOR * weights, _PRIOR * np.eye(recognisers)
        for logs, place in choices:
            scores = logs @ weights
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            mean = chances @ logs
            slope += logs[place] - mean
            curve += (logs * chances[:, None]).T @ logs - np.outer(mean, mean)
        step = np.linalg.solve(curve, slope)
        while (after := _log_likelihood(choices, weights + step)) < before and np.abs(step).max() > _SMALLEST_STEP:
            step = step / 2
        weights, before = weights + step, after
    return weights


def _log_likelihood(choices: list[tuple[NDArray[np.float64], int]], weights: NDArray[np.float64]) -> float:
    """The logarithm of the right values' probability with these weights, and of the weights' prior."""
    total = -_PRIOR * float(weights @ weights) / 2
    for logs, place in choices:
        scores = logs @ weights
        total += float(scores[place] - scores.max() - np.log(np.exp(scores - scores.max()).sum()))
    return total


def _fit_logistic(evidence: list[Evidence], right: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """Fit a logistic regression on the evidence, by Newton's method; returns the bias and three weights."""
    rows = np.array([each.row for each in evidence])
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
