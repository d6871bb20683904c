"""Which value a text has in a field, and which texts have none."""

import numpy as np
import pytest

from ml.reading.elements import Hypothesis, Place
from ml.reading.fields.interpret import FieldPosterior, Interpretation, interpret
from ml.reading.forms.layouts import Kind, LayoutField
from ml.reading.forms.money import MARK_AMBIGUOUS, MARKS_ODD, NO_CENTS, Convention

WHERE = Place(0, 0, 1, 1)
DOLLARS = LayoutField("amount", Kind.AMOUNT, WHERE, convention=Convention("USD", ".", cents_always=True))
RUPEES = LayoutField("amount", Kind.AMOUNT, WHERE, convention=Convention("INR", ".", cents_always=False))
EUROS = LayoutField("amount", Kind.AMOUNT, WHERE, convention=Convention("EUR", ",", cents_always=True))
AMERICAN = LayoutField("date", Kind.DATE, WHERE, order="mdy")
BOXES = LayoutField("date", Kind.DATE, WHERE, order="dmy", boxed=True, length=(8, 8))
POSTAL = LayoutField("code", Kind.POSTAL_CODE, WHERE, pattern="[0-9]{5}([0-9]{4})?")
ACCOUNT = LayoutField("account", Kind.DIGITS, WHERE, length=(6, 8))


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("¤233.00", DOLLARS, "233.00"),
        ("x¤15.00", DOLLARS, "15.00"),
        ("¤1,234^50/100", DOLLARS, "1234.50"),
        ("¤11/14/2019", AMERICAN, "2019-11-14"),
        ("0xx05/04/2016", AMERICAN, "2016-05-04"),
        ("**12.00**", DOLLARS, "12.00"),
        ("50,00¤", EUROS, "50.00"),
        ("¤1.234,50", EUROS, "1234.50"),
        ("x¤1,30,000/-", RUPEES, "130000.00"),
        ("¤42,020", RUPEES, "42020.00"),
        ("5/-", RUPEES, "5.00"),
        ("x12/22/2019", AMERICAN, "2019-12-22"),
        ("5-5-2015", AMERICAN, "2015-05-05"),
        ("11/13/19", AMERICAN, "2019-11-13"),
        ("12092009", BOXES, "2009-09-12"),
        ("x1209-2009x", BOXES, "2009-09-12"),
        ("12-34 567", ACCOUNT, "1234567"),
        ("652/5-0501", POSTAL, "652150501"),
        ("/65215/", POSTAL, "65215"),  # strokes beside it are none of its digits
    ],
)
def test_a_field_means_its_value(text: str, field: LayoutField, value: str) -> None:
    interpretation = interpret(text, field)
    assert interpretation is not None
    assert (interpretation.value, interpretation.doubts) == (value, ())


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", DOLLARS),
        ("¤", DOLLARS),
        ("1", DOLLARS),  # a stroke, a bracket, the rim of a box
        ("000.00", DOLLARS),  # the end of an amount
        ("12x34.00", DOLLARS),
        ("1025", AMERICAN),
        ("x20,2019", AMERICAN),  # October 20, 2019: for a person
        ("102511", AMERICAN),  # a cheque's number and the rim behind it
        ("13/32/2019", AMERICAN),
        ("31022015", BOXES),
        ("20121015", BOXES),  # the year 1015
        ("1209200", BOXES),
        ("12345", ACCOUNT),
        ("123x456", ACCOUNT),
    ],
)
def test_what_cannot_be_the_field_means_nothing(text: str, field: LayoutField) -> None:
    assert interpret(text, field) is None


def test_a_lost_decimal_mark_is_a_doubt() -> None:
    lost, odd = interpret("¤23300", DOLLARS), interpret("¤1.234", DOLLARS)
    assert lost is not None
    assert odd is not None
    assert lost.doubts == (NO_CENTS,)
    assert odd.doubts == (MARK_AMBIGUOUS,)


def test_a_reading_whose_marks_stand_oddly_loses_to_one_that_is_written_so() -> None:
    told = FieldPosterior.of([Hypothesis("¤21,13,0001-", 0.6), Hypothesis("¤21,13,000/-", 0.3)], RUPEES)
    assert told.best == "2113000.00"
    assert sum(told.probabilities.values()) == pytest.approx(0.9)


def test_a_value_is_told_as_it_is_likeliest_written_where_marks_stand_oddly_seldom() -> None:
    told = FieldPosterior.of([Hypothesis("8,44.05", 0.6), Hypothesis("844.05", 0.3)], DOLLARS)
    assert told.texts["844.05"] == ("844.05", Interpretation("844.05"))


def test_a_value_that_is_hardly_ever_read_with_its_marks_in_place_stays_doubtful() -> None:
    _, interpretation = FieldPosterior.of([Hypothesis("8,44.05", 0.9), Hypothesis("844.05", 0.02)], DOLLARS).texts[
        "844.05"
    ]
    assert interpretation.doubts == (MARKS_ODD,)


def test_an_amount_without_cents_does_not_become_one_with_cents() -> None:
    told = FieldPosterior.of([Hypothesis("¤500", 0.9), Hypothesis("¤5.00", 0.1)], DOLLARS)
    assert told.best == "500.00"
    assert told.probabilities["500.00"] == pytest.approx(0.9)


def test_readings_that_mean_the_same_are_added_up() -> None:
    readings = [Hypothesis("¤233.00", 0.4), Hypothesis("¤238.00", 0.3), Hypothesis("233.00", 0.2), Hypothesis("x", 0.1)]
    posterior = FieldPosterior.of(readings, DOLLARS)
    assert posterior.best == "233.00"
    assert posterior.probabilities == pytest.approx({"233.00": 0.6 * 1 / 0.905, "238.00": 0.3 * 1 / 0.905})
    assert posterior.texts["233.00"][0] == "¤233.00"
    assert np.exp(posterior.logs(["238.00", "999.00", ""])) == pytest.approx([0.3 / 0.905, 1e-4, 1 - 0.9 / 0.905])
