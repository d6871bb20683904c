"""What an amount in words says of the amount in figures: on a zone, and on a whole cheque."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from ml.reading.elements import Agreement, Box, Page, Reading, Words
from ml.reading.fields.candidate_lines import CandidateLine
from ml.reading.fields.interpret import FieldPosterior
from ml.reading.fields.legal_amount import hear
from ml.reading.fields.verdict import CONTRADICTION
from ml.reading.forms.layout_json import shipped_layouts
from ml.reading.forms.layouts import LANGUAGES
from ml.reading.forms.signs import SIGNS
from ml.reading.read import read_page
from ml.reading.reader import Reader
from ml.reading.recognisers.transcribe import Transcript
from ml.reading.words.amounts import AmountGrammar
from ml.reading.words.languages import shipped_languages
from ml.training.sheets.filled import fill_in
from tests.fixtures_words import paper_with, patterned, words_on
from tests.fixtures_zones import page_with, zone_of

LAYOUTS = {layout.name: layout for layout in shipped_layouts()}
FILLED = fill_in(LAYOUTS["cheque-us"], None, np.random.default_rng(5))
TEXT = "Five crores ten lakhs only"


@pytest.fixture(scope="module")
def reader() -> Reader:
    reader = Reader.shipped()
    if reader.second is None:
        pytest.skip("the second reader is not installed")
    return reader


def words_in(picture: np.ndarray, figures: str, reader: Reader, language: str = "en-india") -> Words | None:
    """What the words of a picture say beside figures, a decimal or empty."""
    zone = zone_of(page_with((picture, 0, 0), size=picture.shape[:2]))
    said = hear(zone, None, language, reader).about([figures] if figures else [])
    return None if said is None else said.words(figures)


@pytest.mark.parametrize("is_patterned", [False, True])
def test_words_agree_with_the_same_figures(is_patterned: bool, reader: Reader) -> None:
    picture = paper_with(TEXT)
    words = words_in(patterned(picture) if is_patterned else picture, "51000000.00", reader)
    assert words is not None
    assert (words.text, words.value) == ("five crores ten lakhs", "51000000.00")
    # Pieces of a pattern may look like words of another line.
    assert words.agreement in ((Agreement.AGREES, Agreement.UNSURE) if is_patterned else (Agreement.AGREES,))
    assert 0.5 < words.confidence <= 1
    assert words.box.left < 170 < 600 < words.box.right


@pytest.mark.parametrize("figures", ["5100000.00", "51000100.00", "21000000.00"])
def test_words_contradict_other_figures(figures: str, reader: Reader) -> None:
    words = words_in(paper_with(TEXT), figures, reader)
    assert words is not None
    assert (words.value, words.agreement) == ("51000000.00", Agreement.CONTRADICTS)


def test_cents_that_the_words_leave_out_contradict_nothing(reader: Reader) -> None:
    picture = paper_with("Nine hundred and forty seven")
    for figures, agreement in (("947.00", "agrees"), ("947.72", "unsure"), ("347.72", "contradicts")):
        words = words_in(picture, figures, reader, "en")
        assert words is not None
        assert (words.value, words.agreement.value) == ("947.00", agreement)


def test_words_are_told_where_no_figures_were_read(reader: Reader) -> None:
    words = words_in(paper_with(TEXT), "", reader)
    assert words is not None
    assert (words.value, words.agreement) == ("51000000.00", Agreement.UNSURE)


@pytest.mark.parametrize(("figures", "agreement"), [("520400.00", "agrees"), ("520000.00", "contradicts")])
def test_words_that_go_on_in_a_second_line_are_one_amount(figures: str, agreement: str, reader: Reader) -> None:
    picture = paper_with("Five lakh twenty thousand", height=260)
    words_on(picture, "four hundred only", 150, 150)
    words = words_in(picture, figures, reader)
    assert words is not None
    assert (words.value, words.agreement.value) == ("520400.00", agreement)
    assert words.box.bottom > 190, "a person sees both lines"


def test_a_second_line_that_is_no_part_of_the_amount_leaves_it_unsure(reader: Reader) -> None:
    picture = paper_with("Five lakh twenty thousand", height=260)
    words_on(picture, "Dinesh Kumar Venkatesh", 150, 150)
    words = words_in(picture, "520000.00", reader)
    assert words is not None
    assert (words.value, words.agreement) == ("520000.00", Agreement.UNSURE)
    assert words.box.bottom > 190, "a person sees both lines"


def test_figures_beyond_the_grammar_are_not_contradicted_and_nothing_is(reader: Reader) -> None:
    picture = paper_with("Two billion dollars")
    assert words_in(picture, "2000000000.00", reader, "en") is None
    words = words_in(paper_with(TEXT), "0.00", reader)
    assert words is not None
    assert words.agreement is Agreement.CONTRADICTS


@pytest.mark.parametrize(
    ("likely", "chosen"),
    [
        ([("19.00", 0.6), ("51000000.00", 0.9)], 1),  # what stands first was a part of another line
        ([("51000000.00", 0.3), ("51000000.00", 0.9)], 0),
        ([("19.00", 0.6), ("51000001.00", 0.9)], 0),
        ([("19.00", 0.9), ("51000000.00", 0.8)], 0),  # a clear line that says another amount contradicts the words
    ],
)
def test_of_several_lines_the_one_is_the_amount_that_the_words_say(
    likely: list[tuple[str, float]], chosen: int, reader: Reader
) -> None:
    picture = paper_with(TEXT)
    zone = zone_of(page_with((picture, 0, 0), size=picture.shape[:2]))
    frames = Transcript.of(np.zeros((1, len(SIGNS) + 1)))
    lines = [
        CandidateLine(zone.line(Box(10, 10, 60, 40)), frames, FieldPosterior(value, {value: sure}, {}))
        for value, sure in likely
    ]
    assert hear(zone, None, "en-india", reader).line_among(lines) is lines[chosen]


def test_a_line_without_an_amount_says_nothing_or_nothing_sure(reader: Reader) -> None:
    words = words_in(paper_with("Dinesh Kumar Venkatesh"), "51000000.00", reader)
    assert words is None or words.agreement is Agreement.UNSURE
    assert words_in(paper_with(""), "51000000.00", reader) is None


def test_words_choose_among_what_the_figures_may_be_and_no_further(reader: Reader) -> None:
    picture = paper_with(TEXT)
    heard = hear(zone_of(page_with((picture, 0, 0), size=picture.shape[:2])), None, "en-india", reader)
    values = ["", "51000000.00", "57000000.00"]
    said = heard.about(values[1:])
    assert said is not None
    joined = said.joined(values, np.array([0.05, 0.15, 0.8]))
    assert joined.argmax() == 1
    assert joined.sum() == pytest.approx(1)
    assert said.joined(values, np.array([0.05, 1e-6, 0.95])).argmax() == 2, "clear figures are not overruled"
    assert said.margin_of("51000000.00") > 0 > said.margin_of("57000000.00")


def test_every_language_of_layouts_has_its_table() -> None:
    assert sorted(LANGUAGES) == sorted(shipped_languages())


def blank_cheque() -> np.ndarray:
    """A drawn cheque without words; its figures are always the same."""
    return np.repeat(FILLED.picture[:, :, None], 3, axis=2)


def write_words(pixels: np.ndarray, words: str, place: float) -> tuple[float, float]:
    """Write words into their zone, so far from its top, in its heights; returns the zone's top and height in pixels."""
    height, width = pixels.shape[:2]
    zone = next(field.place for field in FILLED.layout.fields if field.words_of)
    top, high = zone.top * height, (zone.bottom - zone.top) * height
    words_on(pixels, words, round(0.1 * width), round(top + place * high), round(0.35 * high))
    return top, high


