"""Connectionist temporal classification, against counting every path by hand."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.reading.forms.signs import SIGNS
from ml.reading.recognisers.ctc import BLANK, digit_chances, log_probabilities, log_softmax, n_best, spans


def some_chances(seed: int, frames: int, symbols: tuple[int, ...] = (1, 3, BLANK)) -> np.ndarray:
    """Frames in which only a few symbols are likely, so that every path can be counted."""
    scores = np.full((frames, BLANK + 1), -60, np.float32)
    scores[:, symbols] = np.random.default_rng(seed).normal(0, 1.5, (frames, len(symbols)))
    return log_softmax(scores)


def written(path: tuple[int, ...]) -> str:
    """What a path spells: repeats once, blanks not at all."""
    kept = [symbol for place, symbol in enumerate(path) if place == 0 or path[place - 1] != symbol]
    return "".join(str(symbol) for symbol in kept if symbol != BLANK)


def counted(chances: np.ndarray) -> dict[str, float]:
    """The probability of each reading, by going through every path."""
    sums: dict[str, float] = {}
    for path in product((1, 3, BLANK), repeat=len(chances)):
        chance = float(np.exp(sum(frame[symbol] for frame, symbol in zip(chances, path, strict=True))))
        sums[written(path)] = sums.get(written(path), 0) + chance
    return sums


@given(seed=st.integers(0, 10_000), frames=st.integers(1, 6))
def test_a_readings_probability_is_the_sum_over_its_paths(seed: int, frames: int) -> None:
    chances = some_chances(seed, frames)
    sums = counted(chances)
    found = np.exp(log_probabilities(chances, list(sums)))
    assert found == pytest.approx(list(sums.values()), abs=1e-9)


@given(seed=st.integers(0, 10_000))
def test_the_best_reading_is_found_with_its_probability(seed: int) -> None:
    chances = some_chances(seed, 6)
    sums = counted(chances)
    best = n_best(chances)[0]
    assert best.probability == pytest.approx(max(sums.values()))
    assert sums[best.text] == pytest.approx(best.probability)


def test_hypotheses_come_best_first_and_each_once() -> None:
    found = n_best(some_chances(4, 6), count=4)
    assert [one.probability for one in found] == sorted((one.probability for one in found), reverse=True)
    assert len({one.text for one in found}) == len(found) > 1


def test_a_reading_longer_than_its_line_is_impossible() -> None:
    chances = some_chances(1, 2)
    assert log_probabilities(chances, ["131"])[0] == -np.inf
    assert log_probabilities(chances, ["11"])[0] == -np.inf  # a repeat needs a blank between
    with pytest.raises(ValueError, match="too few"):
        spans(chances, "11")


def spelled(text: str) -> np.ndarray:
    """Frames that say `text`, a symbol a frame, "-" for the blank, nearly surely."""
    scores = np.zeros((len(text), BLANK + 1), np.float32)
    for frame, symbol in enumerate(text):
        scores[frame, BLANK if symbol == "-" else int(symbol)] = 12
    return log_softmax(scores)


def test_each_digit_has_its_frames() -> None:
    assert spans(spelled("-33--3-11"), "331") == [(1, 3), (5, 6), (7, 9)]


def test_the_empty_line_reads_as_nothing() -> None:
    chances = spelled("----")
    assert n_best(chances)[0].text == ""
    assert spans(chances, "") == []


def test_a_digits_rivals_are_weighed_with_the_others_held_fast() -> None:
    scores = np.zeros((5, BLANK + 1), np.float32)
    scores[[0, 2, 4], BLANK] = 12
    scores[1, 3] = 12
    scores[3, 5], scores[3, 6] = 11.0, 10.0
    chances = digit_chances(log_softmax(scores), "35")
    assert chances.sum(axis=1) == pytest.approx([1, 1])
    assert chances[0].argmax() == 3
    assert chances[1, 5] / chances[1, 6] == pytest.approx(np.e, rel=1e-3)
    assert chances[1, BLANK] < 0.01


def test_frames_that_are_surely_blank_change_nothing() -> None:
    few, blank = spelled("351"), np.full((1, BLANK + 1), -30.0)
    blank[0, BLANK] = 0.0
    many = np.concatenate([np.repeat(blank, 40, axis=0), few, np.repeat(blank, 40, axis=0)])
    readings = ["351", "35", "361"]
    between = np.concatenate([blank, few, blank])
    np.testing.assert_allclose(log_probabilities(many, readings), log_probabilities(between, readings), atol=1e-6)
    assert n_best(many)[0].text == "351"


def test_a_long_reading_of_a_blank_line_is_unlikely_but_not_impossible() -> None:
    blank = np.full((20, BLANK + 1), -14.0)
    blank[:, BLANK] = np.log(1 - 10 * np.exp(-14.0))
    (log,) = log_probabilities(blank, ["351"])
    assert -60 < log < -30


def spelled_with_signs(text: str) -> np.ndarray:
    """As `spelled`, from a network that knows every sign; "_" for the blank, its last class."""
    scores = np.zeros((len(text), len(SIGNS) + 1), np.float32)
    for frame, symbol in enumerate(text):
        scores[frame, len(SIGNS) if symbol == "_" else SIGNS.index(symbol)] = 12
    return log_softmax(scores)


@pytest.mark.parametrize(
    ("frames", "reading"),
    [("_11,,_2_", "1,2"), ("1.5", "1.5"), ("¤_5_00_0//-", "¤500/-"), ("**_*7^_50", "**7^50"), ("xx_", "x")],
)
def test_a_network_of_signs_is_read_with_its_last_class_as_the_blank(frames: str, reading: str) -> None:
    chances = spelled_with_signs(frames)
    assert n_best(chances)[0].text == reading
    assert log_probabilities(chances, [reading])[0] == pytest.approx(0, abs=0.01)


def test_each_sign_has_its_frames() -> None:
    assert spans(spelled_with_signs("_11,,_2_"), "1,2") == [(1, 3), (3, 5), (6, 7)]


@pytest.mark.filterwarnings("error")
def test_a_text_too_long_for_its_line_says_nothing_about_its_digits() -> None:
    chances = digit_chances(log_softmax(np.zeros((3, BLANK + 1), np.float32)), "1234567")
    assert chances == pytest.approx(np.full((7, BLANK + 1), 1 / (BLANK + 1)))
