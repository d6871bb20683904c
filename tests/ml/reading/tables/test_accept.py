"""What keeps a cell's value from passing without a person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ml.reading.recognisers.decode import ALONE, MARKS_UNCLEAR
from ml.reading.tables.accept import AT_RIM, MORE_LINES, NOT_SURE, PARTED, WORDS_AROUND, CellEvidence, against

SURE = CellEvidence("48", ("48", "48", "48"), 0.99, 0.9, (), False, False, False, 1, (True,) * 5)


def test_what_all_read_alike_and_nothing_speaks_against_passes() -> None:
    assert against(SURE) == ()


@pytest.mark.parametrize(
    ("evidence", "sentence"),
    [
        (replace(SURE, best_values=("48", "43", "48")), "Read in two ways: 48 and 43."),
        (replace(SURE, best_values=("48", "", "48")), "Read in two ways: 48 and nothing."),
        (replace(SURE, confidence=0.89), NOT_SURE),
        (replace(SURE, doubts=("It may be a date.",)), "It may be a date."),
        (replace(SURE, has_unclear_marks=True), MARKS_UNCLEAR),
        (replace(SURE, is_at_rim=True), AT_RIM),
        (replace(SURE, is_parted=True), PARTED),
        (replace(SURE, line_count=2), MORE_LINES),
        (replace(SURE, others=(True, False, False, False)), WORDS_AROUND),
        (replace(SURE, value="4", best_values=("4",) * 3, others=()), ALONE),
        (replace(SURE, value="4", best_values=("4",) * 3, others=(True, True, False, False)), ALONE),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_doubt_is_told(evidence: CellEvidence, sentence: str) -> None:
    assert against(evidence) == (sentence,)


def test_a_digit_among_numbers_passes() -> None:
    assert against(replace(SURE, value="4", best_values=("4",) * 3)) == ()
