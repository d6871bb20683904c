"""Routing numbers check themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.reading.forms.routing import is_routing_number


@pytest.mark.parametrize("digits", ["111000025", "021000021", "122105155"])
def test_a_routing_number_holds(digits: str) -> None:
    assert is_routing_number(digits)


@pytest.mark.parametrize("digits", ["111000026", "000000000", "11100002", "1110000255", "11100002x", "", "١١١٠٠٠٠٢٥"])
def test_another_number_does_not(digits: str) -> None:
    assert not is_routing_number(digits)


@given(st.integers(0, 8), st.integers(1, 9))
def test_one_digit_read_wrong_is_always_found_out(place: int, off: int) -> None:
    digits = "122105155"
    wrong = str((int(digits[place]) + off) % 10)

    assert not is_routing_number(digits[:place] + wrong + digits[place + 1 :])
