"""One number or field of a document: its card, a person's decision on it, and undoing the decision."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from portal.cards import Card
from portal.forms import CorrectionForm
from portal.http import OwnRequest, Request
from portal.views.documents import flags_on, page_context
from recognition.access import get_reading_for
from recognition.models import Decision, FieldReading


@never_cache
@require_safe
def show(request: Request, pk: uuid.UUID, reading_id: int) -> HttpResponse:
    """Show the card of a number or field."""
    return _card(request, get_reading_for(request.user, pk, reading_id))


@login_required
@require_POST
def correct(request: OwnRequest, pk: uuid.UUID, reading_id: int) -> HttpResponse:
    """Save the person's decision beside what was read: a value, or that there is none."""
    reading = get_reading_for(request.user, pk, reading_id)
    if not reading.page.document.is_finished:  # it is being read again, so the decision would be lost
        return redirect("document", pk)
    form = CorrectionForm(request.POST, reading=reading)
    if form.is_valid():
        _decide(reading, form.cleaned_data["verdict"], form.cleaned_data["value"], request.user)
        return _answer(request, reading)
    if request.htmx:
        return _card(request, reading, form, status=422)
    why = next(str(error) for errors in form.errors.values() for error in errors)
    messages.error(request, f"{reading.label}: {why}")
    context = page_context(request, reading.page.document, reading.page, reading, form)
    return render(request, "documents/document.html", context, status=422)


def _decide(reading: FieldReading, verdict: Decision.Verdict, value: str, by: User) -> None:
    if verdict is Decision.Verdict.VALUE:
        reading.correct(value, by=by)
    else:
        reading.set_aside(verdict, by=by)


@login_required
@require_POST
def undo(request: OwnRequest, pk: uuid.UUID, reading_id: int) -> HttpResponse:
    """Undo the latest decision."""
    reading = get_reading_for(request.user, pk, reading_id)
    reading.undo_correction()
    return _answer(request, reading)


def _answer(request: OwnRequest, reading: FieldReading) -> HttpResponse:
    """Show the card alone to htmx; otherwise redirect to the document's page, at this number."""
    if request.htmx:
        return _card(request, reading)
    page = reading.page
    address = reverse("document", args=[page.document_id])
    return redirect(f"{address}?page={page.number}#number-{reading.pk}")


def _card(
    request: Request, reading: FieldReading, form: CorrectionForm | None = None, status: int = 200
) -> HttpResponse:
    page = reading.page
    prefetch_related_objects([reading], "decisions", "page__readings__decisions")
    context = {
        "card": Card.of(reading, form),
        "page": page,
        "document": page.document,
        "doubts": FieldReading.in_doubt().filter(page=page).count(),
        **flags_on(request, page.document, page),
    }
    return render(request, "documents/_card.html", context, status=status)
