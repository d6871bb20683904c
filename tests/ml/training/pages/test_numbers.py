"""Small digits are small, cut numbers are none, broken strokes are in pieces, print stands beside writing."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ml.training.fields.digits import Writers
from ml.training.pages.numbers import at_the_edge, broken_strokes, plain_numbers, printed_beside_written
from ml.training.pages.page import DrawnPage
from ml.training.pages.sheet import Sheet

pytestmark = pytest.mark.training


def test_small_digits_are_eight_to_fourteen_pixels_high(pages: dict[str, list[DrawnPage]]) -> None:
    heights = [number.box.height for page in pages["small digits"] for number in page.numbers]
    assert 7 <= np.median(heights) <= 16
    assert max(heights) <= 24


def test_a_number_that_the_edge_cuts_is_none(writers: Writers) -> None:
    written = [len(at_the_edge(writers, np.random.default_rng(seed)).numbers) for seed in range(30)]
    assert min(written) < 4
    assert max(written) > 0
    assert 1 < np.mean(written) < 3  # of four on each page about half are cut


def test_an_edge_cuts_through_ink_and_never_between_two_digits(
    writers: Writers, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheets: list[Sheet] = []
    monkeypatch.setattr(Sheet, "on_paper", _noting(sheets))
    for seed in range(40):
        number = len(at_the_edge(writers, np.random.default_rng(seed)).numbers)
        ink = sheets[-1].ink
        touched = sum(side.max() > 0.3 for side in (ink[:, 0], ink[:, -1], ink[0], ink[-1]))
        assert touched == 4 - number


def test_numbers_at_the_edge_are_close_to_it(pages: dict[str, list[DrawnPage]]) -> None:
    for page in pages["at the edge"]:
        height, width = page.pixels.shape[:2]
        for number in page.numbers:
            box = number.box
            assert min(box.left, box.top, width - box.right, height - box.bottom) <= 14


def test_broken_strokes_are_in_more_pieces(writers: Writers, monkeypatch: pytest.MonkeyPatch) -> None:
    def pieces(draw) -> float:
        sheets: list[Sheet] = []
        monkeypatch.setattr(Sheet, "on_paper", _noting(sheets))
        numbers = 0
        for seed in range(8):
            numbers += sum(len(number.value) for number in draw(writers, np.random.default_rng(seed)).numbers)
        parts = sum(cv2.connectedComponents((sheet.ink > 0.5).astype(np.uint8))[0] - 1 for sheet in sheets)
        return parts / numbers

    assert pieces(broken_strokes) > 1.15 * pieces(plain_numbers)


def _noting(sheets: list[Sheet]):
    on_paper = Sheet.on_paper

    def note(sheet: Sheet, *arguments):
        sheets.append(sheet)
        return on_paper(sheet, *arguments)

    return note


def test_print_stands_beside_writing_and_is_no_answer(writers: Writers) -> None:
    sheets: list[Sheet] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sheet, "on_paper", _noting(sheets))
        pages = [printed_beside_written(writers, np.random.default_rng(seed)) for seed in range(6)]
    for sheet, page in zip(sheets, pages, strict=True):
        assert sheet.printed.any()
        assert page.numbers, "what is written beside it"
        assert all(number.box.left > 0.4 * page.pixels.shape[1] for number in page.numbers)
