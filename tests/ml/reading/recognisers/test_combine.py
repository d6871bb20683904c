"""The recognisers of one number combined: what is shown, how sure, and when a person is asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ml.reading.elements import NO_DIGIT, Box
from ml.reading.forms.layouts import ANY_NUMBER, ONE_NUMBER, Layout
from ml.reading.ink.groups import Mark
from ml.reading.ink.lines import Cutting
from ml.reading.ink.locate import Strip
from ml.reading.recognisers.calibration import Calibration
from ml.reading.recognisers.combine import Number, candidate_scores, combine, in_the_middle
from ml.reading.recognisers.ctc import BLANK
from ml.reading.recognisers.decode import MARKS_UNCLEAR, Decoded, ranked
from ml.reading.recognisers.transcribe import Transcript

ALONE = Calibration(weights=(0.4, 0.8), bias=-0.5, pooled=0.8, ours=0.3, all=0.5)
ASKED = Calibration(weights=(0.2, 0.4, 0.8), bias=-0.5, pooled=0.8, ours=0.3, all=0.5)


def chances(digit: int, confidence: float) -> np.ndarray:
    row = np.full(NO_DIGIT + 1, (1 - confidence) / NO_DIGIT)
    row[digit] = confidence
    return row


def transcript(digits: str, confidence: float = 0.97) -> Transcript:
    """A digit's frame, then one of paper, for each digit; longer by two digits of paper."""
    rows = [chances(symbol, confidence) for digit in digits for symbol in (int(digit), BLANK)]
    return Transcript.of(np.log(np.array([*rows, *[chances(BLANK, 0.99)] * 4])))


def number(
    by_digits: str, as_string: str, second: str | None = None, *, sure: float = 0.9, clear: float = 0.97
) -> Number:
    """A number 20 pixels a digit wide at (10, 10) on a page, read in two ways or three."""
    boxes = [Box(10 + 20 * place, 10, 26 + 20 * place, 40) for place in range(len(by_digits))]
    classes = [NO_DIGIT if digit == "?" else int(digit) for digit in by_digits]
    digits = tuple(ranked(chances(one, sure), box) for one, box in zip(classes, boxes, strict=True))
    wide = 20 * max(len(by_digits), len(as_string)) + 16
    strip = Strip(
        (Mark(1, Box(10, 10, 10 + wide, 40), 9),),
        Box(10, 10, 10 + wide, 40),
        np.ones((30, wide), np.int32),
        np.zeros((30, wide), np.uint8),
    )
    picture = np.zeros((30, wide, 3), np.uint8)
    cutting = Cutting(np.zeros((32, wide), np.float32), picture, Box(10, 10, 10 + wide, 40), strip, 1.0)
    posterior = None if second is None else transcript(second)
    return Number(Decoded(by_digits, digits, sure), transcript(as_string, clear), cutting, posterior)


def test_two_readings_of_one_value_are_surer_than_either_alone() -> None:
    same, differing = (combine(number("351", other), ONE_NUMBER, ALONE) for other in ("351", "361"))
    assert same.decoded.value == "351"
    assert same.difference is None
    assert same.decoded.confidence > differing.decoded.confidence


def test_every_value_that_some_recogniser_proposes_has_its_scores() -> None:
    scores = candidate_scores(number("351", "361", "367"))
    assert {"351", "361", "367"} <= set(scores.values)
    assert scores.logs.shape == (len(scores.values), 3)
    assert scores.best_values == ("351", "361", "367")
    by_digits = scores.logs[:, 0]
    assert by_digits.argmax() == scores.values.index("351")
    assert by_digits.max() == pytest.approx(np.log(0.9))


def test_two_readings_outvote_a_third() -> None:
    combined = combine(number("351", "361", "351"), ONE_NUMBER, ASKED)
    assert combined.decoded.value == "351"
    assert combined.difference == "Read in two ways: 351 and 361."
    assert combine(number("351", "361", "367"), ONE_NUMBER, ASKED).difference in (
        "Read in several ways: 367, 351 and 361.",
        "Read in several ways: 361, 351 and 367.",
        "Read in several ways: 351, 361 and 367.",
    )


def test_the_value_has_runners_up_that_share_what_is_left() -> None:
    readings = combine(number("351", "361"), ONE_NUMBER, ALONE).hypotheses
    assert {"351", "361"} <= {reading.text for reading in readings}
    shares = [reading.probability for reading in readings]
    assert shares[1:] == sorted(shares[1:], reverse=True)
    assert 0.9 < sum(shares) <= 1.0001


def test_a_value_read_as_a_whole_has_a_box_for_each_digit() -> None:
    combined = combine(number("351", "3617", sure=0.3), ANY_NUMBER, ALONE)
    assert combined.decoded.value == combined.decoded.text == "3617"
    assert combined.difference == "Read in two ways: 3617 and 351."
    lefts = [digit.box.left for digit in combined.decoded.digits]
    assert lefts == sorted(lefts)
    for box in (digit.box for digit in combined.decoded.digits):
        assert 10 <= box.left < box.right <= 106
        assert 10 <= box.top < box.bottom <= 40


def test_digits_spell_the_value_even_where_another_is_likelier_on_its_own() -> None:
    one = number("351", "361", "351", clear=0.999)
    combined = combine(one, ONE_NUMBER, ASKED)
    assert combined.decoded.value == "351"
    assert "".join(str(digit.digit) for digit in combined.decoded.digits) == "351"


def test_where_nothing_is_read_as_a_whole_the_digits_are_shown() -> None:
    combined = combine(number("351", ""), ONE_NUMBER, ALONE)
    assert combined.decoded.value == "351"
    assert combined.difference == "Read in two ways: 351 and no digits."


def test_what_is_no_digit_never_passes() -> None:
    combined = combine(number("3?1", "", sure=0.99), ANY_NUMBER, ALONE)
    assert combined.decoded.value == "3?1"
    assert not combined.may_pass
    assert combined.hypotheses == ()
    assert combined.decoded.confidence < 0.05


@pytest.mark.parametrize("layout", [ANY_NUMBER, ONE_NUMBER], ids=["page", "strip"])
def test_what_speaks_against_a_reading_asks_a_person(layout: Layout) -> None:
    one = number("351", "351")
    assert combine(one, layout, ALONE).may_pass
    marked = combine(replace(one, decoded=replace(one.decoded, checks=(MARKS_UNCLEAR,))), layout, ALONE)
    assert marked.decoded.checks == (MARKS_UNCLEAR,)
    assert not marked.may_pass


@pytest.mark.parametrize(("layout", "passes"), [(ANY_NUMBER, False), (ONE_NUMBER, True)], ids=["page", "strip"])
def test_a_value_that_its_digits_contradict_may_pass_on_a_strip_alone(layout: Layout, passes: bool) -> None:
    assert combine(number("351", "361", "361"), layout, ASKED).may_pass is passes


def test_the_digit_in_the_middle_is_the_one_that_was_meant() -> None:
    combined = combine(number("184", "184"), ONE_NUMBER, ALONE)
    middle = in_the_middle(combined, height=50, width=76)  # the 8 stands around column 38
    assert middle.decoded.value == middle.decoded.text == "8"
    assert middle.decoded.confidence <= combined.decoded.confidence
    assert middle.hypotheses[0].text == "8"
    assert middle.may_pass
    assert in_the_middle(combined, height=50, width=36).decoded.value == "1"
