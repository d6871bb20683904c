"""Which rules make a row of boxes for digits, and which make a table or nothing."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.boxes.find import find_rows
from ml.reading.elements import Page
from ml.reading.grids.find import rules_of
from ml.reading.ink.ink import find_ink
from tests.ml.reading.boxes.drawn import draw_boxes, election_form, fill, paper, score_card

Pixels = NDArray[np.uint8]


def rows_on(page: Pixels) -> list[tuple[int, list[int]]]:
    """Boxes and bounds of each row."""
    ink = find_ink(Page(page, 1, None, ""))
    rules = rules_of(ink.soft)
    found = find_rows(rules.level_in_full, ink.soft) if rules is not None else []
    return [(grid.shape[1], [round(side * ink.scale) for side in grid.bounds]) for grid in found]


def turned(page: Pixels, degrees: float) -> Pixels:
    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return cv2.warpAffine(page, matrix, (width, height), borderValue=(232, 232, 232))


@pytest.mark.parametrize("text", ["48", "XX5", "  731", "48205", "----83", "XXXX9210"])
def test_a_row_of_boxes_is_found_with_all_its_walls(text: str) -> None:
    page = paper()
    draw_boxes(page, text, 120, 100)
    ((boxes, bounds),) = rows_on(page)
    assert boxes == len(text)
    assert bounds == pytest.approx([120, 100, 120 + 40 * len(text), 152], abs=3)


@pytest.mark.parametrize("degrees", [-1.5, 1.0, 2.0])
def test_rows_on_a_page_that_is_askew(degrees: float) -> None:
    page = paper()
    for row, text in enumerate(("XX731", "48205", "-4126")):
        draw_boxes(page, text, 120, 60 + 110 * row)
    assert [boxes for boxes, _ in rows_on(turned(page, degrees))] == [5, 5, 5]


def test_a_large_page_is_looked_at_in_full() -> None:
    page = np.full((2600, 1900, 3), 232, np.uint8)
    draw_boxes(page, "XX731", 300, 700, 60, 76)
    ((boxes, bounds),) = rows_on(page)
    assert boxes == 5
    assert bounds == pytest.approx([300, 700, 600, 776], abs=4)


def test_walls_of_dots_and_a_worn_wall() -> None:
    page = election_form(("121", "XX3", "142"))
    page[92:, 632 : 632 + 3][::3] = 232  # dots
    page[92:, 632 : 632 + 3][1::3] = 232
    page[140:176, 664:669] = 232  # a wall of the second row is worn away
    assert [boxes for boxes, _ in rows_on(page)] == [3, 3, 3]


def test_boxes_under_a_header_that_spans_them_are_rows() -> None:
    found = rows_on(election_form(("121", "XX3", "142", "-48")))
    assert [boxes for boxes, _ in found] == [3, 3, 3, 3]
    assert [bounds[0] for _, bounds in found] == pytest.approx([598] * 4, abs=3)


def test_scores_in_columns_of_their_own_are_no_row() -> None:
    assert rows_on(score_card([["4", "5", "3", "4"], ["3", "5", "4", "6"]])) == []


def test_squared_and_ruled_paper_have_no_rows() -> None:
    page = paper()
    for y in range(20, 420, 46):
        cv2.line(page, (0, y), (700, y), (150, 150, 170), 1)
    assert rows_on(page) == []
    for x in range(20, 700, 46):
        cv2.line(page, (x, 0), (x, 420), (150, 150, 170), 1)
    assert rows_on(page) == []


def test_a_one_that_reaches_from_rule_to_rule_makes_no_boxes_of_a_cell() -> None:
    page = score_card([["", "", ""], ["", "", ""]], wide=80)
    cv2.line(page, (100, 82), (100, 118), (40, 40, 40), 2)
    assert rows_on(page) == []


def test_a_lone_box_is_no_row() -> None:
    page = paper()
    draw_boxes(page, "7", 120, 100)
    assert rows_on(page) == []


def test_dashes_side_by_side_are_no_rule() -> None:
    page = paper()
    draw_boxes(page, " " * 6, 120, 100, 28, 40)
    for place in range(6):
        cv2.line(page, (125 + 28 * place, 120), (144 + 28 * place, 120), (40, 40, 40), 2)
    ((boxes, bounds),) = rows_on(page)
    assert boxes == 6
    assert bounds == pytest.approx([120, 100, 288, 140], abs=3)


def photographed(page: Pixels, aside: float) -> Pixels:
    """A page as a photo shows it whose top is further to the right than its foot, by a share of its width."""
    height, width = page.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = corners + np.array([[aside * width, 0], [0, 0], [-aside * width, 0], [0, 0]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, moved)
    return cv2.warpPerspective(page, matrix, (width, height), flags=cv2.INTER_AREA, borderValue=(232, 232, 232))


def tally_sheet(values: tuple[str, ...], wide: int = 28, high: int = 40, apart: int = 130) -> Pixels:
    """A sheet on which votes are tallied: the sum of each block in boxes, beside rows of tallies, over words.

    Under the lines of tallies and words close to them, in small print as in a photo, rules are hard to tell.
    """
    page = paper(700, 120 + apart * len(values))
    left, split, right, top = 40, 560, 560 + 3 * wide, 60
    foot = top + apart * len(values)
    for x in (left, split, right):
        cv2.line(page, (x, top - 30), (x, foot), (60, 60, 60), 2)
    cv2.line(page, (left, top - 30), (right, top - 30), (60, 60, 60), 2)
    for block, text in enumerate(values):
        y = top + apart * block
        cv2.line(page, (left, y), (right, y), (60, 60, 60), 2)
        cv2.line(page, (split, y + high), (right, y + high), (60, 60, 60), 1)
        for line in range(13, apart, 13):
            cv2.line(page, (left, y + line), (split, y + line), (90, 90, 90), 1)
        for at in range(left + 4, left + 4 + 30 * (8 + 3 * block), 30):
            for stroke in range(4):
                cv2.line(page, (at + 5 * stroke, y + 2), (at + 5 * stroke - 2, y + 12), (50, 50, 60), 1)
            cv2.line(page, (at - 4, y + 9), (at + 20, y + 4), (50, 50, 60), 1)
        for place in range(1, 3):
            cv2.line(page, (split + place * wide, y), (split + place * wide, y + high), (90, 90, 90), 1)
        for place, sign in enumerate(text):
            fill(page, sign, split + place * wide, y, wide, high, 7 * block + place, 1.0)
        put = split + 5, y + high + 9
        cv2.putText(page, "(in words)", put, cv2.FONT_HERSHEY_SIMPLEX, 0.36, (60, 60, 60), 1, cv2.LINE_AA)
    cv2.line(page, (left, foot), (right, foot), (60, 60, 60), 2)
    return page


@pytest.mark.parametrize("aside", [0.0, 0.02, 0.04])
def test_boxes_beside_tallies_and_over_words_are_found(aside: float) -> None:
    found = rows_on(photographed(tally_sheet(("020", "413", "X88")), aside))
    assert [(boxes, round((foot - top) / 10)) for boxes, (_, top, _, foot) in found] == [(3, 4)] * 3


def test_the_wall_of_the_cell_beside_is_none_of_a_row() -> None:
    """The cell beside the boxes is one and a half as wide, and a 1 stands where the next wall would be."""
    page = election_form(("212", "313", "414"))
    cv2.line(page, (598 - 51, 90), (598 - 51, page.shape[0] - 71), (60, 60, 60), 2)
    for row in range(3):
        cv2.rectangle(page, (634, 93 + 44 * row), (662, 131 + 44 * row), (232, 232, 232), -1)
        cv2.line(page, (650, 92 + 44 * row), (647, 132 + 44 * row), (40, 40, 40), 2)
    assert [bounds[0] for _, bounds in rows_on(page)] == pytest.approx([598] * 3, abs=3)


def test_a_shaded_band_over_a_row_does_not_hide_its_rule() -> None:
    page = tally_sheet(("020", "413", "X88"))
    for y in (60, 190, 320):
        page[y - 14 : y - 1, 42:643] = 110
        page[y + 42 : y + 52, 563:642] = 232  # without the words
    assert [(boxes, round((foot - top) / 10)) for boxes, (_, top, _, foot) in rows_on(page)] == [(3, 4)] * 3
