"""What the cells that all recognisers read alike tell about another: running numbers, and sums."""

from __future__ import annotations

import time

import pytest

from ml.reading.tables.agreed import AgreedNumbers
from ml.reading.tables.recognise import ReadCell
from tests.fixtures_cells import cell


def column(*texts: str) -> list[ReadCell]:
    """A column of cells from the top; no cell where a text is empty, a "?" where recognisers differ."""
    return table(*[[text] for text in texts])


def table(*rows: list[str]) -> list[ReadCell]:
    """Rows of cells, as `column`."""
    return [
        cell("7", row, column=at, others=("1",)) if text == "?" else cell(text, row, column=at)
        for row, texts in enumerate(rows)
        for at, text in enumerate(texts)
        if text
    ]


def running(value: str, row: int, cells: list[ReadCell]) -> float:
    """Of a value in the first column."""
    return AgreedNumbers.among(cells).running(cell(value, row), value)


def summed(value: str, place: tuple[int, int], cells: list[ReadCell]) -> float:
    row, at = place
    return AgreedNumbers.among(cells).summed(cell(value, row, column=at), value)


@pytest.mark.parametrize(
    ("texts", "row", "right", "wrong"),
    [
        (("11", "12", "?", "14", "15"), 2, "13", "18"),
        (("?", "12", "13", "14"), 0, "11", "17"),
        (("11", "12", "13", "?"), 3, "14", "74"),
        (("40", "35", "?", "25", "20"), 2, "30", "80"),
        (("8", "9", "", "?", "12", "13"), 3, "11", "17"),
        (("11", "12", "?", "14", "75"), 2, "13", "18"),
        (("-2", "-1", "?", "1"), 2, "0", "6"),
    ],
    ids=["between", "first", "last", "by fives, downwards", "over an empty row", "beside a misread one", "over zero"],
)
def test_a_number_continues_those_that_run_on_or_contradicts_them(
    texts: tuple[str, ...], row: int, right: str, wrong: str
) -> None:
    assert running(right, row, column(*texts)) == 1
    assert running(wrong, row, column(*texts)) == -1


def test_two_neighbours_confirm_a_number_but_contradict_none() -> None:
    assert running("2", 1, column("1", "?", "3")) == 1
    assert running("7", 1, column("1", "?", "3")) == 0
    assert running("20", 1, column("10", "?", "30")) == 0, "a step of ten may be chance"


@pytest.mark.parametrize(
    "texts",
    [(), ("?",), ("11", "?"), ("?", "?", "?"), ("48", "51", "?", "7", "30"), ("5", "5", "?", "5", "5"),
     ("1.5", "2.5", "?", "4.5", "5.5"), ("1", "2", "?", "8", "9")],
)  # fmt: skip
def test_nothing_is_known_where_numbers_do_not_run_on(texts: tuple[str, ...]) -> None:
    assert running("3", 2, column(*texts)) == 0


def test_a_number_s_own_cell_does_not_speak_for_it() -> None:
    assert running("17", 2, column("11", "12", "17", "14", "15")) == -1


MARKS = (["1", "12", "30", "42"], ["2", "8", "25", "33"], ["3", "10", "?", "39"], ["4", "9", "41", "50"])
"""Rows with a running number, two marks, and their sum."""


def test_the_last_column_may_hold_the_sums_of_the_rows() -> None:
    cells = table(*MARKS)
    assert summed("29", (2, 2), cells) == 1
    assert summed("23", (2, 2), cells) == -1
    assert summed("42", (0, 3), cells) == 1
    assert summed("12", (0, 1), cells) == 1
    assert summed("17", (0, 1), cells) == -1
    assert summed("1", (0, 0), cells) == 0, "the running number is not added up"
    assert summed("10", (2, 1), cells) == 0, "the row has a number that is not known"


def test_the_last_row_may_hold_the_sums_of_the_columns() -> None:
    cells = table(["12", "30", "5", "7"], ["8", "25", "1", "4"], ["20", "?", "6", "11"])
    assert summed("55", (2, 1), cells) == 1
    assert summed("56", (2, 1), cells) == -1
    assert summed("18", (0, 0), cells) == -1


def test_sums_have_decimals_and_empty_cells() -> None:
    cells = table(["1.5", "", "2.5", "4.0"], ["0.1", "0.2", "", "0.3"], ["7.5", "1.5", "?", "10.5"])
    assert summed("1.5", (2, 2), cells) == 1
    assert summed("15", (2, 2), cells) == -1


def test_one_sum_alone_is_known_by_how_many_numbers_it_has() -> None:
    assert summed("100", (4, 0), column("12", "30", "8", "50", "?")) == 1
    assert summed("42", (2, 0), column("12", "30", "?")) == 0, "of two numbers it may be chance"
    assert summed("101", (4, 0), column("12", "30", "8", "50", "?")) == 0, "nothing tells that it is a sum"


def test_a_table_without_sums_tells_nothing() -> None:
    cells = table(["12", "30", "5"], ["8", "25", "1"], ["3", "14", "91"])
    places = {(one.writing.cell.row, one.writing.cell.column): one.posteriors[0].best for one in cells}
    assert {summed(value, place, cells) for place, value in places.items()} == {0}
    assert summed("8/9", (0, 0), cells) == 0
    assert summed("8", (5, 7), []) == 0


def test_a_full_table_takes_no_longer_for_each_cell_than_a_small_one() -> None:
    def seconds(rows: int) -> float:
        cells = table(*[[str(row + at) for at in range(15)] for row in range(rows)])
        start = time.perf_counter()
        agreed = AgreedNumbers.among(cells)
        for one in cells:
            value = one.posteriors[0].best
            agreed.running(one, value), agreed.summed(one, value), agreed.others(one)
        return (time.perf_counter() - start) / len(cells)

    assert min(seconds(100) for _ in range(3)) < 4 * min(seconds(10) for _ in range(3))
