"""Several readings of one number made one: cut into digits, read as a whole, and a second reader's.

They fail differently: the network of digits takes a 1 with a long upstroke for a 7, the network of strings loses a
digit where two look alike, the second reader was made for other things than amounts. What they say is pooled; how sure
that makes the value was counted on real amounts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import NO_DIGIT, Alternative, Box, Digit, Hypothesis
from ml.reading.forms.layouts import Layout
from ml.reading.ink.lines import Cutting
from ml.reading.operating_points import OperatingPoint, operating_points_in, threshold_of
from ml.reading.recognisers.decode import Decoded
from ml.reading.recognisers.transcribe import Transcript

_RUNNERS_UP = 3
_READINGS = 5
_LEAST_STRING, _LEAST_CUT = 1e-6, 1e-2
"""No reading rules a value out altogether: one that is cut into digits less so than one of a whole string."""

_SURELY_NONE = 0.5
"""On a page, something that is no digit is shown where the string's probability is below this share of its own."""


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A number read in several ways.

    Attributes:
        decoded: Cut into digits.
        transcript: Read as a whole.
        cutting: Where on the page the whole was cut out.
        second: What the second reader made of it; None where it was not asked.
    """

    decoded: Decoded
    transcript: Transcript
    cutting: Cutting
    second: Transcript | None = None

    @property
    def best_values(self) -> tuple[str, ...]:
        """What each reading holds likeliest: cut into digits, as a whole, and the second reader's if it was asked."""
        own = self.decoded.value, self.transcript.text
        return own if self.second is None else (*own, self.second.text)


@dataclass(frozen=True, slots=True, eq=False)
class CandidateScores:
    """What each reading says of each value that one of them proposes.

    Attributes:
        values: Proposed; none where nobody reads digits. An empty one stands for all others.
        logs: float64, values × readings: logarithms of probabilities.
        said: What each reading holds likeliest.
    """

    values: tuple[str, ...]
    logs: NDArray[np.float64]
    best_values: tuple[str, ...]

    @classmethod
    def on(cls, number: Number) -> CandidateScores:
        """All opinions on a number."""
        strings = [one for one in (number.transcript, number.second) if one is not None]
        # Who reads no digits at all proposes none.
        proposed = [number.decoded.value, *(own.text for one in strings if one.text for own in one.hypotheses)]
        values = [value for value in dict.fromkeys(proposed) if value and "?" not in value]
        own = number.transcript.log_probabilities(values)
        # What the line is too short for cannot be shown digit by digit.
        values = [value for value, log in zip(values, own.tolist(), strict=True) if log > -math.inf]
        columns = [np.array([math.log(_as_cut(number.decoded, value)) for value in values])]
        columns += [np.maximum(one.log_probabilities(values), math.log(_LEAST_STRING)) for one in strings]
        logs = np.stack(columns, axis=1)
        return cls(tuple(values), logs, number.best_values)


