"""From which confidence on a number may pass without a person, until a reader with a calibrated curve exists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ml.reading.classify import Classifier
from ml.reading.elements import ANY_NUMBER, Limits
from ml.reading.read import Reader, read_scan
from ml.training.strings import ComposedString

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
        read_rate: Share of all strings that pass.
        error_rate: Share of those passed that are wrong; 0 where none passes.
    """

    threshold: float
    read_rate: float
    error_rate: float


def read_strings(strings: Iterable[ComposedString], network: Path) -> list[Outcome]:
    """Read each string with the real reader, from an image file's bytes on.

    Args:
        strings: What to read.
        network: A LiteRT file with its card beside it.
    """
    reader = Reader(Classifier.load(network), Limits(), threshold=0.0)
    return [_outcome(string, reader) for string in strings]


def _outcome(string: ComposedString, reader: Reader) -> Outcome:
    """Two numbers found where one stands are wrong, as sure as the surer of them."""
    readings = [reading for page in read_scan(string.png(), ANY_NUMBER, reader) for reading in page.readings]
    right = len(readings) == 1 and readings[0].value == string.digits
    return Outcome(right, max((reading.confidence for reading in readings if reading.accepted), default=0.0))


def operating_point(outcomes: list[Outcome], threshold: float) -> OperatingPoint:
    """Read rate and error rate at one threshold above zero."""
    passed = [outcome for outcome in outcomes if outcome.confidence >= threshold]
    wrong = sum(not outcome.right for outcome in passed)
    return OperatingPoint(threshold, len(passed) / len(outcomes), wrong / len(passed) if passed else 0.0)


def choose_threshold(outcomes: list[Outcome], error_rate: float = 0.01) -> OperatingPoint:
    """The lowest threshold at which at most `error_rate` of the numbers that pass are wrong.

    All that pass are counted together: the surest few alone say nothing of so small a rate, one error among them would
    keep the threshold above nearly everything. Where no threshold will do, nothing passes.

    Raises:
        ValueError: There is nothing to choose on.
    """
    if not outcomes:
        raise ValueError("no strings to choose a threshold on")
    points = (operating_point(outcomes, t) for t in sorted({max(LEAST_THRESHOLD, o.confidence) for o in outcomes}))
    return next((point for point in points if point.error_rate <= error_rate), OperatingPoint(NEVER, 0.0, 0.0))
