"""Decide whether a cell's value may pass without a person: the evidence for it in, sentences against it out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ml.reading.recognisers.acceptance import NOT_SURE
from ml.reading.recognisers.combine import difference_in
from ml.reading.recognisers.decode import ALONE, MARKS_UNCLEAR
from ml.reading.tables.constants import CELLS

AT_RIM = "Writing lies on a rule, so a part of it may have gone with the rule, or belong to the cell beside it."
PARTED = "There is a wide gap in this cell, so two numbers may stand here."
MORE_LINES = "More than one line of writing stands in this cell."
WORDS_AROUND = "Most of this column seems to hold no numbers, so this may be a letter or a word."


@dataclass(frozen=True, slots=True)
class CellEvidence:
    """What is known of a cell's value.

    Attributes:
        value: The likeliest value.
        best_values: That of each recogniser.
        confidence: The calibrated probability of the value, 0 to 1.
        threshold: The least confidence with which a value passes.
        doubts: Sentences on why the text may have another value.
        has_unclear_marks: Whether there is ink that is neither a digit nor a mark of the text.
        is_at_rim: Whether its writing reaches over a rule.
        is_parted: Whether there is a wide gap in its writing.
        line_count: Lines of writing in the cell.
        others: For each other written cell of its column, whether all recognisers read the same number there.
    """

    value: str
    best_values: tuple[str, ...]
    confidence: float
    threshold: float
    doubts: tuple[str, ...]
    has_unclear_marks: bool
    is_at_rim: bool
    is_parted: bool
    line_count: int
    others: tuple[bool, ...]


def against(evidence: CellEvidence) -> tuple[str, ...]:
    """What speaks against letting a cell's value pass; empty if it may.

    It passes only if all that read it read the same, it is sure enough, all ink in the cell is explained, and none of
    it lies on the cell's rim. A grade is easily taken for a digit or two, so the column has to hold numbers.
    """
    return tuple(_against(evidence))


def _against(evidence: CellEvidence) -> Iterator[str]:
    yield from evidence.doubts
    if (difference := difference_in(evidence.best_values, evidence.value, none="nothing")) is not None:
        yield difference
    if evidence.has_unclear_marks:
        yield MARKS_UNCLEAR
    if evidence.is_at_rim:
        yield AT_RIM
    if evidence.is_parted:
        yield PARTED
    if evidence.line_count > 1:
        yield MORE_LINES
    agreed = sum(evidence.others)
    if len(evidence.others) >= CELLS.least_others and agreed < CELLS.words * len(evidence.others):
        yield WORDS_AROUND
    elif len(evidence.value) == 1 and agreed < max(CELLS.least_digits, CELLS.digits_column * len(evidence.others)):
        yield ALONE
    if evidence.confidence < evidence.threshold:
        yield NOT_SURE
