"""Acceptance: judged values in, the threshold out from which a value may pass without a person.

Confidences, thresholds and error rates are numbers from 0 to 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from ml.reading.operating_points import NEVER, wilson

DELTA = 0.05
"""Probability that a guarantee fails: guarantees hold with 95 % certainty."""

ERROR_RATE = 0.01
"""The error rate that ships as the operator's choice until another is made."""

LEAST_THRESHOLD = 0.5
"""Below one half another class may be likelier, so no value passes there, however few errors were seen."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The reader's value of one strip or field, judged.

    Attributes:
        right: Whether the value is right.
        confidence: The value passes at every threshold up to this one. 0 where it never passes: nothing was read, or
            a person is asked in any case.
    """

    right: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class ThresholdCounts:
    """Counts of what passes at one threshold.

    Attributes:
        threshold: On the confidence, 0 to 1.
        strings: Values that were read.
        passed: Values that pass.
        wrong: Values that pass and are wrong.
    """

    threshold: float
    strings: int
    passed: int
    wrong: int

    @property
    def read_rate(self) -> float:
        """Share of all values that pass."""
        return self.passed / self.strings

    @property
    def error_rate(self) -> float:
        """Share of the passed values that are wrong; 0 where none passes."""
        return self.wrong / self.passed if self.passed else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The error rate's 95 % interval."""
        return wilson(self.wrong, self.passed)


def counts_at(outcomes: list[Outcome], threshold: float) -> ThresholdCounts:
    """Count what passes at a threshold above zero."""
    passed = [outcome for outcome in outcomes if outcome.confidence >= threshold]
    return ThresholdCounts(threshold, len(outcomes), len(passed), sum(not outcome.right for outcome in passed))


def threshold_for(outcomes: list[Outcome], error_rate: float) -> float:
    """The lowest threshold at which the errors that pass, and one more, are few enough.

    One more is allowed for, because the share alone is not enough: with it, the threshold chosen on a few hundred
    values let twice as many errors pass on other values as intended. Where there are too few values to allow for one,
    the threshold is above the surest error.

    Args:
        outcomes: Judged values.
        error_rate: Greatest share of errors among the values that pass.

    Returns:
        The threshold; `NEVER` where there is none.
    """
    steps = sorted({max(outcome.confidence, LEAST_THRESHOLD) for outcome in outcomes})
    points = [counts_at(outcomes, step) for step in steps]
    with_reserve = [point for point in points if point.wrong + 1 <= error_rate * point.passed]
    flawless = [point for point in points if point.passed and not point.wrong]
    return next((point.threshold for point in (*with_reserve, *flawless)), NEVER)


def read_rate_at(outcomes: Sequence[Outcome], error_rate: float) -> float:
    """The greatest share of values, surest first, among which the share of errors is no more than `error_rate`."""
    ordered = sorted(outcomes, key=lambda outcome: -outcome.confidence)
    wrong = list(accumulate(not outcome.right for outcome in ordered))
    few = [count for count, errors in enumerate(wrong, start=1) if errors <= error_rate * count]
    return few[-1] / len(ordered) if few else 0.0


def guaranteed_threshold(outcomes: list[Outcome], error_rate: float, delta: float = DELTA) -> float | None:
    """The lowest threshold found that guarantees an error rate; None where there is none.

    The guarantee holds with probability 1 - `delta` over the checked values, for values of the same kind. Bisection
    finds the threshold. `delta` is divided among its steps.

    Source: Y. Geifman, R. El-Yaniv, "Selective classification for deep neural networks", 2017 (selection with
        guaranteed risk).
    """
    ordered = sorted({max(outcome.confidence, LEAST_THRESHOLD) for outcome in outcomes})
    steps = max(1, math.ceil(math.log2(max(2, len(ordered)))))
    low, high, best = 0, len(ordered) - 1, None
    for _ in range(steps):
        if low > high:
            break
        middle = (low + high) // 2
        point = counts_at(outcomes, ordered[middle])
        if upper_bound(point.wrong, point.passed, delta / steps) <= error_rate:
            best, high = ordered[middle], middle - 1
        else:
            low = middle + 1
    return best


def upper_bound(wrong: int, count: int, delta: float = DELTA) -> float:
    """Upper bound of an error rate, of which a number of errors was seen.

    Args:
        wrong: Errors seen.
        count: Values among which they were seen; the bound is 1.0 where all are errors.
        delta: Probability that the rate is greater than the bound.

    Source: C. Clopper, E. Pearson, "The use of confidence or fiducial limits", 1934 (one-sided).
    """
    if wrong >= count:
        return 1.0
    low, high = wrong / count, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if _binomial_cdf(wrong, count, middle) > delta else (low, middle)
    return high


def _binomial_cdf(wrong: int, count: int, rate: float) -> float:
    """The probability of `wrong` errors or fewer among `count` values, at a rate between 0 and 1."""
    logs = [
        math.lgamma(count + 1) - math.lgamma(k + 1) - math.lgamma(count - k + 1)
        + k * math.log(rate) + (count - k) * math.log1p(-rate)
        for k in range(wrong + 1)
    ]  # fmt: skip
    return math.fsum(map(math.exp, logs))


def more_needed(point: ThresholdCounts, error_rate: float, delta: float = DELTA) -> int:
    """How many more values must be checked to prove an error rate, if no further error passes; 0: it is proved."""
    low, high = 0, 1
    while upper_bound(point.wrong, point.passed + high, delta) > error_rate:
        low, high = high, high * 2
    if upper_bound(point.wrong, point.passed, delta) <= error_rate:
        return 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (
            (middle, high) if upper_bound(point.wrong, point.passed + middle, delta) > error_rate else (low, middle)
        )
    return math.ceil(high / max(point.read_rate, 0.01))
