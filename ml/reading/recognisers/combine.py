"""Combines the recognisers of a number: what each of them read in, one value with its confidence and digits out.

The reading by digits, the network of strings and the second reader err differently: the first takes a 1 with a long
upstroke for a 7, the second loses a digit where two look the same, the third was made for other things than amounts.
`ml.reading.recognisers.calibration` weighs them; this module collects their scores, and makes the number that is shown.
Boxes are in pixels of the page.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import NO_DIGIT, Alternative, Box, Digit, Hypothesis
from ml.reading.forms.layouts import Layout
from ml.reading.ink.lines import Cutting
from ml.reading.recognisers.calibration import Calibration, CandidateScores, Evidence
from ml.reading.recognisers.constants import COMBINATION
from ml.reading.recognisers.decode import Decoded
from ml.reading.recognisers.transcribe import Transcript


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A number as each recogniser read it.

    Attributes:
        decoded: Digit by digit.
        transcript: As a whole string.
        cutting: The line, and where on the page it was cut out.
        second: The second reader's transcript; None where it was not asked.
        notes: That of the network of notes, which reads the marks; None where it was not asked.
    """

    decoded: Decoded
    transcript: Transcript
    cutting: Cutting
    second: Transcript | None = None
    notes: Transcript | None = None

    @property
    def transcripts(self) -> tuple[Transcript, ...]:
        """Those of whole strings: the network's, and the second reader's if it was asked."""
        return (self.transcript,) if self.second is None else (self.transcript, self.second)

    @property
    def best_values(self) -> tuple[str, ...]:
        """The likeliest value of each recogniser: digit by digit, as a string, and the second reader's."""
        return (self.decoded.value, *(transcript.text for transcript in self.transcripts))


@dataclass(frozen=True, slots=True)
class CombinedNumber:
    """A number after classifier combination.

    Attributes:
        decoded: The number that is shown, with the calibrated confidence.
        hypotheses: The likeliest values, best first; the first has that confidence.
        best_values: The likeliest value of each recogniser.
        may_pass: Whether it is accepted without a person if its confidence is high enough.
    """

    decoded: Decoded
    hypotheses: tuple[Hypothesis, ...]
    best_values: tuple[str, ...]
    may_pass: bool

    @property
    def difference(self) -> str | None:
        """The sentence for a number that the recognisers read differently; None where they read the same."""
        return difference_in(self.best_values, self.decoded.value, none="no digits")


def difference_in(best_values: Iterable[str], value: str, none: str) -> str | None:
    """The sentence for recognisers that read differently; None where all read the same.

    Args:
        best_values: What each recogniser reads.
        value: What was decided.
        none: The words for a recogniser that reads nothing.
    """
    others = [other for other in dict.fromkeys(best or none for best in best_values) if other != value]
    if not others:
        return None
    ways = "two" if len(others) == 1 else "several"
    *before, last = value, *others
    return f"Read in {ways} ways: {', '.join(before)} and {last}."


def candidate_scores(number: Number) -> CandidateScores:
    """The scores of all values that some recogniser proposes, one column for each recogniser.

    No recogniser rules a value out altogether: each has a least probability for every value.
    """
    strings = number.transcripts
    # A recogniser that reads no digits at all proposes nothing.
    proposed = [number.decoded.value, *(one.text for string in strings if string.text for one in string.hypotheses)]
    values = [value for value in dict.fromkeys(proposed) if value and "?" not in value]
    # A value that the line is too short for cannot be shown digit by digit.
    as_string = number.transcript.log_probabilities(values).tolist()
    values = [value for value, log in zip(values, as_string, strict=True) if log > -math.inf]
    least = math.log(COMBINATION.least_by_string)
    columns = [np.array([math.log(_by_digits(number.decoded, value)) for value in values])]
    columns += [np.maximum(string.log_probabilities(values), least) for string in strings]
    return CandidateScores(tuple(values), np.stack(columns, axis=1), number.best_values)


def _by_digits(decoded: Decoded, value: str) -> float:
    """The probability of a value by the reading by digits, which proposes one value alone."""
    least = COMBINATION.least_by_digits
    return max(decoded.confidence, least) if decoded.value == value else least


