"""A field of a sheet that does not say which way up it is."""

import pytest

from ml.reading.elements import Box, Provenance, Reading
from ml.reading.forms.money import MARKS_ODD, NO_CENTS
from ml.reading.read import UPSIDE_DOWN, _doubted_upside_down


def _amount(value: str, confidence: float = 0.99, *, signed: bool = False, checks: tuple[str, ...] = ()) -> Reading:
    made_by = Provenance("", "")
    return Reading("amount", value, value, confidence, True, (), Box(0, 0, 1, 1), made_by, checks, signed=signed)


@pytest.mark.parametrize(
    ("upright", "turned", "passes"),
    [
        (_amount("16.89"), _amount("68.91"), False),
        (_amount("16.89"), _amount("68.91", 0.7), True),  # it hardly means anything
        (_amount("16.89", signed=True), _amount("68.91"), True),
        (_amount("16.89", signed=True), _amount("68.91", signed=True), False),
        (_amount("16.89"), _amount("6891", checks=(NO_CENTS,)), True),  # nobody writes it so
        (_amount("16.89"), _amount("6.8,91", checks=(MARKS_ODD,)), True),
        (_amount("16.89"), _amount("68.91", checks=("This cheque was seen before.",)), False),
    ],
)
def test_what_is_sure_both_ways_up_does_not_pass(upright: Reading, turned: Reading, passes: bool) -> None:
    found = _doubted_upside_down(upright, turned)
    assert found.accepted == passes
    assert found.checks == (() if passes else (UPSIDE_DOWN.format(value=turned.value),))
