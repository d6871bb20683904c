"""Numbers of a page: a page in, a reading of every number on it out, or of the one number of a strip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

from ml.reading.elements import Box, Hypothesis, Page, Provenance, Reading
from ml.reading.forms.layouts import ONE_NUMBER, Kind, Layout
from ml.reading.forms.typed import with_typed
from ml.reading.ink.constants import STRIPS
from ml.reading.ink.ink import Ink
from ml.reading.ink.lines import Cutting
from ml.reading.ink.locate import has_too_many_marks, locate
from ml.reading.ink.ruling import without_rules
from ml.reading.numbers.ask import numbers_in
from ml.reading.numbers.constants import VERDICTS
from ml.reading.numbers.features import digit_height, features_of
from ml.reading.numbers.marks import MARKS_NOT_SURE, MarkedNumber, marks_of
from ml.reading.operating_points import NEVER
from ml.reading.reader import Reader
from ml.reading.recognisers.acceptance import NOT_SURE, REASONS, NumberFeatures
from ml.reading.recognisers.combine import CombinedNumber, Number, in_the_middle
from ml.reading.recognisers.constants import COMBINATION
from ml.reading.style.writing import measure_writing

CROWDED = (
    "There are more marks here than on any page of writing, so numbers may have been missed. Take a picture of the "
    "paper alone, or of a part of it."
)


@dataclass(frozen=True, slots=True)
class NumbersRead:
    """The numbers of a page.

    Attributes:
        readings: One for each number, in reading order. None is accepted if the page was not read to its end.
        faults: A sentence where it was not.
    """

    readings: tuple[Reading, ...]
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NumberEvidence:
    """A number with all that tells whether it is right.

    Attributes:
        combined: Its digits, by the recognisers of digits.
        marks: Its marks, by the recognisers with signs.
        features: What acceptance judges by.
        cutting: Its line, and where on the page it was cut out.
    """

    combined: CombinedNumber
    marks: MarkedNumber
    features: NumberFeatures
    cutting: Cutting

    @property
    def value(self) -> str:
        """The number as it is written; its digits alone, with "?" for ink that is no digit, where there is any."""
        return self.marks.written.value

    @property
    def is_barred(self) -> bool:
        """Whether a person is asked, however sure the recognisers are: what stands there has no one meaning."""
        unclear = "?" in self.value or bool(self.combined.decoded.checks or self.marks.written.doubt)
        return unclear or self.has_weak_digit or not self.combined.may_pass

    @property
    def has_weak_digit(self) -> bool:
        """Whether one of its digits is less probable than all others together."""
        return any(digit.confidence < VERDICTS.least_digit for digit in self.combined.decoded.digits)

    @property
    def box(self) -> Box:
        """Around its digits, in pixels of the page."""
        return reduce(Box.union, (digit.box for digit in self.combined.decoded.digits))


@dataclass(frozen=True, slots=True)
class _Verdict:
    """Whether a number passes: its confidence, the threshold for it, and sentences on what keeps it from passing."""

    confidence: float
    threshold: float
    reasons: tuple[str, ...]

    @property
    def accepted(self) -> bool:
        return not self.reasons and self.confidence >= self.threshold


def read_numbers(page: Page, ink: Ink, layout: Layout, reader: Reader) -> NumbersRead:
    """Find the numbers of a page, ask all recognisers about each, and decide which pass.

    What is typed on the page is taken from its text.

    Args:
        page: The page.
        ink: Its ink, with its rules; without what is read otherwise, as tables are.
        layout: One without fields.
        reader: Its networks are asked, and it judges what they read.
    """
    ink = without_rules(ink, layout)
    crowded = has_too_many_marks(ink)
    # Where one number is all that should be there, a pattern is none.
    strips = [] if crowded and layout.one_number else locate(ink, layout)
    numbers = numbers_in(strips, ink, page, layout, reader)
    readings = tuple(reading_of(one, layout, reader) for one in with_evidence(numbers, page, ink, layout, reader))
    if not layout.one_number:
        readings = with_typed(readings, page.typed)
    if not crowded and len(strips) < STRIPS.most_strips:
        return NumbersRead(readings)
    asked = (replace(reading, accepted=False, checks=(*reading.checks, CROWDED)) for reading in readings)
    return NumbersRead(tuple(asked), (CROWDED,))


def evidence_on(page: Page, ink: Ink, layout: Layout, reader: Reader) -> list[NumberEvidence]:
    """Find the numbers of a page, with the evidence for each; arguments as of `read_numbers`."""
    ink = without_rules(ink, layout)
    return with_evidence(numbers_in(locate(ink, layout), ink, page, layout, reader), page, ink, layout, reader)


def with_evidence(
    numbers: Sequence[Number], page: Page, ink: Ink, layout: Layout, reader: Reader
) -> list[NumberEvidence]:
    """Combine each number's recognisers, ask those with signs for its marks, and collect the evidence."""
    combined = [reader.combined(number, layout) for number in numbers]
    if layout.one_digit:
        combined = [in_the_middle(one, *page.pixels.shape[:2]) for one in combined]
    heights = [digit_height(one) for one in combined]
    return [
        NumberEvidence(one, marks, features_of(number, one, marks, page, ink, heights), number.cutting)
        for number, one, marks in zip(numbers, combined, marks_of(numbers, combined, reader), strict=True)
    ]


