"""One document: the page that shows it, the progress of its reading, and what people can do with it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.models import Action, User
from accounts.models.audit import record
from accounts.roles import May, Role
from portal.cards import Card
from portal.forms import LayoutForm
from portal.http import OwnRequest, Request
from portal.uploads import queue_again
from portal.views.history import with_first_numbers
from recognition.access import documents_of, get_deleted_for, get_document_for, rights_of
from recognition.allowance import NoRoom
from recognition.models import Document, FieldReading, InvalidState, Page, Table
from recognition.presented import flags_of

NO_TRY = "There is nothing to try again: this is how the document stands."
BEING_READ = "This is being read already."
DECIDED_ON = "Somebody has decided on fields of this document, and that would be lost. Undo those decisions first."


@never_cache
@login_required
@require_safe
def show(request: OwnRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a page of the document, with every field, every number and every table on it."""
    document = get_document_for(request.user, pk)
    page = _asked_page(document, request.GET.get("page", "1"))
    if Role.AUDITOR not in request.user.rights.roles:  # of auditors the door records it
        record(Action.LOOKED, document, branch=document.branch_id, page=page.number if page else 0)
    return render(request, "documents/document.html", page_context(request, document, page))


def page_context(
    request: OwnRequest,
    document: Document,
    page: Page | None,
    answered: FieldReading | None = None,
    **shown: Any,
) -> dict[str, Any]:
    """The context for the template that shows a document.

    Args:
        request: The request of the person who looks at it.
        document: The document to show.
        page: The page of the document to show; None while nothing is read.
        answered: The reading on which the person just sent a decision that was not kept; None where none was.
        shown: What `Card.of` shows of that.
    """
    newer, older = _neighbours(request.user, document)
    if page is not None:
        prefetch_related_objects([page], "readings__decisions__decided_by", "tables")
    told = [reading for reading in page.readings.all() if reading.is_told] if page else []
    readings = [reading for reading in told if reading.table_id is None]
    tables = _tables_on(page) if page else []
    cards = [Card.of(reading, **(shown if reading == answered else {})) for reading in readings]
    fields = [card for card in cards if card.reading.of_layout]
    numbers = [card for card in cards if not card.reading.of_layout]
    return {
        "document": document,
        "page": page,
        "body": _body(document),
        "fields": fields,
        "places": _places(fields, page),
        "numbers": numbers,
        "tables": tables,
        "doubts": sum(reading.needs_person for reading in page.readings.all()) if page else 0,
        "heading": _heading(document, page, len(fields), len(numbers), len(tables)) if page else "",
        "note": _note(page, fields, [*numbers, *tables]) if page else None,
        "read_as": _layout_form(document) if _can_be_read_as(request.user, document) else None,
        "read_as_first": page is not None and bool(page.faults) and not fields,
        "newer": newer,
        "older": older,
        **flags_on(request, document, page),
    }


def _body(document: Document) -> str:
    """The partial template for the document's state."""
    if not document.is_finished:
        return "documents/_progress.html"
    return "documents/_failed.html" if document.state == Document.State.FAILED else "documents/_desk.html"


@dataclass(frozen=True, slots=True)
class TableOnPage:
    """A table as its document's page tells of it: how many of its cells have a number, and how many need a look."""

    table: Table
    numbers: int
    doubts: int


def _tables_on(page: Page) -> list[TableOnPage]:
    """The tables of a page; uses what was fetched for the page."""
    cells: dict[int | None, list[FieldReading]] = defaultdict(list)
    for reading in page.readings.all():
        cells[reading.table_id].append(reading)
    return [
        TableOnPage(
            table,
            sum(bool(cell.current_value) for cell in cells[table.pk]),
            sum(cell.needs_person for cell in cells[table.pk]),
        )
        for table in page.tables.all()
    ]


def _heading(document: Document, page: Page, fields: int, numbers: int, tables: int) -> str:
    """How much was read: "3 fields and 1 number on page 2"."""
    counts = [_counted(count, noun) for count, noun in ((fields, "field"), (tables, "table")) if count]
    if numbers or not (page.layout or tables):
        counts.append(_counted(numbers, "number"))
    where = f" on page {page.number}" if document.page_count > 1 else ""
    return (" and ".join(counts) or "Not read") + where


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _note(page: Page, fields: list[Card], numbers: Sequence[Card | TableOnPage]) -> str | None:
    """The partial template that explains what "sure" means here, or why nothing was read."""
    if fields:
        return "documents/notes/fields.html"
    if numbers:
        return "documents/notes/numbers.html"
    return None if page.layout else "documents/notes/nothing.html"


