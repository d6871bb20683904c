"""What others than the network of fields say of its lines."""

import numpy as np
import pytest

from ml.reading.elements import Box
from ml.reading.layouts import Kind, LayoutField, Place
from ml.reading.lines import FRAME, LINE_HEIGHT
from ml.reading.meanings import Opinion
from ml.reading.money import Convention
from ml.reading.opinions import Found, _figures, as_stroked, to_digits_alone
from ml.reading.signs import SIGNS
from ml.reading.transcribe import Transcript
from ml.reading.zones import ZoneLine

WHERE = Place(0, 0, 1, 1)
RUPEES = LayoutField("amount", Kind.AMOUNT, WHERE, convention=Convention("INR", ".", cents_always=False))
DOLLARS = LayoutField("amount", Kind.AMOUNT, WHERE, convention=Convention("USD", ".", cents_always=True))
DATE = LayoutField("date", Kind.DATE, WHERE, order="mdy")
BOXES = LayoutField("date", Kind.DATE, WHERE, order="mdy", boxed=True, length=(8, 8))


@pytest.mark.parametrize(
    ("text", "field", "meant"),
    [
        ("¤2,60,0001-", RUPEES, "¤2,60,000/-"),
        ("¤2,60,001", RUPEES, "¤2,60,001"),
        ("¤12.001-", DOLLARS, "¤12.001-"),
        ("x03101/2021", DATE, "03/01/2021"),
        ("x03101/202/", DATE, "03/01/2021"),
        ("0311012021", DATE, "03/10/2021"),  # of several ways one: others read it too
        ("11/13/19", DATE, "11/13/19"),
        ("03101/2021", BOXES, "03101/2021"),
        ("4711", DATE, "4711"),
    ],
)
def test_a_1_where_only_a_stroke_makes_sense_may_be_one(text: str, field: LayoutField, meant: str) -> None:
    assert as_stroked(text, field) == meant


@pytest.mark.parametrize(
    ("text", "field", "ways"),
    [
        ("¤3,60,000/-", RUPEES, {"360000", "3600001"}),
        ("¤3,60,000/", RUPEES, {"360000", "3600001"}),
        ("¤3,60,000-", RUPEES, {"360000"}),
        ("¤852/-", DOLLARS, {"852"}),
    ],
)
def test_a_closing_stroke_may_be_a_1_to_who_knows_digits_alone(text: str, field: LayoutField, ways: set[str]) -> None:
    assert to_digits_alone(text, field) == ways


def _line_of(text: str) -> Found:
    """A line as the network sees it that reads a sign in every second frame; each column tells where it is."""
    frames = np.full((2 * len(text) + 1, len(SIGNS) + 1), -20.0)
    frames[:, -1] = -0.01
    for place, sign in enumerate(text):
        frames[2 * place + 1] = -20.0
        frames[2 * place + 1, SIGNS.index(sign)] = -0.01
    width = 2 * len(text) * FRAME
    columns = np.broadcast_to(np.arange(width, dtype=np.uint8)[None, :, None], (LINE_HEIGHT, width, 3))
    line = ZoneLine(Box(0, 0, width, LINE_HEIGHT), columns, (0, 0), float(LINE_HEIGHT))
    return Found(line, Transcript.of(frames), Opinion("", {}, {}))


def _shown(text: str) -> tuple[int, int, int]:
    """The first column of a line that the readers of digits are shown, the last, and how many there are."""
    found = _line_of(text)
    columns = _figures(found, text)[0, :, 0]
    return int(columns[0]), int(columns[-1]), found.line.picture.shape[1]


@pytest.mark.parametrize("closing", ["", "/-", "*", "-", "/"])
def test_the_readers_of_digits_see_what_was_read_as_a_closing_sign(closing: str) -> None:
    _, last, width = _shown(f"852{closing}")
    assert last == width - 1


@pytest.mark.parametrize("text", ["¤852/-x", "¤852xx", "¤852¤12x"])
def test_they_see_neither_the_sign_before_a_number_nor_the_word_behind_it(text: str) -> None:
    first, last, width = _shown(text)
    sign, word = (2 * FRAME * place for place in (1, len(text) - 1))
    assert 0 < first <= sign
    assert last < word < width
