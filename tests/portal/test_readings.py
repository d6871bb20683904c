"""A correction stands beside what was read, and can be taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from recognition.models import Document, FieldReading
from tests.fixtures_html import HTMX, on_one_line, plain


@pytest.fixture
def number(read: Callable[..., Document]) -> FieldReading:
    return read("3?1", sure=False).pages.get().readings.get()


def address(name: str, number: FieldReading) -> str:
    return reverse(name, args=[number.page.document_id, number.pk])


def version() -> int:
    return FieldReading.objects.get().version


def test_correction_is_kept_beside_what_was_read(owner: Client, number: FieldReading) -> None:
    answer = owner.post(address("reading-correct", number), {"value": "351"}, headers=HTMX)
    number = FieldReading.objects.get()
    assert (number.value, number.current_value, number.needs_person) == ("3?1", "351", False)
    text = on_one_line(answer.content.decode())
    assert "Corrected" in text
    assert "Read as 3?1 · corrected on" in plain(text)


def test_undo_brings_back_what_stood_before(owner: Client, number: FieldReading) -> None:
    for value in ("351", "352"):
        owner.post(address("reading-correct", number), {"value": value, "made_on": version()})
    owner.post(address("reading-undo", number), {"made_on": version()})
    assert FieldReading.objects.get().current_value == "351"
    answer = owner.post(address("reading-undo", number), {"made_on": version()}, headers=HTMX)
    assert FieldReading.objects.get().current_value == "3?1"
    assert "Needs a look" in answer.content.decode()


def test_undo_of_nothing_changes_nothing(owner: Client, number: FieldReading) -> None:
    assert owner.post(address("reading-undo", number)).status_code == 302
    assert FieldReading.objects.get().current_value == "3?1"


def test_the_same_value_is_a_confirmation(owner: Client, read: Callable[..., Document]) -> None:
    number = read("77", sure=False).pages.get().readings.get()
    answer = owner.post(address("reading-correct", number), {"value": "77"}, headers=HTMX)
    assert "Confirmed" in answer.content.decode()
    assert not FieldReading.objects.get().needs_person


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("1,234,567", "1234567"), (" 12 34 ", "1234"), ("1’234", "1234"), ("007", "007"), ("1" * 120, "1" * 120)],
)
def test_separators_are_left_out(typed: str, kept: str, owner: Client, number: FieldReading) -> None:
    owner.post(address("reading-correct", number), {"value": typed})
    assert FieldReading.objects.get().current_value == kept


@pytest.mark.parametrize("typed", ["", "12a", "3?1", "<b>", "٣", "1" * 121])
def test_what_is_no_number_is_refused_in_words(typed: str, owner: Client, number: FieldReading) -> None:
    answer = owner.post(address("reading-correct", number), {"value": typed}, headers=HTMX)
    assert answer.status_code == 422
    assert "A number is written in digits" in answer.content.decode()
    assert FieldReading.objects.get().decision is None


def test_without_a_script_one_returns_to_the_number(owner: Client, number: FieldReading) -> None:
    answer = owner.post(address("reading-correct", number), {"value": "351"})
    assert answer["Location"].endswith(f"?page=1#number-{number.pk}")
    again = {"value": "x", "made_on": version()}
    refused = owner.post(address("reading-correct", number), again, follow=True)
    assert "A number is written in digits" in refused.content.decode()


def test_a_number_of_another_document_is_404(
    owner: Client, number: FieldReading, read: Callable[..., Document]
) -> None:
    other = read("5")
    assert owner.post(reverse("reading-correct", args=[other.pk, number.pk]), {"value": "1"}).status_code == 404
