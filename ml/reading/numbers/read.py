"""Numbers of a page: a page in, a reading of every number on it out, or of the one number of a strip."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

from ml.reading.acceptance.evidence import SEEMS_PRINTED, UNSURE_MARKS, WEAK_DIGIT, NumberFeatures, Place
from ml.reading.acceptance.model import NOT_SURE
from ml.reading.elements import Box, Hypothesis, Page, Provenance, Reading
from ml.reading.forms.layouts import Kind, Layout
from ml.reading.forms.typed import with_typed
from ml.reading.forms.written import DATE_OR_FRACTION
from ml.reading.ink.constants import STRIPS
from ml.reading.ink.ink import Ink
from ml.reading.ink.lines import Cutting
from ml.reading.ink.locate import has_too_many_marks, locate
from ml.reading.ink.ruling import without_rules
from ml.reading.numbers.ask import numbers_in
from ml.reading.numbers.constants import VERDICTS
from ml.reading.numbers.features import Company, features_of, lacks_a_stroke
from ml.reading.numbers.marks import MarkedNumber, marks_of
from ml.reading.reader import Reader
from ml.reading.recognisers.combine import CombinedNumber, Number, in_the_middle
from ml.reading.recognisers.constants import COMBINATION, PRINTED
from ml.reading.recognisers.decode import ALONE, MARKS_UNCLEAR, MORE_LINES
from ml.reading.style.writing import measure_writing

CROWDED = (
    "There are more marks here than on any page of writing, so numbers may have been missed. Take a picture of the "
    "paper alone, or of a part of it."
)


STROKE_OR_ONE = "One of the 1s may be a stroke: then this is a date."

_STROKED = re.compile("[0-9.]+(?:/[0-9.]+){1,2}")
"""A day or a fraction."""


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
        place: Where it stands.
        printed: The probability that a machine printed it.
    """

    combined: CombinedNumber
    marks: MarkedNumber
    features: NumberFeatures
    cutting: Cutting
    place: Place
    printed: float = 0.0

    @property
    def value(self) -> str:
        """The number as it is written; its digits alone, with "?" for ink that is no digit, where there is any."""
        return self.marks.written.value

    @property
    def is_barred(self) -> bool:
        """Whether a person is asked, however sure the recognisers are.

        What a mark means is not asked of a picture that is one number: on cheques it may end thousands, or cents may
        stand behind it.
        """
        if self.place == "strip":
            return self.has_weak_digit or MORE_LINES in self.combined.decoded.checks or bool(self.other_digit)
        alone = self.place == "page" and len(self.combined.decoded.digits) == 1
        if (
            self.printed >= PRINTED.no_answer
            or alone
            or "?" in self.value
            or self.doubt
            or self.has_weak_digit
            or self.features.unclear
        ):
            return True
        # Of rows of boxes there are too few to learn from what it means that a number reads otherwise digit by digit.
        return self.has_unsure_marks or (self.place == "box" and bool(self.features.odd))

    @property
    def doubt(self) -> str:
        """A sentence where the value has more than one meaning. A day or a fraction with its strokes has one."""
        doubt = self.marks.written.doubt
        if doubt != DATE_OR_FRACTION or not _STROKED.fullmatch(self.value):
            return doubt
        return STROKE_OR_ONE if lacks_a_stroke(self.value) else ""

    @property
    def has_weak_digit(self) -> bool:
        """Whether one of its digits is less probable than all others together."""
        return any(digit.confidence < VERDICTS.least_digit for digit in self.combined.decoded.digits)

    @property
    def is_printed(self) -> bool:
        """Whether a machine surely printed it: then it is the form's own."""
        return self.printed >= PRINTED.surely

    @property
    def other_digit(self) -> str:
        """The sentence where recognisers read another digit than the one that stands alone; else empty.

        A fold or a shade looks like one digit to one of them, and like another to the next.
        """
        alone = len(self.combined.decoded.digits) == 1
        return (self.combined.difference or "") if alone else ""

    @property
    def has_unsure_marks(self) -> bool:
        """Whether its points, minus signs and strokes, or that it has none, are not clear enough."""
        least = VERDICTS.least_strokes if self.features.strokes else VERDICTS.least_marks
        return self.marks.probability < least

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
    numbers: Sequence[Number], page: Page, ink: Ink, layout: Layout, reader: Reader, place: Place = "page"
) -> list[NumberEvidence]:
    """Combine each number's recognisers, ask those with signs for its marks, and collect the evidence.

    Args:
        numbers: As each recogniser read them.
        page: Their page.
        ink: Its ink, without rules.
        layout: One without fields. One of a single number makes a strip of the page.
        reader: Its networks are asked.
        place: Where the numbers stand, on a page of several.
    """
    place = "strip" if layout.one_number else place
    combined = [reader.combined(number, layout) for number in numbers]
    if layout.one_digit:
        combined = [in_the_middle(one, *page.pixels.shape[:2]) for one in combined]
    with_marks = marks_of(numbers, combined, reader)
    printed = reader.print_chances([number.cutting.line for number in numbers])
    company, evidence = Company.of(combined), []
    for number, one, marks, chance in zip(numbers, combined, with_marks, printed, strict=True):
        features = features_of(number, one, marks, page, ink, company, printed=chance, one_number=layout.one_number)
        evidence.append(NumberEvidence(one, marks, features, number.cutting, place, chance))
    return evidence


