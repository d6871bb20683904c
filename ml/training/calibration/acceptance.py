"""From which confidence on a number may pass without a person."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from ml.reading.operating_points import NEVER, wilson

DELTA = 0.05
"""What is claimed is claimed with 95 % certainty."""

LEAST_THRESHOLD = 0.5
"""Below one half another class may be likelier; no number passes so, however few errors were seen."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the reader made of one value.

    Attributes:
        right: It is what is written.
        confidence: From this threshold down it passes without a person; 0 where it never does (nothing found, or
            something in it is no digit).
    """

    right: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class ThresholdCounts:
    """How the reader fares at one threshold.

    Attributes:
        threshold: On the number's confidence, 0 to 1.
        strings: How many were read.
        passed: How many of them pass.
        wrong: How many of those are wrong.
    """

    threshold: float
    strings: int
    passed: int
    wrong: int

    @property
    def read_rate(self) -> float:
        """Share of all strings that pass."""
        return self.passed / self.strings

    @property
    def error_rate(self) -> float:
        """Share of those passed that are wrong; 0 where none passes."""
        return self.wrong / self.passed if self.passed else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The error rate's 95 % interval."""
        return wilson(self.wrong, self.passed)


def counts_at(outcomes: list[Outcome], threshold: float) -> ThresholdCounts:
    """What passes at one threshold above zero."""
    passed = [outcome for outcome in outcomes if outcome.confidence >= threshold]
    return ThresholdCounts(threshold, len(outcomes), len(passed), sum(not outcome.right for outcome in passed))


def threshold_for(outcomes: list[Outcome], error_rate: float) -> float:
    """The lowest threshold at which the errors among what passes, and one more, are few enough.

    One more: chosen by the share alone, the threshold of a few hundred values let twice as many errors pass as were
    meant on others. Where there are too few values to allow for one, all must be above the surest error seen.
    """
    steps = sorted({max(outcome.confidence, LEAST_THRESHOLD) for outcome in outcomes})
    points = [counts_at(outcomes, step) for step in steps]
    allowing = [point for point in points if point.wrong + 1 <= error_rate * point.passed]
    flawless = [point for point in points if point.passed and not point.wrong]
    return next((point.threshold for point in (*allowing, *flawless)), NEVER)


def read_rate_at(outcomes: Sequence[Outcome], error_rate: float) -> float:
    """The greatest share that passes, surest first, with no more than a share of errors among it: as it was seen."""
    ordered = sorted(outcomes, key=lambda outcome: -outcome.confidence)
    wrong = list(accumulate(not outcome.right for outcome in ordered))
    few = [count for count, errors in enumerate(wrong, start=1) if errors <= error_rate * count]
    return few[-1] / len(ordered) if few else 0.0


def guaranteed_threshold(outcomes: list[Outcome], error_rate: float, delta: float = DELTA) -> float | None:
    """The lowest threshold found whose error rate among what passes is surely small enough; None: there is none.

    Surely: with probability 1 - `delta` over the values that were checked, for values of the same kind. The threshold
    is sought by bisection, and the doubt shared among its steps.

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
    """What an error rate surely does not exceed, so many errors having been seen.

    Args:
        wrong: Errors seen.
        count: Values they were seen among; 1.0 is the bound where there are none.
        delta: How improbable a greater rate is.

    Source: C. Clopper, E. Pearson, "The use of confidence or fiducial limits", 1934 (one-sided).
    """
    if wrong >= count:
        return 1.0
    low, high = wrong / count, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(wrong, count, middle) > delta else (low, middle)
    return high


def _at_most(wrong: int, count: int, rate: float) -> float:
    """The probability of no more than so many errors at a rate between 0 and 1."""
    logs = [
        math.lgamma(count + 1) - math.lgamma(k + 1) - math.lgamma(count - k + 1)
        + k * math.log(rate) + (count - k) * math.log1p(-rate)
        for k in range(wrong + 1)
    ]  # fmt: skip
    return math.fsum(map(math.exp, logs))


def more_needed(point: ThresholdCounts, error_rate: float, delta: float = DELTA) -> int:
    """How many more values have to be checked, none of those that pass wrong, until the rate is proved; 0: it is."""
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
