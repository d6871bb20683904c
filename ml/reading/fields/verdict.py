"""The verdict on a field: what was decided by its figures in, how sure that is and whether it passes out.

An amount beside which words stand passes only where these say the same. Words raise and lower the confidence of a value
that the figures may be; they let no other value pass. Without a model for such amounts, which knows the second reader,
words only stop what they contradict. Confidences and thresholds are 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log2

from ml.reading.acceptance.evidence import AmountFeatures
from ml.reading.acceptance.model import NOT_SURE, log_odds
from ml.reading.elements import Agreement, Reading, Words
from ml.reading.fields.constants import VERDICT
from ml.reading.fields.legal_amount import Said
from ml.reading.reader import Reader

OTHER_AMOUNT = "The words seem to say another amount, or are not clear."
UNREAD_WORDS = "The amount in words could not be read, so nothing confirms the figures."
CONTRADICTION = "Figures and words contradict each other: the figures seem to say {figures}, and the words {words}."


@dataclass(frozen=True, slots=True)
class Figures:
    """A value as it was decided.

    Attributes:
        value: The value.
        confidence: By the figures alone, calibrated.
        doubts: Sentences on what makes it doubtful.
        differences: A sentence, where recognisers differ.
        height: Of a digit, in pixels of the page.
        contrast: Of the ink against its paper, 0 to 1.
        grain: Of the paper around the ink, as a share of the contrast.
    """

    value: str
    confidence: float
    doubts: tuple[str, ...]
    differences: tuple[str, ...]
    height: float
    contrast: float
    grain: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """How sure a value is.

    Attributes:
        confidence: The calibrated probability that it is right.
        threshold: The least with which it passes.
        accepted: Whether it passes.
        checks: Why it does not.
        words: Of an amount, what its words say; None where none were read.
    """

    confidence: float
    threshold: float
    accepted: bool
    checks: tuple[str, ...]
    words: Words | None = None


def judge(figures: Figures, said: Said | None, *, has_words: bool, reader: Reader) -> Verdict:
    """Judge a value.

    Args:
        figures: The value as it was decided.
        said: Of an amount, what its words say; None where none were found.
        has_words: Whether the layout has words for it, and the reader can read them.
        reader: Its models tell the confidence and the threshold.
    """
    words = said.words(figures.value) if said is not None else None
    if not has_words or "amount" not in reader.acceptance:
        return _contradicted(figures, _by_figures(figures, reader), words)
    judged, threshold = reader.judged(amount_features(figures, said), "amount")
    agree = words is not None and words.agreement is Agreement.AGREES
    likely = figures.confidence >= VERDICT.least_by_figures
    accepted = agree and likely and judged.is_known and judged.confidence >= threshold
    lacking = UNREAD_WORDS if words is None else OTHER_AMOUNT if not agree else judged.reason or NOT_SURE
    checks = () if accepted else _why(figures, lacking)
    return _contradicted(figures, Verdict(judged.confidence, threshold, accepted, checks), words)


def _by_figures(figures: Figures, reader: Reader) -> Verdict:
    """Judge a value by its figures alone: it passes if it is sure enough, and nothing makes it doubtful."""
    threshold = reader.field_decision_rule.threshold(reader.error_rate)
    accepted = not figures.doubts and figures.confidence >= threshold
    return Verdict(figures.confidence, threshold, accepted, () if accepted else _why(figures, NOT_SURE))


def amount_features(figures: Figures, said: Said | None) -> AmountFeatures:
    """The evidence for an amount in figures beside which words stand.

    Words that were not found, say no amount, or may go on in another line speak neither for the value nor against it.
    """
    heard = said if said is not None and said.is_clear and said.knows(figures.value) else None
    return AmountFeatures(
        figures=log_odds(figures.confidence),
        margin=_at_most(heard.margin_of(figures.value)) if heard is not None else 0.0,
        cents=_at_most(heard.cents_margin_of(figures.value)) if heard is not None else 0.0,
        explained=heard.explained if heard is not None else 0.0,
        doubts=float(len(figures.doubts) + len(figures.differences)),
        height=log2(figures.height),
        contrast=figures.contrast,
        grain=figures.grain,
    )


def _at_most(margin: float) -> float:
    return max(-VERDICT.widest_margin, min(VERDICT.widest_margin, margin))


def _why(figures: Figures, otherwise: str) -> tuple[str, ...]:
    return (*figures.doubts, *figures.differences) or (otherwise,)


def _contradicted(figures: Figures, verdict: Verdict, words: Words | None) -> Verdict:
    """The verdict with the words; where these contradict the figures, the value does not pass."""
    if words is None or words.agreement is not Agreement.CONTRADICTS:
        return Verdict(verdict.confidence, verdict.threshold, verdict.accepted, verdict.checks, words)
    sentence = CONTRADICTION.format(figures=figures.value, words=words.value)
    return Verdict(verdict.confidence, verdict.threshold, False, (sentence, *verdict.checks), words)


def held_against_words(decided: Reading, checked: Reading) -> Reading:
    """A reading after the checks between fields: none of them lets an amount pass whose words do not say the same.

    Args:
        decided: As it was decided.
        checked: After the checks, which may have confirmed or changed its value.
    """
    words = checked.words
    if words is None or not checked.value:
        return checked
    if checked.value == decided.value:
        if words.agreement is Agreement.AGREES or not checked.accepted:
            return checked
        return replace(checked, accepted=decided.accepted, checks=decided.checks)
    if checked.value == words.value:
        return replace(checked, words=replace(words, agreement=Agreement.AGREES))
    checks = (*checked.checks, OTHER_AMOUNT)
    return replace(checked, accepted=False, checks=checks, words=replace(words, agreement=Agreement.UNSURE))
