"""Calibrating numbers on any page: what is right, which fold judges it, and what the card says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ml.reading.elements import Box, Digit
from ml.reading.forms.written import Written
from ml.reading.numbers.marks import MarkedNumber
from ml.reading.numbers.read import NumberEvidence
from ml.reading.recognisers.acceptance import BETTER, NAMES, AcceptanceModel, NumberFeatures
from ml.reading.recognisers.combine import CombinedNumber
from ml.reading.recognisers.decode import Decoded
from ml.training.calibration.calibrate_pages import JudgedNumber, judged_on, model_card
from ml.training.pages.page import DrawnPage
from ml.training.pages.page import Written as OnPage

CLEAR = NumberFeatures(**(dict.fromkeys(NAMES, 0.0) | dict.fromkeys(BETTER, 5.0)))


def found(value: str, left: int) -> NumberEvidence:
    digits = tuple(
        Digit(int(digit), 1.0, (), Box(left + 20 * at, 10, left + 20 * at + 15, 40))
        for at, digit in enumerate(filter(str.isdigit, value))
    )
    combined = CombinedNumber(Decoded(value, digits, 1.0), (), (value,), may_pass=True)
    marks = MarkedNumber(Written(value), value, 1.0, 1.0, (), 1.0, 0.0)
    return NumberEvidence(combined, marks, CLEAR, None)  # type: ignore[arg-type]  # the line plays no part here


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


def numbers(count: int) -> list[JudgedNumber]:
    """Numbers of which those with ink beside them are mostly wrong, on two kinds of pages."""
    rng = np.random.default_rng(5)
    made = []
    for at in range(count):
        beside = float(rng.random() < 0.3)
        right = bool(rng.random() < (0.3 if beside else 0.999))
        row = replace(CLEAR, beside=beside, contrast=float(rng.random())).row
        made.append(JudgedNumber(f"kind {at % 2}", f"fold {at % 3}", right, row, at % 50 == 0, 1.0))
    return made


def test_the_card_tells_what_passes_and_its_model_asks_the_rest() -> None:
    card = model_card(numbers(1_500))
    model = AcceptanceModel.from_card(card)
    threshold = model.threshold(0.01)
    assert model.judge(CLEAR).confidence >= threshold
    asked = model.judge(replace(CLEAR, beside=1.0))
    assert asked.confidence < threshold
    assert asked.reason.startswith("More ink stands close beside this")
    counts = card["sources"]["kind 0"]
    assert counts["found"] == 750
    assert 0.5 * 750 < counts["passed"] < 0.72 * 750, "neither what is doubtful nor what is barred passes"
    assert counts["wrong"] <= 0.01 * counts["passed"]


def test_numbers_of_one_fold_prove_nothing() -> None:
    with pytest.raises(ValueError, match="one fold"):
        model_card([replace(one, fold="same") for one in numbers(20)])
