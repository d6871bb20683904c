"""What stands in a box: crosses are told from digits by their shape, and digits from what is printed under them."""

import cv2
import numpy as np
import pytest

from ml.reading.boxes.contents import contents_of, is_cross
from ml.reading.boxes.find import find_rows
from ml.reading.elements import Page
from ml.reading.grids.find import rules_of
from ml.reading.ink.ink import find_ink
from ml.reading.reader import Reader
from ml.reading.recognisers.normalise import normalise
from ml.training.sheets.strokes import draw_number
from tests.ml.reading.boxes.drawn import draw_boxes, paper


def glyph(*strokes: tuple[tuple[int, int], tuple[int, int]], pen: int = 3) -> np.ndarray:
    ink = np.zeros((60, 60), np.uint8)
    for start, end in strokes:
        cv2.line(ink, start, end, 255, pen, cv2.LINE_AA)
    return normalise(ink.astype(np.float32) / 255)


@pytest.mark.parametrize("pen", [2, 4, 7])
@pytest.mark.parametrize(("lean", "low"), [(0, 50), (6, 50), (-4, 38)])
def test_two_strokes_from_corner_to_corner_are_a_cross(pen: int, lean: int, low: int) -> None:
    assert is_cross(glyph(((12 + lean, 10), (46, low)), ((44 + lean, 10), (12, low)), pen=pen))


@pytest.mark.parametrize(
    "strokes",
    [
        (((30, 8), (30, 52)), ((8, 30), (52, 30))),  # a plus
        (((12, 10), (46, 50)),),  # one stroke
        (((12, 10), (46, 10)), ((46, 10), (20, 50)), ((18, 30), (46, 30))),  # a crossed 7
        (((12, 10), (30, 30)), ((46, 10), (30, 30)), ((30, 30), (30, 50))),  # a Y
        (((12, 10), (12, 32)), ((12, 32), (46, 32)), ((34, 10), (34, 52))),  # a 4
    ],
)
def test_other_strokes_are_none(strokes: tuple[tuple[tuple[int, int], tuple[int, int]], ...]) -> None:
    assert not is_cross(glyph(*strokes))


def test_digits_are_no_crosses() -> None:
    rng = np.random.default_rng(11)
    digits = [draw_number(str(n % 10), 48, rng, gap=0.2, pen=0.12, slant=0.1) for n in range(200)]
    assert not any(is_cross(normalise(ink.astype(np.float32) / 255)) for ink in digits)
    assert not is_cross(np.zeros((28, 28), np.float32))


def test_what_is_printed_pale_under_a_digit_is_no_part_of_it() -> None:
    """A 2 with a long foot on a shaded ground: the shade above its foot makes it no other sign."""
    page = paper()
    draw_boxes(page, "7    ", 120, 100)
    pale = np.full_like(page, 255)
    cv2.rectangle(pale, (164, 104), (316, 148), (210,) * 3, -1)
    page = np.minimum(page, pale)
    for x in (180, 220, 260, 300):
        two = [(x - 7, 121), (x - 5, 115), (x - 1, 113), (x + 1, 118), (x - 5, 136), (x + 16, 137)]
        cv2.polylines(page, [np.array(two, np.int32)], False, (40,) * 3, 3, cv2.LINE_AA)
    ink = find_ink(Page(page, 1, None, ""), of_any_page=True)
    rules = rules_of(ink.soft)
    assert rules is not None
    (row,) = contents_of(find_rows(rules.level_in_full, ink.soft), page, ink, Reader.shipped())
    assert row.value == "72222"
