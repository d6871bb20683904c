"""Many pages are read and added up, each mistake with its picture; our reader and its places on a page."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from ml.evaluation.pages.counting import Found
from ml.evaluation.pages.readers import ours, pixels_of, rapidocr
from ml.evaluation.pages.tally import as_file, tally_drawn, tally_empty, tally_real
from ml.evaluation.reports.mistakes import Shown, draw_mistakes
from ml.reading.elements import Box
from ml.reading.reader import Reader
from ml.training.pages.page import DrawnPage, Written
from ml.training.real_pages import RealPage

BOX = Box(100, 60, 160, 100)


def page(*values: str) -> DrawnPage:
    pixels = np.full((200, 300, 3), 240, np.uint8)
    pixels[60:100, 100:160] = 30
    return DrawnPage("square", pixels, tuple(Written(value, BOX) for value in values))


def says(value: str):
    return lambda data: [Found(value, 0.999, True, BOX)]


def test_pages_add_up_and_a_mistake_shows_its_place() -> None:
    tally = tally_drawn([page("41"), page("47"), page()], says("41"))
    assert (tally.pages, tally.counts.written, tally.counts.passing_right) == (3, 2, 1)
    assert [shown.below for shown in tally.shown] == ["is 47", "is not there"]
    assert tally.shown[0].above == "41 (0.9990)"
    assert tally.shown[0].pixels.min() == 30
    assert tally.shown[0].pixels.shape == (40 + 48, 60 + 48, 3)
    assert tally.shown[0].pixels.base is None  # no whole page is kept for it


def test_whatever_passes_on_an_empty_patch_is_a_mistake() -> None:
    tally = tally_empty([np.full((40, 60, 3), 200, np.uint8)] * 3, says("1"))
    assert len(tally.counts.mistakes) == len(tally.shown) == 3


def test_real_pages_are_compared_by_value(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(as_file(page().pixels))
    tally = tally_real([RealPage(tmp_path / "a.png", ("41", "8.6"))], says("86"))
    assert (tally.counts.written, tally.counts.found_right, len(tally.counts.mistakes)) == (2, 0, 1)


def test_every_mistake_is_on_the_picture(tmp_path: Path) -> None:
    shown = Shown(np.zeros((30, 50, 3), np.uint8), "86 (0.9996)", "is 8.6")
    draw_mistakes([shown] * 9, tmp_path / "two_rows.png")
    draw_mistakes([], tmp_path / "none.png")
    rows = [cv2.imread(str(tmp_path / f"{name}.png")).shape[0] for name in ("two_rows", "none")]
    assert rows[0] == 2 * rows[1]
    assert cv2.imread(str(tmp_path / "none.png")).min() == 255


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.shipped(with_second=False)


def test_our_reader_tells_where_a_number_stands(reader: Reader) -> None:
    pixels = np.full((400, 600, 3), 245, np.uint8)
    cv2.putText(pixels, "48205", (200, 220), cv2.FONT_HERSHEY_SIMPLEX, 2.2, (30, 30, 60), 5, cv2.LINE_AA)
    (found,) = ours(reader)(as_file(pixels))
    assert found.value == "48205"
    assert found.box is not None
    assert abs(found.box.left - 200) < 12


def test_the_peer_tells_numbers_with_their_places_and_leaves_words_out() -> None:
    peer = rapidocr()
    if peer is None:
        pytest.skip("RapidOCR is not installed: uv sync --extra second-reader")
    pixels = np.full((300, 700, 3), 245, np.uint8)
    cv2.putText(pixels, "Total", (40, 160), cv2.FONT_HERSHEY_SIMPLEX, 2.0, (20, 20, 20), 4, cv2.LINE_AA)
    cv2.putText(pixels, "48205", (430, 160), cv2.FONT_HERSHEY_SIMPLEX, 2.0, (20, 20, 20), 4, cv2.LINE_AA)
    (found,) = peer.pages(as_file(pixels))
    assert found.value == "48205"
    assert found.passes
    assert found.box is not None
    assert abs(found.box.left - 430) < 25
    (cell,) = peer.cells(as_file(np.ascontiguousarray(pixels[90:190, 410:680])))
    assert (cell.value, cell.box) == ("48205", None)


def test_a_broken_file_has_no_pixels() -> None:
    assert pixels_of(b"no picture").size == 0
