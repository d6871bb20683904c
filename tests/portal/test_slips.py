"""A slip of the hand puts no wrong value into the books: it is shown before it is kept, or told."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from ml.reading.elements import Hypothesis, LayoutUsed
from recognition.models import Decision, FieldReading
from recognition.value_checks import CHECK_DIGIT, IN_LINE, ZERO
from tests.fixtures_fields import CHECK, LINE, field_of
from tests.fixtures_html import HTMX, hidden_in, on_one_line, plain, told_in

Cheque = Callable[..., dict[str, FieldReading]]
TypeIn = Callable[..., Any]
INDIAN = LayoutUsed("cheque-india", 1, 0.9)
EUROPEAN = LayoutUsed("cheque-europe", 1, 0.9)
TWO_WAYS = "Read in two ways: 42140000.00 and 4240000.00."
DIFFERING = field_of(
    "amount", "amount", "42140000.00", currency="INR", checks=(TWO_WAYS,),
    hypotheses=(Hypothesis("42140000.00", 0.5), Hypothesis("4240000.00", 0.4), Hypothesis("77", 0.1)),
)  # fmt: skip


def address(name: str, field: FieldReading) -> str:
    return reverse(name, args=[field.page.document_id, field.pk])


def card_of(client: Client, field: FieldReading) -> str:
    return on_one_line(client.get(address("reading", field)).content.decode())


def value_in(card: str) -> str:
    found = re.search(r'name="value" type="text" value="([^"]*)"', on_one_line(card))
    assert found
    return found[1]


def again(field: FieldReading) -> FieldReading:
    return FieldReading.objects.get(pk=field.pk)


# --- dates ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layout", "order", "shown", "typed"),
    [
        (LayoutUsed("cheque-us", 2, 0.9), "MM DD YYYY", "01 31 2026", ["01202026", "1/20/2026", "2026-01-20"]),
        (INDIAN, "DD MM YYYY", "31 01 2026", ["20012026", "20.1.2026", "20 01 2026", "20 Jan 2026"]),
    ],
)
def test_a_date_stands_and_is_typed_in_the_order_of_the_form(
    layout: LayoutUsed, order: str, shown: str, typed: list[str], owner: Client, read_cheque: Cheque, type_in: TypeIn
) -> None:
    field = read_cheque(field_of("date", "date", "2026-01-31", sure=True), layout=layout)["date"]
    card = card_of(owner, field)
    assert order in plain(card)
    assert value_in(card) == shown
    assert 'type="date"' not in card
    for text in typed:
        assert type_in(owner, field, text).status_code == 200
        assert again(field).current_value == "2026-01-20"


def test_a_date_is_kept_once_its_weekday_was_seen(owner: Client, read_cheque: Cheque) -> None:
    field = read_cheque(field_of("date", "date", "2026-01-31"), layout=INDIAN)["date"]
    typed = {"value": "01022026"}
    answer = owner.post(address("reading-correct", field), typed, headers=HTMX)
    card = answer.content.decode()
    assert answer.status_code == 422
    assert "This is Sunday, 1 February 2026. Press Enter once more to keep it." in plain(card)
    assert 'aria-invalid="true"' not in card
    assert not Decision.objects.exists()
    assert owner.post(address("reading-correct", field), typed | hidden_in(card), headers=HTMX).status_code == 200
    assert again(field).current_value == "2026-02-01"


def test_another_date_than_the_one_that_was_seen_is_shown_first(owner: Client, read_cheque: Cheque) -> None:
    field = read_cheque(field_of("date", "date", "2026-01-31"), layout=INDIAN)["date"]
    sent = {"value": "01022026", "echoed": "2026-01-02"}
    assert owner.post(address("reading-correct", field), sent, headers=HTMX).status_code == 422
    assert not Decision.objects.exists()


def test_a_date_that_was_read_is_confirmed_with_one_key(owner: Client, read_cheque: Cheque) -> None:
    field = read_cheque(field_of("date", "date", "2026-01-31"), layout=INDIAN)["date"]
    card = card_of(owner, field)
    assert "= Saturday, 31 January 2026" in plain(card)
    sent = hidden_in(card) | {"value": value_in(card)}
    assert owner.post(address("reading-correct", field), sent, headers=HTMX).status_code == 200
    assert Decision.objects.get().confirms


def test_a_date_of_a_layout_that_is_gone_is_taken_only_where_it_is_one_day(
    owner: Client, read_cheque: Cheque, type_in: TypeIn
) -> None:
    field = read_cheque(field_of("date", "date", "2026-01-31"), layout=LayoutUsed("gone", 1, 0.9))["date"]
    answer = type_in(owner, field, "01/12/2025")
    assert answer.status_code == 422
    assert "Monday, 1 December 2025 (DD MM YYYY) or Sunday, 12 January 2025 (MM DD YYYY)" in plain(
        answer.content.decode()
    )
    assert type_in(owner, field, "19/01/2025").status_code == 200
    assert again(field).current_value == "2025-01-19"


# --- amounts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layout", "currency", "shown"),
    [(INDIAN, "INR", "42,40,000.00"), (LayoutUsed("cheque-us", 2, 0.9), "USD", "4,240,000.00"),
     (EUROPEAN, "EUR", "4.240.000,00")],
)  # fmt: skip
def test_amounts_are_grouped_wherever_a_person_compares_them(
    layout: LayoutUsed, currency: str, shown: str, owner: Client, read_cheque: Cheque, type_in: TypeIn
) -> None:
    field = read_cheque(field_of("amount", "amount", "4240000.00", currency=currency), layout=layout)["amount"]
    card = card_of(owner, field)
    assert f"{shown} {currency}" in plain(card)
    assert value_in(card) == shown
    assert f"= {shown} {currency}" in plain(card)
    page = owner.get(reverse("document", args=[field.page.document_id])).content.decode()
    assert f'aria-label="Amount: {shown}"' in on_one_line(page)
    assert f"Amount {shown} {currency}" in plain(owner.get("/history/").content.decode())
    assert "cheque.png" in owner.get("/history/", {"q": shown}).content.decode()
    assert shown in plain(owner.get(address("reading-compare", field)).content.decode())
    assert type_in(owner, field, shown).status_code == 200
    assert Decision.objects.get().confirms


def test_an_amount_is_echoed_while_it_is_typed(owner: Client, read_cheque: Cheque) -> None:
    field = read_cheque(DIFFERING, layout=INDIAN)["amount"]
    for typed, told, value in (("4240000", "= 42,40,000.00 INR", "4240000.00"), ("42,40,00", "", ""), ("x", "", "")):
        echo = owner.post(address("reading-echo", field), {"value": typed}, headers=HTMX).content.decode()
        assert (plain(echo), hidden_in(echo)) == (told, {"echoed": value})


def test_marks_that_mean_another_amount_elsewhere_are_told(owner: Client, read_cheque: Cheque, type_in: TypeIn) -> None:
    field = read_cheque()["amount"]
    answer = type_in(owner, field, "1.234")
    assert answer.status_code == 422
    assert "The point stands where thousands end" in plain(answer.content.decode())
    assert "= 1,234.00 USD" in plain(answer.content.decode())
    assert not Decision.objects.exists()


# --- what the reader is not sure of --------------------------------------------------------------------------------


def test_where_two_readings_differ_nothing_stands_in_the_field_and_both_are_buttons(
    owner: Client, read_cheque: Cheque
) -> None:
    field = read_cheque(DIFFERING, layout=INDIAN)["amount"]
    card = card_of(owner, field)
    assert value_in(card) == ""
    assert re.findall('name="fill" value="([^"]*)"', card) == ["42140000.00", "4240000.00"]
    assert "or fill in 4,21,40,000.00 50.0 % 42,40,000.00 40.0 %" in plain(card)
    assert "Read in two ways: 4,21,40,000.00 and 42,40,000.00." in plain(card)
    empty = owner.post(address("reading-correct", field), hidden_in(card) | {"value": ""}, headers=HTMX)
    assert empty.status_code == 422


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_button_fills_the_field_and_keeps_nothing(
    headers: dict[str, str], owner: Client, read_cheque: Cheque
) -> None:
    field = read_cheque(DIFFERING, layout=INDIAN)["amount"]
    answer = owner.post(address("reading-correct", field), {"value": "", "fill": "4240000.00"}, headers=headers)
    card = on_one_line(answer.content.decode())
    assert answer.status_code == 200
    assert value_in(card) == "42,40,000.00"
    assert 'value="4240000.00" formnovalidate aria-pressed="true"' in card
    assert "= 42,40,000.00 INR" in plain(card)
    assert ("data-focus" if headers else "autofocus") in card
    assert not Decision.objects.exists()
    sent = hidden_in(card) | {"value": "42,40,000.00"}
    assert owner.post(address("reading-correct", field), sent, headers=HTMX).status_code == 200
    assert again(field).current_value == "4240000.00"


def test_only_what_the_reader_offers_is_filled_in(owner: Client, read_cheque: Cheque) -> None:
    field = read_cheque(DIFFERING, layout=INDIAN)["amount"]
    sent = {"fill": '"><script>', "value": "42,40,000.00"}
    answer = owner.post(address("reading-correct", field), sent, headers=HTMX)
    assert value_in(answer.content.decode()) == ""
    assert "<script" not in answer.content.decode()
    assert not Decision.objects.exists()


def test_a_value_that_is_only_not_sure_stands_in_the_field_with_the_next_likeliest_beside_it(
    owner: Client, read_cheque: Cheque
) -> None:
    field = read_cheque()["routing_number"]
    card = card_of(owner, field)
    assert value_in(card) == "122105155"
    assert re.findall('name="fill" value="([^"]*)"', card) == ["77"]


# --- checks --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "typed", "checks"),
    [
        ("routing_number", "122105154", [CHECK_DIGIT, IN_LINE.format(value="122105155")]),
        ("amount", "0", [ZERO]),
        ("date", "12 01 2062", ["This is 36 years after the document was uploaded.", "Post-dated: dated 13451 days"]),
        ("date", "12 01 2016", ["Stale: dated 3350 days before it was presented"]),
        ("cheque_number", "1026", [IN_LINE.format(value="1025")]),
        ("micr_line", "A122105155A 123456789C 1026", ["The line has 1026 in the place of “Cheque number”"]),
    ],
)
def test_what_speaks_against_a_typed_value_is_told_and_kept_only_by_a_second_act(
    name: str, typed: str, checks: list[str], owner: Client, alice: User, read_cheque: Cheque, type_in: TypeIn
) -> None:
    field = read_cheque()[name]
    answer = type_in(owner, field, typed)
    card = answer.content.decode()
    assert answer.status_code == 422
    assert all(check in plain(card) for check in checks)
    assert value_in(card) == typed
    assert "Keep all the same" in plain(card)
    assert type_in(owner, field, typed).status_code == 422, "pressing Enter again keeps nothing"
    assert not Decision.objects.exists()
    kept = type_in(owner, field, typed, all_the_same=True)
    assert kept.status_code == 200
    decision = Decision.objects.get()
    assert len(decision.overrode) == len(checks)
    assert all(check in " ".join(decision.overrode) for check in checks)
    assert "Kept all the same: " + decision.overrode[0] in plain(kept.content.decode())


def test_what_was_told_of_one_value_does_not_let_another_pass(owner: Client, read_cheque: Cheque) -> None:
    field = read_cheque()["amount"]
    sent = {"value": "0"}
    told = told_in(owner.post(address("reading-correct", field), sent, headers=HTMX).content.decode())
    assert owner.post(address("reading-correct", field), {"value": "0.0"} | told, headers=HTMX).status_code == 422
    assert owner.post(address("reading-correct", field), {"value": "12,34"} | told, headers=HTMX).status_code == 422
    assert not Decision.objects.exists()


def test_a_read_value_is_not_confirmed_over_its_check_with_one_key(owner: Client, read_cheque: Cheque) -> None:
    fields = read_cheque(
        field_of("routing_number", "digits", "122105154", checks=(CHECK,)), field_of("micr_line", "micr", "⑆1", row=1)
    )
    answer = owner.post(address("reading-correct", fields["routing_number"]), {"value": "122105154"}, headers=HTMX)
    assert answer.status_code == 422
    assert CHECK_DIGIT in plain(answer.content.decode())


def test_warnings_about_the_old_value_do_not_stay_on_the_card_of_the_new_one(
    owner: Client, read_cheque: Cheque, type_in: TypeIn
) -> None:
    field = read_cheque()["routing_number"]
    assert CHECK in plain(card_of(owner, field))
    assert CHECK not in plain(type_in(owner, field, "122105155").content.decode())
    assert CHECK not in plain(owner.get(reverse("document", args=[field.page.document_id])).content.decode())
    owner.post(address("reading-undo", field), {"made_on": again(field).version})
    assert CHECK in plain(card_of(owner, field))


@pytest.mark.parametrize("who", ["bob", "charlie", "dana"])
def test_the_echo_is_there_for_the_owner_alone(
    who: str, request: pytest.FixtureRequest, signed_in: Callable[[User], Client], read_cheque: Cheque
) -> None:
    field = read_cheque()["amount"]
    client = signed_in(request.getfixturevalue(who))
    assert client.post(address("reading-echo", field), {"value": "1"}).status_code == 404
    assert client.get(address("reading-echo", field)).status_code == 405
    assert Client().post(address("reading-echo", field), {"value": "1"}).status_code == 302


def test_a_micr_line_is_typed_as_it_stands_in_the_field(owner: Client, read_cheque: Cheque, type_in: TypeIn) -> None:
    field = read_cheque()["micr_line"]
    assert type_in(owner, field, value_in(card_of(owner, field))).status_code == 200
    assert again(field).current_value == LINE
