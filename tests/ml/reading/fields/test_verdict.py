"""How sure a field is and whether it passes: by its figures, and an amount by its words as well."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from ml.reading.acceptance.evidence import AmountFeatures
from ml.reading.acceptance.model import AcceptanceModel, Curve
from ml.reading.elements import Agreement, Box, Words
from ml.reading.fields.legal_amount import Heard, Said
from ml.reading.fields.verdict import (
    CONTRADICTION,
    OTHER_AMOUNT,
    UNREAD_WORDS,
    Figures,
    amount_features,
    held_against_words,
    judge,
)
from ml.reading.operating_points import OperatingPoint
from ml.reading.reader import Reader
from ml.reading.words.amounts import AmountGrammar
from tests.fixtures_fields import field_of

CLEAR = Figures("520.00", 0.9999, (), (), height=40.0, contrast=0.6, grain=0.05)
DOUBTFUL = replace(CLEAR, confidence=0.4, doubts=("A 1 stands so low that it may be a comma.",))


@pytest.fixture(scope="module")
def reader() -> Reader:
    """Its model: figures and words count alike, and a margin of 8 nats is as good as any."""
    sides = zip(AmountFeatures.names(), AmountFeatures.more_is_better(), strict=True)
    level = {name: Curve(np.array([0.0, 1.0]), np.zeros(2), (-1e9, 1e9)) for name, _ in sides}
    level["figures"] = Curve(np.array([-2.0, 6.0]), np.array([-3.5, 0.0]), (-9.3, 9.3))
    level["margin"] = Curve(np.array([-8.0, 8.0]), np.array([-8.0, 0.0]), (-40.0, 40.0))
    points = (OperatingPoint(0.01, 0.985, 100, 60, 0, 0.05, 0),)
    shipped = Reader.shipped(with_second=False)
    model = AcceptanceModel(AmountFeatures, 8.0, tuple(level.values()), points)
    return replace(shipped, acceptance={**shipped.acceptance, "amount": model})


def said(*logs: tuple[str, float], is_alone: bool = True) -> Said:
    """Words that explain amounts so well, on a line whose silence has the logarithm -40."""
    grammar = AmountGrammar.of("en")
    heard = Heard((grammar.look(np.zeros((4, 39))),), np.ones(1), grammar, {}, {}, -40.0, Box(0, 0, 9, 9), is_alone)
    return Said(heard, tuple(Decimal(value) for value, _ in logs), np.array([log for _, log in logs]))


def test_without_a_model_words_that_agree_make_nothing_surer(reader: Reader) -> None:
    without = replace(reader, acceptance={})
    words = said(("520.00", -4.0), ("920.00", -24.0))
    unsure = judge(DOUBTFUL, words, has_words=True, reader=without)
    assert (unsure.accepted, unsure.confidence) == (False, DOUBTFUL.confidence)
    assert judge(CLEAR, words, has_words=True, reader=without).accepted
    other = said(("520.00", -24.0), ("920.00", -4.0))
    assert not judge(CLEAR, other, has_words=True, reader=without).accepted


def test_words_that_agree_let_doubtful_figures_pass(reader: Reader) -> None:
    assert not judge(DOUBTFUL, None, has_words=False, reader=reader).accepted
    verdict = judge(DOUBTFUL, said(("520.00", -4.0), ("920.00", -24.0)), has_words=True, reader=reader)
    assert (verdict.accepted, verdict.checks) == (True, ())
    assert verdict.words is not None
    assert verdict.words.agreement is Agreement.AGREES


def test_words_that_say_another_amount_stop_clear_figures(reader: Reader) -> None:
    assert judge(CLEAR, None, has_words=False, reader=reader).accepted
    verdict = judge(CLEAR, said(("520.00", -24.0), ("920.00", -4.0)), has_words=True, reader=reader)
    assert not verdict.accepted
    assert verdict.checks[0] == CONTRADICTION.format(figures="520.00", words="920.00")
    hesitant = judge(CLEAR, said(("520.00", -9.0), ("920.00", -4.0)), has_words=True, reader=reader)
    assert (hesitant.accepted, hesitant.checks) == (False, (OTHER_AMOUNT,))


def test_words_that_nobody_could_read_speak_neither_for_nor_against(reader: Reader) -> None:
    beyond = said(("520.00", -math.inf), ("920.00", -4.0))
    another_line = said(("520.00", -24.0), ("920.00", -4.0), is_alone=False)
    for unread in (None, said(("520.00", -30.0), ("920.00", -28.0)), another_line, beyond):
        features = amount_features(CLEAR, unread)
        assert (features.margin, features.cents, features.explained) == (0.0, 0.0, 0.0)
    assert judge(CLEAR, None, has_words=True, reader=reader).checks == (UNREAD_WORDS,)


@pytest.mark.parametrize("is_alone", [False, True])
def test_the_clearest_figures_do_not_pass_where_the_words_do_not_say_the_same(is_alone: bool, reader: Reader) -> None:
    lenient = replace(reader, error_rate=0.05)
    for words in (None, said(("520.00", -4.5), ("920.00", -4.0), is_alone=is_alone)):
        assert not judge(CLEAR, words, has_words=True, reader=lenient).accepted
    agreeing = judge(
        CLEAR, said(("520.00", -4.0), ("920.00", -20.0), is_alone=is_alone), has_words=True, reader=lenient
    )
    assert agreeing.accepted is is_alone


def test_words_alone_let_nothing_pass(reader: Reader) -> None:
    unlikely = replace(CLEAR, confidence=0.09)
    assert not judge(unlikely, said(("520.00", -2.0), ("920.00", -39.0)), has_words=True, reader=reader).accepted
    likely = replace(CLEAR, confidence=0.11)
    assert judge(likely, said(("520.00", -2.0), ("920.00", -39.0)), has_words=True, reader=reader).accepted


def test_other_cents_do_not_hide_what_the_words_say_before_them(reader: Reader) -> None:
    features = amount_features(CLEAR, said(("520.00", -12.0), ("520.60", -4.0), ("920.00", -24.0)))
    assert (features.margin, features.cents) == (20.0, -8.0)


@pytest.mark.parametrize(
    ("value", "agreement", "passes"),
    [("520.00", "agrees", True), ("920.00", "contradicts", False), ("920.00", "unsure", False)],
)
def test_a_sum_that_holds_lets_no_amount_pass_whose_words_do_not_say_the_same(
    value: str, agreement: str, passes: bool
) -> None:
    words = Words("", value, 0.9, Agreement(agreement), Box(0, 0, 9, 9))
    decided = field_of("amount", "amount", "520.00", words=words, checks=("contradicted",))
    confirmed = replace(decided, accepted=True, checks=())
    assert held_against_words(decided, confirmed).accepted is passes
    assert bool(held_against_words(decided, confirmed).checks) is not passes


@pytest.mark.parametrize(("value", "agreement", "passes"), [("920.00", "agrees", True), ("570.00", "unsure", False)])
def test_a_value_that_a_sum_changed_is_held_against_the_words_again(value: str, agreement: str, passes: bool) -> None:
    words = Words("", "920.00", 0.9, Agreement.CONTRADICTS, Box(0, 0, 9, 9))
    decided = field_of("amount", "amount", "520.00", words=words)
    held = held_against_words(decided, replace(decided, value=value, accepted=True))
    assert held.words is not None
    assert (held.words.agreement, held.accepted) == (Agreement(agreement), passes)


def test_a_doubt_is_told_before_what_the_words_lack(reader: Reader) -> None:
    verdict = judge(DOUBTFUL, None, has_words=True, reader=reader)
    assert (verdict.accepted, verdict.checks) == (False, DOUBTFUL.doubts)
