"""What the shipped reader makes of pictures whose numbers we know, because our own strokes wrote them."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.elements import Page
from ml.reading.errors import RefusedFile
from ml.reading.forms.layout_json import shipped_layouts
from ml.reading.forms.layouts import ANY_NUMBER, ONE_NUMBER, Layout
from ml.reading.ink.ink import find_ink
from ml.reading.ink.locate import locate
from ml.reading.ink.ruling import without_rules
from ml.reading.operating_points import OperatingPoint
from ml.reading.read import POOR, read_page, read_scan
from ml.reading.reader import Reader
from ml.reading.recognisers.calibration import DecisionRule
from ml.reading.recognisers.ctc import BLANK
from ml.reading.recognisers.decode import MORE_LINES
from ml.reading.recognisers.lattice import segment
from ml.reading.recognisers.transcribe import Transcriber, Transcript
from ml.reading.sheets.quality import BLURRED
from ml.training.sheets.filled import fill_in
from ml.training.sheets.sample_scan import NUMBERS, SAMPLE
from tests.fixtures_paper import on_paper

Pixels = NDArray[np.uint8]
Draw = Callable[..., Pixels]
Encode = Callable[..., bytes]
Read = Callable[..., list[str]]


def passing_from(reader: Reader, threshold: float) -> Reader:
    """The reader with another threshold."""
    offers = (OperatingPoint(reader.error_rate, threshold, 1, 1, 0, 1.0, 1),)

    def same(decision_rule: DecisionRule) -> DecisionRule:
        return replace(decision_rule, points=offers)

    second = reader.second and replace(reader.second, decision_rule=same(reader.second.decision_rule))
    acceptance = {place: replace(model, points=offers) for place, model in reader.acceptance.items()}
    return replace(reader, rule_alone=same(reader.rule_alone), second=second, acceptance=acceptance)


@pytest.mark.parametrize(
    ("text", "value", "doubted"),
    [("3.75", "3.75", False), ("9,041.50", "9041.50", False), ("1,284", "1,284", True), ("12-34", "12-34", True)],
)
def test_a_value_keeps_its_decimals_and_what_has_two_meanings_is_asked(
    reader: Reader, digit_image: Draw, as_file: Encode, text: str, value: str, doubted: bool
) -> None:
    (page,) = read_scan(as_file(on_paper(digit_image(text))), ANY_NUMBER, passing_from(reader, 0.0))
    (reading,) = page.readings
    assert (reading.text, reading.value) == (text, value)
    assert reading.accepted is not doubted


def test_reads_lines_from_the_top_and_each_from_the_left(texts: Read, digit_image: Draw) -> None:
    sheet = np.full((420, 900, 3), 255, np.uint8)
    for number, (left, top) in {"351": (480, 30), "86": (40, 40), "2074": (60, 230)}.items():
        drawn = digit_image(number)
        sheet[top : top + drawn.shape[0], left : left + drawn.shape[1]] = drawn
    assert texts(sheet) == ["86", "351", "2074"]


def test_boxes_lie_on_the_digits_and_run_from_left_to_right(reader: Reader, digit_image: Draw, as_file: Encode) -> None:
    sheet = on_paper(digit_image("5208"))
    (page,) = read_scan(as_file(sheet), ANY_NUMBER, reader)
    (reading,) = page.readings
    lefts = [digit.box.left for digit in reading.digits]
    assert lefts == sorted(lefts)
    rows, columns = np.nonzero(sheet.min(axis=2) < 100)
    ink = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    box = (reading.box.left, reading.box.top, reading.box.right, reading.box.bottom)
    assert np.abs(np.subtract(ink, box)).max() <= 3


def test_one_number_leaves_marks_around_out(texts: Read, digit_image: Draw) -> None:
    sheet = on_paper(digit_image("4836"), 160, 460, 60, 30)
    cv2.line(sheet, (0, 150), (460, 150), (60, 60, 60), 3)
    cv2.line(sheet, (380, 80), (430, 78), (0, 0, 0), 5)
    assert texts(sheet, ONE_NUMBER) == ["4836"]


def test_a_scribble_is_not_asked_about_piece_by_piece(texts: Read) -> None:
    sheet = np.full((1210, 260, 3), 255, np.uint8)
    for top in range(5, 1205, 20):
        zigzag = np.array([(10 + 4 * step, top + 12 * (step % 2)) for step in range(57)], np.int32)
        cv2.polylines(sheet, [zigzag], False, (0, 0, 0), 1)
    (strip,) = locate(without_rules(find_ink(Page(sheet, 1, None, "")), ONE_NUMBER), ONE_NUMBER)
    assert segment(strip, 1.0).glyphs == ()
    assert texts(sheet, ONE_NUMBER) == []


@pytest.mark.parametrize("layout", [ANY_NUMBER, ONE_NUMBER], ids=lambda layout: layout.name)
@pytest.mark.parametrize("shade", [0, 128, 255])
def test_blank_pages_hold_no_number(texts: Read, layout: Layout, shade: int) -> None:
    assert texts(np.full((300, 500, 3), shade, np.uint8), layout) == []
    grain = np.random.default_rng(0).normal(200, 6, (300, 500, 1)).clip(0, 255).astype(np.uint8)
    assert texts(np.repeat(grain, 3, axis=2), layout) == []


def test_every_page_of_a_file_is_read(reader: Reader, honest_files: dict[str, bytes]) -> None:
    pages = list(read_scan(honest_files[".tif"], ANY_NUMBER, reader))
    assert [page.readings[0].value for page in pages] == ["4071"] * 3


def test_sample_scan_of_the_home_page_is_read_entirely_right(reader: Reader) -> None:
    (page,) = read_scan(SAMPLE.read_bytes(), ANY_NUMBER, reader)
    assert tuple(reading.text for reading in page.readings) == NUMBERS
    assert all("?" not in reading.value for reading in page.readings)


def test_accepted_means_that_the_whole_value_is_surer_than_the_threshold(
    reader: Reader, digit_image: Draw, as_file: Encode
) -> None:
    data = as_file(on_paper(digit_image("4071")))
    (page,) = read_scan(data, ANY_NUMBER, reader)
    confidence = page.readings[0].confidence
    assert 0.5 < confidence < 1
    for threshold, accepted in ((0.0, True), (confidence, True), (confidence + 1e-6, False)):
        (page,) = read_scan(data, ANY_NUMBER, passing_from(reader, threshold))
        assert [reading.accepted for reading in page.readings] == [accepted]


def test_two_readings_that_differ_are_both_told_where_a_person_is_asked(
    reader: Reader, digit_image: Draw, as_file: Encode, monkeypatch: pytest.MonkeyPatch
) -> None:
    def another(transcriber: Transcriber, lines: list[NDArray[np.float32]]) -> list[Transcript]:
        found = real(transcriber, lines)
        rows = [[symbol, BLANK] for symbol in (4, 0, 7, 2)]
        frames = np.log(np.full((8, BLANK + 1), 1e-7) + np.eye(BLANK + 1)[np.ravel(rows)])
        return [Transcript.of(frames) for _ in found]

    real = Transcriber.transcribe
    monkeypatch.setattr(Transcriber, "transcribe", another)
    strict = passing_from(replace(reader, second=None), 1.01)
    (page,) = read_scan(as_file(on_paper(digit_image("4071"))), ANY_NUMBER, strict)
    (reading,) = page.readings
    assert "Read in two ways: 4072 and 4071." in reading.checks
    assert not reading.accepted


@pytest.mark.parametrize(
    ("text", "value", "understood"),
    [("4..71", "4.71", False), ("4,-71", "4.71", False), ("4.71", "4.71", True), ("471.-", "471", True)],
)
def test_small_marks_that_are_no_separator_keep_a_number_from_passing(
    reader: Reader, digit_image: Draw, as_file: Encode, text: str, value: str, understood: bool
) -> None:
    data = as_file(on_paper(digit_image(text)))
    (page,) = read_scan(data, ANY_NUMBER, reader)
    (reading,) = page.readings
    assert reading.value == value
    assert understood or not reading.accepted
    assert reading.accepted or reading.checks


def test_a_digit_alone_on_a_page_is_shown_to_a_person(reader: Reader, digit_image: Draw, as_file: Encode) -> None:
    (page,) = read_scan(as_file(on_paper(digit_image("7"))), ANY_NUMBER, reader)
    (reading,) = page.readings
    assert (reading.value, reading.accepted) == ("7", False)
    assert reading.checks


def test_two_lines_in_a_picture_of_one_number_are_told_and_never_pass(
    reader: Reader, digit_image: Draw, as_file: Encode
) -> None:
    above, below = digit_image("4071"), digit_image("352869")
    sheet = np.full((above.shape[0] + below.shape[0], below.shape[1], 3), 255, np.uint8)
    sheet[: above.shape[0], : above.shape[1]] = above
    sheet[above.shape[0] :] = below
    (page,) = read_scan(as_file(sheet), ONE_NUMBER, passing_from(reader, 0.0))
    for reading in page.readings:
        assert MORE_LINES in reading.checks
        assert not reading.accepted
    (page,) = read_scan(as_file(below), ONE_NUMBER, passing_from(reader, 0.0))
    assert [(reading.value, reading.accepted, reading.checks) for reading in page.readings] == [("352869", True, ())]


@pytest.mark.parametrize(
    ("start", "end"), [((10, 10), (26, 22)), ((10, 44), (38, 58))], ids=["a raised piece", "as wide as a digit"]
)
def test_ink_that_no_digit_explains_keeps_a_number_from_passing(
    reader: Reader, digit_image: Draw, as_file: Encode, start: tuple[int, int], end: tuple[int, int]
) -> None:
    sheet = on_paper(digit_image("4071"))
    rows, columns = np.nonzero(sheet.min(axis=2) < 128)
    corner = np.array((columns.max(), rows.min()))
    cv2.line(sheet, (corner + start).tolist(), (corner + end).tolist(), (0, 0, 0), 6)
    (page,) = read_scan(as_file(sheet), ANY_NUMBER, reader)
    (reading,) = page.readings
    assert reading.value == "4071"
    assert reading.checks
    assert not reading.accepted


def test_threads_share_one_reader(reader: Reader, digit_image: Draw, as_file: Encode) -> None:
    numbers = ["351", "4071", "60972", "28"]
    found: dict[str, str] = {}

    def read(number: str) -> None:
        for _ in range(5):
            (page,) = read_scan(as_file(on_paper(digit_image(number))), ANY_NUMBER, reader)
            found[number] = page.readings[0].value

    threads = [threading.Thread(target=read, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: number for number in numbers}


def test_debug_directory_keeps_every_intermediate(
    reader: Reader, digit_image: Draw, as_file: Encode, tmp_path: Path
) -> None:
    list(read_scan(as_file(digit_image("12")), ANY_NUMBER, reader.keeping(tmp_path)))
    kept = sorted(path.stem.split("-", 3)[-1] for path in tmp_path.iterdir())
    assert kept == ["glyphs", "ink", "mask", "numbers", "page", "strings"]


def test_hostile_files_are_read_or_refused(hostile_files: list[tuple[str, bytes]], reader: Reader) -> None:
    refused = 0
    for _, data in hostile_files:
        try:
            list(read_scan(data, ANY_NUMBER, reader))
        except RefusedFile:
            refused += 1
    assert refused > 100


def test_a_picture_without_any_number_says_what_may_hide_one(reader: Reader) -> None:
    cheque = fill_in(shipped_layouts()[2], None, np.random.default_rng(9004)).picture
    blurred = cv2.GaussianBlur(cheque, (0, 0), 6).astype(np.uint8)
    page = read_page(Page(np.repeat(blurred[:, :, None], 3, axis=2), 1, None, ""), (), reader)
    assert page.readings == ()
    assert page.faults == (BLURRED,)


@pytest.mark.parametrize("asked", [(), ANY_NUMBER], ids=["to find out what it is", "for every number"])
def test_on_a_blurred_picture_no_number_is_sure_and_the_blur_is_told(
    asked: Layout | Sequence[Layout], reader: Reader
) -> None:
    """Of a blurred $2,970.62 nothing but the cents was seen, and 62 passed as a number of its own."""
    layout = next(layout for layout in shipped_layouts() if layout.name == "cheque-us")
    cheque = fill_in(layout, None, np.random.default_rng(2)).picture
    blurred = cv2.GaussianBlur(cheque, (0, 0), 3.5).astype(np.uint8)
    page = read_page(Page(np.repeat(blurred[:, :, None], 3, axis=2), 1, None, ""), asked, reader)
    assert page.readings
    assert not any(reading.accepted for reading in page.readings)
    assert all(POOR in reading.checks for reading in page.readings)
    assert page.faults == (BLURRED,)


def test_a_good_picture_whose_numbers_are_sure_has_no_faults(reader: Reader, digit_image: Draw) -> None:
    page = read_page(Page(on_paper(digit_image("4071")), 1, None, ""), (), reader)
    assert [(reading.value, reading.accepted) for reading in page.readings] == [("4071", True)]
    assert page.faults == ()
