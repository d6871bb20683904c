"""Acceptance: the features of a number in, the probability that it is right out, and in words what speaks against it.

The model is additive: each feature has a curve that adds to the log-odds. A curve never falls where more of a feature
can only be better, and never rises where it can only be worse. So the feature that takes most away is the reason why a
number is asked, and a person can follow it. A feature beyond all that the model was fitted on gives no number a pass:
of such evidence nothing is known.

Source: T. Hastie, R. Tibshirani, "Generalized additive models", 1986; monotone curves: R. Barlow et al., "Statistical
inference under order restrictions", 1972.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.reading.operating_points import OperatingPoint, operating_points_in, threshold_of

NOT_SURE = "Nothing speaks against this, but it is not sure enough for the error rate that was chosen."


@dataclass(frozen=True, slots=True)
class NumberFeatures:
    """The evidence for a number on a page of which nothing is known.

    Attributes:
        digits: Log-odds of the digits after the recognisers of digits.
        weakest: Log-odds of the least sure digit.
        no_digit: Log-odds that the glyph least like a digit is none.
        string: Log-odds of the digits by the network of strings alone.
        signs: Log-odds of the digits by the recognisers with signs, whatever the marks; the least of them.
        marks: Log-odds of the marks, if the digits are right.
        letters: The probability that letters or other signs stand with them.
        height: Of a digit, in pixels of the page: the logarithm to the base 2.
        stroke: Of the pen's width, in pixels of the page, likewise.
        contrast: Of the ink against its paper, 0 to 1.
        grain: Of the paper around the ink, as a share of the contrast.
        uneven: Standard deviation of the digits' heights, as a share of the height.
        unexplained: Ink of the strip that belongs to no digit, as a share of a digit's.
        beside: Ink close beside the strip on its line, as a share of a digit's.
        farther: The same, farther from it.
        rim: Distance to the rim of the picture, in heights of a digit, at most 1.
        width: Of a digit, as a share of the height: the logarithm to the base 2, without its sign.
        ones: Share of 1s among the digits: any stroke looks like one.
        tall_one: How much the tallest 1 between other digits is taller than these, as a share of their height: strokes
            between numbers are.
        leaning: Width of the widest 1 between other digits, as a share of its height.
        date: 1 where the digits with strokes in place of two 1s are a day, else 0.
        single: 1 for a single digit, 0 for more.
        many: Digits beyond six: numbers are seldom longer.
        others: The height compared with the page's other numbers: the logarithm to the base 2, without its sign.
    """

    digits: float
    weakest: float
    no_digit: float
    string: float
    signs: float
    marks: float
    letters: float
    height: float
    stroke: float
    contrast: float
    grain: float
    uneven: float
    unexplained: float
    beside: float
    farther: float
    rim: float
    width: float
    ones: float
    tall_one: float
    leaning: float
    date: float
    single: float
    many: float
    others: float

    @property
    def row(self) -> NDArray[np.float64]:
        """float64, in the order of the attributes."""
        return np.array([getattr(self, name) for name in NAMES])


NAMES = tuple(each.name for each in fields(NumberFeatures))

BETTER = frozenset({"digits", "weakest", "string", "signs", "marks", "height", "stroke", "contrast", "rim"})
"""Features of which more can only be better; of all others it can only be worse."""

REASONS: Mapping[str, str] = {
    "digits": "The digits are not clear.",
    "weakest": "One of the digits is not clear.",
    "no_digit": "One of the marks may be no digit.",
    "string": "Read as a whole, the digits are not clear.",
    "signs": "The readers do not all read these digits.",
    "marks": "A point, comma, minus or stroke may have been missed or misread.",
    "letters": "Letters or other signs may stand with these digits.",
    "height": "The digits are only {height:.0f} pixels high.",
    "stroke": "The strokes are only {stroke:.1f} pixels wide.",
    "contrast": "The writing is hardly darker than its paper.",
    "grain": "The paper has a pattern that looks like writing.",
    "uneven": "The digits have different heights.",
    "unexplained": "There is ink here that no digit explains.",
    "beside": "More ink stands close beside this: a digit may have been left out.",
    "farther": "More ink stands beside this: a digit may have been left out.",
    "rim": "This stands at the edge of the picture: a part of it may be cut off.",
    "width": "These marks are narrower or wider than digits are.",
    "ones": "Most of these digits are single strokes.",
    "tall_one": "One of the 1s is taller than the other digits: it may be a stroke between two numbers.",
    "leaning": "One of the 1s leans: it may be a stroke between two numbers.",
    "date": "This may be a date: two of the 1s may be strokes.",
    "single": "A digit that stands alone on a page may be a letter that looks like one.",
    "many": "This has more digits than numbers usually have.",
    "others": "This is much larger or smaller than the other numbers of the page.",
}


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
        bias: The log-odds of a number about which nothing speaks against.
        curves: One for each feature, in the order of `NAMES`.
        points: The operating points of numbers on pages, the least error rate first.
    """

    bias: float
    curves: tuple[Curve, ...]
    points: tuple[OperatingPoint, ...]

    @classmethod
    def from_card(cls, card: Mapping[str, Any]) -> AcceptanceModel:
        """The model on a card.

        Raises:
            KeyError: The card is of a model with other features.
        """
        curves = [card["curves"][name] for name in NAMES]
        return cls(
            card["bias"],
            tuple(Curve(np.array(one["knots"]), np.array(one["heights"]), tuple(one["seen"])) for one in curves),
            operating_points_in(card, "pages"),
        )

    def judge(self, features: NumberFeatures) -> Judged:
        """Judge a number."""
        row = features.row
        takes = [curve(value) for curve, value in zip(self.curves, row, strict=True)]
        confidence = 1 / (1 + math.exp(-(self.bias + sum(takes))))
        unknown = [at for at, curve in enumerate(self.curves) if self._is_beyond(at, curve, float(row[at]))]
        worst = unknown[0] if unknown else int(np.argmin(takes))
        reason = _in_words(worst, features) if unknown or takes[worst] < 0 else ""
        return Judged(confidence, reason, is_known=not unknown)

    def threshold(self, error_rate: float) -> float:
        """The least confidence, 0 to 1, with which a number passes; above 1 where none does."""
        return threshold_of(self.points, error_rate)

    @staticmethod
    def _is_beyond(at: int, curve: Curve, value: float) -> bool:
        """Whether a feature is worse than any that the model was fitted on."""
        least, most = curve.seen
        return value < least if NAMES[at] in BETTER else value > most


def _in_words(at: int, features: NumberFeatures) -> str:
    sentence = REASONS[NAMES[at]]
    return sentence.format(height=2**features.height, stroke=2**features.stroke)


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