def _as_cut(decoded: Decoded, value: str) -> float:
    return max(decoded.confidence, _LEAST_CUT) if decoded.value == value else _LEAST_CUT


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a value.

    Attributes:
        pooled: Its probability after all readings, among those proposed.
        ours: Whether both of our own readings, the first two, hold it likeliest.
        all: Whether all readings do.
    """

    pooled: float
    ours: bool
    all: bool

    @property
    def row(self) -> tuple[float, float, float, float]:
        """As the regression takes it."""
        held = min(max(self.pooled, 1e-4), 1 - 1e-4)
        logit = math.log(held / (1 - held))
        return (1.0, logit, logit * self.ours, float(self.all))


@dataclass(frozen=True, slots=True)
class Calibration:
    """How much each reading counts, and how sure what they agree on is.

    Attributes:
        weights: Of each reading: its logarithm counts so much (digits, string, second reader).
        bias: Where nothing speaks for or against.
        pooled: A logit of the pooled probability counts so much.
        ours: It counts so much more where both of our own readings hold the value likeliest.
        all: That all readings do counts so much.

    Source: C. Genest, J. Zidek, "Combining probability distributions", 1986 (logarithmic pool); J. Platt,
        "Probabilistic outputs for support vector machines", 1999 (with three inputs instead of one).
    """

    weights: tuple[float, ...]
    bias: float
    pooled: float
    ours: float
    all: float

    def posterior(self, scores: CandidateScores) -> NDArray[np.float64]:
        """The pooled probability of each value; there must be one."""
        weighted = scores.logs @ np.asarray(self.weights)
        shares = np.exp(weighted - weighted.max())
        pooled: NDArray[np.float64] = shares / shares.sum()
        return pooled

    def evidence(self, scores: CandidateScores) -> tuple[str, Evidence]:
        """The likeliest value, empty where there is none, and what speaks for it.

        An empty value among those proposed stands for all others: it has its share, and is never the likeliest.
        """
        if not any(scores.values):
            return "", Evidence(0.0, ours=False, all=False)
        pooled = self.posterior(scores)
        best = int(np.where([bool(value) for value in scores.values], pooled, -1).argmax())
        value = scores.values[best]
        held = [best == value for best in scores.best_values]
        return value, Evidence(float(pooled[best]), ours=all(held[:2]), all=all(held))

    def confidence(self, evidence: Evidence) -> float:
        """0 to 1: the probability that the value is right as a whole."""
        return 1 / (1 + math.exp(-float(np.dot((self.bias, self.pooled, self.ours, self.all), evidence.row))))


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """How values are settled, alone or with the second reader, and what passes.

    Attributes:
        calibration: From what the readings say to a probability.
        strips: What may be chosen for a strip that is one number, the least error rate first.
        pages: The same for any number on a page.
    """

    calibration: Calibration
    strips: tuple[OperatingPoint, ...]
    pages: tuple[OperatingPoint, ...]

    @classmethod
    def from_card(cls, card: Mapping[str, Any]) -> DecisionRule:
        """As `reader.json` has it."""
        told = card["calibration"]
        calibration = Calibration(**{**told, "weights": tuple(told["weights"])})
        return cls(calibration, operating_points_in(card, "strips"), operating_points_in(card, "pages"))

    def threshold(self, layout: Layout, error_rate: float) -> float:
        """The least confidence at which a number passes, 0 to 1; above 1 where none does."""
        return threshold_of(self.strips if layout.one_number else self.pages, error_rate)


@dataclass(frozen=True, slots=True)
class CombinedNumber:
    """A number after all its readings.

    Attributes:
        decoded: What is shown, with the calibrated confidence.
        hypotheses: The likeliest values, best first; the first has that confidence.
        said: What each reading holds likeliest.
        may_pass: Whether a person may be spared, given confidence enough.
    """

    decoded: Decoded
    hypotheses: tuple[Hypothesis, ...]
    best_values: tuple[str, ...]
    may_pass: bool

    @property
    def difference(self) -> str | None:
        """The sentence for a number that was read in several ways."""
        others = dict.fromkeys(value or "no digits" for value in self.best_values)
        others.pop(self.decoded.value, None)
        if not others:
            return None
        ways = "two" if len(others) == 1 else "several"
        *before, last = self.decoded.value, *others
        return f"Read in {ways} ways: {', '.join(before)} and {last}."


def combine(number: Number, layout: Layout, calibration: Calibration) -> CombinedNumber:
    """Make one of several readings.

    Args:
        number: As it was read.
        layout: On a page of which nothing is known, a number may pass only where its reading by digits is the same:
            that alone knows what is no digit.
        calibration: For as many readings as the number has.
    """
    scores = CandidateScores.on(number)
    value, evidence = calibration.evidence(scores)
    decoded, string = number.decoded, number.transcript
    stranger = "?" in decoded.value and (not string.text or string.probability < _SURELY_NONE * decoded.confidence)
    if not value or stranger:
        unsure = calibration.confidence(Evidence(0.0, ours=False, all=False))
        return CombinedNumber(replace(decoded, confidence=unsure), (), number.best_values, may_pass=False)
    confidence = calibration.confidence(evidence)
    same = value == decoded.value
    digits = _digits(number, value)
    shown = Decoded(decoded.text if same else value, digits, confidence, decoded.checks)
    readings = _ranked(scores, calibration.posterior(scores), confidence)
    return CombinedNumber(
        shown, readings, number.best_values, may_pass=not decoded.checks and (same or layout.one_number)
    )


def _ranked(scores: CandidateScores, pooled: NDArray[np.float64], confidence: float) -> tuple[Hypothesis, ...]:
    """The best value with its confidence; the others share what is left of it as the readings say."""
    order = np.argsort(-pooled, kind="stable")[:_READINGS].tolist()
    rest = max(float(1 - pooled[order[0]]), 1e-12)
    shares = (float(pooled[place]) / rest * (1 - confidence) for place in order[1:])
    return tuple(
        Hypothesis(scores.values[place], chance) for place, chance in zip(order, (confidence, *shares), strict=True)
    )


def _digits(number: Number, value: str) -> tuple[Digit, ...]:
    """The value's digits, each with what the readings say may stand in its place, and its box."""
    same = value == number.decoded.value
    strings = [one.chances(value) for one in (number.transcript, number.second) if one is not None]
    boxes = (
        [digit.box for digit in number.decoded.digits] if same else number.cutting.boxes(number.transcript.spans(value))
    )
    rows = [_row(digit) for digit in number.decoded.digits] if same else None
    chances = np.mean([*strings, np.array(rows)] if rows else strings, axis=0)
    return tuple(_digit(int(digit), row, box) for digit, row, box in zip(value, chances, boxes, strict=True))


