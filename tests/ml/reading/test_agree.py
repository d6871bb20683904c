"""Two readings of one number: what is shown, how sure, and when a person is asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ml.reading.agree import Calibration, Evidence, Number, may_pass
from ml.reading.ctc import Hypothesis
from ml.reading.decode import MARKS_UNCLEAR, Decoded, ranked
from ml.reading.elements import ANY_NUMBER, NO_DIGIT, ONE_NUMBER, Box, Layout
from ml.reading.lines import Cutting
from ml.reading.locate import Mark, Strip
from ml.reading.transcribe import Transcript

CALIBRATION = Calibration(bias=-1.0, string=1.0, same=2.0, digits=0.5)


def chances(digit: int, confidence: float) -> np.ndarray:
    row = np.full(NO_DIGIT + 1, (1 - confidence) / NO_DIGIT)
    row[digit] = confidence
    return row


def number(by_digits: str, as_string: str, sure: float = 0.9, probability: float = 0.9) -> Number:
    """A number 20 pixels a digit wide at (10, 10) on a page, read in two ways."""
    boxes = [Box(10 + 20 * place, 10, 26 + 20 * place, 40) for place in range(len(by_digits))]
    digits = tuple(ranked(chances(int(d), sure), box) for d, box in zip(by_digits, boxes, strict=True))
    wide = 20 * max(len(by_digits), len(as_string))
    strip = Strip(
        (Mark(1, Box(10, 10, 10 + wide, 40), 9),),
        Box(10, 10, 10 + wide, 40),
        np.ones((30, wide), np.int32),
        np.zeros((30, wide), np.uint8),
    )
    spans = tuple((20 * place, 20 * place + 16) for place in range(len(as_string)))
    rows = np.array([chances(int(d), probability) for d in as_string]).reshape(-1, NO_DIGIT + 1)
    transcript = Transcript((Hypothesis(as_string, probability), Hypothesis("9", 0.01)), rows, spans)
    cutting = Cutting(np.zeros((32, wide), np.float32), Box(10, 10, 10 + wide, 40), strip, 1.0)
    return Number(Decoded(by_digits, digits, sure), transcript, cutting)


def test_the_same_twice_is_surer_than_either_alone() -> None:
    same, differing = number("351", "351"), number("351", "361")
    assert same.same
    assert not differing.same
    alone = CALIBRATION.confidence(replace(same.evidence, same=False))
    assert same.together(ANY_NUMBER, CALIBRATION).confidence > alone
    assert differing.together(ANY_NUMBER, CALIBRATION).confidence == pytest.approx(alone)


def test_confidence_is_the_logistic_of_the_evidence() -> None:
    evidence = Evidence(string=0.9, same=True, digits=0.8)
    expected = 1 / (1 + np.exp(-(-1 + np.log(0.9 / 0.1) + 2 + 0.5 * np.log(0.8 / 0.2))))
    assert CALIBRATION.confidence(evidence) == pytest.approx(expected)
    assert 0 < CALIBRATION.confidence(Evidence(0.0, same=False, digits=1.0)) < 1


def test_where_both_differ_the_whole_string_is_shown_and_the_difference_said() -> None:
    one = number("351", "3617")
    shown = one.together(ANY_NUMBER, CALIBRATION)
    assert shown.value == shown.text == one.value == "3617"
    assert one.difference == "Read in two ways: 3617 and 351."
    lefts = [digit.box.left for digit in shown.digits]
    assert lefts == sorted(lefts)
    assert all(
        10 <= box.left < box.right <= 90 and 10 <= box.top < box.bottom <= 40 for box in (d.box for d in shown.digits)
    )


@pytest.mark.parametrize(("as_string", "probability"), [("361", 0.1), ("", 0.9)])
def test_the_reading_by_digits_is_shown_where_the_other_is_weak_or_empty(as_string: str, probability: float) -> None:
    one = number("351", as_string, probability=probability)
    shown = one.together(ANY_NUMBER, CALIBRATION)
    assert shown.value == one.value == "351"
    assert one.evidence.string == 0.0
    assert one.difference == f"Read in two ways: 351 and {as_string or 'no digits'}."


def test_each_digit_has_the_mean_of_what_both_networks_give_it() -> None:
    (digit, *_) = number("351", "351", sure=0.9, probability=0.7).together(ANY_NUMBER, CALIBRATION).digits
    assert digit.digit == 3
    assert digit.confidence == pytest.approx(0.8)


def test_marks_around_a_strip_of_one_number_are_no_doubt() -> None:
    one = number("351", "351")
    marked = replace(one, decoded=replace(one.decoded, checks=(MARKS_UNCLEAR,)))
    assert marked.together(ANY_NUMBER, CALIBRATION).checks == (MARKS_UNCLEAR,)
    assert marked.together(ONE_NUMBER, CALIBRATION).checks == ()


def test_digits_that_do_not_spell_the_value_never_pass() -> None:
    one = number("351", "351")
    shown = one.together(ONE_NUMBER, CALIBRATION)
    assert may_pass(one, shown, ONE_NUMBER)
    other = number("361", "361").together(ONE_NUMBER, CALIBRATION)
    assert not may_pass(one, other, ONE_NUMBER)


@pytest.mark.parametrize(("layout", "passes"), [(ANY_NUMBER, False), (ONE_NUMBER, True)], ids=["page", "strip"])
def test_two_readings_that_differ_may_pass_on_a_strip_alone(layout: Layout, passes: bool) -> None:
    one = number("351", "361")
    assert may_pass(one, one.together(layout, CALIBRATION), layout) is passes