def fields_of(pixels: np.ndarray, reader: Reader) -> dict[str, Reading]:
    """All fields of a cheque, by their names."""
    return {field.field: field for field in read_page(Page(pixels, 1, None, ""), shipped_layouts(), reader).fields}


def cheque(words: str, reader: Reader, place: float = 0.15) -> dict[str, Reading]:
    """The fields of a drawn cheque on which these words stand, so far from the top of their zone."""
    pixels = blank_cheque()
    write_words(pixels, words, place)
    return fields_of(pixels, reader)


def test_a_cheque_tells_what_its_words_say(reader: Reader) -> None:
    value = Decimal(FILLED.values["amount"])
    fields = cheque(AmountGrammar.of("en").usual(value).capitalize(), reader)
    read = fields["amount"]
    assert read.words is not None
    assert (read.value, read.words.value, read.words.agreement) == (str(value), str(value), Agreement.AGREES)
    assert fields["amount_in_words"].box == read.words.box


@pytest.mark.parametrize("high", [-0.12, 0.15])
def test_words_that_the_edge_of_their_zone_cuts_are_read(high: float, reader: Reader) -> None:
    value = Decimal(FILLED.values["amount"])
    read = cheque(AmountGrammar.of("en").usual(value).capitalize(), reader, high)["amount"]
    assert read.words is not None
    assert read.words.agreement is Agreement.AGREES


def test_a_payee_that_the_edge_cuts_is_no_part_of_a_short_amount(reader: Reader) -> None:
    pixels = blank_cheque()
    top, high = write_words(pixels, "Ten thousand only", 0.3)
    words_on(pixels, "Bartholomew Featherstone Haughton", round(0.1 * pixels.shape[1]), round(top - 0.15 * high), 44)
    read = fields_of(pixels, reader)["amount"]
    assert read.words is not None
    assert read.words.value == "10000.00"


def test_an_amount_that_its_words_contradict_does_not_pass(reader: Reader) -> None:
    read = cheque("Nine thousand seven hundred and sixty five and 12/100", reader)["amount"]
    assert read.words is not None
    assert (read.words.value, read.words.agreement) == ("9765.12", Agreement.CONTRADICTS)
    assert not read.accepted
    assert read.checks[0] == CONTRADICTION.format(figures=read.value, words="9765.12")


def test_without_a_second_reader_our_own_network_reads_the_words(reader: Reader) -> None:
    alone = replace(reader, second=None, acceptance={})
    read = cheque("Nine thousand seven hundred and sixty five and 12/100", alone)["amount"]
    assert read.words is not None
    assert (read.words.value, read.words.agreement) == ("9765.12", Agreement.CONTRADICTS)
    assert not read.accepted


def test_where_nobody_reads_words_figures_stand_alone(reader: Reader) -> None:
    nobody = replace(reader, second=None, words=None)
    read = cheque("Nine thousand seven hundred and sixty five and 12/100", nobody)["amount"]
    assert (read.words, read.value) == (None, FILLED.values["amount"])


@pytest.mark.parametrize(
    ("missing", "weights"),
    [((), [0.325, 0.325, 0.175, 0.175]), (("second",), [0.5, 0.5]), (("words",), [0.5, 0.5])],
)
def test_each_recogniser_that_is_there_counts_for_its_share(
    missing: tuple[str, ...], weights: list[float], reader: Reader
) -> None:
    some = replace(reader, **dict.fromkeys(missing))
    picture = paper_with(TEXT)
    heard = hear(zone_of(page_with((picture, 0, 0), size=picture.shape[:2])), None, "en-india", some)
    assert heard.weights.tolist() == pytest.approx(weights)
    said = heard.about([])
    assert said is not None
    assert said.best == Decimal(51000000)
