"""What a mark means is settled by the column's other cells, or it stays in doubt."""

from __future__ import annotations

import pytest

from ml.reading.fields.interpret import FieldPosterior, Interpretation
from ml.reading.forms.money import MARK_AMBIGUOUS
from ml.reading.tables.recognise import ReadCell
from ml.reading.tables.settle import with_marks_settled
from tests.fixtures_cells import cell


def settled(text: str, *column: str) -> Interpretation:
    """The value of a text in a cell below others."""
    cells = [cell(each, row) for row, each in enumerate((*column, text))]
    fields = with_marks_settled(cells)[-1].posteriors[0]
    _, interpretation = fields.texts[fields.best]
    assert interpretation.value == fields.best
    return interpretation


@pytest.mark.parametrize(
    ("text", "column", "value"),
    [
        ("1.234", ("0.250", "0.125"), "1.234"),
        ("1,234", ("0,250", "1234,125", "3,500"), "1.234"),
        ("-1.234", ("0.250", "-0.125"), "-1.234"),
        ("1,234", ("1,234,567", "12,345,678"), "1234"),
        ("1.234", ("1.234.567", "12.345.678"), "1234"),
        ("1,234", ("1,234.50", "4,20,000", "980"), "1234"),
        ("-1,234", ("1,234,567", "12,345,678", "9,500"), "-1234"),
    ],
)
def test_a_column_tells_what_its_mark_means(text: str, column: tuple[str, ...], value: str) -> None:
    assert settled(text, *column) == Interpretation(value)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("1.234", ()),
        ("1.234", ("0.250",)),
        ("1.234", ("2.345", "3.456", "7.890")),
        ("1.234", ("0.250", "0.125", "12.5")),
        ("1.234", ("0.250", "0.125", "17")),
        ("1.234", ("0,250", "0,125")),
        ("1,234", ("1.234.567", "12.345.678")),
        ("1,234", ("1,234,567", "12,345,678", "0,250")),
        ("1,234", ("1,234,567", "12,345,678", "4321")),
        ("1,234", ("980", "120", "7")),
        ("1,234", ("12,50", "20,25", "3,75")),
    ],
)
def test_a_mark_that_the_column_does_not_tell_stays_in_doubt(text: str, column: tuple[str, ...]) -> None:
    assert settled(text, *column) == Interpretation(text.replace(",", "."), (MARK_AMBIGUOUS,))


def test_another_column_tells_nothing() -> None:
    cells = [cell("0.250", 0, column=1), cell("0.125", 1, column=1), cell("1.234", 2)]
    *_, last = with_marks_settled(cells)
    assert last is cells[-1]


def test_cells_that_recognisers_read_differently_tell_nothing() -> None:
    cells = [cell("0.250", 0, others=("0.260",)), cell("0.125", 1), cell("1.234", 2)]
    assert with_marks_settled(cells)[-1] is cells[-1]


def test_recognisers_that_read_different_marks_leave_the_doubt() -> None:
    column = [cell("0.250", 0), cell("0.125", 1)]
    *_, last = with_marks_settled([*column, cell("1.234", 2, others=("1,234",))])
    assert last.posteriors[0].texts["1.234"][1].doubts == (MARK_AMBIGUOUS,)


def test_a_recogniser_that_lost_the_mark_agrees_once_it_is_settled() -> None:
    column = [cell("1,234,567", 0), cell("12,345,678", 1)]
    one = cell("1,234", 2, others=("1234",))
    assert not one.is_agreed
    *_, last = with_marks_settled([*column, one])
    assert last.is_agreed
    assert last.posteriors[1].best == "1234"


def test_probabilities_of_what_becomes_the_same_value_stay_probabilities() -> None:
    ambiguous, plain = Interpretation("1.234", (MARK_AMBIGUOUS,)), Interpretation("1234")
    fields = FieldPosterior(
        "1.234", {"1.234": 0.6, "1234": 0.3}, {"1.234": ("1,234", ambiguous), "1234": ("1234", plain)}
    )
    digits = FieldPosterior("1.234", {"1.234": 0.9, "1234": 0.9}, {})
    first = cell("1,234", 2)
    one = ReadCell(first.writing, first.line, None, (fields, digits))
    *_, last = with_marks_settled([cell("1,234,567", 0), cell("12,345,678", 1), one])
    assert last.posteriors[0].probabilities == {"1234": pytest.approx(0.9)}
    assert last.posteriors[1].probabilities == {"1234": 0.9}
