"""From which confidence on a number may pass without a person."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ml.reading.elements import ANY_NUMBER
from ml.reading.read import Reader, read_scan
from ml.training.strings import ComposedString, png

LEAST_THRESHOLD = 0.5
"""Below one half another class may be likelier; no number passes so, however few errors were seen."""


NEVER = 1.1
"""A threshold that no confidence reaches."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the reader made of one composed string.

    Attributes:
        right: The one number found is what is written.
        confidence: From this threshold down the string passes without a person; 0 where it never does (nothing
            found, or something in it is no digit).
    """

    right: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class OperatingPoint:
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


def read_strings(strings: Iterable[ComposedString], reader: Reader) -> list[Outcome]:
    """Read each string with the real reader, from an image file's bytes on, whatever its threshold."""
    willing = replace(reader, threshold=0.0)
    return [_outcome(string, willing) for string in strings]


def _outcome(string: ComposedString, reader: Reader) -> Outcome:
    """Two numbers found where one stands are wrong, as sure as the surer of them."""
    pages = read_scan(png(string.image), ANY_NUMBER, reader)
    readings = [reading for page in pages for reading in page.readings]
    right = len(readings) == 1 and readings[0].value == string.digits
    return Outcome(right, max((reading.confidence for reading in readings if reading.accepted), default=0.0))


def operating_point(outcomes: list[Outcome], threshold: float) -> OperatingPoint:
    """What passes at one threshold above zero."""
    passed = [outcome for outcome in outcomes if outcome.confidence >= threshold]
    return OperatingPoint(threshold, len(outcomes), len(passed), sum(not outcome.right for outcome in passed))


def choose_threshold(outcomes: list[Outcome], error_rate: float = 0.01) -> OperatingPoint:
    """The lowest threshold at which the errors among the numbers that pass are surely few enough.

    Surely: the whole 95 % interval of their share lies at or below `error_rate`. (Chosen by the share alone, the
    threshold let 1.5 % pass where 1 % was meant, on strings that it had not been chosen on.) All that pass are counted
    together: one error among the surest few would else keep the threshold above nearly everything. Where no threshold
    will do, nothing passes.

    Raises:
        ValueError: There is nothing to choose on.
    """
    if not outcomes:
        raise ValueError("no strings to choose a threshold on")
    thresholds = sorted({max(LEAST_THRESHOLD, outcome.confidence) for outcome in outcomes})
    points = (operating_point(outcomes, threshold) for threshold in thresholds)
    return next((point for point in points if point.interval[1] <= error_rate), operating_point(outcomes, NEVER))


def wilson(wrong: int, count: int, deviations: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share; from 0 to 1 where nothing was counted.

    Source: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", 1927.
    """
    if count == 0:
        return 0.0, 1.0
    share, square = wrong / count, deviations**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    reach = deviations * math.sqrt(share * (1 - share) / count + square / (4 * count**2)) / (1 + square / count)
    return max(0.0, middle - reach), min(1.0, middle + reach)
