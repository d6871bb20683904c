"""Judging what was found: what is right, and what counts once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ml.reading.acceptance.evidence import NumberFeatures
from ml.reading.elements import Box, Digit
from ml.reading.forms.written import Written
from ml.reading.numbers.marks import MarkedNumber
from ml.reading.numbers.read import NumberEvidence
from ml.reading.recognisers.combine import CombinedNumber
from ml.reading.recognisers.decode import Decoded
from ml.training.calibration.judged import Found, judged_on, used_up
from ml.training.pages.page import DrawnPage
from ml.training.pages.page import Written as OnPage

CLEAR = NumberFeatures(**dict.fromkeys(NumberFeatures.names(), 1.0))


def found(value: str, left: int, features: NumberFeatures = CLEAR) -> Found:
    digits = tuple(
        Digit(int(digit), 1.0, (), Box(left + 20 * at, 10, left + 20 * at + 15, 40))
        for at, digit in enumerate(filter(str.isdigit, value))
    )
    combined = CombinedNumber(Decoded(value, digits, 1.0), (), (value,), may_pass=True)
    marks = MarkedNumber(Written(value), value, 1.0, 1.0, (), 1.0, 0.0)
    line: Any = None  # it plays no part here
    evidence = NumberEvidence(combined, marks, features, line, "page")
    return Found("page", value, evidence.box, evidence)


def page(*numbers: tuple[str, int]) -> DrawnPage:
    written = tuple(OnPage(value, Box(left, 8, left + 20 * len(value), 42)) for value, left in numbers)
    return DrawnPage("plain", np.zeros((60, 600, 3), np.uint8), written)


def test_a_number_is_right_where_exactly_it_is_written() -> None:
    on = page(("20.5", 10), ("77", 200), ("13,4", 400))
    judged = judged_on(on, [found("20.5", 10), found("7", 200), found("13.4", 400), found("5", 550)], "one")
    assert [one.right for one in judged] == [True, False, True, False]


def test_a_written_number_makes_one_reading_right_and_two_numbers_in_one_make_none() -> None:
    twice = judged_on(page(("77", 10)), [found("77", 10), found("77", 10)], "one")
    assert [one.right for one in twice] == [True, False]
    (joined,) = judged_on(page(("67", 10), ("41", 52)), [found("6741", 10)], "one")
    assert not joined.right


def test_where_places_are_not_known_the_surest_of_those_that_read_the_same_is_right() -> None:
    """A 74 that was taken for the 79 beside it does not make the 79 wrong."""
    unsure, sure = (found("79", left, replace(CLEAR, weakest=weakest)) for left, weakest in ((10, 0.2), (200, 6.0)))
    assert used_up([unsure, sure], ["74", "79"]) == [False, True]
    assert used_up([unsure, sure], ["79", "79?"]) == [True, True]
    assert used_up([sure, found("7.9", 300)], ["7,9", "80"]) == [False, True]
