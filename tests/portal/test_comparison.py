"""Two of one's own numbers compared."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from recognition.models import Document, FieldReading

Read = Callable[..., Document]


def number_on(document: Document) -> FieldReading:
    return FieldReading.objects.get(page__document=document)


def address(name: str, number: FieldReading, other: object = "") -> str:
    return reverse(name, args=[number.page.document_id, number.pk]) + (f"?with={other}" if other else "")


def test_without_another_number_the_page_says_what_to_do(owner: Client, read: Read) -> None:
    page = owner.get(address("reading-compare", number_on(read("351")))).content.decode()
    assert "You have no other number yet" in page


def test_numbers_that_say_the_same_are_offered_first(owner: Client, read: Read) -> None:
    first, same, other = (number_on(read(value)) for value in ("351", "351", "77"))
    offered = list(owner.get(address("reading-compare", first)).context["others"])
    assert offered == [same, other]


def test_the_same_picture_twice_is_called_a_copy_and_shown_laid_over(owner: Client, read: Read) -> None:
    first, second = (number_on(read("351")) for _ in range(2))
    answer = owner.get(address("reading-compare", first, second.pk))
    assert answer.context["judgement"].is_copy
    assert "one may be a copy of the other" in answer.content.decode()
    picture = owner.get(address("reading-overlay", first, second.pk))
    assert picture["Content-Type"] == "image/png"
    assert "private" in picture["Cache-Control"]
    assert Image.open(io.BytesIO(picture.content)).width > 100


@pytest.mark.parametrize("name", ["reading-compare", "reading-overlay"])
def test_nobody_compares_with_what_is_not_theirs(
    name: str, read: Read, owner: Client, bob: User, signed_in: Callable[[User], Client]
) -> None:
    first, second = (number_on(read("351")) for _ in range(2))
    theirs = number_on(read("351", uploaded_by=bob))
    assert owner.get(address(name, first, theirs.pk)).status_code == 404
    assert signed_in(bob).get(address(name, first, second.pk)).status_code == 404
    assert Client().get(address(name, first, second.pk)).status_code in (302, 404)
    for nonsense in ("x", "-1", "9" * 40, str(first.pk)):
        assert owner.get(address(name, first, nonsense)).status_code == 404


def test_no_query_for_each_number_offered(
    owner: Client, read: Read, django_assert_max_num_queries: Callable[..., object]
) -> None:
    first = number_on(read("351"))
    for _ in range(6):
        read("351", "77")
    with django_assert_max_num_queries(12):
        owner.get(address("reading-compare", first))
