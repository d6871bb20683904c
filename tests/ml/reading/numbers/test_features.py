"""The evidence for a number: what is beside it, how high and how dark it is, what its strokes may be."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.elements import Page
from ml.reading.forms.layouts import ANY_NUMBER
from ml.reading.ink.ink import find_ink
from ml.reading.numbers.features import lacks_a_stroke, may_be_date
from ml.reading.numbers.read import NumberEvidence, evidence_on
from ml.reading.reader import Reader
from tests.fixtures_paper import on_paper

Pixels = NDArray[np.uint8]
Draw = Callable[..., Pixels]
Evidence = Callable[[Pixels], NumberEvidence]


@pytest.fixture
def evidence(reader: Reader) -> Evidence:
    """The evidence for the first number on a picture."""

    def of(pixels: Pixels) -> NumberEvidence:
        page = Page(np.ascontiguousarray(pixels), 1, None, "")
        return evidence_on(page, find_ink(page), ANY_NUMBER, reader)[0]

    return of


def test_sizes_are_those_of_the_page(evidence: Evidence, digit_image: Draw) -> None:
    sheet = on_paper(digit_image("4071"))
    large, small = (evidence(each).features for each in (sheet, cv2.resize(sheet, None, fx=0.5, fy=0.5)))
    assert large.height - small.height == pytest.approx(1, abs=0.15), "half as high is one less to the base 2"
    assert large.stroke > small.stroke


def test_light_ink_has_less_contrast(evidence: Evidence, digit_image: Draw) -> None:
    sheet = on_paper(digit_image("4071"))
    light = (255 - (255 - sheet.astype(np.float32)) * 0.3).astype(np.uint8)
    assert evidence(light).features.contrast < 0.5 * evidence(sheet).features.contrast


def test_ink_close_beside_a_number_is_told_even_where_it_is_faint(evidence: Evidence, digit_image: Draw) -> None:
    sheet = on_paper(digit_image("4071"), 200, 700, 200, 60)
    before = evidence(sheet).features
    assert max(before.beside, before.farther) < 0.02, "soft edges of its own digits alone"
    rows, columns = np.nonzero(sheet.min(axis=2) < 128)
    height, right = int(np.ptp(rows)), int(columns.max())
    near, far = sheet.copy(), sheet.copy()
    for picture, gap in ((near, 0.45), (far, 1.3)):
        x = right + int(gap * height)
        cv2.line(picture, (x, int(rows.min())), (x, int(rows.max())), (165, 165, 165), 5)
    assert evidence(near).features.beside > 0.1
    assert evidence(far).features.beside < 0.02
    assert evidence(far).features.farther > 0.1


def test_a_number_at_the_edge_is_told_from_one_in_the_middle(evidence: Evidence, digit_image: Draw) -> None:
    sheet = on_paper(digit_image("4071"), 300, 700, 200, 100)
    rows, _ = np.nonzero(sheet.min(axis=2) < 128)
    assert evidence(sheet).features.rim == 1
    assert evidence(sheet[rows.min() - 4 :]).features.rim < 0.2


def test_a_stroke_between_digits_is_taller_than_they_are(evidence: Evidence, digit_image: Draw) -> None:
    assert evidence(on_paper(digit_image("414"))).features.tall_one < 0.1
    sheet = on_paper(digit_image("4 4"), 260, 500, 120, 80)
    rows, columns = np.nonzero(sheet.min(axis=2) < 128)
    middle = int((columns.min() + columns.max()) / 2)
    high = int(rows.max() - rows.min())
    cv2.line(sheet, (middle, int(rows.max()) + high // 8), (middle, int(rows.min()) - high // 8), (0, 0, 0), 6)
    found = evidence(sheet)
    assert found.value in ("414", "4/4")
    assert found.features.tall_one > 0.15 or found.value == "4/4", "it is a stroke, or a 1 that is oddly tall"


@pytest.mark.parametrize("digits", ["81912025", "21112016", "1311125"])
def test_digits_that_may_be_a_date_are_told(digits: str) -> None:
    assert may_be_date(digits)


@pytest.mark.parametrize("digits", ["40712836", "4071", "99199199", "91412099999", ""])
def test_other_digits_are_no_date(digits: str) -> None:
    assert not may_be_date(digits)


@pytest.mark.parametrize("value", ["16/10195", "1914/2018", "24/112032", "10/711997"])
def test_a_date_of_which_one_stroke_was_taken_for_a_one_is_told(value: str) -> None:
    assert lacks_a_stroke(value)


@pytest.mark.parametrize("value", ["51/63", "121/165", "11/14", "24/1/2032", "241112032", "73.9/136"])
def test_a_fraction_and_a_whole_date_lack_no_stroke(value: str) -> None:
    assert not lacks_a_stroke(value)
