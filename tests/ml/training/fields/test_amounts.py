"""Composed amounts: as the seed says, as the labels say."""

from __future__ import annotations

import numpy as np

from ml.reading.ink.lines import LINE_HEIGHT
from ml.training.fields.amounts import compose_amount, compose_lines
from ml.training.fields.digits import Writers


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
    assert set("".join(line.text for line in lines)) == set("0123456789")
    assert all(line.pixels.shape[0] == LINE_HEIGHT and line.pixels.dtype == np.uint8 for line in lines)