def reading_of(number: NumberEvidence, layout: Layout, reader: Reader) -> Reading:
    """The reading of a number with its marks: whether it passes, and if not, why."""
    verdict = _of_strip(number, reader) if layout.one_number else _on_page(number, reader)
    decoded, combined = number.combined.decoded, number.combined
    differences = () if verdict.accepted or combined.difference is None else (combined.difference,)
    settings = f"layout={layout.name} error_rate={reader.error_rate:g} threshold={verdict.threshold:.4f}"
    return Reading(
        field="number",
        text=number.marks.text,
        value=number.value,
        confidence=verdict.confidence,
        accepted=verdict.accepted,
        digits=decoded.digits,
        box=number.box,
        provenance=Provenance(reader.sha256, settings),
        checks=tuple(dict.fromkeys((*verdict.reasons, *differences))),
        hypotheses=_hypotheses(number, verdict.confidence),
        writing=measure_writing(number.cutting, [digit.box for digit in decoded.digits]),
        kind=Kind.NUMBER.value,
    )


def _on_page(number: NumberEvidence, reader: Reader) -> _Verdict:
    """Judge a number of a page of which nothing is known, by all the evidence."""
    model = reader.acceptance
    if model is None:
        return _Verdict(0.0, NEVER, (NOT_SURE,))
    judged, threshold = model.judge(number.features), model.threshold(reader.error_rate)
    if judged.is_known and judged.confidence >= threshold and not number.is_barred:
        return _Verdict(judged.confidence, threshold, ())
    weak = REASONS["weakest"] if number.has_weak_digit else ""
    doubts = (*number.combined.decoded.checks, number.marks.written.doubt, weak, judged.reason)
    return _Verdict(judged.confidence, threshold, tuple(filter(None, doubts)) or (NOT_SURE,))


def _of_strip(number: NumberEvidence, reader: Reader) -> _Verdict:
    """Judge the one number of a picture: by its digits, and by what is sure about its marks.

    Whether a mark ends thousands is not asked: on cheques that have amounts so, it does.
    """
    threshold = reader.decision_rule.threshold(ONE_NUMBER, reader.error_rate)
    confidence = number.combined.decoded.confidence * number.marks.but_groups
    decoded = number.combined.decoded
    reasons = () if number.combined.may_pass else (decoded.checks or (NOT_SURE,))
    reasons = (*reasons, *[REASONS["weakest"]] * number.has_weak_digit)
    unclear = number.combined.decoded.confidence >= threshold > confidence
    return _Verdict(confidence, threshold, (*reasons, *[MARKS_NOT_SURE] * unclear))


def _hypotheses(number: NumberEvidence, confidence: float) -> tuple[Hypothesis, ...]:
    """The likeliest values, best first; of the likeliest digits the likeliest marks."""
    first, *others = number.combined.hypotheses or (None,)
    if first is None:
        return ()
    rest = max(1e-12, 1 - first.probability)
    marks = [Hypothesis(one, chance * (1 - confidence)) for one, chance in number.marks.others]
    shares = (Hypothesis(one.text, one.probability / rest * (1 - confidence)) for one in others)
    others = sorted((*marks, *shares), key=lambda one: -one.probability)
    return Hypothesis(number.value, confidence), *others[: COMBINATION.n_best - 1]
