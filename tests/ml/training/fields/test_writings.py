"""Composed fields: as the seed says, and worth what their signs say."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from numpy.random import Generator

from ml.reading.forms.dates import date_of
from ml.reading.forms.money import MARKS_ODD, Convention, money_of
from ml.reading.forms.signs import CURRENCY, LETTERS, SIGNS, STAR
from ml.reading.ink.lines import FRAME, LINE_HEIGHT
from ml.reading.recognisers.ctc import spans
from ml.training.fields.boxes import fill_boxes
from ml.training.fields.courtesy import write_amount
from ml.training.fields.dates import write_date
from ml.training.fields.digits import Writers
from ml.training.fields.lines import Line
from ml.training.fields.pen import Pen
from ml.training.fields.writings import MOST_SIGNS, Writing, _has_room, _write_number, compose_writing, compose_writings

CONVENTIONS = [Convention("INR", ".", cents_always=False), Convention("EUR", ",", cents_always=True)]


@pytest.fixture(scope="module")
def writings(writers: Writers) -> list[Writing]:
    rng = np.random.default_rng(1)
    return [compose_writing(writers, rng) for _ in range(300)]


def written(write: Callable[[Pen, Generator], str], count: int, writers: Writers) -> list[tuple[str, Pen]]:
    """What a way to write leaves, and the pen that wrote it."""
    rng = np.random.default_rng(2)
    pens = [Pen.random(MOST_SIGNS, writers, rng) for _ in range(count)]
    return [(write(pen, rng), pen) for pen in pens]


def test_the_same_seed_composes_the_same_writings(writers: Writers) -> None:
    one, other = (compose_writing(writers, np.random.default_rng(5)) for _ in range(2))
    assert one.text == other.text
    np.testing.assert_array_equal(one.image, other.image)
    assert compose_writing(writers, np.random.default_rng(6)).image.shape != one.image.shape


def test_writings_are_grey_pictures_of_signs(writings: list[Writing]) -> None:
    for writing in writings:
        assert writing.image.dtype == np.uint8
        assert writing.image.ndim == 2
        assert writing.text
        assert set(writing.text) <= set(SIGNS)


def test_all_signs_are_composed(writings: list[Writing]) -> None:
    assert set("".join(writing.text for writing in writings)) == set(SIGNS)


def test_each_line_has_frames_enough_for_its_signs(writers: Writers) -> None:
    lines = compose_writings(writers, 40, np.random.default_rng(3))
    assert len(lines) == 40
    for line in lines:
        assert line.pixels.shape[0] == LINE_HEIGHT
        even = np.full((line.pixels.shape[1] // FRAME, len(SIGNS) + 1), -3.0)
        assert len(spans(even, line.text)) == len(line.text)  # raises where there are too few


@pytest.mark.parametrize(
    ("text", "fits"), [("123", True), ("1234", False), ("11", True), ("111", False), ("1-", True), ("12--", False)]
)
def test_four_frames_are_room_for_three_signs_or_two_that_are_the_same(text: str, fits: bool) -> None:
    assert _has_room(Line(np.zeros((LINE_HEIGHT, 4 * FRAME), np.uint8), text)) == fits


@pytest.mark.parametrize("write", [write_amount, write_date])
def test_nothing_written_runs_off_the_sheet(write: Callable[[Pen, Generator], str], writers: Writers) -> None:
    for text, pen in written(write, 80, writers):
        for layer in (pen.ink, pen.printed):
            assert not any(edge.any() for edge in (layer[0], layer[-1], layer[:, 0], layer[:, -1])), text


@pytest.mark.parametrize("convention", CONVENTIONS, ids=["rupees", "euros"])
def test_an_amount_is_worth_its_digits_and_its_marks_end_groups(convention: Convention, writers: Writers) -> None:
    for text, _ in written(write_amount, 200, writers):
        figures = text.strip(CURRENCY + LETTERS)  # these are not for `money_of`
        money = money_of(figures, convention)
        assert money is not None, text
        assert MARKS_ODD not in money.doubts, text
        digits = int(re.sub("[^0-9]", "", re.sub("/100[-/*]*$", "", figures)))
        assert int(100 * money.value) in (digits, 100 * digits), text


def test_what_opens_and_closes_an_amount_stands_at_its_ends(writers: Writers) -> None:
    for text, _ in written(write_amount, 200, writers):
        assert re.fullmatch(rf"({CURRENCY}|-|\{STAR}+)?[0-9][0-9.,^]*(/100|-)?(/-?|-|\{STAR}+|{LETTERS})?", text), text


def test_dates_have_three_groups_with_one_sign_between_or_their_month_in_letters(writers: Writers) -> None:
    days, figures, labelled = [], [], 0
    for whole, pen in written(write_date, 200, writers):
        text = whole.removeprefix(LETTERS) if pen.printed.any() else whole
        labelled += text != whole
        if re.fullmatch(rf"{LETTERS}\d{{3,6}}|{LETTERS}\d\d?,\d+|\d\d?,?{LETTERS}\d+|\d{{4,8}}", text):
            continue
        assert re.fullmatch(r"\d+([-/.])\d+\1\d+", text), text
        figures.append(text)
        days += [text] if any(date_of(text, order) for order in ("dmy", "mdy", "ymd")) else []
    assert len(days) > 0.9 * len(figures) > 90  # a few name the 31st of a short month
    assert 20 < labelled < 60  # "Date" is printed before them


def test_a_point_is_seen_beside_the_digits_around_it(writers: Writers) -> None:
    """What a digit's foot covers nobody could read; commas are long enough to show."""
    for seed in range(60):
        pen = Pen.random(3, writers, np.random.default_rng(seed))
        rng = np.random.default_rng(seed)
        pen.write("4", rng)
        without = pen.ink.copy()
        pen.mark(".", rng)
        mark = (pen.ink > 128) & (without <= 128)
        before = pen.ink.copy()
        pen.ink[:] = 0
        pen.write("7", rng)
        covered = mark & ((without > 128) | (pen.ink > 128))
        assert mark.any(), seed
        assert covered.sum() < 0.3 * mark.sum(), seed
        assert before.max() > 200