def _row(digit: Digit) -> NDArray[np.float64]:
    """A digit of the reading by digits as probabilities of all eleven classes, as far as it tells."""
    row = np.zeros(NO_DIGIT + 1)
    for one in (Alternative(digit.digit, digit.confidence), *digit.alternatives):
        row[NO_DIGIT if one.digit is None else one.digit] = one.confidence
    return row


def _digit(digit: int, chances: NDArray[np.float64], box: Box) -> Digit:
    """The digit of the value and its runners-up, whichever of them is likelier on its own."""
    order = [int(other) for other in np.argsort(-chances, kind="stable") if other != digit][:_RUNNERS_UP]
    others = tuple(Alternative(None if one == NO_DIGIT else one, float(chances[one])) for one in order)
    return Digit(digit, float(chances[digit]), others, box)


def in_the_middle(combined: CombinedNumber, height: int, width: int) -> CombinedNumber:
    """Of a number cut out with its neighbours, the digit that was meant: tall, and near the middle.

    Args:
        combined: With all digits in view.
        height: Of the picture, in pixels.
        width: Of the picture, in pixels.

    Returns:
        The same with that digit alone, as sure as the number was: a neighbour read wrong may have taken a piece of it.
    """

    def away(digit: Digit) -> float:
        box = digit.box
        return abs((box.left + box.right) / width - 1) - box.height / height

    digit = min(combined.decoded.digits, key=away)
    value = "?" if digit.digit is None else str(digit.digit)
    confidence = min(combined.decoded.confidence, digit.confidence)
    decoded = replace(combined.decoded, text=value, digits=(digit,), confidence=confidence)
    own = (Alternative(digit.digit, confidence), *digit.alternatives)
    readings = tuple(Hypothesis(str(one.digit), one.confidence) for one in own if one.digit is not None)
    return replace(
        combined, decoded=decoded, hypotheses=readings, best_values=(), may_pass=combined.may_pass and value != "?"
    )
