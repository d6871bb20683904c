"""The figures that an amount may be written in mean that amount."""

from decimal import Decimal

import pytest

from ml.reading.elements import Place
from ml.reading.fields.interpret import interpret
from ml.reading.fields.written_amounts import written_forms
from ml.reading.forms.layouts import Kind, LayoutField
from ml.reading.forms.money import Convention

CONVENTIONS = [Convention("USD", ".", True), Convention("EUR", ",", True), Convention("INR", ".", False)]


@pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda one: one.currency)
@pytest.mark.parametrize("value", ["7.00", "1234.56", "42140000.00", "900.05"])
def test_every_form_has_the_value(value: str, convention: Convention) -> None:
    field = LayoutField("amount", Kind.AMOUNT, Place(0, 0, 1, 1), convention=convention)
    forms = written_forms(Decimal(value), convention)
    assert len(set(forms)) == len(forms)
    for form in forms:
        read = interpret(form, field)
        if read is None:  # one digit alone may be anything
            assert sum(map(str.isdigit, form)) == 1
        else:
            assert (read.value, read.is_odd) == (value, False), form


def test_thousands_end_as_in_the_west_and_as_in_india() -> None:
    forms = written_forms(Decimal("42140000.00"), CONVENTIONS[2])
    assert {"42140000/-", "42,140,000/-", "4,21,40,000/-"} <= set(forms)
