"""The digits of a decided value, and a 1 that may be a comma."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.elements import Box, Page
from ml.reading.fields.candidate_lines import CandidateLine
from ml.reading.fields.decide import _has_low_one, digits_of
from ml.reading.fields.interpret import FieldPosterior
from ml.reading.forms.signs import SIGNS
from ml.reading.ink.lines import FRAME, line_width
from ml.reading.ink.zones import Zone
from ml.reading.recognisers.transcribe import Transcript


def page_of(grey: NDArray[np.uint8]) -> Page:
    return Page(np.repeat(grey[:, :, None], 3, axis=2), 1, None, "")


def test_a_text_longer_than_our_network_saw_room_for_has_no_digits_of_ours() -> None:
    """It is the second reader's."""
    page = page_of(np.full((40, 200), 220, np.uint8))
    zone = Zone.of(page, Box(0, 0, 200, 40), 8.0)
    line = zone.line(Box(20, 5, 60, 35))
    frames = np.log(np.full((6, len(SIGNS) + 1), 1 / (len(SIGNS) + 1)))
    found = CandidateLine(line, Transcript.of(frames), FieldPosterior("", {}, {}))
    assert digits_of(found, "1111.00", zone.on_page) == ()
    assert [digit.digit for digit in digits_of(found, "12.34", zone.on_page)] == [1, 2, 3, 4]


@pytest.mark.parametrize(("foot", "low"), [(62, True), (48, False)])
def test_a_1_that_hangs_below_the_other_digits_may_be_a_comma(foot: int, low: bool) -> None:
    """A long comma read as a 1 made ten times the amount of 767,000."""
    sheet, text = np.full((90, 420), 235, np.uint8), "7671000"
    for place in range(len(text)):
        top, bottom = (32, foot) if text[place] == "1" else (18, 48)
        cv2.rectangle(sheet, (44 + 32 * place, top), (50 + 32 * place, bottom), 40, -1)
    zone = Zone.of(page_of(sheet), Box(0, 0, 420, 90), 8.0)
    line = zone.lines()[0]
    height, width = line.picture.shape[:2]
    network_sees = line_width(height, width)
    frames = np.full((network_sees // FRAME + 1, len(SIGNS) + 1), -20.0)
    frames[:, -1] = -0.01
    for place, sign in enumerate(text):
        at = 1 + int((47 + 32 * place - line.offset[0]) * network_sees / width / FRAME)
        frames[at] = -20.0
        frames[at, SIGNS.index(sign)] = -0.01
    assert _has_low_one(CandidateLine(line, Transcript.of(frames), FieldPosterior("", {}, {})), zone, text) is low
