"""Amounts in words, read from frames that were made from a text."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from ml.reading.words.alphabet import BLANK
from ml.reading.words.amounts import AmountGrammar
from ml.reading.words.constants import NOISE

EN, INDIA = AmountGrammar.of("en"), AmountGrammar.of("en-india")

VALUES = ["0.01", "1", "12", "15", "40", "99", "100", "233.45", "999", "1001", "5420.50", "17018", "90000"]
VALUES_OF = {
    "en": [*VALUES, "100000", "123456.78", "1000000", "999000111"],
    "en-india": [*VALUES, "100000", "168900", "1100000", "27500000", "51000000", "1100000000"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in VALUES_OF.items() for value in values])
def test_what_is_spelt_is_read(name, value, frames_of):
    grammar = AmountGrammar.of(name)
    text = grammar.usual(Decimal(value))
    best, *others = grammar.look(frames_of(text)).n_best(3)
    assert (best.value, best.text) == (Decimal(value), text)
    assert all(other.log < best.log for other in others)


@pytest.mark.parametrize("name", ["en", "en-india"])
def test_other_ways_of_writing_are_read(name, frames_of):
    grammar, rng = AmountGrammar.of(name), np.random.default_rng(1)
    for value in map(Decimal, VALUES_OF[name]):
        text = grammar.another(value, rng)
        assert grammar.look(frames_of(text)).n_best(1)[0].value == value, text


@pytest.mark.parametrize(
    ("grammar", "text", "value"),
    [
        (EN, "eleven hundred", "1100"),
        (EN, "ninety nine hundred and 50/100", "9900.50"),
        (EN, "fourty two thousand and tweuty", "42020"),
        (EN, "two hundred and no/100 dollars", "200"),
        (EN, "six hundred and xx/100", "600"),
        (EN, "six hundred and no cents", "600"),
        (EN, "thirty-three dollars", "33"),
        (EN, "two hundred and 50 only", "250"),
        (EN, "twenty dollars and forty cents", "20.40"),
        (EN, "ten point twenty five", "10.25"),
        (INDIA, "rupees five cores ten laichs only", "51000000"),
        (INDIA, "rupees one lalch sixty eigut thowsand nine hundred", "168900"),
        (INDIA, "one crore twenly fime laths", "12500000"),
        (INDIA, "four grone twenty lakhs", "42000000"),
        (INDIA, "fourly two cakh fourty thousand", "4240000"),
        (INDIA, "hundred ten crores", "1100000000"),
        (INDIA, "5 lakh 20 thousand", "520000"),
        (INDIA, "rs five hundred and paise fifty only", "500.50"),
        (INDIA, "55 lakh", "5500000"),
        (INDIA, "vqpzz five thousand --- kzz", "5000"),
    ],
)
def test_what_people_and_recognisers_write_is_read(grammar, text, value, frames_of):
    assert grammar.look(frames_of(text)).n_best(1)[0].value == Decimal(value)


def test_a_wrong_candidate_is_less_likely(frames_of):
    frames = frames_of("fourty two lakh fourty thousand only")
    right, *wrong = INDIA.look(frames).log_likelihoods([Decimal(v) for v in ("4240000", "42140000", "4250000", "424")])
    assert all(right - 3 > other for other in wrong)


def test_both_ways_to_ask_are_on_one_scale(frames_of):
    frames = frames_of("five hundred and 25/100", sure=0.6)
    found = EN.look(frames).n_best(5)
    logs = EN.look(frames).log_likelihoods([each.value for each in found])
    assert logs == pytest.approx([each.log for each in found], abs=1e-3)


def test_two_words_that_fit_alike_are_nearly_as_likely(frames_of):
    frames = frames_of("fifty   only", doubt="fifteen only")
    fifty, fifteen, forty = EN.look(frames).log_likelihoods([Decimal(50), Decimal(15), Decimal(40)])
    assert abs(fifty - fifteen) < 2
    assert fifty - forty > 10


def test_of_a_line_that_says_nothing_no_amount_is_sure(frames_of):
    for text in ("", "vvkq", "qzzkwjxq vvqjk", "---"):
        frames = frames_of(f"{text} ")
        logs = EN.look(frames).log_likelihoods([Decimal(v) for v in ("233.45", "7", "6520000", "800")])
        nothing = EN.look(frames).log_nothing
        assert all(log < nothing + 2 for log in logs)
        assert logs.max() - logs.min() <= NOISE.cut + 2


def test_of_a_line_whose_beginning_is_hidden_the_rest_counts_and_not_more(frames_of):
    frames = frames_of("twenty thousand only")
    whole, hidden, other = INDIA.look(frames).log_likelihoods([Decimal(v) for v in ("20000", "6520000", "6530000")])
    assert whole - hidden <= NOISE.cut + 1
    assert hidden > other


def test_a_text_has_only_the_words_that_were_read(frames_of):
    assert INDIA.look(frames_of("rupees one lakh only")).n_best(1)[0].text == "one lakh"


def test_an_amount_that_cannot_be_written_is_impossible(frames_of):
    logs = EN.look(frames_of("one")).log_likelihoods([Decimal(v) for v in ("-1", "0", "0.005", "1e12", "1")])
    assert logs[:4].tolist() == [-np.inf] * 4
    assert np.isfinite(logs[4])


def test_a_line_without_frames_says_nothing():
    nothing = np.empty((0, BLANK + 1))
    assert EN.look(nothing).n_best(3) == []
    assert EN.look(nothing).log_nothing == 0
    assert EN.look(nothing).log_likelihoods([Decimal(1)])[0] < 0
    assert EN.look(nothing).log_likelihoods([]).shape == (0,)


def test_frames_over_other_signs_are_refused():
    with pytest.raises(ValueError, match="38 signs"):
        EN.look(np.zeros((5, 11))).n_best(1)


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="en-india"):
        AmountGrammar.of("tlh")


def test_an_amount_that_cannot_be_spelt_is_refused():
    for value in ("0", "0.001", "1e12"):
        with pytest.raises(ValueError, match=r"amount|written"):
            EN.usual(Decimal(value))


def test_the_order_of_amounts_changes_nothing(frames_of):
    look, values = INDIA.look(frames_of("five lakh")), [Decimal("500000"), Decimal("5"), Decimal("0.01"), Decimal("5")]
    logs = look.log_likelihoods(values)
    assert np.array_equal(look.log_likelihoods(values[::-1])[::-1], logs)
    assert logs.argmax() == 0
