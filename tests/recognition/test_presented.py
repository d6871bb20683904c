"""The same cheque twice is found, the first time shown, and nobody learns of what they may not see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from ml.reading.elements import PageReading, Reading
from recognition.models import Decision, Document, FieldReading
from recognition.presented import OTHER_ACCOUNT, UNKNOWN_ACCOUNT, Flags, Presented, Sameness, flags_of
from tests.fixtures_fields import LINE, field_of
from worker.preview import jpeg_of

Cheque = Callable[..., dict[str, FieldReading]]


def cheque(
    number: str = "1025", account: str = "123456789", amount: str = "1234.50", bank: str = "122105155"
) -> tuple[Reading, ...]:
    return (
        field_of("amount", "amount", amount, sure=True, currency="USD"),
        field_of("cheque_number", "digits", number, sure=True, row=1),
        field_of("routing_number", "digits", bank, sure=True, row=2),
        field_of("account_number", "digits", account, sure=True, row=3),
        field_of("micr_line", "micr", LINE, sure=True, row=4),
    )


def document_of(fields: dict[str, FieldReading]) -> Document:
    return next(iter(fields.values())).page.document


def flags(user: User, fields: dict[str, FieldReading]) -> Flags:
    document = Document.objects.get(pk=document_of(fields).pk)
    return flags_of(user, [document])[document.pk]


def before(user: User, fields: dict[str, FieldReading]) -> tuple[Presented, ...]:
    return flags(user, fields).before


def test_a_second_photo_of_a_cheque_shows_the_first(alice: User, read_cheque: Cheque) -> None:
    first = read_cheque(*cheque(), name="monday.png")
    second = read_cheque(*cheque(amount="1284.50"))  # its amount was read otherwise
    (found,) = before(alice, second)
    assert (found.how, found.page, found.more) == (Sameness.SAME_CHEQUE, 1, 0)
    assert (found.earlier.document, found.earlier.page) == (document_of(first).pk, 1)
    assert (found.earlier.name, found.earlier.amount, found.earlier.currency) == ("monday.png", "1234.50", "USD")
    assert before(alice, first) == ()


def test_of_three_times_the_first_is_shown_and_the_rest_counted(alice: User, read_cheque: Cheque) -> None:
    first = read_cheque(*cheque())
    read_cheque(*cheque())
    (found,) = before(alice, read_cheque(*cheque()))
    assert (found.earlier.document, found.more) == (document_of(first).pk, 1)


@pytest.mark.parametrize(
    ("other", "doubt"),
    [
        ({"account": "99999"}, OTHER_ACCOUNT),
        ({"bank": "021000021"}, OTHER_ACCOUNT),
        ({"account": ""}, UNKNOWN_ACCOUNT),
    ],
)
def test_the_same_number_and_amount_is_the_weaker_sign(
    other: dict[str, str], doubt: str, alice: User, read_cheque: Cheque
) -> None:
    read_cheque(*cheque())
    (found,) = before(alice, read_cheque(*cheque(**other)))
    assert (found.how, found.doubt) == (Sameness.NUMBER_AND_AMOUNT, doubt)


@pytest.mark.parametrize(
    "other",
    [{"number": "1026"}, {"account": "99999", "amount": "10.00"}, {"number": ""}, {"account": "", "amount": ""}],
)
def test_another_cheque_is_not_flagged(other: dict[str, str], alice: User, read_cheque: Cheque) -> None:
    read_cheque(*cheque())
    assert before(alice, read_cheque(*cheque(**other))) == ()


def test_two_cheques_without_any_number_are_not_the_same(alice: User, read_cheque: Cheque) -> None:
    read_cheque(*cheque(number=""))
    assert before(alice, read_cheque(*cheque(number=""))) == ()


def test_the_number_above_stands_for_one_that_the_micr_line_lacks(alice: User, read_cheque: Cheque) -> None:
    read_cheque(*cheque())
    above = field_of("number_above", "digits", "1025", row=6)
    (found,) = before(alice, read_cheque(*cheque(number=""), above))
    assert found.how == Sameness.SAME_CHEQUE


def test_what_a_person_said_counts_and_not_what_was_read(alice: User, read_cheque: Cheque) -> None:
    first = read_cheque(*cheque(number="1020"))
    second = read_cheque(*cheque())
    assert before(alice, second) == ()
    first["cheque_number"].correct("1025", by=alice)
    assert [one.how for one in before(alice, second)] == [Sameness.SAME_CHEQUE]
    second["cheque_number"].correct("1026", by=alice)
    assert before(alice, second) == ()
    second["cheque_number"].correct("1025", by=alice)
    assert [one.how for one in before(alice, second)] == [Sameness.SAME_CHEQUE]
    first["cheque_number"].set_aside(Decision.Verdict.UNREADABLE, by=alice)
    assert before(alice, second) == ()


def test_a_deleted_one_is_no_longer_held_against_anything(alice: User, read_cheque: Cheque) -> None:
    first = read_cheque(*cheque(), sha256="f" * 64)
    second = read_cheque(*cheque(), sha256="f" * 64)
    assert len(before(alice, second)) == 1
    document_of(first).hide()
    assert before(alice, second) == ()


def test_nobody_learns_of_what_somebody_else_presented(
    alice: User, bob: User, charlie: User, dana: User, read_cheque: Cheque
) -> None:
    read_cheque(*cheque(), sha256="f" * 64)
    for other in (bob, charlie, dana):
        theirs = read_cheque(*cheque(), uploaded_by=other, sha256="f" * 64)
        assert flags(other, theirs) == Flags()
    (found,) = before(alice, read_cheque(*cheque()))
    assert found.more == 0


def test_an_identical_file_is_told_before_it_is_read(alice: User, upload: Callable[..., Document]) -> None:
    first, second = upload(name="first.png"), upload(name="second.png")
    (found,) = flags_of(alice, [second])[second.pk].before
    assert (found.how, found.page, found.earlier.name, found.earlier.page) == (
        Sameness.IDENTICAL_FILE, None, "first.png", None,
    )  # fmt: skip
    assert flags_of(alice, [first])[first.pk].before == ()


def test_an_identical_file_speaks_for_all_that_is_on_it(alice: User, read_cheque: Cheque) -> None:
    first = read_cheque(*cheque(), sha256="f" * 64)
    (found,) = before(alice, read_cheque(*cheque(), sha256="f" * 64))
    assert (found.how, found.earlier.document) == (Sameness.IDENTICAL_FILE, document_of(first).pk)
    assert (found.earlier.page, found.earlier.amount) == (1, "1234.50")


def test_an_identical_file_speaks_for_photos_that_came_after_it_and_not_for_those_before(
    alice: User, read_cheque: Cheque
) -> None:
    photo = read_cheque(*cheque())
    read_cheque(*cheque(), sha256="f" * 64)
    read_cheque(*cheque())
    told = before(alice, read_cheque(*cheque(), sha256="f" * 64))
    assert [one.how for one in told] == [Sameness.IDENTICAL_FILE, Sameness.SAME_CHEQUE]
    assert (told[1].earlier.document, told[1].more) == (document_of(photo).pk, 0)


@pytest.fixture
def twice_in_one(upload: Callable[..., Document], cheque_page: Callable[..., PageReading]) -> Document:
    """One file with the same cheque on its first and third page."""
    document = Document.claim(upload().pk)
    assert document is not None
    numbers = enumerate(("1025", "1026", "1025"), start=1)
    pages = [cheque_page(*cheque(number=number), number=place) for place, number in numbers]
    document.record([(page, jpeg_of(page.page.pixels)) for page in pages])
    return document


def test_two_pages_of_one_document_may_show_the_same_cheque(alice: User, twice_in_one: Document) -> None:
    told = flags_of(alice, [twice_in_one])[twice_in_one.pk]
    (found,) = told.before
    assert (found.how, found.page) == (Sameness.SAME_CHEQUE, 3)
    assert (found.earlier.document, found.earlier.page) == (twice_in_one.pk, 1)
    assert told.pages == [3]
    assert told.on(1) == Flags()


@pytest.mark.parametrize("count", [2, 12])
def test_queries_do_not_grow_with_documents(
    count: int, alice: User, read_cheque: Cheque, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for _ in range(count):
        fields = read_cheque(*cheque(), sha256="f" * 64)
        fields["amount"].correct("5.00", by=alice)
    documents = list(Document.objects.all())
    with django_assert_max_num_queries(4):  # one of them for the rights
        found = flags_of(alice, documents)
    assert sum(bool(flags.before) for flags in found.values()) == count - 1
