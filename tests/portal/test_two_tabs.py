"""Two tabs, or two people: a decision names the version that it was made on."""

from __future__ import annotations

from contextlib import AbstractContextManager

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from recognition.models import Decision, Document, FieldReading
from recognition.value_checks import IN_LINE
from tests.fixtures_fields import LINE, field_of
from tests.fixtures_html import HTMX, hidden_in, on_one_line, plain
from tests.portal.test_slips import (
    Cheque,
    TypeIn,
    address,
    again,
    card_of,
)


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_decision_made_on_what_no_longer_stands_there_is_told(
    headers: dict[str, str], owner: Client, read_cheque: Cheque, type_in: TypeIn
) -> None:
    field = read_cheque()["amount"]
    seen = hidden_in(card_of(owner, field))
    type_in(owner, field, "1500")
    answer = owner.post(address("reading-correct", field), seen | {"value": "1,600.00"}, headers=headers)
    card = on_one_line(answer.content.decode())
    assert answer.status_code == 409
    assert "Meanwhile you, in another window, decided on this: since" in plain(card)
    assert "“1,500.00” stands here. What you typed was not kept; it is still in the field." in plain(card)
    assert 'value="1,600.00"' in card
    assert "Keep what I typed" in card
    assert again(field).current_value == "1500.00"
    now = {"value": "1,600.00", "made_on": again(field).version}
    assert f'name="made_on" value="{now["made_on"]}"' in card
    assert owner.post(address("reading-correct", field), now, headers=HTMX).status_code == 200
    assert again(field).current_value == "1600.00"


def test_whoever_decided_meanwhile_is_named(owner: Client, bob: User, read_cheque: Cheque) -> None:
    field = read_cheque()["amount"]
    field.correct("1500.00", by=bob)
    answer = owner.post(address("reading-correct", field), {"value": "7", "made_on": "0"}, headers=HTMX)
    assert f"Meanwhile {bob} decided on this" in plain(answer.content.decode())
    assert again(field).current_value == "1500.00"


def test_an_invalid_value_on_an_old_card_is_told_of_the_change_first(
    owner: Client, alice: User, read_cheque: Cheque
) -> None:
    field = read_cheque()["amount"]
    field.correct("1500.00", by=alice)
    answer = owner.post(address("reading-correct", field), {"value": "ten", "made_on": "0"}, headers=HTMX)
    assert answer.status_code == 409
    assert 'value="ten"' in answer.content.decode()


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_undo_takes_back_the_decision_that_was_seen_and_no_other(
    headers: dict[str, str], owner: Client, alice: User, read_cheque: Cheque
) -> None:
    field = read_cheque()["amount"]
    seen = field.correct("1500.00", by=alice).pk
    field.correct("1600.00", by=alice)
    answer = owner.post(address("reading-undo", field), {"made_on": seen}, headers=headers)
    assert answer.status_code == 409
    assert "“1,600.00” stands here. What you asked for was not done." in plain(answer.content.decode())
    assert again(field).current_value == "1600.00"
    owner.post(address("reading-undo", field), {"made_on": again(field).version})
    assert again(field).current_value == "1500.00"
    owner.post(address("reading-undo", field), {"made_on": again(field).version})
    late = owner.post(address("reading-undo", field), {"made_on": seen}, headers=HTMX)
    assert "Meanwhile the decision on this was undone" in plain(late.content.decode())


def test_nothing_is_undone_or_kept_while_it_is_read_again(owner: Client, alice: User, read_cheque: Cheque) -> None:
    field = read_cheque()["amount"]
    field.page.document.read_as("any")
    decision = field.correct("1.00", by=alice)
    undone = owner.post(address("reading-undo", field), {"made_on": decision.pk}, headers=HTMX)
    assert undone.status_code == 409
    assert "being read again" in plain(undone.content.decode())
    kept = owner.post(address("reading-correct", field), {"value": "2.00", "made_on": decision.pk}, headers=HTMX)
    assert kept.status_code == 409
    assert 'value="2.00"' in kept.content.decode()
    assert Decision.objects.get() == decision


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_nothing_is_kept_that_trying_again_would_lose(
    headers: dict[str, str], owner: Client, read_cheque: Cheque
) -> None:
    field = read_cheque()["amount"]
    old_tab = hidden_in(card_of(owner, field))
    document = field.page.document
    document.read_as("any")
    claimed = Document.claim(document.pk)
    assert claimed is not None
    claimed.fail("Reading this was begun several times and never came to an end.")
    answer = owner.post(address("reading-correct", field), old_tab | {"value": "2.00"}, headers=headers, follow=True)
    told = plain(answer.content.decode())
    assert "Reading this document again failed, so that nothing can be kept now. Nothing of yours was kept." in told
    assert not Decision.objects.exists()
    assert (answer.status_code, 'value="2.00"' in answer.content.decode()) == ((409, True) if headers else (200, False))
    owner.post(reverse("document-again", args=[document.pk]))
    assert Document.objects.get().state == Document.State.QUEUED


def test_two_fields_of_a_page_sent_at_the_same_moment_are_told_of_each_other(
    owner: Client, alice: User, read_cheque: Cheque, type_in: TypeIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubtful = (
        field_of("cheque_number", "digits", "1026", checks=("Not clear.",)),
        field_of("micr_line", "micr", LINE, row=1, checks=("Not clear.",)),
    )
    fields = read_cheque(*doubtful)
    locking = FieldReading.as_seen

    def after_the_other(reading: FieldReading, version: int) -> AbstractContextManager[None]:
        fields["micr_line"].correct(LINE, by=alice)  # the other was first, while this one waited for the lock
        return locking(reading, version)

    monkeypatch.setattr(FieldReading, "as_seen", after_the_other)
    answer = type_in(owner, fields["cheque_number"], "1026")
    assert answer.status_code == 422
    assert IN_LINE.format(value="1025") in plain(answer.content.decode())
    assert Decision.objects.get().reading == fields["micr_line"]


@pytest.mark.parametrize("made_on", ["", "x", "-1", "9" * 40, "1.5"])
def test_a_version_that_never_was_is_no_error(made_on: str, owner: Client, alice: User, read_cheque: Cheque) -> None:
    field = read_cheque()["amount"]
    field.correct("1.00", by=alice)
    sent = {"value": "2.00", "made_on": made_on}
    assert owner.post(address("reading-correct", field), sent, headers=HTMX).status_code == 409
    assert owner.post(address("reading-undo", field), sent, headers=HTMX).status_code == 409


@pytest.mark.parametrize(
    "sent", [{"value": "1500"}, {"verdict": "absent"}, {"value": "1234.50", "verdict": "unreadable"}]
)
def test_pressing_twice_decides_once_and_is_no_contradiction(
    sent: dict[str, str], owner: Client, read_cheque: Cheque
) -> None:
    field = read_cheque()["amount"]
    answers = [owner.post(address("reading-correct", field), sent, headers=HTMX) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert Decision.objects.count() == 1
