"""Words and lines in a zone, whatever its size on the page."""

from collections.abc import Callable
from itertools import product

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.elements import Box, Page
from ml.reading.ink.zones import Zone
from tests.fixtures_zones import page_with, zone_of

Draw = Callable[..., NDArray[np.uint8]]


def test_two_numbers_far_apart_are_two_words_and_each_a_line(digit_image: Draw) -> None:
    one, other = digit_image("12", 40), digit_image("345", 40)
    zone = zone_of(page_with((one, 20, 50), (other, 380, 50)))
    assert len(zone.words) == 2
    assert len(zone.lines()) == 2


def test_numbers_nearer_are_also_tried_together(digit_image: Draw) -> None:
    one, other = digit_image("12", 40), digit_image("345", 40)
    zone = zone_of(page_with((one, 20, 50), (other, 20 + one.shape[1] + 20, 50)))
    lines = zone.lines()
    assert len(zone.words) == 2
    assert len(lines) == 3
    assert lines[0].box.width > lines[1].box.width + lines[2].box.width  # the longest first


def test_lines_below_one_another_stay_apart(digit_image: Draw) -> None:
    zone = zone_of(page_with((digit_image("12", 40), 20, 10), (digit_image("345", 40), 20, 90)))
    assert len(zone.lines()) == 2


