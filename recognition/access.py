"""The only way to a document or a layout. It gives each person only what belongs to them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from recognition.models import Document, FieldReading, Layout, Page, Table


def documents_of(user: User | AnonymousUser) -> QuerySet[Document]:
    """The documents of this person that they have not deleted. Colleagues and administrators do not see them."""
    if not user.is_authenticated:
        return Document.objects.none()
    return Document.objects.filter(owner=user)


def deleted_of(user: User) -> QuerySet[Document]:
    """The documents that this person deleted and can still bring back."""
    return Document.everything.filter(owner=user, deleted_at__isnull=False)


def everything_of(user: User) -> QuerySet[Document]:
    """All documents of this person, with those that they deleted and can still bring back."""
    return Document.everything.filter(owner=user)


def in_chunks(documents: QuerySet[Document], size: int) -> Iterator[list[Document]]:
    """The documents in their order, `size` at a time, each time with a query of its own.

    Several threads make an answer that is sent slowly, one after the other, and a connection to the database may be
    closed meanwhile. So such an answer must not hold a cursor, as `QuerySet.iterator` does.
    """
    keys = list(documents.values_list("pk", flat=True))
    for begin in range(0, len(keys), size):
        chunk = keys[begin : begin + size]
        found = documents.in_bulk(chunk)
        yield [found[key] for key in chunk if key in found]


def get_document_for(user: User | AnonymousUser, pk: uuid.UUID | str, *, deleted: bool = False) -> Document:
    """A document of this person.

    Args:
        user: Who asks.
        pk: Key of the document.
        deleted: Whether to look among the documents that they deleted and can still bring back.

    Raises:
        Http404: There is none, or it belongs to another person. The answer is the same, so that nobody learns which.
    """
    if not user.is_authenticated:
        raise Http404
    found = Document.everything.filter(owner=user, pk=pk, deleted_at__isnull=not deleted).first()
    if found is None:
        raise Http404
    return found


def get_page_for(user: User | AnonymousUser, pk: uuid.UUID | str, number: int) -> Page:
    """A page of a document of this person; raises Http404 like `get_document_for`."""
    page = get_document_for(user, pk).pages.filter(number=number).first()
    if page is None:
        raise Http404
    return page


def get_reading_for(user: User | AnonymousUser, pk: uuid.UUID | str, reading_id: int) -> FieldReading:
    """A field or number on a document of this person; raises Http404 like `get_document_for`."""
    document = get_document_for(user, pk)
    found = FieldReading.objects.select_related("table").filter(pk=reading_id, page__document=document).first()
    if found is None:
        raise Http404
    return found


def get_table_for(user: User | AnonymousUser, pk: uuid.UUID | str, page: int, number: int) -> Table:
    """A table on a page of a document of this person; raises Http404 like `get_document_for`."""
    found = get_page_for(user, pk, page).tables.filter(number=number).first()
    if found is None:
        raise Http404
    return found


def layouts_of(user: User, *, deleted: bool = False) -> QuerySet[Layout]:
    """The layouts of this person; with `deleted`, those that they removed and can still bring back."""
    return Layout.everything.filter(owner=user, deleted_at__isnull=not deleted)


def all_layouts_of(user: User) -> QuerySet[Layout]:
    """All layouts of this person, with those that they removed and can still bring back."""
    return Layout.everything.filter(owner=user)


def get_layout_for(user: User, pk: uuid.UUID | str, *, deleted: bool = False) -> Layout:
    """A layout of this person, to work on; raises Http404 like `get_document_for`."""
    found = layouts_of(user, deleted=deleted).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
