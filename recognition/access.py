"""The only way to a document or a layout. What a person may do there follows from their roles (accounts/roles.py)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from accounts.models import Action, Rights, User
from accounts.models.audit import record
from accounts.roles import May, Role
from recognition.models import Document, FieldReading, Layout, Page, Table


def rights_of(user: User | AnonymousUser) -> Rights:
    """What this person may do; a guest may do nothing."""
    return user.rights if user.is_authenticated else Rights.of(user)


def documents_of(user: User | AnonymousUser) -> QuerySet[Document]:
    """The documents that this person may see, without those that were deleted."""
    return Document.objects.filter(rights_of(user).where(May.SEE))


def deleted_of(user: User) -> QuerySet[Document]:
    """The deleted documents that this person may bring back."""
    return Document.everything.filter(user.rights.where(May.DELETE), deleted_at__isnull=False)


def private_documents_of(user: User) -> QuerySet[Document]:
    """All documents in this person's private branch, with those that they deleted and can still bring back."""
    return Document.everything.filter(branch__private_of=user)


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


def get_document_for(user: User | AnonymousUser, pk: uuid.UUID | str, to: May = May.SEE) -> Document:
    """A document, for what this person wants to do with it. That an auditor looks is recorded here, whatever they see.

    Args:
        user: Who asks.
        pk: Key of the document.
        to: What they want to do.

    Raises:
        Http404: There is none, or they may not see it. The answer is the same, so that nobody learns which.
        PermissionDenied: They may see it, but not do this.
    """
    rights = rights_of(user)
    found = Document.objects.filter(rights.where(May.SEE), pk=pk).first()
    if found is None:
        raise Http404
    if to not in rights.on(found.branch_id):
        raise PermissionDenied
    note_auditors_look(user, found)
    return found


def note_auditors_look(user: User | AnonymousUser, document: Document) -> None:
    """Record that an auditor looks at a document. For all others, the views that show one record it."""
    if Role.AUDITOR in rights_of(user).roles:
        record(Action.LOOKED, document, branch=document.branch_id)


def get_deleted_for(user: User, pk: uuid.UUID | str) -> Document:
    """A deleted document that this person may bring back; raises Http404 where there is none."""
    found = deleted_of(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_page_for(user: User | AnonymousUser, pk: uuid.UUID | str, number: int) -> Page:
    """A page of a document that this person may see; raises Http404 like `get_document_for`."""
    page = get_document_for(user, pk).pages.filter(number=number).first()
    if page is None:
        raise Http404
    return page


def get_reading_for(
    user: User | AnonymousUser, pk: uuid.UUID | str, reading_id: int, to: May = May.SEE
) -> FieldReading:
    """A field or number on a document; raises Http404 and PermissionDenied like `get_document_for`."""
    document = get_document_for(user, pk, to)
    found = FieldReading.objects.select_related("table").filter(pk=reading_id, page__document=document).first()
    if found is None:
        raise Http404
    return found


def get_table_for(user: User | AnonymousUser, pk: uuid.UUID | str, page: int, number: int, to: May = May.SEE) -> Table:
    """A table on a page of a document; raises Http404 and PermissionDenied like `get_document_for`."""
    document = get_document_for(user, pk, to)
    found = Table.objects.select_related("page").filter(page__document=document, page__number=page, number=number)
    table = found.first()
    if table is None:
        raise Http404
    table.page.document = document
    return table


def layouts_of(user: User, *, deleted: bool = False) -> QuerySet[Layout]:
    """The layouts of this person's branches; with `deleted`, those that were removed and can still be brought back."""
    return Layout.everything.filter(user.rights.where(May.SEE), deleted_at__isnull=not deleted)


def private_layouts_of(user: User) -> QuerySet[Layout]:
    """All layouts in this person's private branch, with those that they removed and can still bring back."""
    return Layout.everything.filter(branch__private_of=user)


def get_layout_for(user: User, pk: uuid.UUID | str, to: May = May.TEACH, *, deleted: bool = False) -> Layout:
    """A layout, for what this person wants to do; raises Http404 and PermissionDenied like `get_document_for`."""
    found = layouts_of(user, deleted=deleted).filter(pk=pk).first()
    if found is None:
        raise Http404
    if to not in user.rights.on(found.branch_id):
        raise PermissionDenied
    return found
