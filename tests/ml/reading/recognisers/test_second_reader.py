"""The second reader: an open recogniser's frames, decoded over the digits alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.forms.layouts import ONE_NUMBER
from ml.reading.forms.signs import WORD_SIGNS
from ml.reading.operating_points import (
    NEVER,
    second_reader_is_installed,
    shipped_card,
    shipped_operating_points,
    threshold_of,
)
from ml.reading.read import read_scan
from ml.reading.reader import Reader
from ml.reading.recognisers.ctc import BLANK
from ml.reading.recognisers.second_reader import SecondReader, _classes
from tests.fixtures_words import paper_with

Pixels = NDArray[np.uint8]
Draw = Callable[..., Pixels]
Encode = Callable[..., bytes]


@pytest.fixture(scope="module")
def second() -> SecondReader:
    reader = SecondReader.load()
    assert reader is not None, "the extra second-reader is part of the shipped set-up"
    return reader


@pytest.mark.parametrize("value", ["351", "4071", "86", "7", "29563"])
def test_it_reads_numbers(second: SecondReader, digit_image: Draw, value: str) -> None:
    (transcript,) = second.transcribe([digit_image(value)])
    assert transcript.text == value
    assert 0 < transcript.probability <= 1


def test_signs_that_hands_write_like_a_digit_count_as_it_and_all_others_as_nothing() -> None:
    classes = _classes(["3", "/", "S", "中", "-"])
    assert classes.tolist() == [BLANK, 3, 1, 5, BLANK, BLANK, BLANK]


def test_frames_are_probabilities_of_ten_digits_and_nothing(second: SecondReader, digit_image: Draw) -> None:
    (transcript,) = second.transcribe([digit_image("52")])
    assert transcript.frames.shape[1] == BLANK + 1
    assert np.allclose(np.exp(transcript.frames).sum(axis=1), 1)


def test_paper_alone_is_no_number(second: SecondReader) -> None:
    (transcript,) = second.transcribe([np.full((60, 200, 3), 240, np.uint8)])
    assert transcript.text == ""


def test_it_reads_words(second: SecondReader) -> None:
    (frames,) = second.letters([paper_with("Five crores ten lakhs")[40:110, 130:600]])
    assert frames.shape[1] == len(WORD_SIGNS) + 1
    assert np.exp(frames).sum(axis=1) == pytest.approx(1)
    shown = [int(frame.argmax()) for frame in frames]
    letters = [one for one, before in zip(shown, [-1, *shown[:-1]], strict=True) if one != before]
    assert "".join(WORD_SIGNS[one] for one in letters if one < len(WORD_SIGNS)) == "fivecrorestenlakhs"


def test_very_long_and_very_low_pictures_are_read_too(second: SecondReader) -> None:
    assert len(second.transcribe([np.full((8, 900, 3), 240, np.uint8), np.full((700, 3, 3), 240, np.uint8)])) == 2


def test_it_is_asked_about_what_our_networks_are_not_sure_of(digit_image: Draw, as_file: Encode) -> None:
    reader = Reader.shipped()
    assert reader.second is not None
    asked: list[int] = []

    class Counting(SecondReader):
        def transcribe(self, pictures):  # type: ignore[no-untyped-def]
            asked.append(len(pictures))
            return SecondReader.transcribe(self, pictures)

    own = reader.second.reader
    counting = Counting(own.sha256, own._session, own._classes, own._signs, own._letters)
    data = as_file(digit_image("4071"))
    for asked_below, count in ((0.0, 0), (2.0, 1)):
        list(
            read_scan(
                data,
                ONE_NUMBER,
                replace(reader, second=replace(reader.second, reader=counting, asked_below=asked_below)),
            )
        )
        assert asked[-1] == count


def test_without_it_the_reader_reads_and_says_so(
    digit_image: Draw, as_file: Encode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ml.reading.recognisers.second_reader.second_reader_is_installed", lambda: False)
    reader = Reader.shipped()
    assert reader.second is None
    assert reader.decision_rule is reader.rule_alone
    (page,) = read_scan(as_file(digit_image("4071")), ONE_NUMBER, reader)
    assert [reading.value for reading in page.readings] == ["4071"]
    assert reader.sha256 == Reader.shipped(with_second=False).sha256


def test_another_second_reader_than_the_calibrated_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    card = shipped_card()
    card["second"]["sha256"] = "0" * 64
    monkeypatch.setattr("ml.reading.reader.shipped_card", lambda: card)
    with pytest.raises(ValueError, match="calibrated with"):
        Reader.shipped()


def test_the_extra_is_installed_where_the_tests_run() -> None:
    assert second_reader_is_installed()


PLACES = ["strip", "field", "box", "cell", "page"]


def test_amounts_with_their_words_are_a_place_only_where_words_are_read() -> None:
    assert list(shipped_operating_points(with_second=False)) == PLACES
    assert sorted(shipped_operating_points(with_second=True)) == sorted([*PLACES, "amount"])


@pytest.mark.parametrize(
    ("with_second", "place"),
    [*((False, place) for place in PLACES), *((True, place) for place in (*PLACES, "amount"))],
)
def test_a_lower_error_rate_never_lets_more_pass(place: str, with_second: bool) -> None:
    offers = shipped_operating_points(with_second=with_second)[place]
    assert [offer.error_rate for offer in offers] == sorted(offer.error_rate for offer in offers)
    thresholds = [offer.threshold for offer in offers]
    assert thresholds == sorted(thresholds, reverse=True)
    for offer in offers:
        assert offer.proved == (offer.bound <= offer.error_rate) or offer.threshold >= 1 or not offer.proved


def test_below_the_least_rate_offered_nothing_passes() -> None:
    offers = shipped_operating_points(with_second=False)["strip"]
    assert threshold_of(offers, offers[0].error_rate / 2) == NEVER
    assert threshold_of(offers, 0.01) == next(offer.threshold for offer in offers if offer.error_rate == 0.01)
    assert threshold_of(offers, 0.015) == threshold_of(offers, 0.01)


def test_an_operator_who_lives_with_fewer_errors_is_asked_more_often(digit_image: Draw, as_file: Encode) -> None:
    reader = Reader.shipped()
    rng = np.random.default_rng(4)
    pictures = []
    for _ in range(12):
        drawn = digit_image("".join(map(str, rng.integers(0, 10, 4))), 40)
        grain = rng.normal(0, 30, drawn.shape)
        pictures.append(
            as_file(cv2.GaussianBlur(np.clip(drawn * 0.8 + 25 + grain, 0, 255).astype(np.uint8), (0, 0), 1.2))
        )
    passed = [
        sum(
            reading.accepted
            for data in pictures
            for page in read_scan(data, ONE_NUMBER, reader.at(rate))
            for reading in page.readings
        )
        for rate in (1e-6, 0.001, 0.05)
    ]
    assert passed == sorted(passed)
    assert passed[0] == 0
    assert passed[2] > 0
