"""Composed amounts: as the seed says, as the labels say."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ml.reading.ink.lines import LINE_HEIGHT, as_line
from ml.training.datasets import Digits, together
from ml.training.fields.amounts import Line, Writers, compose_amount, compose_lines
from ml.training.synthesis.hands import Hand
from ml.training.synthesis.paper import scanned, some_paper
from ml.training.synthesis.shapes import SHAPES


@pytest.fixture(scope="module")
def writers(digits: Digits) -> Writers:
    return Writers(digits)


def test_the_same_seed_composes_the_same_amounts(writers: Writers) -> None:
    one, other = (compose_amount(writers, np.random.default_rng(5)) for _ in range(2))
    assert one.digits == other.digits
    np.testing.assert_array_equal(one.image, other.image)
    assert compose_amount(writers, np.random.default_rng(6)).image.shape != one.image.shape


def test_each_digit_has_a_box_in_the_picture_from_left_to_right(writers: Writers) -> None:
    rng = np.random.default_rng(1)
    for _ in range(100):
        amount = compose_amount(writers, rng)
        height, width = amount.image.shape
        assert amount.image.dtype == np.uint8
        assert 1 <= len(amount.digits) <= 8
        assert amount.digits.isdigit()
        assert amount.boxes.shape == (len(amount.digits), 4)
        assert (amount.boxes[:, :2] < amount.boxes[:, 2:]).all()
        assert (amount.boxes >= 0).all()
        assert (amount.boxes <= (width + 1, height + 1) * 2).all()
        assert (np.diff(amount.boxes[:, 0]) >= 0).all()


def test_ink_is_darker_than_its_paper(writers: Writers) -> None:
    rng = np.random.default_rng(2)
    darker = 0
    for _ in range(60):
        amount = compose_amount(writers, rng)
        left, top, right, bottom = amount.boxes[0]
        darker += np.percentile(amount.image[top:bottom, left:right], 5) < np.median(amount.image) - 10
    assert darker >= 55


def test_all_digits_are_composed(writers: Writers) -> None:
    lines = compose_lines(writers, 120, np.random.default_rng(3))
    assert set("".join(line.digits for line in lines)) == set("0123456789")
    assert all(line.pixels.shape[0] == LINE_HEIGHT and line.pixels.dtype == np.uint8 for line in lines)


def test_a_packed_line_is_what_the_reader_sees(writers: Writers) -> None:
    amount = compose_amount(writers, np.random.default_rng(4))
    np.testing.assert_allclose(Line.of(amount.image, amount.digits).unpacked(), as_line(amount.image), atol=1.7 / 255)


@pytest.mark.parametrize("digit", range(10))
def test_every_shape_of_a_hand_is_written_within_its_size(digit: int) -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        ink = Hand.some(rng, pen=0.08).write(digit, 44, rng)
        assert ink.dtype == np.float32
        assert 0.8 <= ink.max() <= 1
        assert 30 <= ink.shape[0] <= 75
        assert 2 <= ink.shape[1] <= 120


def test_who_writes_the_one_with_an_upstroke_crosses_the_seven() -> None:
    sevens = {shape.strokes: len(shape.strokes) for shape in SHAPES[7]}
    for seed in range(60):
        hand = Hand.some(np.random.default_rng(seed), pen=0.08)
        if hand.upstroke:
            assert len(hand.shapes[7].strokes) in {count for count in sevens.values() if count > 1}
            assert hand.shapes[1].strokes[0][0][1] > 0.2  # begins well below its top


@pytest.mark.parametrize("count", [2, 3, 5])
def test_noughts_in_one_stroke_hang_together_and_stand_side_by_side(count: int) -> None:
    for seed in range(30):
        rng = np.random.default_rng(seed)
        ink, ends = Hand.some(rng, pen=0.08).write_noughts(count, 40, rng)
        marks, _ = cv2.connectedComponents((ink > 0.2).astype(np.uint8))
        assert marks == 2  # the paper and one mark
        assert len(ends) == count
        assert (np.diff(ends.mean(axis=1)) > 0).all()
        assert ends.min() >= 0
        assert ends.max() <= ink.shape[1]


def test_paper_is_paper(digits: Digits) -> None:
    rng = np.random.default_rng(0)
    for _ in range(40):
        paper = some_paper(56, 180, 44, rng)
        assert paper.shape == (56, 180)
        assert np.isfinite(paper).all()
        assert scanned(paper, rng).dtype == np.uint8


def test_sets_of_digits_become_one(digits: Digits) -> None:
    both = together(digits, digits)
    assert len(both.labels) == 2 * len(digits.labels) == len(both.pixels)
