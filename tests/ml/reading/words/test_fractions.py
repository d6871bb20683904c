"""Cents over a stroke, or above the line, come to stand on the line; what only looks like it stays."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ml.reading.elements import Box
from ml.reading.reader import WORDS_NETWORK
from ml.reading.recognisers.line_network import LineNetwork, letters
from ml.reading.words.amounts import AmountGrammar
from ml.reading.words.fractions import Fraction, Standing, find_fractions, set_level
from ml.reading.words.line import find_words_line
from tests.fixtures_words import paper_with, words_on
from tests.fixtures_zones import page_with, zone_of

LINE, WORDS = Standing(Box(150, 60, 900, 100), 40.0), [Box(600, 60, 900, 100), Box(150, 62, 390, 100)]


def with_stacked_cents() -> np.ndarray:
    """Paper that says "One hundred five and 38/100", the cents over a stroke."""
    picture = paper_with("One hundred five and", height=200, top=75)
    words_on(picture, "38", 585, 50, height=34)
    cv2.line(picture, (565, 95), (640, 93), (30, 35, 110), 3)
    words_on(picture, "100", 572, 98, height=34)
    return picture


def said(picture: np.ndarray) -> str:
    """What the network of words reads on the line, as an amount."""
    line = find_words_line(zone_of(page_with((picture, 0, 0), size=picture.shape[:2])))
    assert line is not None
    (frames,) = letters(LineNetwork.load(WORDS_NETWORK), line.looks[:1])
    return str(AmountGrammar.of("en").look(frames).n_best(1)[0].value)


def test_cents_over_a_stroke_are_read() -> None:
    assert said(with_stacked_cents()) == "105.38"


def test_cents_above_the_line_are_read() -> None:
    picture = paper_with("One hundred five and", height=200, top=95)
    words_on(picture, "38/100", 580, 52)
    words_on(picture, "only", 760, 95)
    assert said(picture) == "105.38"


def ink_of(*strokes: tuple[int, int, int, int]) -> np.ndarray:
    """Ink on a picture of 160 × 1000: left, top, right and bottom of each stroke."""
    ink = np.zeros((160, 1000), bool)
    for left, top, right, bottom in strokes:
        ink[top:bottom, left:right] = True
    return ink


STROKE, CENTS, WHOLE = (400, 78, 460, 82), (410, 45, 450, 72), (410, 88, 450, 115)
Mark = tuple[int, int, int, int]


def moved(marks: tuple[Mark, ...], by: int) -> tuple[Mark, ...]:
    """The same marks so far to the right."""
    return tuple((left + by, top, right + by, bottom) for left, top, right, bottom in marks)


@pytest.mark.parametrize(("by", "where"), [(0, "in a gap"), (540, "at the picture's edge")])
def test_a_fraction_is_a_stroke_with_digits_above_and_below(by: int, where: str) -> None:
    (found,) = find_fractions(ink_of(*moved((STROKE, CENTS, WHOLE), by)), [], WORDS, LINE)
    assert (found.box.top, found.box.bottom) == (45, 115), where
    upper, lower = found.parts
    assert (upper.top, upper.bottom) == (45, 72)
    assert (lower.top, lower.bottom) == (88, 115)
    assert found.box.left <= 400 + by < 460 + by <= found.box.right <= 1000


@pytest.mark.parametrize(
    ("marks", "why"),
    [
        ((STROKE, CENTS), "nothing stands below"),
        ((STROKE, WHOLE), "nothing stands above"),
        ((STROKE, WHOLE, (410, 10, 450, 40)), "what stands above is of another line"),
        ((STROKE, CENTS, WHOLE, (470, 65, 500, 95)), "a letter stands right beside: it is a part of a word"),
        (((400, 78, 700, 82), CENTS, WHOLE), "the stroke is too long"),
        ((STROKE, (410, 74, 450, 76), (410, 84, 450, 86)), "these are three strokes, as people close a line"),
        ((STROKE, (380, 45, 450, 58), WHOLE), "the cents are wider than their stroke: they would be cut"),
        (moved((STROKE, CENTS, WHOLE), -350), "it stands before the words"),
        (((920, 78, 940, 82), (922, 45, 938, 72), (922, 88, 938, 115)), "the stroke is too short"),
    ],
)
def test_what_is_no_fraction_stays(marks: tuple[Mark, ...], why: str) -> None:
    assert find_fractions(ink_of(*marks), [], WORDS, LINE) == [], why


def test_a_fraction_far_behind_the_words_is_none_of_theirs() -> None:
    short = Standing(Box(150, 60, 270, 100), 40.0)
    near, far = (moved((STROKE, CENTS, WHOLE), by) for by in (-60, 0))
    assert len(find_fractions(ink_of(*near), [], [Box(150, 60, 270, 100)], short)) == 1
    assert find_fractions(ink_of(*far), [], [Box(150, 60, 270, 100)], short) == []


HIGH = Box(420, 30, 560, 70)


def test_a_word_above_a_gap_is_raised_and_its_digits_alone_count() -> None:
    slash = 480, 30, 486, 70
    ink = ink_of((430, 32, 470, 52), (500, 32, 540, 52), slash)
    assert find_fractions(ink, [*WORDS, HIGH], WORDS, LINE) == [Fraction(HIGH, (Box(420, 32, 560, 52),))]


@pytest.mark.parametrize(
    ("others", "why"),
    [
        ([Box(420, 5, 560, 34)], "it ends high above the line, as a payee does"),
        ([Box(560, 30, 640, 70)], "a word of the line stands below"),
        ([Box(10, 30, 140, 70)], "it stands before the first word"),
        ([HIGH, Box(570, 30, 590, 70), Box(920, 30, 990, 70)], "a line of its own runs over the line"),
    ],
)
def test_what_is_of_another_line_is_not_raised(others: list[Box], why: str) -> None:
    ink = ink_of(*((box.left, box.top, box.right, box.bottom) for box in others))
    assert find_fractions(ink, [*WORDS, *others], WORDS, LINE) == [], why


def test_cents_over_a_stroke_are_not_raised_as_well() -> None:
    cents = Box(CENTS[0] - 5, CENTS[1], CENTS[2], CENTS[3])
    (found,) = find_fractions(ink_of(STROKE, CENTS, WHOLE), [*WORDS, cents], WORDS, LINE)
    assert len(found.parts) == 2


def test_what_stands_beside_a_fraction_keeps_its_place_and_its_parts_stand_on_the_line() -> None:
    picture = np.full((160, 1000, 3), 240, np.uint8)
    picture[60:100, 100:140] = picture[60:100, 700:740] = 20
    picture[45:72, 405:455] = picture[88:115, 405:455] = 20
    fraction = Fraction(Box(400, 45, 460, 115), (Box(400, 45, 460, 72), Box(400, 88, 460, 115)))
    level = set_level(picture, (50, 110), (50, 950), [fraction], LINE)
    assert level.shape[0] == 60
    assert np.array_equal(level[:, :350], picture[50:110, 50:400])
    assert np.array_equal(level[:, -490:], picture[50:110, 460:950])
    written = (level[:, 350:-490] < 60).all(axis=2)
    rows = np.flatnonzero(written[:, 20:60].any(axis=1))  # the cents, left of the slash
    assert (rows[0], rows[-1]) == (10, 49), "as high as a word, on the line"
    columns = written[30].astype(int)
    assert (np.diff(columns) == 1).sum() == 3, "cents, a slash and their whole"


def test_a_line_without_fractions_stays_as_it_is() -> None:
    picture = np.random.default_rng(1).integers(0, 256, (160, 1000, 3)).astype(np.uint8)
    outside = Fraction(Box(960, 45, 990, 115), (Box(960, 45, 990, 115),))
    for fractions in ([], [outside]):
        assert np.array_equal(set_level(picture, (50, 110), (50, 950), fractions, LINE), picture[50:110, 50:950])
