"""Acceptance: the features of a number in, the probability that it is right out, and in words what speaks against it.

The model is additive: each feature has a curve that adds to the log-odds. A curve never falls where more of a feature
can only be better, and never rises where it can only be worse. So the feature that takes most away is the reason why a
number is asked, and a person can follow it. A feature beyond all that the model was fitted on gives no number a pass:
of such evidence nothing is known.

Each kind of place where numbers stand has features of its own, and a model that was fitted on such places.

Source: T. Hastie, R. Tibshirani, "Generalized additive models", 1986; monotone curves: R. Barlow et al., "Statistical
inference under order restrictions", 1972.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.reading.operating_points import OperatingPoint, operating_points_in, threshold_of

NOT_SURE = "Nothing speaks against this, but it is not sure enough for the error rate that was chosen."


def better(reason: str, *, nothing_known: float | None = None) -> Any:
    """A feature of which more can only be better.

    Args:
        reason: The sentence for too little of it.
        nothing_known: Its value where nothing is known. That may make a number less sure, but is no reason to tell.
    """
    return field(metadata={"better": True, "reason": reason, "nothing_known": nothing_known})


def worse(reason: str) -> Any:
    """A feature of which more can only be worse; `reason` is the sentence for too much of it."""
    return field(metadata={"better": False, "reason": reason, "nothing_known": None})


@dataclass(frozen=True, slots=True)
class Features:
    """The evidence for a number, one float a feature; a kind of place is a class with attributes of its own."""

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The features, in the order of their attributes."""
        return tuple(each.name for each in fields(cls))

    @classmethod
    def more_is_better(cls) -> tuple[bool, ...]:
        """For each feature whether more can only be better; otherwise it can only be worse."""
        return tuple(each.metadata["better"] for each in fields(cls))

    @property
    def row(self) -> NDArray[np.float64]:
        """float64, in the order of the attributes."""
        return np.array([getattr(self, name) for name in self.names()])

    @property
    def speaks(self) -> tuple[bool, ...]:
        """For each feature whether anything is known by it."""
        return tuple(bool(getattr(self, each.name) != each.metadata["nothing_known"]) for each in fields(self))

    def reason(self, at: int) -> str:
        """The sentence for a feature that speaks against the number; `at` is its place in the order."""
        sentence: str = fields(self)[at].metadata["reason"]
        measured = {name: 2 ** getattr(self, name) for name in ("height", "stroke") if f"{{{name}:" in sentence}
        return sentence.format(**measured)


def log_odds(probability: float) -> float:
    """The log-odds of a probability, within what four digits can tell."""
    clipped = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(clipped / (1 - clipped))


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """What one feature adds to the log-odds.

    Attributes:
        knots: float64: values of the feature, in rising order; between them the curve is straight, beyond them level.
        heights: float64: what it adds at each of them, at most 0: the best value adds nothing.
        seen: Least and greatest value of the feature that the model was fitted on.
    """

    knots: NDArray[np.float64]
    heights: NDArray[np.float64]
    seen: tuple[float, float]

    def __call__(self, value: float) -> float:
        """What a value of the feature adds."""
        return float(np.interp(value, self.knots, self.heights))

    def is_beyond(self, value: float, better: bool) -> bool:
        """Whether a value is worse than any that the model was fitted on; `better`: whether more can only be better."""
        least, most = self.seen
        return value < least if better else value > most


@dataclass(frozen=True, slots=True)
class Judged:
    """A number judged by the model.

    Attributes:
        confidence: The probability that the number is right, 0 to 1.
        reason: A sentence on what speaks most against it; empty where nothing does.
        is_known: Whether all its features are of a kind that the model was fitted on.
    """

    confidence: float
    reason: str
    is_known: bool


@dataclass(frozen=True, slots=True, eq=False)
class AcceptanceModel:
    """The probability that a number is right.

    Attributes:
        features: The evidence that it judges.
        bias: The log-odds of a number about which nothing speaks against.
        curves: One for each feature, in their order.
        points: The operating points of numbers in such places, the least error rate first.
    """

    features: type[Features]
    bias: float
    curves: tuple[Curve, ...]
    points: tuple[OperatingPoint, ...]

    @classmethod
    def from_card(cls, card: Mapping[str, Any], features: type[Features]) -> AcceptanceModel:
        """The model on a card.

        Raises:
            KeyError: The card is of a model with other features.
        """
        curves = [card["curves"][name] for name in features.names()]
        return cls(
            features,
            card["bias"],
            tuple(Curve(np.array(one["knots"]), np.array(one["heights"]), tuple(one["seen"])) for one in curves),
            operating_points_in(card),
        )

    def judge(self, features: Features) -> Judged:
        """Judge a number."""
        row = features.row
        takes = [curve(value) for curve, value in zip(self.curves, row, strict=True)]
        confidence = 1 / (1 + math.exp(-(self.bias + sum(takes))))
        sides = zip(self.curves, row, features.more_is_better(), strict=True)
        unknown = [at for at, (curve, value, better) in enumerate(sides) if curve.is_beyond(float(value), better)]
        told = [take if speaks else 0.0 for take, speaks in zip(takes, features.speaks, strict=True)]
        worst = unknown[0] if unknown else int(np.argmin(told))
        reason = features.reason(worst) if unknown or told[worst] < 0 else ""
        return Judged(confidence, reason, is_known=not unknown)

    def threshold(self, error_rate: float) -> float:
        """The least confidence, 0 to 1, with which a number passes; above 1 where none does."""
        return threshold_of(self.points, error_rate)


def confidences(bias: float, curves: Sequence[Curve], rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """The confidences of many numbers: float64.

    Args:
        bias: The model's.
        curves: The model's.
        rows: float64, numbers × features.
    """
    total = bias + sum(np.interp(rows[:, at], curve.knots, curve.heights) for at, curve in enumerate(curves))
    result: NDArray[np.float64] = 1 / (1 + np.exp(-total))
    return result
