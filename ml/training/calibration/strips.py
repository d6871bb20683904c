"""Strips of one number as the reader sees them, and how a calibration does on strips that it was not fitted on.

Files of strips with their labels go in; the recognisers' scores, and counts of what passes, come out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ml.reading.files.load import load_pages
from ml.reading.forms.layouts import ONE_NUMBER
from ml.reading.numbers.ask import numbers_on
from ml.reading.reader import Reader
from ml.reading.recognisers.calibration import Calibration
from ml.reading.recognisers.combine import candidate_scores
from ml.training.calibration.acceptance import ERROR_RATE, Outcome, ThresholdCounts, counts_at, threshold_for
from ml.training.calibration.fitting import Observation, fit_calibration
from ml.training.datasets import LabelledNumber

ALWAYS = 2.0
"""Above every confidence: below it, that is for every number, the second reader is asked."""


@dataclass(frozen=True, slots=True)
class ObservedStrip:
    """A strip as our own networks read it, and with the second reader.

    Attributes:
        alone: Scores of our own networks.
        with_second: Scores with the second reader; those of `alone` where there is none.
        by_digits: The value that the classifier of digits holds likeliest.
        as_string: The value that the network of strings holds likeliest.
        second: The value that the second reader holds likeliest; empty where there is none.
    """

    alone: Observation
    with_second: Observation
    by_digits: str = ""
    as_string: str = ""
    second: str = ""


@dataclass(frozen=True, slots=True)
class Calibrations:
    """The calibrations without and with the second reader.

    Attributes:
        alone: Calibration of our own networks.
        with_second: Calibration with the second reader.
        asked_below: The second reader is asked where our networks' confidence is below this.
    """

    alone: Calibration
    with_second: Calibration
    asked_below: float

    @classmethod
    def fit(cls, strips: Sequence[ObservedStrip]) -> Calibrations:
        """Fit both on the same strips. The second reader is asked where ours err more often than an operator wants."""
        alone = fit_calibration([strip.alone for strip in strips])
        with_second = fit_calibration([strip.with_second for strip in strips])
        return cls(alone, with_second, 1 - ERROR_RATE)

    def outcome(self, strip: ObservedStrip, *, second: bool) -> Outcome:
        """Judge the value of a strip, with the second reader at hand or without."""
        alone = strip.alone.outcome(self.alone)
        return strip.with_second.outcome(self.with_second) if second and alone.confidence < self.asked_below else alone


def observe(numbers: Iterable[LabelledNumber], reader: Reader) -> list[ObservedStrip]:
    """Read strips as one number each; a reader with a second reader asks it as its `asked_below` says."""
    return [_observe_strip(number, reader) for number in numbers]


def _observe_strip(labelled: LabelledNumber, reader: Reader) -> ObservedStrip:
    numbers = [
        number for page in load_pages(labelled.data, reader.limits) for number in numbers_on(page, ONE_NUMBER, reader)
    ]
    if len(numbers) != 1:
        nothing = Observation(None, labelled.digits)
        return ObservedStrip(nothing, nothing)
    (number,) = numbers
    barred = bool(number.decoded.checks)
    alone = Observation(candidate_scores(replace(number, second=None)), labelled.digits, barred)
    with_second = Observation(candidate_scores(number), labelled.digits, barred)
    return ObservedStrip(alone, with_second, *number.best_values)


def always_ask_second(reader: Reader) -> Reader:
    """The same reader, which asks its second reader about every number."""
    return replace(reader, second=replace(reader.second, asked_below=ALWAYS)) if reader.second else reader


@dataclass(frozen=True, slots=True)
class CrossValidation:
    """Outcomes of a two-fold cross-validation: calibrated on one half, counted on the other, and the other way round.

    Attributes:
        point: Counts of what passed in both halves; its threshold is 0, since each half has its own.
        outcomes: Outcomes in the strips' order, each with the confidence of the other half's calibration.
    """

    point: ThresholdCounts
    outcomes: tuple[Outcome, ...]


def cross_validate(
    strips: Sequence[ObservedStrip], halves: NDArray[np.bool_], *, second: bool, error_rate: float = ERROR_RATE
) -> CrossValidation:
    """Count how calibration and threshold do on strips that they were not fitted on.

    Args:
        strips: Strips with their labels.
        halves: bool, one for each strip: whether it is in the first half.
        second: Whether the second reader is at hand.
        error_rate: The error rate that the threshold is chosen for.
    """
    judged: dict[int, Outcome] = {}
    passed = wrong = 0
    for half in (True, False):
        counted, fitted = np.flatnonzero(halves == half).tolist(), np.flatnonzero(halves != half).tolist()
        calibrations = Calibrations.fit([strips[place] for place in fitted])
        threshold = threshold_for([calibrations.outcome(strips[place], second=second) for place in fitted], error_rate)
        outcomes = [calibrations.outcome(strips[place], second=second) for place in counted]
        point = counts_at(outcomes, threshold)
        passed, wrong = passed + point.passed, wrong + point.wrong
        judged.update(zip(counted, outcomes, strict=True))
    return CrossValidation(
        ThresholdCounts(0.0, len(strips), passed, wrong), tuple(judged[place] for place in range(len(strips)))
    )
