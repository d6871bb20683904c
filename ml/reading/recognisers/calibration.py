"""Classifier combination and calibration: what each recogniser gives some values in, one calibrated probability out.

**Combination.** Each recogniser gives each candidate value a probability. `Calibration.posterior` makes them one
posterior by a logarithmic pool (a "logarithmic opinion pool"): it adds the logarithms, each recogniser's times its
weight, and normalises over the candidates. With weights of 1 this is the product of independent recognisers. Lower
weights allow for recognisers that are overconfident, or that err together.

**Calibration.** The pooled probability ranks values well, but it is not how often they are right. A logistic
regression on it, and on which recognisers have the same best value, gives that: Platt's calibration, with three inputs
instead of one.

This module knows values and numbers alone, no pictures. `ml.training.calibration` fits the weights and the regression.

Source: C. Genest, J. Zidek, "Combining probability distributions", 1986 (logarithmic pool); J. Platt, "Probabilistic
outputs for support vector machines", 1999.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.reading.operating_points import OperatingPoint, operating_points_in, threshold_of
from ml.reading.recognisers.constants import CALIBRATION


@dataclass(frozen=True, slots=True, eq=False)
class CandidateScores:
    """The score of each candidate value by each recogniser.

    Attributes:
        values: The candidates; none where no recogniser reads digits. An empty one stands for every value not listed.
        logs: float64, values × recognisers: logarithms of probabilities.
        best_values: The likeliest value of each recogniser, in the same order.
    """

    values: tuple[str, ...]
    logs: NDArray[np.float64]
    best_values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence for a value.

    Attributes:
        pooled: Its pooled probability among the candidates, 0 to 1.
        ours: Whether it is the best value of both our recognisers, the first two.
        all: Whether it is the best value of all recognisers.
    """

    pooled: float
    ours: bool
    all: bool

    @property
    def row(self) -> tuple[float, float, float, float]:
        """The inputs of the regression: 1 for the bias, the logit, the logit again where `ours`, and `all`."""
        least = CALIBRATION.least_doubt
        clipped = min(max(self.pooled, least), 1 - least)
        logit = math.log(clipped / (1 - clipped))
        return (1.0, logit, logit * self.ours, float(self.all))


@dataclass(frozen=True, slots=True)
class Calibration:
    """The weights of the logarithmic pool, and the coefficients of the logistic regression.

    Attributes:
        weights: For each recogniser the weight of its logarithms (digits, string, second reader).
        bias: The regression's constant.
        pooled: The coefficient of the pooled probability's logit.
        ours: That of the same logit, once more, where both our recognisers have the same best value.
        all: Added where all recognisers have it.

    Source: C. Genest, J. Zidek, "Combining probability distributions", 1986 (logarithmic pool); J. Platt,
        "Probabilistic outputs for support vector machines", 1999 (with three inputs instead of one).
    """

    weights: tuple[float, ...]
    bias: float
    pooled: float
    ours: float
    all: float

    def posterior(self, scores: CandidateScores) -> NDArray[np.float64]:
        """The pooled probability of each candidate value: float64, summing to 1; at least one candidate is needed."""
        weighted = scores.logs @ np.asarray(self.weights)
        shares = np.exp(weighted - weighted.max())
        pooled: NDArray[np.float64] = shares / shares.sum()
        return pooled

    def evidence(self, scores: CandidateScores) -> tuple[str, Evidence]:
        """The likeliest value, and the evidence for it; "" where there is none.

        An empty candidate stands for every value not listed: it has its share, but is never the likeliest.
        """
        if not any(scores.values):
            return "", Evidence(0.0, ours=False, all=False)
        pooled = self.posterior(scores)
        best = int(np.where([bool(value) for value in scores.values], pooled, -1).argmax())
        value = scores.values[best]
        return value, self.evidence_for(value, scores)

    def evidence_for(self, value: str, scores: CandidateScores) -> Evidence:
        """The evidence for one of the candidate values."""
        pooled = self.posterior(scores)[scores.values.index(value)]
        same = [value == other for other in scores.best_values]
        return Evidence(float(pooled), ours=all(same[:2]), all=all(same))

    def confidence(self, evidence: Evidence) -> float:
        """The probability, 0 to 1, that the value is right as a whole."""
        return 1 / (1 + math.exp(-float(np.dot((self.bias, self.pooled, self.ours, self.all), evidence.row))))


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """How values are decided and accepted, with or without the second reader.

    Attributes:
        calibration: From scores to a probability.
        points: The operating points, the least error rate first.
    """

    calibration: Calibration
    points: tuple[OperatingPoint, ...]

    @classmethod
    def from_card(cls, card: Mapping[str, Any]) -> DecisionRule:
        """The rule in a part of a network's card, for example `alone` in `reader.json`."""
        data = card["calibration"]
        calibration = Calibration(**{**data, "weights": tuple(data["weights"])})
        return cls(calibration, operating_points_in(card))

    def threshold(self, error_rate: float) -> float:
        """The least confidence, 0 to 1, with which a value is accepted; above 1 where none is."""
        return threshold_of(self.points, error_rate)