def _places(cards: list[Card], page: Page | None) -> list[FieldReading]:
    """Fields with a place on the page, the largest first, so that a field inside another is drawn over it."""
    fields = [card.reading for card in cards]
    placed = [field for field in fields if page and (field.width, field.height) != (page.width, page.height)]
    return sorted(placed, key=lambda field: -field.width * field.height)


def flags_on(request: Request, document: Document, page: Page | None) -> dict[str, Any]:
    """For a page's template: the flags of the page and of the whole document, and which other pages have flags."""
    flags = flags_of(request.user, [document])[document.pk]
    number = page.number if page else 0
    return {"flags": flags.on(number), "flagged_pages": [other for other in flags.pages if other != number]}


def _layout_form(document: Document) -> LayoutForm:
    return LayoutForm(branch=document.branch_id, initial={"layout": document.layout})


def _can_be_read_as(user: User, document: Document) -> bool:
    is_ready = document.is_finished and document.can_try_again
    return is_ready and May.UPLOAD in rights_of(user).on(document.branch_id) and not document.is_decided_on


def _asked_page(document: Document, number: str) -> Page | None:
    """The page with this number; None while nothing is read."""
    pages = document.pages.all()
    if not pages:
        return None
    found = next((page for page in pages if str(page.number) == number), None)
    if found is None:
        raise Http404
    return found


def _neighbours(user: User, document: Document) -> tuple[Document | None, Document | None]:
    """The next newer and the next older document that this person may see."""
    seen, when = documents_of(user), document.created_at
    newer = seen.filter(Q(created_at__gt=when) | Q(created_at=when, pk__gt=document.pk)).order_by("created_at", "pk")
    older = seen.filter(Q(created_at__lt=when) | Q(created_at=when, pk__lt=document.pk)).order_by("-created_at", "-pk")
    return newer.first(), older.first()


@never_cache
@require_safe
def progress(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Show the document's row in a list or, with `?on=page`, the progress of its reading until it has ended."""
    document = get_document_for(request.user, pk)
    if request.GET.get("on") == "page":
        if document.is_finished:
            return HttpResponseClientRefresh()
        return render(request, "documents/_progress.html", {"document": document})
    row = with_first_numbers(documents_of(request.user).filter(pk=pk)).get()
    return render(request, "documents/_row.html", {"document": row, "flagged": flags_of(request.user, [row])})


@login_required
@require_POST
def try_again(request: OwnRequest, pk: uuid.UUID) -> HttpResponse:
    """Queue a failed document again."""
    document = get_document_for(request.user, pk, May.UPLOAD)
    try:
        queue_again(document, document.try_again)
    except NoRoom as full:
        messages.error(request, str(full))
    except InvalidState:  # the button was pressed twice, or in two windows
        messages.info(request, NO_TRY if document.is_finished else BEING_READ)
    return redirect("document", pk)


@login_required
@require_POST
def read_as(request: OwnRequest, pk: uuid.UUID) -> HttpResponse:
    """Queue a finished document again, to be read with the chosen layout."""
    document = get_document_for(request.user, pk, May.UPLOAD)
    form = LayoutForm(request.POST, branch=document.branch_id)
    if not form.is_valid():
        messages.error(request, str(form.errors["layout"][0]))
        return redirect("document", pk)
    try:
        queue_again(document, partial(document.read_as, form.cleaned_data["layout"]))
    except NoRoom as full:
        messages.error(request, str(full))
    except InvalidState:
        messages.error(request, DECIDED_ON if document.is_finished else BEING_READ)
    return redirect("document", pk)


@login_required
@require_POST
def delete(request: OwnRequest, pk: uuid.UUID) -> HttpResponse:
    """Hide the document, and offer to bring it back."""
    document = get_document_for(request.user, pk, May.DELETE)
    document.hide()
    if request.htmx:
        return render(request, "documents/_deleted.html", {"deleted": document})
    return redirect(f"{reverse('history')}?deleted={document.pk}")


@login_required
@require_POST
def restore(request: OwnRequest, pk: uuid.UUID) -> HttpResponse:
    """Bring a deleted document back."""
    document = get_deleted_for(request.user, pk)
    document.restore()
    messages.success(request, f"{document.name} is back in your history.")
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe else reverse("history"))