@pytest.mark.parametrize("scale", [1.0, 2.5])
def test_a_word_stands_where_it_stands_on_the_page(scale: float, digit_image: Draw) -> None:
    page = page_with((digit_image("735", 40), 100, 50))
    large = cv2.resize(page.pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    zone = zone_of(Page(large, 1, None, ""), 8.0 * scale)
    (word,) = zone.words
    found = zone.on_page(word)
    ink = np.argwhere(large[:, :, 0] < 128)
    wanted = (*ink.min(axis=0)[::-1], *(ink.max(axis=0)[::-1] + 1))
    assert (found.left, found.top, found.right, found.bottom) == pytest.approx(wanted, abs=4 * scale)


def test_a_long_stroke_does_not_make_the_digits_small(digit_image: Draw) -> None:
    page = page_with((digit_image("735", 30), 100, 70))
    pixels = page.pixels.copy()
    cv2.line(pixels, (220, 5), (200, 150), (40, 40, 40), 3, cv2.LINE_AA)
    zone = zone_of(Page(pixels, 1, None, ""))
    line = zone.lines()[0]
    assert line.picture.shape[0] < 80


def test_a_word_belongs_to_the_line_of_its_own_size(digit_image: Draw) -> None:
    """Not to a label's that stands on the same one, where a long stroke keeps the word between from the label's."""
    label, day, year = digit_image("1111", 12), digit_image("03", 32), digit_image("2027", 32)
    pixels = page_with((label, 10, 76), (day, 150, 60), (year, 150 + day.shape[1] + 40, 60)).pixels.copy()
    right = 150 + day.shape[1] + 12
    cv2.line(pixels, (right, 40), (right - 16, 120), (40, 40, 40), 3, cv2.LINE_AA)
    zone = zone_of(Page(pixels, 1, None, ""))
    assert any(line.box.left < 175 and line.box.right > 150 + day.shape[1] + 60 for line in zone.lines())


def test_a_label_far_away_takes_no_word_from_a_line_that_long_strokes_made_tall(digit_image: Draw) -> None:
    label, first, last = digit_image("1111", 14), digit_image("08", 30), digit_image("20", 30)
    pixels = page_with((label, 10, 76), (first, 150, 62), (last, 300, 60)).pixels.copy()
    for left in (215, 265):
        cv2.line(pixels, (left, 34), (left - 20, 114), (40, 40, 40), 3, cv2.LINE_AA)
    zone = zone_of(Page(pixels, 1, None, ""))
    assert any(110 < line.box.left < 175 and line.box.right > 330 for line in zone.lines())


@pytest.mark.parametrize(("drop", "low"), [(0.0, False), (15.0, True)])
def test_on_a_line_that_slopes_the_last_digit_is_no_lower_than_the_others(
    drop: float, low: bool, digit_image: Draw
) -> None:
    """Where writing sinks to the right, its last 1 ends below where most digits stand."""
    pieces, left = [], 60
    for number in "7287":
        piece = digit_image(number, 36)
        pieces.append((piece, left, 40 + round(0.16 * (left - 60))))
        left += piece.shape[1] + 8
    pixels = page_with(*pieces).pixels.copy()
    top, bottom = (round(side + 0.16 * (left - 60) + drop) for side in (50, 50 + 28))
    cv2.line(pixels, (left + 10, top), (left + 4, bottom), (40, 40, 40), 4, cv2.LINE_AA)
    zone = zone_of(Page(pixels, 1, None, ""))
    assert zone.is_low(zone.lines()[0], left + 7) is low


@pytest.mark.parametrize(
    ("top", "bottom", "low"), [(90, 122, True), (62, 100, False), (90, 104, False), (62, 122, False)]
)
def test_a_mark_that_hangs_below_the_digits_feet_is_low(top: int, bottom: int, low: bool, digit_image: Draw) -> None:
    number = digit_image("767", 40)
    pixels = page_with((number, 60, 50), (digit_image("000", 40), 60 + number.shape[1] + 24, 50)).pixels.copy()
    across = 60 + number.shape[1] + 12
    cv2.line(pixels, (across + 3, top), (across - 3, bottom), (40, 40, 40), 4, cv2.LINE_AA)
    zone = zone_of(Page(pixels, 1, None, ""))
    assert zone.is_low(zone.lines()[0], across) is low


def test_a_digit_that_stands_on_a_rule_is_seen_with_its_foot_and_without() -> None:
    pixels = page_with().pixels.copy()
    for nought in range(3):
        cv2.ellipse(pixels, (80 + 40 * nought, 70), (11, 20), 0, 0, 360, (40, 40, 40), 3, cv2.LINE_AA)
    ink = pixels[:, :, 0] < 100
    ink[:86] = False  # the feet alone
    cv2.line(pixels, (20, 91), (600, 91), (60, 60, 60), 2)
    zone = zone_of(Page(pixels, 1, None, ""))
    line = zone.lines()[0]
    assert zone.without_feet(line) is not None
    kept, lost = ((picture[:, :, 0][ink] < 130).mean() for picture in (zone.footed, zone.clean))
    assert kept > 0.95 > 0.85 > lost


def test_what_touches_no_rule_is_seen_in_one_way(digit_image: Draw) -> None:
    pixels = page_with((digit_image("008", 40), 60, 50)).pixels.copy()
    cv2.line(pixels, (20, 130), (600, 130), (60, 60, 60), 2)
    zone = zone_of(Page(pixels, 1, None, ""))
    assert zone.without_feet(zone.lines()[0]) is None


def test_something_tall_close_beside_a_line_is_noticed(digit_image: Draw) -> None:
    number = digit_image("345", 40)
    zone = zone_of(page_with((digit_image("1", 40), 20, 50), (number, 60, 50)))
    whole, *parts = zone.lines()
    assert not zone.goes_on(whole)
    assert any(zone.goes_on(part) for part in parts) or len(zone.words) == 1


@pytest.mark.parametrize("scale", [1, 2])
def test_a_line_that_goes_on_beyond_its_zone_is_noticed(scale: int, digit_image: Draw) -> None:
    page = page_with((digit_image("20", 40), 100, 50), (digit_image("28", 40), 165, 50))
    pixels = cv2.resize(page.pixels, None, fx=scale, fy=scale).astype(np.uint8)
    # The zone ends between the second and the third digit.
    zones = [
        Zone.of(Page(pixels, 1, None, ""), Box(0, 0, right * scale, 160 * scale), 8.0 * scale) for right in (172, 400)
    ]
    assert [zone.goes_on(zone.lines()[0]) for zone in zones] == [True, False]


def test_print_beyond_a_zone_is_no_writing(digit_image: Draw) -> None:
    page = page_with((digit_image("20", 40), 100, 50))
    pixels = page.pixels.copy()
    cv2.rectangle(pixels, (174, 5), (186, 150), (0, 0, 0), -1)
    zone = Zone.of(Page(pixels, 1, None, ""), Box(0, 0, 170, 160), 8.0)
    assert not zone.goes_on(zone.lines()[0])


@pytest.mark.parametrize("side", ["left", "right"])
def test_beside_a_crowd_of_marks_a_line_at_the_edge_may_go_on(side: str, digit_image: Draw) -> None:
    """Where it runs over the zone's edge, what belongs to it is not told from the crowd."""
    number = digit_image("20", 40)
    page = page_with((number, 300, 400), size=(1600, 640))
    begin, end = 300, 300 + number.shape[1]
    pixels = page.pixels.copy()
    crowd = pixels[:, end + 4 : end + 60] if side == "right" else pixels[:, begin - 60 : begin - 4]
    for top, left in product(range(2, 1580, 15), range(2, 52, 8)):
        crowd[top : top + 12, left : left + 2] = 40
    at_edge = Box(0, 0, end + 4, 1600) if side == "right" else Box(begin - 4, 0, 640, 1600)
    zone = Zone.of(Page(pixels, 1, None, ""), at_edge, 8.0)
    assert zone.goes_on(zone.lines()[0])
    empty = Zone.of(page, at_edge, 8.0)
    assert not empty.goes_on(empty.lines()[0])


def test_a_line_far_from_a_crowd_beyond_its_zone_ends_where_it_ends(digit_image: Draw) -> None:
    pixels = page_with((digit_image("20", 40), 100, 400), size=(1600, 640)).pixels.copy()
    for top, left in product(range(2, 1580, 15), range(402, 452, 8)):
        pixels[top : top + 12, left : left + 2] = 40
    zone = Zone.of(Page(pixels, 1, None, ""), Box(0, 0, 400, 1600), 8.0)
    assert not zone.goes_on(zone.lines()[0])


def test_a_low_comma_does_not_part_the_words_before_and_behind_it(digit_image: Draw) -> None:
    """The words behind it are not level with it, but with those before it: 20,354.98 is not 354.98."""
    first, behind = digit_image("20", 36), digit_image("354", 36)
    left = 20 + first.shape[1]
    page = page_with((first, 20, 50), (behind, left + 60, 36))
    pixels = page.pixels.copy()
    cv2.line(pixels, (left + 30, 84), (left + 24, 104), (20, 20, 20), 4)
    zone = zone_of(Page(pixels, 1, None, ""))
    assert len(zone.words) == 3
    longest = zone.lines()[0]
    assert longest.box.left < 40
    assert longest.box.right > 270


def test_an_empty_zone_has_no_lines() -> None:
    assert zone_of(page_with()).lines() == []
