"""Fields of a layout: kept in its order, decided on by people, and who has to be asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import User
from ml.reading.elements import PageReading
from recognition.models import Decision, Document, FieldReading, InvalidState
from tests.fixtures_fields import CHECK, CHEQUE, field_of

Cheque = Callable[..., dict[str, FieldReading]]
Verdict = Decision.Verdict


def test_fields_are_kept_in_the_layouts_order_and_numbers_after_them(read_cheque: Cheque) -> None:
    read_cheque(numbers=(field_of("number", "digits", "351", row=9),))
    kept = list(FieldReading.objects.values_list("position", "field", "of_layout"))
    assert kept == [
        *((place, field.field, True) for place, field in enumerate(CHEQUE, start=1)),
        (len(CHEQUE) + 1, "number", False),
    ]


def test_a_page_keeps_its_layout_and_its_faults(read_cheque: Cheque) -> None:
    page = read_cheque(faults=("The picture is blurred.",))["amount"].page
    assert page.layout_used == {"name": "cheque-us", "version": 1, "fit": 0.94}
    assert page.layout_title == "US personal cheque"
    assert page.faults == ["The picture is blurred."]


def test_a_page_without_a_layout_has_none(upload: Callable[..., Document], cheque_page: Callable[..., Any]) -> None:
    document = Document.claim(upload().pk)
    assert document is not None
    document.record([(cheque_page(field_of("x", "digits", "1"), layout=None), b"a picture")])
    page = document.pages.get()
    assert (page.layout_used, page.layout_title, page.faults) == (None, "", [])


def test_a_field_keeps_its_kind_its_currency_and_may_have_no_value(read_cheque: Cheque) -> None:
    fields = read_cheque()
    amount, words = fields["amount"], fields["amount_in_words"]
    assert (amount.kind, amount.value, amount.currency) == ("amount", "1234.50", "USD")
    assert (words.kind, words.value, words.text, words.currency) == ("show", "", "", "")
    assert fields["routing_number"].checks == [CHECK]


def test_only_what_is_in_doubt_asks_for_a_person(read_cheque: Cheque) -> None:
    fields = read_cheque()
    asking = {name for name, field in fields.items() if field.needs_person}
    assert asking == {"routing_number", "postal_code"}
    assert {field.field for field in FieldReading.in_doubt()} == asking


def test_a_date_in_letters_asks_for_a_person(read_cheque: Cheque) -> None:
    date = read_cheque(field_of("date", "date", text="x20,2019"))["date"]
    assert date.needs_person
    assert list(FieldReading.in_doubt()) == [date]


def test_names_are_words(read_cheque: Cheque) -> None:
    fields = read_cheque(*CHEQUE, numbers=(field_of("number", "digits", "351", row=9),))
    assert fields["cheque_number"].label == "Cheque number"
    assert fields["micr_line"].label == "MICR line"
    assert fields["number"].label == "Number 10"


def test_an_amount_has_its_words_beside_it(read_cheque: Cheque) -> None:
    fields = read_cheque()
    assert fields["amount"].in_words == fields["amount_in_words"]
    assert fields["date"].in_words is None
    assert read_cheque(CHEQUE[0])["amount"].in_words is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("amount", "99.00"), ("date", "2026-02-01"), ("cheque_number", "1026"), ("micr_line", "⑆1⑆"), ("account", "5")],
)
def test_a_correction_is_of_the_fields_kind(name: str, value: str, read_cheque: Cheque, alice: User) -> None:
    field = read_cheque()[name]
    with pytest.raises(ValidationError):
        field.correct("x", by=alice)
    field.correct(value, by=alice)
    assert (field.current_value, field.needs_person) == (value, False)
    assert field.decision is not None
    assert field.decision.verdict == Verdict.VALUE


def test_what_is_only_shown_takes_no_value(read_cheque: Cheque, alice: User) -> None:
    with pytest.raises(ValidationError, match="only to be looked at"):
        read_cheque()["signature"].correct("1", by=alice)


@pytest.mark.parametrize("verdict", [Verdict.UNREADABLE, Verdict.ABSENT])
def test_a_field_may_be_unreadable_or_absent_and_that_taken_back(
    verdict: Verdict, read_cheque: Cheque, alice: User
) -> None:
    field = read_cheque()["routing_number"]
    field.set_aside(verdict, by=alice)
    assert (field.current_value, field.needs_person) == ("", False)
    decision = field.decision
    assert decision is not None
    assert (decision.verdict, decision.value, decision.was) == (verdict, "", "122105155")
    assert not decision.confirms
    assert list(FieldReading.in_doubt()) != []
    assert field not in FieldReading.in_doubt()
    field.undo_correction(by=alice)
    assert (field.current_value, field.needs_person) == ("122105155", True)


def test_that_there_is_a_value_is_no_reason_without_one(read_cheque: Cheque, alice: User) -> None:
    with pytest.raises(ValueError, match="correct"):
        read_cheque()["amount"].set_aside(Verdict.VALUE, by=alice)


def test_the_same_value_confirms(read_cheque: Cheque, alice: User) -> None:
    field = read_cheque()["amount"]
    assert field.correct("1234.50", by=alice).confirms
    assert not field.correct("1234.51", by=alice).confirms


def test_what_was_read_is_read_as_something_else(read_cheque: Cheque) -> None:
    document = read_cheque()["amount"].page.document
    document.read_as("any")
    assert (document.state, document.layout) == ("queued", "any")
    with pytest.raises(InvalidState):
        document.read_as("auto")


def test_nothing_is_read_again_over_a_decision(
    read_cheque: Cheque, alice: User, cheque_page: Callable[..., PageReading]
) -> None:
    field = read_cheque()["amount"]
    document = field.page.document
    field.correct("1.00", by=alice)
    assert document.is_decided_on
    with pytest.raises(InvalidState):
        document.read_as("any")
    field.undo_correction(by=alice)
    document.read_as("any")
    assert document.state == Document.State.QUEUED


@pytest.mark.django_db(transaction=True)
def test_documents_from_before_there_were_layouts_keep_what_they_were() -> None:
    executor = MigrationExecutor(connection)
    latest = executor.loader.graph.leaf_nodes()
    before = [("recognition", "0004_readings_and_writing"), ("accounts", "0002_invitations")]
    try:
        executor.migrate(before)
        apps = executor.loader.project_state(before).apps
        person = apps.get_model("accounts", "User").objects.create(email="old@example.com")
        facts = {"owner": person, "media_type": "image/png", "size": 1, "page_count": 1, "sha256": ""}
        for name, one_number in (("strip", True), ("page", False)):
            apps.get_model("recognition", "Document").everything.create(name=name, one_number=one_number, **facts)
        MigrationExecutor(connection).migrate(latest)
        assert dict(Document.everything.values_list("name", "layout")) == {"strip": "one-number", "page": "any"}
    finally:
        MigrationExecutor(connection).migrate(latest)
