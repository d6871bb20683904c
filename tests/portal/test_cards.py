"""What a card shows is decided in Python; these are its decisions."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.models import User
from ml.reading.forms.layouts import Kind
from portal.cards import Badge, Card, row_template, shown_value, state_badge
from portal.entries import LETTERS_HINT, Echo
from portal.forms import CorrectionForm
from recognition.models import Decision, Document, FieldReading
from recognition.values import FORMS

Read = Callable[..., Document]
Verdict = Decision.Verdict


@pytest.fixture
def number(read: Read) -> FieldReading:
    """The only number of a document, in doubt."""
    read("351", sure=False)
    return FieldReading.objects.get()


def as_field(number: FieldReading, kind: Kind, value: str, **more: object) -> FieldReading:
    """The same row as a field of a kind."""
    facts = {"of_layout": True, "field": "the_field", "kind": kind.value, "value": value, "text": value} | more
    FieldReading.objects.filter(pk=number.pk).update(**facts)
    return FieldReading.objects.get(pk=number.pk)


def test_a_doubtful_number_asks_at_once(number: FieldReading) -> None:
    card = Card.of(number)
    assert (card.badge, card.style) == (Badge("▲", "Needs a look", "doubt"), "doubt")
    assert (card.summary, card.is_open) == ("", False)
    assert (card.entry.button, card.entry.value) == ("Confirm or correct", "351")
    assert card.was is None


def test_a_sure_number_keeps_its_form_closed(read: Read) -> None:
    read("351")
    card = Card.of(FieldReading.objects.get())
    assert card.badge == Badge("✓", "Sure", "sure")
    assert (card.summary, card.entry.button) == ("Correct it, or look digit by digit", "Correct")
    assert card.entry.candidates == ()


@pytest.mark.parametrize(
    ("value", "word", "verb"), [("351", "Confirmed", "confirmed"), ("352", "Corrected", "corrected")]
)
def test_a_decision_stands_before_what_was_read(
    number: FieldReading, alice: User, value: str, word: str, verb: str
) -> None:
    number.correct(value, by=alice)
    card = Card.of(FieldReading.objects.get())
    assert card.badge == Badge("✎", word, "decided")
    assert card.value is not None
    assert card.value.text == value
    assert card.was is not None
    assert card.was.value is not None
    assert (card.was.lead, card.was.value.text, card.was.verb) == ("Read as", "351", verb)
    assert card.written == ""


def test_what_a_person_cannot_read_has_no_value(number: FieldReading, alice: User) -> None:
    number.set_aside(Verdict.UNREADABLE, by=alice)
    card = Card.of(FieldReading.objects.get())
    assert card.value is not None
    assert (card.value.form, card.value.text) == ("none", "Unreadable")
    assert card.was is not None
    assert (card.was.verb, card.entry.button) == ("called unreadable", "Enter")


@pytest.mark.parametrize(
    ("kind", "value", "form", "echo", "inputmode", "hint"),
    [
        (Kind.AMOUNT, "12.50", "plain", "12.50 USD", "decimal", ""),
        (Kind.DATE, "2026-01-31", "day", "Saturday, 31 January 2026", "numeric", ""),
        (Kind.MICR, "⑆123⑆", "micr", "", "text", LETTERS_HINT),
        (Kind.DIGITS, "4711", "plain", "", "numeric", ""),
    ],
)
def test_each_kind_is_shown_and_typed_in_its_way(
    number: FieldReading, kind: Kind, value: str, form: str, echo: str, inputmode: str, hint: str
) -> None:
    card = Card.of(as_field(number, kind, value, currency="USD" if kind is Kind.AMOUNT else ""))
    assert card.value is not None
    assert (card.value.form, card.value.template) == (form, f"documents/values/{form}.html")
    assert (card.entry.echo, card.entry.inputmode, card.entry.hint) == (Echo(value, echo), inputmode, hint)
    assert card.entry.offers_verdicts


def test_micr_symbols_are_typed_as_letters(number: FieldReading) -> None:
    assert Card.of(as_field(number, Kind.MICR, "⑆12⑈")).entry.value == "A12C"


def test_what_is_only_shown_asks_for_no_value(number: FieldReading) -> None:
    card = Card.of(as_field(number, Kind.SHOW, ""))
    assert (card.badge, card.style, card.value) == (Badge("◉", "To look at"), "shown", None)
    assert not card.entry.asks_value
    assert card.summary == "Unreadable or absent?"


def test_marks_of_the_reader_are_written_as_people_write_them(number: FieldReading) -> None:
    assert Card.of(as_field(number, Kind.AMOUNT, "1234.50", text="¤1,234^50")).written == "1,234 50"


def test_a_refused_value_stays_with_its_reason(number: FieldReading) -> None:
    form = CorrectionForm({"value": "twelve"}, reading=number)
    assert not form.is_valid()
    card = Card.of(number, form)
    assert card.is_open
    assert (card.entry.value, card.entry.is_focused, card.entry.only_looks) == ("twelve", True, False)
    assert [str(error) for error in card.entry.errors] == [FORMS[Kind.DIGITS].sentence]


def test_nothing_read_is_told_so(number: FieldReading) -> None:
    assert shown_value(as_field(number, Kind.DIGITS, "")).text == "Nothing read"


@pytest.mark.parametrize(
    ("state", "badge", "template"),
    [
        (Document.State.QUEUED, Badge("○", "Waiting"), "documents/_row_waiting.html"),
        (Document.State.READING, Badge("◐", "Being read"), "documents/_row_waiting.html"),
        (Document.State.FAILED, Badge("✕", "Could not be read", "bad"), "documents/_row_failed.html"),
        (Document.State.READ, Badge("✓", "Read", "sure"), "documents/_row_read.html"),
    ],
)
def test_a_row_shows_its_documents_state(state: str, badge: Badge, template: str) -> None:
    document = Document(state=state)
    assert (state_badge(document), row_template(document)) == (badge, template)


@pytest.mark.parametrize(("count", "words"), [(1, "1 needs a look"), (3, "3 need a look")])
def test_a_row_counts_its_doubts(count: int, words: str) -> None:
    document = Document(state=Document.State.READ)
    document.doubt_count = count  # type: ignore[attr-defined]
    assert state_badge(document) == Badge("▲", words, "doubt")
