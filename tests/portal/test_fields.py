"""Fields of a layout on their document's page: shown by name, decided on, and the decision taken back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from recognition.models import Decision, Document, FieldReading
from recognition.value_checks import CHECK_DIGIT
from tests.fixtures_cards import Cheque, address, card_of, page_of
from tests.fixtures_fields import CHECK, LINE, MISSING, field_of
from tests.fixtures_html import HTMX, on_one_line, plain, told_in

FAULT = "This does not look like the layout that was chosen: US personal cheque. Choose another."


def test_fields_stand_under_their_names_with_value_and_state(owner: Client, read_cheque: Cheque) -> None:
    fields = read_cheque()
    text = page_of(owner, fields)
    cards = {name: plain(card_of(text, field)) for name, field in fields.items()}
    assert cards["amount"].startswith("Amount ✓ Sure")
    assert "1,234.50 USD" in cards["amount"]
    assert "Written as 1,234.50" in cards["amount"]
    assert "31 January 2026" in cards["date"]
    assert 'title="2026-01-31"' in card_of(text, fields["date"])
    assert cards["routing_number"].startswith("Routing number ▲ Needs a look")
    assert CHECK in cards["routing_number"]
    assert "Nothing read" in cards["postal_code"]
    assert MISSING in cards["postal_code"]
    assert cards["account"].startswith("Account ○ May be absent")
    assert cards["signature"].startswith("Signature ◉ To look at")
    assert "What it is" not in cards["signature"]


def test_the_page_says_which_layout_was_read_and_how_well_it_fits(owner: Client, read_cheque: Cheque) -> None:
    text = plain(page_of(owner, read_cheque()))
    assert "US personal cheque , version 1 · fits well (94.0 %) · recognised" in text
    assert "9 fields ▲ 2 need a look" in text


def test_each_field_has_its_crop_and_its_place_on_the_scan(owner: Client, read_cheque: Cheque) -> None:
    fields = read_cheque()
    text = page_of(owner, fields)
    for field in fields.values():
        assert f'<a href="#number-{field.pk}" aria-label="{field.label}' in text
        assert "as written on cheque.png" in card_of(text, field)


def test_what_may_stand_anywhere_on_the_page_has_no_place(owner: Client, read_cheque: Cheque) -> None:
    fields = read_cheque()
    FieldReading.objects.filter(pk=fields["date"].pk).update(left=0, top=0, width=640, height=400)
    assert f'<a href="#number-{fields["date"].pk}"' not in page_of(owner, fields)


def test_the_amount_in_words_stands_beside_the_amount_wherever_it_is_decided(
    owner: Client, read_cheque: Cheque
) -> None:
    fields = read_cheque()
    for text in (page_of(owner, fields), owner.get(address("reading", fields["amount"])).content.decode()):
        assert '<figure class="in-words">' in card_of(text, fields["amount"])
    assert "in-words" not in card_of(page_of(owner, fields), fields["date"])


def test_the_symbols_of_a_micr_line_are_drawn_and_typed_as_letters(owner: Client, read_cheque: Cheque) -> None:
    fields = read_cheque()
    card = card_of(page_of(owner, fields), fields["micr_line"])
    assert card.count('aria-label="transit"') == 2
    assert card.count('aria-label="on us"') == 1
    assert 'value="A122105155A 123456789C 1025"' in card
    owner.post(address("reading-correct", fields["micr_line"]), {"value": "A122105155A 123456789C 1025"})
    decision = Decision.objects.get()
    assert (decision.value, decision.confirms) == (LINE, True)


def test_a_date_in_letters_shows_what_was_read_of_it(owner: Client, read_cheque: Cheque) -> None:
    fields = read_cheque(field_of("date", "date", text="x20,2019", checks=("A part stands in letters.",)))
    card = plain(card_of(page_of(owner, fields), fields["date"]))
    assert "▲ Needs a look" in card
    assert "Written as …20,2019" in card
    assert "A part stands in letters." in card


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("amount", "1,500", "1500.00"),
        ("account", "10 26", "1026"),
        ("postal_code", "90210", "90210"),
    ],
)
def test_a_correction_is_taken_as_people_write_it(
    name: str, typed: str, kept: str, owner: Client, read_cheque: Cheque
) -> None:
    field = read_cheque()[name]
    answer = owner.post(address("reading-correct", field), {"value": typed}, headers=HTMX)
    assert answer.status_code == 200
    assert ("Corrected" if field.value else "Entered") in answer.content.decode()
    assert FieldReading.objects.get(pk=field.pk).current_value == kept


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("amount", "", "An amount is written in figures"),
        ("amount", "1,30,00", "An amount is written in figures"),
        ("amount", "9" * 30, "At most 18 digits"),
        ("date", "31/01/2026", "is no day in this form’s order, MM DD YYYY"),
        ("date", "tomorrow", "A date is a day of the calendar"),
        ("cheque_number", "12a", "A number is written in digits"),
        ("micr_line", "A12x", "A MICR line has digits"),
        ("signature", "Alice", "only to be looked at"),
        ("amount", "1" * 300, "An amount is written in figures"),
    ],
)
def test_what_is_no_value_of_its_kind_is_refused_in_words(
    name: str, typed: str, sentence: str, owner: Client, read_cheque: Cheque
) -> None:
    field = read_cheque()[name]
    answer = owner.post(address("reading-correct", field), {"value": typed}, headers=HTMX)
    assert answer.status_code == 422
    if name != "signature":
        assert sentence in answer.content.decode()
    refused = owner.post(address("reading-correct", field), {"value": typed}, follow=True)
    assert sentence in refused.content.decode()
    assert not Decision.objects.exists()


@pytest.mark.parametrize("verdict", ["unreadable", "absent"])
@pytest.mark.parametrize("name", ["amount", "routing_number", "signature"])
def test_a_person_may_say_that_there_is_no_value_and_take_it_back(
    name: str, verdict: str, owner: Client, read_cheque: Cheque
) -> None:
    field = read_cheque()[name]
    before = plain(owner.get(address("reading", field)).content.decode())
    answer = owner.post(address("reading-correct", field), {"value": "7", "verdict": verdict}, headers=HTMX)
    text = plain(card_of(answer.content.decode(), field))
    assert f"✎ {verdict.capitalize()}" in text
    assert f"called {verdict} on" in text
    assert (Decision.objects.get().verdict, Decision.objects.get().value) == (verdict, "")
    undone = owner.post(address("reading-undo", field), {"made_on": Decision.objects.get().pk}, headers=HTMX)
    story = r'<details class="more story">.*?</details>'
    told = re.search(story, undone.content.decode(), re.DOTALL)
    assert told is not None
    assert f"{verdict.capitalize()} · alice@example.com" in plain(told[0]), "who decided what stays to be read"
    assert "Undone · alice@example.com" in plain(told[0])
    assert plain(re.sub(story, "", undone.content.decode(), flags=re.DOTALL)) == before


def test_an_unknown_verdict_is_refused(owner: Client, read_cheque: Cheque) -> None:
    field = read_cheque()["amount"]
    assert owner.post(address("reading-correct", field), {"value": "1", "verdict": "eaten"}).status_code == 422
    assert not Decision.objects.exists()


def test_a_value_that_the_layout_does_not_have_is_taken_by_a_second_deliberate_act(
    owner: Client, read_cheque: Cheque
) -> None:
    field = read_cheque()["routing_number"]
    typed = {"value": "1221 0515"}
    answer = owner.post(address("reading-correct", field), typed, headers=HTMX)
    card = card_of(answer.content.decode(), field)
    assert answer.status_code == 422
    assert "This has 8 digits, and 9 belong here." in plain(card)
    assert 'value="1221 0515"' in card
    assert "Keep all the same" in card
    assert not Decision.objects.exists()
    told = told_in(card)
    other = owner.post(address("reading-correct", field), {"value": "12210"} | told, headers=HTMX)
    assert "This has 5 digits" in other.content.decode()
    assert owner.post(address("reading-correct", field), typed, headers=HTMX).status_code == 422, "Enter alone"
    kept = owner.post(address("reading-correct", field), typed | told, headers=HTMX)
    assert kept.status_code == 200
    decision = Decision.objects.get()
    assert decision.value == "12210515"
    assert decision.overrode == [
        "This has 8 digits, and 9 belong here.", CHECK_DIGIT, "The MICR line has 122105155 in this place.",
    ]  # fmt: skip
    assert "Kept all the same: This has 8 digits" in plain(kept.content.decode())
    assert "kept all the same" in plain(owner.get("/history/").content.decode())


@pytest.mark.parametrize(("name", "typed"), [("routing_number", "12210"), ("amount", "ten"), ("date", "tomorrow")])
def test_without_a_script_nothing_that_was_typed_is_lost(
    name: str, typed: str, owner: Client, read_cheque: Cheque
) -> None:
    fields = read_cheque()
    answer = owner.post(address("reading-correct", fields[name]), {"value": typed})
    text = on_one_line(answer.content.decode())
    assert answer.status_code == 422
    assert f'value="{typed}"' in card_of(text, fields[name])
    assert 'aria-invalid="true"' in card_of(text, fields[name])
    assert f'value="{typed}"' not in card_of(text, fields["cheque_number"])


def test_each_answer_brings_what_is_left_to_look_at(owner: Client, read_cheque: Cheque) -> None:
    fields = read_cheque()
    for name, left in (("routing_number", "1 needs a look"), ("postal_code", "")):
        answer = owner.post(address("reading-correct", fields[name]), {"verdict": "absent"}, headers=HTMX)
        told = re.search(r'<span id="doubts" hx-swap-oob="true">(.*)</span>', answer.content.decode(), re.DOTALL)
        assert told
        assert left in told[1]
        assert bool(left) == ("badge" in told[1])


def test_nothing_is_decided_while_it_is_read_again(owner: Client, read_cheque: Cheque) -> None:
    field = read_cheque()["amount"]
    field.page.document.read_as("any")
    answer = owner.post(address("reading-correct", field), {"value": "1"})
    assert answer["Location"] == reverse("document", args=[field.page.document_id])
    assert not Decision.objects.exists()


@pytest.mark.parametrize("who", ["bob", "charlie", "dana"])
def test_a_field_is_there_for_its_owner_alone(
    who: str, request: pytest.FixtureRequest, signed_in: Callable[[User], Client], read_cheque: Cheque
) -> None:
    field = read_cheque()["amount"]
    client = signed_in(request.getfixturevalue(who))
    assert client.get(address("reading", field)).status_code == 404
    assert client.post(address("reading-correct", field), {"verdict": "absent"}).status_code == 404
    assert client.post(address("reading-undo", field)).status_code == 404
    assert not Decision.objects.exists()


def test_faults_are_told_with_the_way_out(owner: Client, read_cheque: Cheque) -> None:
    read_cheque(fields=(), faults=(FAULT,))
    document = Document.objects.get()
    text = on_one_line(owner.get(reverse("document", args=[document.pk])).content.decode())
    assert FAULT in text
    assert "Not read" in text
    assert '<details class="otherwise" open>' in text


def test_a_page_that_was_not_read_needs_a_look(owner: Client, read_cheque: Cheque) -> None:
    read_cheque(fields=(), faults=(FAULT,))
    text = on_one_line(owner.get("/history/", {"look": "on"}).content.decode())
    assert "cheque.png" in text
    assert FAULT in text
    assert "▲</span> Not read" in text


def test_the_history_tells_layout_and_fields(owner: Client, read_cheque: Cheque) -> None:
    read_cheque()
    text = plain(owner.get("/history/").content.decode())
    assert "Amount 1,234.50 USD" in text
    assert "Date 31 January 2026" in text
    assert "US personal cheque" in text
    assert "2 need a look" in text
    assert "Signature" not in text
    assert "122105155⑆" not in text


def test_a_document_is_read_as_something_else(owner: Client, read_cheque: Cheque) -> None:
    document = read_cheque()["amount"].page.document
    owner.post(reverse("document-layout", args=[document.pk]), {"layout": "one-number"})
    document.refresh_from_db()
    assert (document.state, document.layout) == ("queued", "one-number")


@pytest.mark.parametrize("layout", ["", "no-such-layout"])
def test_what_is_no_layout_is_refused(layout: str, owner: Client, read_cheque: Cheque) -> None:
    document = read_cheque()["amount"].page.document
    answer = owner.post(reverse("document-layout", args=[document.pk]), {"layout": layout}, follow=True)
    assert "Choose one of the kinds in the list." in answer.content.decode()
    assert Document.objects.get().state == Document.State.READ


def test_decisions_are_not_lost_by_reading_again(owner: Client, alice: User, read_cheque: Cheque) -> None:
    field = read_cheque()["amount"]
    field.correct("1.00", by=alice)
    document = reverse("document-layout", args=[field.page.document_id])
    answer = owner.post(document, {"layout": "any"}, follow=True)
    text = on_one_line(answer.content.decode())
    assert "Undo those decisions first" in text
    assert document not in text, "it is not offered"
    assert Document.objects.get().state == Document.State.READ


def test_no_query_in_a_loop(
    owner: Client, alice: User, read_cheque: Cheque, django_assert_max_num_queries: Callable[..., object]
) -> None:
    fields = read_cheque(*(field_of(f"field_{n}", "amount", f"{n}.00", row=n) for n in range(1, 9)))
    fields["field_1"].correct("2.00", by=alice)
    with django_assert_max_num_queries(17):  # type: ignore[attr-defined]
        page_of(owner, fields)
