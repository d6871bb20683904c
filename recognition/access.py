"""The only door to a document or a layout: who asks decides what there is."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from recognition.models import Document, FieldReading, Layout, Page


def documents_of(user: User | AnonymousUser) -> QuerySet[Document]:
    """What this person may see: their own, not deleted. Colleagues and administrators see nothing here."""
    if not user.is_authenticated:
        return Document.objects.none()
    return Document.objects.filter(owner=user)


def deleted_of(user: User) -> QuerySet[Document]:
    """What this person deleted and can still bring back."""
    return Document.everything.filter(owner=user, deleted_at__isnull=False)


def everything_of(user: User) -> QuerySet[Document]:
    """All that is still this person's: what they deleted and can bring back, too."""
    return Document.everything.filter(owner=user)


def get_document_for(user: User | AnonymousUser, pk: uuid.UUID | str, *, deleted: bool = False) -> Document:
    """One of the person's own documents.

    Args:
        user: Who asks.
        pk: Which document.
        deleted: Look among those that they deleted and can still bring back.

    Raises:
        Http404: There is none, or it is somebody else's: the answer is the same.
    """
    if not user.is_authenticated:
        raise Http404
    found = Document.everything.filter(owner=user, pk=pk, deleted_at__isnull=not deleted).first()
    if found is None:
        raise Http404
    return found


def get_page_for(user: User | AnonymousUser, pk: uuid.UUID | str, number: int) -> Page:
    """A page of one of the person's own documents; raises Http404 as `get_document_for`."""
    page = get_document_for(user, pk).pages.filter(number=number).first()
    if page is None:
        raise Http404
    return page


def get_reading_for(user: User | AnonymousUser, pk: uuid.UUID | str, reading_id: int) -> FieldReading:
    """A number on one of the person's own documents; raises Http404 as `get_document_for`."""
    document = get_document_for(user, pk)
    found = FieldReading.objects.filter(pk=reading_id, page__document=document).first()
    if found is None:
        raise Http404
    return found


def layouts_of(user: User, *, deleted: bool = False) -> QuerySet[Layout]:
    """The person's own layouts; or those that they removed and can still bring back."""
    return Layout.everything.filter(owner=user, deleted_at__isnull=not deleted)


def all_layouts_of(user: User) -> QuerySet[Layout]:
    """All that are still this person's: what they removed and can bring back, too."""
    return Layout.everything.filter(owner=user)


def get_layout_for(user: User, pk: uuid.UUID | str, *, deleted: bool = False) -> Layout:
    """One of the person's own layouts, to work on; raises Http404 as `get_document_for`."""
    found = layouts_of(user, deleted=deleted).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
