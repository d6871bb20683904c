"""What every kind of drawn page promises: its values, its boxes, and the same page from the same seed."""

from __future__ import annotations

import re

import cv2
import numpy as np
import pytest

from ml.training.fields.digits import Writers
from ml.training.pages.kinds import KINDS, draw_page
from ml.training.pages.page import DrawnPage

pytestmark = pytest.mark.training

FORMS = {
    "plain numbers": r"\d{1,7}",
    "decimal marks": r"\d{1,3}[.,]\d{1,3}",
    "minus signs": r"-?[1-9]\d{0,3}(\.\d)?",
    "slashes": r"\d{1,2}/\d{1,2}/(\d{4}|\d\d)|\d+(\.\d)?/\d+",
    "small digits": r"\d{1,7}",
    "at the edge": r"\d{2,5}",
    "broken strokes": r"\d{1,7}",
    "letters": r"\d{1,7}",
    "tables": r"\d{1,4}|\d{1,2}\.\d",
    "sheet on a ground": r"\d{1,7}",
    "digit boxes": r"\d{1,7}",
    "printed beside written": r"\d{1,6}",
}
EMPTY = ("nothing there", "another script")


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_a_picture_in_colour_of_its_kind(kind: str, pages: dict[str, list[DrawnPage]]) -> None:
    for page in pages[kind]:
        assert page.kind == kind
        assert page.pixels.dtype == np.uint8
        assert page.pixels.shape[2] == 3
        assert page.pixels.std() > 0


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_draws_the_same_page(kind: str, writers: Writers) -> None:
    one, other = (draw_page(kind, writers, np.random.default_rng(8)) for _ in range(2))
    assert np.array_equal(one.pixels, other.pixels)
    assert one.numbers == other.numbers
    unlike = draw_page(kind, writers, np.random.default_rng(9))
    assert unlike.pixels.shape != one.pixels.shape or not np.array_equal(unlike.pixels, one.pixels)


@pytest.mark.parametrize("kind", FORMS)
def test_values_have_the_form_of_their_kind(kind: str, pages: dict[str, list[DrawnPage]]) -> None:
    values = [number.value for page in pages[kind] for number in page.numbers]
    assert values
    assert [value for value in values if not re.fullmatch(FORMS[kind], value)] == []


@pytest.mark.parametrize("kind", EMPTY)
def test_nothing_may_pass_on_a_page_without_numbers(kind: str, pages: dict[str, list[DrawnPage]]) -> None:
    assert all(page.numbers == () for page in pages[kind])


@pytest.mark.parametrize("kind", FORMS)
def test_boxes_lie_on_the_page_and_apart(kind: str, pages: dict[str, list[DrawnPage]]) -> None:
    for page in pages[kind]:
        height, width = page.pixels.shape[:2]
        taken = np.zeros((height, width), int)
        for number in page.numbers:
            box = number.box
            assert box.right <= width
            assert box.bottom <= height
            taken[box.top : box.bottom, box.left : box.right] += 1
        assert (taken > 1).mean() < 0.01


@pytest.mark.parametrize("kind", FORMS)
def test_ink_fills_its_box_and_ends_there(kind: str, pages: dict[str, list[DrawnPage]]) -> None:
    """Of the darkest marks at a number none lies just outside of its box; inside they reach from edge to edge."""
    checked = 0
    for page in pages[kind]:
        for number in page.numbers:
            checked += _fills(page, number.box) if kind not in ("digit boxes", "tables", "sheet on a ground") else 1
            assert _darkness(page, number.box) > 12, number.value
    assert checked >= 0.8 * sum(len(page.numbers) for page in pages[kind])


def _around(page: DrawnPage) -> np.ndarray:
    """How much darker each pixel is than the paper around it."""
    grey = cv2.GaussianBlur(cv2.cvtColor(page.pixels, cv2.COLOR_RGB2GRAY), (0, 0), 0.8).astype(float)
    return cv2.medianBlur(grey.astype(np.uint8), 101).astype(float) - grey


def _darkness(page: DrawnPage, box) -> float:
    return float(np.percentile(_around(page)[box.top : box.bottom, box.left : box.right], 97))


def _fills(page: DrawnPage, box) -> bool:
    dark = _around(page)[box.top : box.bottom, box.left : box.right]
    inked = dark > 0.4 * np.percentile(dark, 99)
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    near = 3 + 0.1 * box.height
    return bool(
        rows[0] <= near
        and columns[0] <= near
        and box.height - 1 - rows[-1] <= near
        and box.width - 1 - columns[-1] <= near
    )
