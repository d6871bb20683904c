"""What speaks for a number in a cell: its recognisers, its writing, and what the rest of its column holds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ml.reading.acceptance.evidence import CellFeatures
from ml.reading.tables.agreed import AgreedNumbers
from ml.reading.tables.evidence import features_of_cell
from ml.reading.tables.printing import BY_HAND
from ml.reading.tables.recognise import ReadCell
from tests.fixtures_cells import cell, written


def features(one: ReadCell, *others: ReadCell) -> CellFeatures:
    value = one.posteriors[0].best
    return features_of_cell(one, value, value, AgreedNumbers.among([one, *others]), (0.99, 0.98), BY_HAND, scale=2.0)


def test_heights_are_in_pixels_of_the_page() -> None:
    assert features(cell("48", 0)).height == pytest.approx(5), "16 ink pixels of 2 pixels each"


def test_a_column_of_words_speaks_against_a_number_in_it() -> None:
    words = [cell("8", row, others=("13",)) for row in range(1, 12)]
    numbers = [cell("8", row) for row in range(1, 12)]
    assert features(cell("8", 0), *words).column < 0.1
    assert features(cell("8", 0), *numbers).column > 0.9
    elsewhere = [replace(one, writing=written(one.writing.cell.row, 1)) for one in words]
    assert features(cell("8", 0), *elsewhere).column == 0.5, "of its own column nothing is known"


def test_a_value_like_the_others_of_its_column_is_likelier() -> None:
    column = [cell(value, row) for row, value in enumerate(("20.5", "11.3", "17.4", "10.4"), 1)]
    alike, without_point, longer = (features(cell(value, 0), *column) for value in ("21.5", "215", "121.5"))
    assert alike.alike > longer.alike
    assert alike.point > without_point.point
    assert without_point.far > longer.far > alike.far


def test_marks_that_no_sign_explains_are_counted() -> None:
    assert features(cell("20.5", 0, small_marks=1)).small == 0
    assert features(cell("205", 0, small_marks=1)).small == 1


def test_recognisers_that_differ_are_counted() -> None:
    assert features(cell("48", 0, others=("43", "48"))).differ == 1
    assert features(cell("48", 0, others=("43", ""))).differ == 2


@pytest.mark.parametrize(
    ("changes", "name"),
    [({"is_torn": True}, "torn"), ({"is_on_rule": True}, "on_rule"), ({"is_parted": True}, "parted"),
     ({"line_count": 3}, "lines")],
)  # fmt: skip
def test_what_is_odd_about_the_writing_is_told(changes: dict[str, Any], name: str) -> None:
    assert getattr(features(cell("48", 0, **changes)), name) > getattr(features(cell("48", 0)), name)


def test_running_numbers_and_sums_are_evidence() -> None:
    column = [cell(str(row), row) for row in range(1, 6)]
    assert features(cell("6", 6), *column).running == 1
    assert features(cell("8", 6), *column).running == -1
    assert features(cell("15", 6), *column).sums == 1
    assert (features(cell("6", 6)).running, features(cell("6", 6)).sums) == (0, 0)
