"""One number or field of a document: its card, a person's decision on it, and undoing the decision."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.roles import May
from portal.cards import Card, shown_value
from portal.entries import Echo
from portal.forms import CorrectionForm, SeenForm
from portal.http import OwnRequest, Request
from portal.tables import GridCell, address_of
from portal.views.documents import flags_on, page_context
from portal.views.tables import table_context
from recognition.access import get_reading_for
from recognition.models import ChangedMeanwhile, Decision, Document, FieldReading

READ_AGAIN = "This document is being read again, so that nothing can be kept now. Nothing of yours was kept."
NOT_READ_AGAIN = "Reading this document again failed, so that nothing can be kept now. Nothing of yours was kept."


@never_cache
@require_safe
def show(request: Request, pk: uuid.UUID, reading_id: int) -> HttpResponse:
    """Show the card of a number or field."""
    return _card(request, get_reading_for(request.user, pk, reading_id))


@login_required
@require_POST
def echo(request: OwnRequest, pk: uuid.UUID, reading_id: int) -> HttpResponse:
    """Show what the typed text means, while it is typed; nothing where it means no value yet."""
    reading = get_reading_for(request.user, pk, reading_id, May.KEY)
    form = CorrectionForm(request.POST, reading=reading)
    form.is_valid()
    typed = str(form["value"].value() or "")
    return render(request, "documents/_echo.html", {"echo": Echo.of(reading, form.meaning, typed), "reading": reading})


@login_required
@require_POST
def correct(request: OwnRequest, pk: uuid.UUID, reading_id: int) -> HttpResponse:
    """Save the person's decision beside what was read: a value, or that there is none.

    With `fill`, only put one of the reader's other values into the field.
    """
    reading = get_reading_for(request.user, pk, reading_id, May.KEY)
    try:
        with reading.as_seen(SeenForm(request.POST).seen_version):
            form = _held_against_others(request, reading)
            is_kept = form.is_valid() and "fill" not in request.POST
            if is_kept:
                _decide(reading, form.cleaned_data, request.user)
    except ChangedMeanwhile:
        return _answer_to_change(request, get_reading_for(request.user, pk, reading_id))
    if "fill" in request.POST:
        return _answer_with(request, reading, filled=form.fills)
    if not is_kept:
        return _refuse(request, reading, form)
    return _answer(request, get_reading_for(request.user, pk, reading_id))


def _held_against_others(request: OwnRequest, reading: FieldReading) -> CorrectionForm:
    """What was typed, beside the other fields of the page as they are now. In the lock, nobody else decides on them."""
    prefetch_related_objects([reading], "decisions__decided_by", "page__readings__decisions__decided_by")
    return CorrectionForm(request.POST, reading=reading)


def _answer_to_change(request: OwnRequest, reading: FieldReading) -> HttpResponse:
    """Answer a decision on what changed meanwhile: it is kept already, or not at all."""
    form = _held_against_others(request, reading)
    if form.is_valid() and "fill" not in request.POST and _is_kept_already(reading, form.cleaned_data, request.user):
        return _answer(request, reading)
    return _tell_change(request, reading, form)


def _decide(reading: FieldReading, decided: dict[str, Any], by: User) -> None:
    if decided["verdict"] is Decision.Verdict.VALUE:
        reading.correct(decided["value"], by=by, overrode=decided["overrode"])
    else:
        reading.set_aside(decided["verdict"], by=by)


def _is_kept_already(reading: FieldReading, decided: dict[str, Any], by: User) -> bool:
    """Whether the same person has decided the same: they pressed twice, or an answer was lost on its way."""
    latest = reading.decision if reading.page.document.is_read else None
    value = decided["value"] if decided["verdict"] is Decision.Verdict.VALUE else ""
    return latest is not None and (latest.decided_by, latest.verdict, latest.value) == (by, decided["verdict"], value)


@login_required
@require_POST
def undo(request: OwnRequest, pk: uuid.UUID, reading_id: int) -> HttpResponse:
    """Undo the decision that the person saw, if it is still the latest."""
    reading = get_reading_for(request.user, pk, reading_id, May.KEY)
    try:
        with reading.as_seen(SeenForm(request.POST).seen_version):
            reading.undo_correction(by=request.user)
    except ChangedMeanwhile:
        return _tell_change(request, get_reading_for(request.user, pk, reading_id))
    return _answer(request, get_reading_for(request.user, pk, reading_id))


def _refuse(request: OwnRequest, reading: FieldReading, form: CorrectionForm) -> HttpResponse:
    why = " ".join(str(error) for errors in form.errors.values() for error in errors)
    return _answer_with(request, reading, form=form, status=422, message=f"{reading.label}: {why}")


def _tell_change(request: OwnRequest, reading: FieldReading, form: CorrectionForm | None = None) -> HttpResponse:
    """Tell that the reading is no longer as the person saw it; what they typed stands in the field (409)."""
    document = reading.page.document
    why = why_nothing_is_kept(document)
    if why and not request.htmx:
        messages.error(request, why)
        return redirect("document", document.pk)
    typed = form if form is not None and form["value"].value() else None
    notice = why or _change(reading, request.user, typed=typed is not None)
    return _answer_with(request, reading, form=typed, notice=notice, status=409, message=f"{reading.label}: {notice}")


def why_nothing_is_kept(document: Document) -> str:
    """Why nobody can decide on this document's readings at the moment; empty where people can."""
    if document.is_read:
        return ""
    return NOT_READ_AGAIN if document.is_finished else READ_AGAIN


def _change(reading: FieldReading, person: User, *, typed: bool) -> str:
    """What stands there now, by whom and since when."""
    decision = reading.decision
    kept = "What you typed was not kept; it is still in the field." if typed else "What you asked for was not done."
    if decision is None:
        return f"Meanwhile the decision on this was undone, and what was read stands here again. {kept}"
    who = "you, in another window," if decision.decided_by == person else decision.decided_by or "somebody"
    when = date_format(timezone.localtime(decision.decided_at), "j F Y, H:i")
    return f"Meanwhile {who} decided on this: since {when} “{shown_value(reading).words}” stands here. {kept}"


def _answer(request: OwnRequest, reading: FieldReading) -> HttpResponse:
    """Show the card alone to htmx; otherwise redirect to the page on which it stands."""
    if request.htmx:
        return _card(request, reading)
    return redirect(address_of(reading))


def _answer_with(
    request: OwnRequest, reading: FieldReading, *, status: int = 200, message: str = "", **shown: Any
) -> HttpResponse:
    """Show the card with what `Card.of` is told, to htmx alone, otherwise on its page with a message."""
    if request.htmx:
        return _card(request, reading, status, **shown)
    if message:
        messages.error(request, message)
    if reading.table is not None:
        context = table_context(reading.table, reading, **shown)
        return render(request, "tables/table.html", context, status=status)
    context = page_context(request, reading.page.document, reading.page, reading, **shown)
    return render(request, "documents/document.html", context, status=status)


def _card(request: Request, reading: FieldReading, status: int = 200, **shown: Any) -> HttpResponse:
    page = reading.page
    prefetch_related_objects([reading], "decisions__decided_by", "page__readings__decisions__decided_by")
    context = {"card": Card.of(reading, **shown), "page": page, "document": page.document}
    if reading.table is not None:  # its card stands on the table's page
        context |= {"doubts": reading.table.doubts, "cell": GridCell.of(reading)}
    else:
        context |= {
            "doubts": FieldReading.in_doubt().filter(page=page).count(),
            **flags_on(request, page.document, page),
        }
    return render(request, "documents/_card.html", context, status=status)