def combine(number: Number, layout: Layout, calibration: Calibration) -> CombinedNumber:
    """Combine a number's recognisers into one value.

    Args:
        number: What each recogniser read.
        layout: Without `one_number`, a number may pass only if its reading by digits has the same value: on a page of
            which nothing is known, that alone can tell a digit from other marks.
        calibration: For as many recognisers as read the number.
    """
    scores = candidate_scores(number)
    value, evidence = calibration.evidence(scores)
    decoded = number.decoded
    if not value or _is_no_number(number):
        least = calibration.confidence(Evidence(0.0, ours=False, all=False))
        return CombinedNumber(replace(decoded, confidence=least), (), number.best_values, may_pass=False)
    confidence = calibration.confidence(evidence)
    same = value == decoded.value
    shown = Decoded(decoded.text if same else value, _digits(number, value), confidence, decoded.checks)
    hypotheses = ranked_hypotheses(scores, calibration.posterior(scores), confidence)
    may_pass = not decoded.checks and (same or layout.one_number)
    return CombinedNumber(shown, hypotheses, number.best_values, may_pass)


def _is_no_number(number: Number) -> bool:
    """Whether a glyph that is no digit is to be shown, since the network of strings does not read better."""
    decoded, string = number.decoded, number.transcript
    unlikely = not string.text or string.probability < COMBINATION.no_digits * decoded.confidence
    return "?" in decoded.value and unlikely


def ranked_hypotheses(
    scores: CandidateScores, posterior: NDArray[np.float64], confidence: float
) -> tuple[Hypothesis, ...]:
    """The likeliest values, best first. The best has the confidence, and the rest is shared as in the pool.

    Args:
        scores: The values. An empty one stands for all that no recogniser proposed, and is left out.
        posterior: float64, the combined probability of each value.
        confidence: Calibrated, of the best value, 0 to 1.
    """
    order = [at for at in np.argsort(-posterior, kind="stable").tolist() if scores.values[at]][: COMBINATION.n_best]
    rest = max(float(1 - posterior[order[0]]), 1e-12)
    shares = (float(posterior[at]) / rest * (1 - confidence) for at in order[1:])
    return tuple(Hypothesis(scores.values[at], share) for at, share in zip(order, (confidence, *shares), strict=True))


def _digits(number: Number, value: str) -> tuple[Digit, ...]:
    """The value's digits, each with its box and the mean of the recognisers' probabilities for its place.

    The reading by digits counts, and its boxes are taken, only where its value is the same.
    """
    rows = [transcript.chances(value) for transcript in number.transcripts]
    if value == number.decoded.value:
        rows.append(np.array([_probabilities(digit) for digit in number.decoded.digits]))
        boxes: Sequence[Box] = [digit.box for digit in number.decoded.digits]
    else:
        boxes = number.cutting.boxes(number.transcript.spans(value))
    mean = np.mean(rows, axis=0)
    return tuple(digit_of(int(digit), row, box) for digit, row, box in zip(value, mean, boxes, strict=True))


def _probabilities(digit: Digit) -> NDArray[np.float64]:
    """The probabilities of all 11 classes for a decoded digit; 0 for those that are not among its runners-up."""
    row = np.zeros(NO_DIGIT + 1)
    for one in (Alternative(digit.digit, digit.confidence), *digit.alternatives):
        row[NO_DIGIT if one.digit is None else one.digit] = one.confidence
    return row


def digit_of(digit: int, probabilities: NDArray[np.float64], box: Box) -> Digit:
    """A digit of the value with its runners-up, even where one of them is likelier by itself.

    Args:
        digit: 0 to 9.
        probabilities: float64, 11: of each digit, and last of no digit.
        box: On the page.
    """
    order = [other for other in np.argsort(-probabilities, kind="stable").tolist() if other != digit]
    runners_up = tuple(
        Alternative(None if other == NO_DIGIT else other, float(probabilities[other]))
        for other in order[: COMBINATION.runners_up]
    )
    return Digit(digit, float(probabilities[digit]), runners_up, box)


def in_the_middle(combined: CombinedNumber, height: int, width: int) -> CombinedNumber:
    """The one digit that was meant, of a number cut out with its neighbours: tall, and near the middle.

    Args:
        combined: With all digits in view.
        height: Of the picture, in pixels.
        width: Of the picture, in pixels.

    Returns:
        That digit alone, no surer than the number was: a neighbour read wrong may have taken a piece of it.
    """

    def off_middle(digit: Digit) -> float:
        box = digit.box
        return abs((box.left + box.right) / width - 1) - box.height / height

    digit = min(combined.decoded.digits, key=off_middle)
    value = "?" if digit.digit is None else str(digit.digit)
    confidence = min(combined.decoded.confidence, digit.confidence)
    decoded = replace(combined.decoded, text=value, digits=(digit,), confidence=confidence)
    choices = (Alternative(digit.digit, confidence), *digit.alternatives)
    hypotheses = tuple(Hypothesis(str(one.digit), one.confidence) for one in choices if one.digit is not None)
    may_pass = combined.may_pass and value != "?"
    return replace(combined, decoded=decoded, hypotheses=hypotheses, best_values=(), may_pass=may_pass)
