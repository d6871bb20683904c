"""What each recogniser is shown of a line, and the posterior that comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.elements import Box, Hypothesis, Place
from ml.reading.fields.candidate_lines import CandidateLine
from ml.reading.fields.interpret import FieldPosterior
from ml.reading.fields.recognise import _digits_picture, _discounted_digits, _with_marks, recogniser_posteriors
from ml.reading.forms.layouts import Kind, LayoutField
from ml.reading.forms.money import Convention
from ml.reading.forms.signs import SIGNS
from ml.reading.ink.lines import FRAME, LINE_HEIGHT
from ml.reading.ink.zones import ZoneLine
from ml.reading.reader import Reader, SecondReaderStage
from ml.reading.recognisers.second_reader import SecondReader
from ml.reading.recognisers.transcribe import Transcript

WHERE = Place(0, 0, 1, 1)
RUPEES = LayoutField("amount", Kind.AMOUNT, WHERE, convention=Convention("INR", ".", cents_always=False))
DOLLARS = LayoutField("amount", Kind.AMOUNT, WHERE, convention=Convention("USD", ".", cents_always=True))
EUROS = LayoutField("amount", Kind.AMOUNT, WHERE, convention=Convention("EUR", ",", cents_always=True))
DATE = LayoutField("date", Kind.DATE, WHERE, order="mdy")
CODE = LayoutField("postal_code", Kind.POSTAL_CODE, WHERE, length=(5, 5))
BOXES = LayoutField("date", Kind.DATE, WHERE, order="mdy", boxed=True, length=(8, 8))


@pytest.mark.parametrize(
    ("odd", "other", "field"),
    [("67092022", "07092022", DATE), ("2150", "21150", CODE), ("0852", "9852", DOLLARS)],
)
def test_of_digits_alone_those_that_mean_nothing_in_a_field_lose_to_the_others(
    odd: str, other: str, field: LayoutField
) -> None:
    chances = _discounted_digits([Hypothesis(odd, 0.7), Hypothesis(other, 0.2)], field, set())
    assert chances[other] > 5 * chances[odd] > 0
    assert sum(chances.values()) == pytest.approx(0.9)


@pytest.mark.parametrize("ways", [{"1611216"}, {"1611216", "161216"}])
def test_strokes_taken_for_1s_are_not_odd_where_another_reader_sees_the_strokes(ways: set[str]) -> None:
    chances = _discounted_digits([Hypothesis("1611216", 0.6), Hypothesis("161126", 0.4)], DATE, ways)
    assert chances["1611216"] > 0.9


def test_where_nothing_means_anything_all_stays_as_it_was() -> None:
    assert _discounted_digits([Hypothesis("67", 0.7)], DATE, set()) == {"67": pytest.approx(0.7)}
    assert _discounted_digits([], DATE, set()) == {}


def _line_of(text: str) -> CandidateLine:
    """A line as the network sees it that reads a sign in every second frame; each column tells where it is."""
    frames = np.full((2 * len(text) + 1, len(SIGNS) + 1), -20.0)
    frames[:, -1] = -0.01
    for place, sign in enumerate(text):
        frames[2 * place + 1] = -20.0
        frames[2 * place + 1, SIGNS.index(sign)] = -0.01
    width = 2 * len(text) * FRAME
    columns = np.broadcast_to(np.arange(width, dtype=np.uint8)[None, :, None], (LINE_HEIGHT, width, 3))
    line = ZoneLine(Box(0, 0, width, LINE_HEIGHT), columns, (0, 0), float(LINE_HEIGHT))
    return CandidateLine(line, Transcript.of(frames), FieldPosterior("", {}, {}))


def _shown(text: str) -> tuple[int, int, int]:
    """The first column of a line that the readers of digits are shown, the last, and how many there are."""
    found = _line_of(text)
    columns = _digits_picture(found, text)[0, :, 0]
    return int(columns[0]), int(columns[-1]), found.line.picture.shape[1]


@pytest.mark.parametrize("closing", ["", "/-", "*", "-", "/"])
def test_the_readers_of_digits_see_what_was_read_as_a_closing_sign(closing: str) -> None:
    _, last, width = _shown(f"852{closing}")
    assert last == width - 1


@pytest.mark.parametrize("opening", ["-", "/", "--", "¤-"])
def test_they_see_what_was_read_as_a_stroke_before_a_number(opening: str) -> None:
    """A 7 was taken for a dash, and 71,50,000 passed as 1,50,000."""
    first, _, _ = _shown(f"{opening}1,50,000/-")
    stroke = 2 * FRAME * (len(opening) - len(opening.lstrip("¤")))
    assert first <= stroke + FRAME


@pytest.mark.parametrize("text", ["**852", "x852", "-¤852"])
def test_what_is_no_digit_and_the_currencys_sign_are_cut_off_before_a_number(text: str) -> None:
    first, _, _ = _shown(text)
    assert first >= 2 * FRAME * text.index("8") - FRAME


@pytest.mark.parametrize("text", ["¤852/-x", "¤852xx", "¤852¤12x"])
def test_they_see_neither_the_sign_before_a_number_nor_the_word_behind_it(text: str) -> None:
    first, last, width = _shown(text)
    sign, word = (2 * FRAME * place for place in (1, len(text) - 1))
    assert 0 < first <= sign
    assert last < word < width


def _says(chances: dict[str, float], of: LayoutField = DOLLARS) -> FieldPosterior:
    """A posterior of these texts, each with its probability."""
    return FieldPosterior.of([Hypothesis(text, chance) for text, chance in chances.items()], of)


def test_a_second_reader_that_saw_no_mark_agrees_with_the_amount_that_has_its_digits() -> None:
    ours = _says({"4,471.93": 0.6, "44,719.3": 0.1, "44719.30": 0.1})
    theirs = _with_marks(_says({"447193": 0.8, "441193": 0.2}), ours)
    assert theirs.best == "4471.93"
    assert theirs.probabilities == {"4471.93": pytest.approx(0.8), "441193.00": pytest.approx(0.2)}
    assert set(theirs.texts) == set(theirs.probabilities)


def test_and_so_does_one_that_saw_the_thousands_mark_alone() -> None:
    ours = _says({"¤6.584,95": 0.6, "¤65.849,5": 0.1}, EUROS)
    assert _with_marks(_says({"¤6.58495": 1.0}, EUROS), ours).best == "6584.95"
    assert _with_marks(_says({"¤65.8495": 1.0}, EUROS), ours).best == "65849.50"


@pytest.mark.parametrize(
    ("text", "of", "best"),
    [
        ("44719,3", DOLLARS, "44719.30"),  # it saw a mark, in another place
        ("447.193", DOLLARS, "447193.00"),
        ("447193/-", DOLLARS, "447193.00"),  # and here that there are no cents
        ("447193", RUPEES, "447193.00"),  # where whole amounts are usual, so is this
        ("4471.93", DOLLARS, "4471.93"),
    ],
)
def test_what_it_saw_of_marks_is_not_put_aside(text: str, of: LayoutField, best: str) -> None:
    assert _with_marks(_says({text: 1.0}, of), _says({"4,471.93": 0.9}, of)).best == best


@dataclass
class _Recording:
    """A second reader that keeps what it is shown."""

    shown: list[NDArray[np.uint8]] = field(default_factory=list)

    def transcribe(self, pictures: Sequence[NDArray[np.uint8]], count: int) -> list[Transcript]:
        return [_line_of("01022026").transcript for _ in pictures]

    def transcribe_fields(self, pictures: Sequence[NDArray[np.uint8]], count: int) -> list[Transcript]:
        self.shown += pictures
        return [_line_of("852.00").transcript for _ in pictures]


@pytest.mark.parametrize("text", ["852.00", "¤852.00", "x¤852.00"])
def test_the_second_reader_is_also_shown_a_line_without_what_stands_before_its_digits(text: str) -> None:
    line = _line_of(text)
    found = replace(line, posterior=_says({text: 1.0}))
    second = _Recording()
    reader = Reader.shipped()
    posterior = SecondReaderStage(cast(SecondReader, second), reader.field_decision_rule, 0.0)
    *_, theirs = recogniser_posteriors(found, DOLLARS, replace(reader, second=posterior), _says({"852.00": 1.0}))
    assert theirs.best == "852.00"
    whole, *others = second.shown
    assert whole.shape[1] == line.line.picture.shape[1]
    before = text.index("8")
    assert [int(one[0, 0, 0]) > 2 * FRAME * (before - 1) for one in others] == [True] * (before > 0)


def test_in_boxes_the_second_reader_is_asked_for_digits_alone() -> None:
    """It saw letters in them, and then its reading counted as none."""
    found = replace(_line_of("01022026"), posterior=FieldPosterior.of([Hypothesis("01022026", 1.0)], BOXES))
    reader = Reader.shipped()
    posterior = SecondReaderStage(cast(SecondReader, _Recording()), reader.field_decision_rule, 0.0)
    *_, theirs = recogniser_posteriors(found, BOXES, replace(reader, second=posterior), found.posterior)
    assert theirs.best == "2026-01-02"