def test_numbers_are_digits_or_postal_codes(writers: Writers) -> None:
    texts = [text for text, _ in written(_write_number, 120, writers)]
    assert all(re.fullmatch(rf"{LETTERS}?[0-9]+(-[0-9]+)?", text) for text in texts)
    assert any(text.startswith(LETTERS) for text in texts)
    assert any("-" in text for text in texts)


def test_some_amounts_have_the_edge_of_their_box_before_them(writers: Writers) -> None:
    bare = [pen for text, pen in written(write_amount, 300, writers) if text[0].isdigit()]
    edged = [pen for pen in bare if pen.printed.any()]
    assert 0 < len(edged) < 0.3 * len(bare)


def test_boxes_hold_digits_alone_and_are_printed_apart_from_them(writers: Writers) -> None:
    dates = 0
    for seed in range(60):
        pen, text = fill_boxes(writers, np.random.default_rng(seed))
        assert re.fullmatch("[0-9]{4,10}", text)
        assert pen.ink.any()
        assert pen.printed.any()
        dates += len(text) == 8 and date_of(text, "dmy") is not None
    assert dates >= 10


@pytest.mark.parametrize("sign", [".", ",", "'", "/", "-", STAR, LETTERS, "7"])
def test_each_sign_leaves_ink_and_moves_the_pen_on(sign: str, writers: Writers) -> None:
    ways: dict[str, Callable[[Pen, Generator], str]] = {
        "/": lambda pen, rng: pen.slash(rng),
        "-": lambda pen, rng: pen.dash(rng, 0.2, 1.0),
        STAR: lambda pen, rng: pen.stars(rng)[0],
        LETTERS: lambda pen, rng: pen.word(rng),
        "7": lambda pen, rng: pen.write("7", rng),
    }
    for seed in range(20):
        rng = np.random.default_rng(seed)
        pen = Pen.random(1, writers, rng)
        start = pen.at
        named = ways.get(sign, lambda pen, rng: pen.mark(sign, rng))(pen, rng)
        assert named == ("," if sign == "'" else sign)
        assert pen.ink.max() > 200
        assert pen.at > start
