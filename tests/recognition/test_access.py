"""The only door: the owner sees a document; a colleague, a stranger, an administrator and nobody get the same 404."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from accounts.models import User
from accounts.roles import May
from recognition.access import (
    documents_of,
    get_deleted_for,
    get_document_for,
    get_page_for,
    get_reading_for,
    get_table_for,
)
from recognition.models import Document, FieldReading, Page
from tests.fixtures_marks import page_with, table_read

Upload = Callable[..., Document]


@pytest.fixture
def document(upload: Upload) -> Document:
    document = upload()
    page = Page.objects.create(document=document, number=1, width=10, height=10)
    box = {"left": 0, "top": 0, "width": 5, "height": 5}
    FieldReading.objects.create(page=page, position=1, confidence=1.0, accepted=True, digits=[], **box)
    return document


def test_the_owner_sees_document_page_and_number(alice: User, document: Document) -> None:
    assert get_document_for(alice, document.pk) == document
    assert get_page_for(alice, document.pk, 1).document == document
    reading = FieldReading.objects.get()
    assert get_reading_for(alice, document.pk, reading.pk) == reading
    assert list(documents_of(alice)) == [document]


@pytest.mark.parametrize("who", ["bob", "charlie", "dana", "anonymous"])
def test_anybody_else_finds_nothing(who: str, document: Document, request: pytest.FixtureRequest) -> None:
    person = AnonymousUser() if who == "anonymous" else request.getfixturevalue(who)
    with pytest.raises(Http404):
        get_document_for(person, document.pk)
    with pytest.raises(Http404):
        get_page_for(person, document.pk, 1)
    with pytest.raises(Http404):
        get_reading_for(person, document.pk, FieldReading.objects.get().pk)
    with pytest.raises(Http404):
        get_document_for(person, document.pk, May.DELETE)
    assert list(documents_of(person)) == []


def test_what_there_is_not_is_not_found(alice: User, document: Document) -> None:
    with pytest.raises(Http404):
        get_document_for(alice, uuid.uuid4())
    with pytest.raises(Http404):
        get_page_for(alice, document.pk, 2)
    with pytest.raises(Http404):
        get_reading_for(alice, document.pk, 10**9)


def test_a_number_is_found_through_its_own_document_alone(alice: User, document: Document, upload: Upload) -> None:
    with pytest.raises(Http404):
        get_reading_for(alice, upload().pk, FieldReading.objects.get().pk)


def test_a_deleted_document_is_found_only_by_who_asks_for_the_deleted(alice: User, document: Document) -> None:
    document.hide()
    with pytest.raises(Http404):
        get_document_for(alice, document.pk)
    assert get_deleted_for(alice, document.pk) == document
    assert list(documents_of(alice)) == []
    document.restore()
    assert list(documents_of(alice)) == [document]


def test_a_table_is_its_owners_alone(
    alice: User, charlie: User, dana: User, read_pages: Callable[..., Document]
) -> None:
    document = read_pages(page_with(table_read()))
    assert get_table_for(alice, document.pk, 1, 1).number == 1
    for person, page, number in ((charlie, 1, 1), (dana, 1, 1), (AnonymousUser(), 1, 1), (alice, 1, 2), (alice, 2, 1)):
        with pytest.raises(Http404):
            get_table_for(person, document.pk, page, number)
