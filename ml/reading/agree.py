"""Two readings of one number made one: cut into digits, and read as a whole.

They fail differently: the network of digits takes a 1 with a long upstroke for a 7, the network of strings loses a
digit where two look alike. Where both say the same, that is worth more than one that is sure of itself; where they do
not, a person is asked.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ml.reading.decode import Decoded, ranked
from ml.reading.elements import NO_DIGIT, Digit, Layout
from ml.reading.lines import Cutting
from ml.reading.transcribe import Transcript

_SURELY_CUT = 0.5
"""The reading by digits is shown, where both differ, if the other's probability is below this share of its own."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """From what both readings say to the probability that the whole value is right: a logistic regression.

    Attributes:
        bias: Where nothing speaks for or against.
        string: A logit of the string reading's probability counts so much.
        same: That both readings are the same counts so much.
        digits: A logit of the least sure digit's probability, where both are the same, counts so much.

    Source: J. Platt, "Probabilistic outputs for support vector machines", 1999 (with three inputs instead of one).
    """

    bias: float
    string: float
    same: float
    digits: float

    def confidence(self, evidence: Evidence) -> float:
        """0 to 1: the probability that the value is right as a whole."""
        return 1 / (1 + math.exp(-float(np.dot((self.bias, self.string, self.same, self.digits), evidence.row))))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a value.

    Attributes:
        string: The string reading's probability of it.
        same: Whether the reading by digits is the same.
        digits: Its least sure digit's probability.
    """

    string: float
    same: bool
    digits: float

    @property
    def row(self) -> tuple[float, float, float, float]:
        """As the regression takes it."""
        return (1.0, _logit(self.string), float(self.same), _logit(self.digits) if self.same else 0.0)


def _logit(probability: float) -> float:
    held = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(held / (1 - held))


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A number read in two ways.

    Attributes:
        decoded: Cut into digits.
        transcript: Read as a whole.
        cutting: Where on the page the whole was cut out.
    """

    decoded: Decoded
    transcript: Transcript
    cutting: Cutting

    @property
    def same(self) -> bool:
        """Whether both readings are the same."""
        return self.decoded.value == self.transcript.digits

    @property
    def by_digits(self) -> bool:
        """Whether, where the two differ, the reading by digits is shown."""
        transcript = self.transcript
        return not transcript.digits or transcript.probability < _SURELY_CUT * self.decoded.confidence

    @property
    def value(self) -> str:
        """What is shown."""
        return self.decoded.value if self.by_digits else self.transcript.digits

    @property
    def evidence(self) -> Evidence:
        """What speaks for the value."""
        return Evidence(self.transcript.of(self.value), self.same, self.decoded.confidence)

    @property
    def difference(self) -> str:
        """The sentence for a number that was read in two ways."""
        values = (self.decoded.value, self.transcript.digits or "no digits")
        return "Read in two ways: {} and {}.".format(*(values if self.by_digits else values[::-1]))

    def together(self, layout: Layout, calibration: Calibration) -> Decoded:
        """Both as one.

        Args:
            layout: With `one_number`, marks around the digits are no doubt where the string reading is shown.
            calibration: What their probabilities are worth together.
        """
        confidence = calibration.confidence(self.evidence)
        decoded, transcript = self.decoded, self.transcript
        if self.same:
            pairs = zip(decoded.digits, transcript.chances, strict=True)
            digits = tuple(_both(digit, chances) for digit, chances in pairs)
            return Decoded(decoded.text, digits, confidence, () if layout.one_number else decoded.checks)
        if self.by_digits:
            return replace(decoded, confidence=confidence)
        boxes = self.cutting.boxes(transcript.spans)
        digits = tuple(ranked(chances, box) for chances, box in zip(transcript.chances, boxes, strict=True))
        return Decoded(transcript.digits, digits, confidence, () if layout.one_number else decoded.checks)


def may_pass(number: Number, shown: Decoded, layout: Layout) -> bool:
    """Whether a number may pass at all, given confidence enough.

    On a page of which nothing is known both readings have to be the same. The digits that are shown must spell the
    value that the confidence was counted for.

    Args:
        number: As it was read.
        shown: What `together` made of it.
        layout: As given to `together`.
    """
    spelled = shown.value == number.value and "?" not in shown.value
    return spelled and not shown.checks and (number.same or layout.one_number)


def _both(digit: Digit, chances: NDArray[np.float64]) -> Digit:
    """A digit with the mean of what both networks give it and its rivals."""
    own = np.zeros(NO_DIGIT + 1)
    own[NO_DIGIT if digit.digit is None else digit.digit] = digit.confidence
    for rival in digit.alternatives:
        own[NO_DIGIT if rival.digit is None else rival.digit] = rival.confidence
    return ranked((own + chances) / 2, digit.box)
