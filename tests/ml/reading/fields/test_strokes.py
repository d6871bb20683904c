"""Strokes that a recogniser took for 1s."""

import pytest

from ml.reading.elements import Place
from ml.reading.fields.strokes import digit_strings_in, ones_as_strokes
from ml.reading.forms.layouts import Kind, LayoutField
from ml.reading.forms.money import Convention

WHERE = Place(0, 0, 1, 1)
RUPEES = LayoutField("amount", Kind.AMOUNT, WHERE, convention=Convention("INR", ".", cents_always=False))
DOLLARS = LayoutField("amount", Kind.AMOUNT, WHERE, convention=Convention("USD", ".", cents_always=True))
DATE = LayoutField("date", Kind.DATE, WHERE, order="mdy")
BOXES = LayoutField("date", Kind.DATE, WHERE, order="mdy", boxed=True, length=(8, 8))


@pytest.mark.parametrize(
    ("text", "field", "meant"),
    [
        ("¤2,60,0001-", RUPEES, "¤2,60,000/-"),
        ("¤2,60,001", RUPEES, "¤2,60,001"),
        ("¤12.001-", DOLLARS, "¤12.001-"),
        ("x03101/2021", DATE, "03/01/2021"),
        ("x03101/202/", DATE, "03/01/2021"),
        ("0311012021", DATE, "03/10/2021"),  # of several ways one: others read it too
        ("11/13/19", DATE, "11/13/19"),
        ("03101/2021", BOXES, "03101/2021"),
        ("4711", DATE, "4711"),
    ],
)
def test_a_1_where_only_a_stroke_makes_sense_may_be_one(text: str, field: LayoutField, meant: str) -> None:
    assert ones_as_strokes(text, field) == meant


@pytest.mark.parametrize(
    ("text", "field", "ways"),
    [
        ("¤3,60,000/-", RUPEES, {"360000", "3600001"}),
        ("¤3,60,000/", RUPEES, {"360000", "3600001"}),
        ("¤3,60,000-", RUPEES, {"360000"}),
        ("¤852/-", DOLLARS, {"852"}),
    ],
)
def test_a_closing_stroke_may_be_a_1_to_who_knows_digits_alone(text: str, field: LayoutField, ways: set[str]) -> None:
    assert digit_strings_in(text, field) == ways
