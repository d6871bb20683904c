"""What others than the network of fields say of its lines."""

import pytest

from ml.reading.layouts import Kind, LayoutField, Place
from ml.reading.money import Convention
from ml.reading.opinions import as_stroked

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
    assert as_stroked(text, field) == meant
