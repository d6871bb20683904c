"""The amount in words beside the amount in figures, on their document's page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from ml.reading.elements import Agreement, Box, LayoutUsed, Words
from recognition.models import Decision
from tests.fixtures_cards import Cheque, address, card_of, page_of
from tests.fixtures_fields import CONTRADICTED, field_of
from tests.fixtures_html import HTMX, plain


def test_an_amount_that_its_words_contradict_shows_and_offers_both(owner: Client, read_cheque: Cheque) -> None:
    words = field_of("amount_in_words", "show", row=2)
    fields = read_cheque(CONTRADICTED, words, layout=LayoutUsed("cheque-india", 2, 0.9))
    card = plain(card_of(page_of(owner, fields), fields["amount"]))
    assert "“forty two lakh forty thousand”, 42,40,000.00 INR ▲ Contradicts the figures" in card
    assert "the figures seem to say 4,21,40,000.00, and the words 42,40,000.00." in card
    offered = re.findall('name="fill" value="([0-9.]+)"', card_of(page_of(owner, fields), fields["amount"]))
    assert offered[:2] == ["42140000.00", "4240000.00"]


def test_where_the_words_govern_their_amount_stands_in_the_field_and_nothing_passes(
    owner: Client, read_cheque: Cheque, settings: Any
) -> None:
    settings.WORDS_GOVERN = True
    words = field_of("amount_in_words", "show", row=2)
    fields = read_cheque(CONTRADICTED, words, layout=LayoutUsed("cheque-india", 2, 0.9))
    card = card_of(page_of(owner, fields), fields["amount"])
    assert 'value="42,40,000.00"' in card
    assert "Here the words govern" in plain(card)
    assert re.findall('name="fill" value="([0-9.]+)"', card)[:2] == ["42140000.00", "4240000.00"]
    assert 'value="4240000.00" formnovalidate aria-pressed="true"' in card
    sent = {"value": "", "fill": "42140000.00"}
    filled = owner.post(address("reading-correct", fields["amount"]), sent, headers=HTMX).content.decode()
    assert 'value="4,21,40,000.00"' in filled
    assert "Here the words govern" not in filled
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("value", "told"), [("4240000.00", "✓ Agrees with the figures"), ("5.00", "◆ Says another amount")]
)
def test_what_a_person_says_is_held_against_the_words(
    value: str, told: str, owner: Client, read_cheque: Cheque, alice: User
) -> None:
    words = field_of("amount_in_words", "show", row=2)
    fields = read_cheque(CONTRADICTED, words, layout=LayoutUsed("cheque-india", 2, 0.9))
    fields["amount"].correct(value, by=alice)
    assert told in plain(card_of(page_of(owner, fields), fields["amount"]))


def test_words_that_are_not_clear_contradict_no_person(owner: Client, read_cheque: Cheque, alice: User) -> None:
    words = Words("six lacs", "600000.00", 0.3, Agreement.UNSURE, Box(20, 90, 300, 120))
    amount = field_of("amount", "amount", "6520000.00", currency="INR", words=words)
    fields = read_cheque(amount, field_of("amount_in_words", "show", row=2))
    fields["amount"].correct("6520000.00", by=alice)
    card = plain(card_of(page_of(owner, fields), fields["amount"]))
    assert "○ Not clear" in card
    assert "Says another amount" not in card


@pytest.mark.parametrize(
    ("agreement", "told"), [(Agreement.AGREES, "✓ Agrees with the figures"), (Agreement.UNSURE, "○ Not clear")]
)
def test_words_beside_an_amount_that_passes_are_told(
    agreement: Agreement, told: str, owner: Client, read_cheque: Cheque
) -> None:
    words = Words("two hundred", "200.00", 0.9, agreement, Box(20, 90, 300, 120))
    amount = field_of("amount", "amount", "200.00", sure=True, currency="USD", words=words)
    fields = read_cheque(amount, field_of("amount_in_words", "show", row=2))
    card = plain(card_of(page_of(owner, fields), fields["amount"]))
    assert "“two hundred”, 200.00 USD" in card
    assert told in card
