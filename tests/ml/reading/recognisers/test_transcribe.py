"""Whole strings, read by the network that ships."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.ink.constants import LINES
from ml.reading.ink.lines import LINE_HEIGHT, as_line
from ml.reading.reader import SHIPPED_STRINGS, Reader
from ml.reading.recognisers.ctc import log_probabilities
from ml.reading.recognisers.transcribe import Transcriber

Draw = Callable[..., NDArray[np.uint8]]


@pytest.fixture(scope="module")
def transcriber() -> Transcriber:
    return Transcriber.load(SHIPPED_STRINGS)


@pytest.fixture(scope="module")
def line_of(digit_image: Draw) -> Callable[[str], NDArray[np.uint8]]:
    """A drawn number as a grey strip with little room around it."""

    def draw(text: str) -> NDArray[np.uint8]:
        grey = cv2.cvtColor(digit_image(text), cv2.COLOR_RGB2GRAY)
        rows, columns = np.nonzero(grey.min(axis=1) < 128)[0], np.nonzero(grey.min(axis=0) < 128)[0]
        cut = grey[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        return np.asarray(cv2.copyMakeBorder(cut, 8, 8, 8, 8, cv2.BORDER_CONSTANT, value=255), np.uint8)

    return draw


@pytest.mark.parametrize("text", ["351", "4071", "60972", "8"])
def test_reads_drawn_numbers_with_a_place_and_rivals_for_each_digit(
    transcriber: Transcriber, line_of: Callable[[str], NDArray[np.uint8]], text: str
) -> None:
    line = as_line(line_of(text))
    (transcript,) = transcriber.transcribe([line])
    assert transcript.text == text
    assert 0.5 < transcript.probability <= 1
    assert np.exp(transcript.log_probabilities([text])) == pytest.approx(transcript.probability)
    assert transcript.chances(text).argmax(axis=1).tolist() == [int(digit) for digit in text]
    spans = transcript.spans(text)
    starts = [first for first, _ in spans]
    assert starts == sorted(starts)
    assert all(-4 <= first < last <= line.shape[1] + 8 for first, last in spans)


def test_lines_read_together_are_read_as_each_alone(
    transcriber: Transcriber, line_of: Callable[[str], NDArray[np.uint8]]
) -> None:
    lines = [as_line(line_of(text)) for text in ("351", "60972", "8", "4071")]
    alone = [transcriber.transcribe([line])[0] for line in lines]
    together = transcriber.transcribe(lines)
    assert [one.text for one in together] == [one.text for one in alone]


def test_what_was_counted_once_is_what_would_be_counted_again(
    transcriber: Transcriber, line_of: Callable[[str], NDArray[np.uint8]]
) -> None:
    (found,) = transcriber.transcribe([as_line(line_of("4071"))])
    values = [*(one.text for one in found.hypotheses), "4077", "12"]
    np.testing.assert_allclose(
        found.log_probabilities(values), log_probabilities(found.frames, values), rtol=1e-9, atol=1e-9
    )


def test_paper_alone_holds_no_digits(transcriber: Transcriber) -> None:
    (transcript,) = transcriber.transcribe([np.zeros((LINE_HEIGHT, 96), np.float32)])
    assert transcript.text == ""
    assert transcript.spans("") == []


def test_light_on_dark_is_the_same_line(line_of: Callable[[str], NDArray[np.uint8]]) -> None:
    grey = line_of("351")
    np.testing.assert_allclose(as_line(255 - grey), as_line(grey), atol=1e-5)


@pytest.mark.parametrize(("height", "width"), [(5, 4), (400, 20), (20, 4000)])
def test_strips_of_any_shape_become_lines(height: int, width: int) -> None:
    line = as_line(np.full((height, width), 200, np.uint8))
    assert line.dtype == np.float32
    assert line.shape[0] == LINE_HEIGHT
    assert LINES.narrowest <= line.shape[1] <= LINES.widest
    assert np.abs(line).max() == 0


def test_a_network_that_its_card_does_not_describe_is_refused(tmp_path: Path) -> None:
    network = tmp_path / "strings.tflite"
    network.write_bytes(SHIPPED_STRINGS.read_bytes())
    network.with_suffix(".json").write_text(json.dumps({"sha256": "0" * 64}))
    with pytest.raises(ValueError, match="not the network its card describes"):
        Transcriber.load(network)


def test_a_calibration_of_other_networks_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    card = {"networks": {"digits.tflite": "0", "strings.tflite": "1"}}
    monkeypatch.setattr("ml.reading.reader.shipped_card", lambda: card)
    with pytest.raises(ValueError, match="made for other networks"):
        Reader.shipped()