def reading_of(number: NumberEvidence, layout: Layout, reader: Reader) -> Reading:
    """The reading of a number with its marks: whether it passes, and if not, why."""
    verdict = _verdict(number, layout, reader)
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
        printed=number.is_printed,
    )


def _verdict(number: NumberEvidence, layout: Layout, reader: Reader) -> _Verdict:
    """Judge a number, by the place where it stands."""
    if layout.one_digit:
        return _of_digit(number, reader)
    return _of_strip(number, reader) if number.place == "strip" else _on_page(number, reader)


def _on_page(number: NumberEvidence, reader: Reader) -> _Verdict:
    """Judge a number of a page of which nothing is known, by all the evidence."""
    judged, threshold = reader.judged(number.features, number.place)
    if judged.is_known and judged.confidence >= threshold and not number.is_barred:
        return _Verdict(judged.confidence, threshold, ())
    explained = {MARKS_UNCLEAR} if not number.features.unclear else set()
    expected = {ALONE} if number.place == "box" else set()
    told = (check for check in number.combined.decoded.checks if check not in explained | expected)
    printed = SEEMS_PRINTED if number.is_printed else ""
    unclear = (WEAK_DIGIT if number.has_weak_digit else "", UNSURE_MARKS if number.has_unsure_marks else "")
    doubts = (*told, number.doubt, printed, *unclear, judged.reason)
    return _Verdict(judged.confidence, threshold, tuple(filter(None, doubts)) or (NOT_SURE,))


def _of_strip(number: NumberEvidence, reader: Reader) -> _Verdict:
    """Judge the one number of a picture: by its digits, and by what is sure about its marks.

    By all the evidence it has to be right rather than wrong. Whether a mark ends thousands is not asked: on cheques
    that have amounts so, it does.
    """
    threshold, (judged, _) = reader.decision_rule.threshold(reader.error_rate), reader.judged(number.features, "strip")
    confidence = number.combined.decoded.confidence * number.marks.but_groups
    weak = WEAK_DIGIT if number.has_weak_digit else ""
    reasons = (*number.combined.decoded.checks, weak, number.other_digit)
    if not judged.is_known or judged.confidence < VERDICTS.least_likely:
        return _Verdict(
            min(confidence, judged.confidence), threshold, (*filter(None, reasons), judged.reason or NOT_SURE)
        )
    return _Verdict(confidence, threshold, tuple(filter(None, reasons)))


def _of_digit(number: NumberEvidence, reader: Reader) -> _Verdict:
    """Judge the one digit that was meant in a picture, by the recognisers of digits alone."""
    threshold = reader.decision_rule.threshold(reader.error_rate)
    decoded = number.combined.decoded
    reasons = () if number.combined.may_pass else (decoded.checks or (NOT_SURE,))
    return _Verdict(decoded.confidence, threshold, (*reasons, *[WEAK_DIGIT] * number.has_weak_digit))


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
