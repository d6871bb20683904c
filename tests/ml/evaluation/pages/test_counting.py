"""What counts as found, as passing right and as passing wrong."""

from __future__ import annotations

import pytest

from ml.evaluation.pages.counting import Counts, Found, count_by_place, count_by_value, same_form
from ml.reading.elements import Box
from ml.training.pages.page import Written

HERE, THERE = Box(10, 10, 50, 30), Box(100, 10, 140, 30)


def found(value: str, box: Box | None = HERE, *, passes: bool = True) -> Found:
    return Found(value, 0.99, passes, box)


def of(counts: Counts) -> tuple[int, int, int, int]:
    return counts.written, counts.found_right, counts.passing_right, len(counts.mistakes)


@pytest.mark.parametrize("value", ["20.5", "20,5", "20·5", " 20.5 "])
def test_a_decimal_mark_counts_whichever_it_is(value: str) -> None:
    assert of(count_by_place([Written("20.5", HERE)], [found(value)])) == (1, 1, 1, 0)


@pytest.mark.parametrize(("stands", "read"), [("20.5", "205"), ("-52", "52"), ("084", "84"), ("8/9/2025", "892025")])
def test_a_lost_mark_or_nought_that_passes_is_wrong(stands: str, read: str) -> None:
    assert of(count_by_place([Written(stands, HERE)], [found(read)])) == (1, 0, 0, 1)
    assert of(count_by_value([stands], [found(read)])) == (1, 0, 0, 1)


def test_what_is_read_right_and_asked_is_found_and_does_not_pass() -> None:
    assert of(count_by_place([Written("7", HERE)], [found("7", passes=False)])) == (1, 1, 0, 0)


def test_what_is_read_wrong_and_asked_is_no_mistake() -> None:
    assert of(count_by_place([Written("7", HERE)], [found("1", passes=False)])) == (1, 0, 0, 0)


def test_a_right_value_in_another_place_is_wrong() -> None:
    assert of(count_by_place([Written("7", HERE)], [found("7", THERE)])) == (1, 0, 0, 1)


def test_a_number_is_read_once() -> None:
    counts = count_by_place([Written("7", HERE)], [found("7"), found("7")])
    assert of(counts) == (1, 1, 1, 1)


def test_two_numbers_read_as_one_are_wrong_and_both_are_told() -> None:
    wide = Box(10, 10, 140, 30)
    counts = count_by_place([Written("67", HERE), Written("41", THERE)], [found("6741", wide)])
    assert of(counts) == (2, 0, 0, 1)
    assert counts.mistakes[0].stands == "67 41"


def test_what_passes_where_nothing_stands_is_wrong() -> None:
    counts = count_by_place([], [found("81")])
    assert of(counts) == (0, 0, 0, 1)
    assert counts.mistakes[0].stands == ""


def test_without_places_values_are_compared_as_often_as_they_stand() -> None:
    counts = count_by_value(["12", "12", "5"], [found("12", None), found("12", None), found("12", None)])
    assert of(counts) == (3, 2, 2, 1)


def test_a_reading_without_a_place_makes_the_whole_page_compare_by_value() -> None:
    assert of(count_by_place([Written("7", HERE)], [found("7", None)])) == (1, 1, 1, 0)


def test_a_doubtful_number_counts_neither_way() -> None:
    assert of(count_by_value(["260000?", "4"], [found("260000", None)])) == (1, 0, 0, 0)
    assert of(count_by_value(["260000?"], [found("250000", None)])) == (0, 0, 0, 0)
    assert of(count_by_value(["260000?"], [found("26", None)])) == (0, 0, 0, 1)


def test_what_passes_takes_a_number_before_what_is_asked() -> None:
    asked_first = [found("7", None, passes=False), found("7", None)]
    assert of(count_by_value(["7"], asked_first)) == (1, 1, 1, 0)


def test_counts_add_up_and_are_told_as_cells() -> None:
    both = count_by_value(["7"], [found("7", None)]) + count_by_value(["8", "9"], [found("6", None)])
    assert of(both) == (3, 1, 1, 1)
    assert both.cells[:4] == ("3", "1 (33.3%)", "1 (33.3%)", "1 (50.0%)")
    assert Counts().cells == ("0", "0", "0", "0", "")


def test_equal_numbers_have_the_same_form() -> None:
    assert same_form("13,400") == same_form("13.400") != same_form("13400")
    assert same_form("−52") == "-52"
