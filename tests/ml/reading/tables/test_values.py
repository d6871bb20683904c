"""What a text means in a cell of which nothing is known."""

from __future__ import annotations

import pytest

from ml.reading.elements import Hypothesis
from ml.reading.forms.money import MARK_AMBIGUOUS, MARKS_ODD
from ml.reading.tables.values import STROKES, interpret_cell, posterior_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("084", "084"),
        ("-52", "-52"),
        ("21.8", "21.8"),
        ("21,8", "21.8"),
        ("-0.5", "-0.5"),
        ("1,234,567", "1234567"),
        ("1,234.50", "1234.50"),
        ("4,20,000", "420000"),
        ("1.234.567", "1234567"),
        ("1.234,50", "1234.50"),
        ("5/", "51"),
        ("/7", "17"),
    ],
)
def test_a_value_is_what_was_written_with_a_point(text: str, value: str) -> None:
    found = interpret_cell(text)
    assert found is not None
    assert (found.value, found.doubts) == (value, ())


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("1.234", MARK_AMBIGUOUS),
        ("12,500", MARK_AMBIGUOUS),
        ("8/9/2025", STROKES),
        ("73.9/136", STROKES),
        ("20-5", MARKS_ODD),
        ("37-", MARKS_ODD),
        ("1..5", MARKS_ODD),
        ("12.34.567", MARKS_ODD),
    ],
)
def test_what_may_mean_two_things_is_doubted(text: str, doubt: str) -> None:
    found = interpret_cell(text)
    assert found is not None
    assert doubt in found.doubts


@pytest.mark.parametrize("text", ["", "-", "x", "x4", "4x", "¤4", "...", "**"])
def test_words_and_marks_alone_have_no_value(text: str) -> None:
    assert interpret_cell(text) is None


def test_a_raised_mark_as_round_as_a_point_is_one() -> None:
    found = interpret_cell("20-5", points=True)
    assert found is not None
    assert (found.value, found.doubts) == ("20.5", ())
    assert interpret_cell("-52", points=True).value == "-52"


def test_texts_with_one_value_add_up() -> None:
    posterior = posterior_of([Hypothesis("5/", 0.6), Hypothesis("51", 0.3), Hypothesis("x", 0.1)], points=False)
    assert posterior.best == "51"
    assert posterior.probability_of("51") == pytest.approx(0.9)
    assert posterior.texts["51"][0] == "5/"
