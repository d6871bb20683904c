"""One number of a document: shown, corrected, and the correction taken back."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.forms import CorrectionForm
from portal.http import OwnRequest, Request
from recognition.access import get_reading_for
from recognition.models import FieldReading


@never_cache
@require_safe
def show(request: Request, pk: uuid.UUID, reading_id: int) -> HttpResponse:
    """The number's card."""
    return _card(request, get_reading_for(request.user, pk, reading_id))


@login_required
@require_POST
def correct(request: OwnRequest, pk: uuid.UUID, reading_id: int) -> HttpResponse:
    """Keep the person's value beside what was read."""
    reading = get_reading_for(request.user, pk, reading_id)
    form = CorrectionForm(request.POST)
    if form.is_valid():
        reading.correct(form.cleaned_data["value"], by=request.user)
        return _answer(request, reading)
    if request.htmx:
        return _card(request, reading, form, status=422)
    messages.error(request, str(form.errors["value"][0]))
    return _answer(request, reading)


@login_required
@require_POST
def undo(request: OwnRequest, pk: uuid.UUID, reading_id: int) -> HttpResponse:
    """Take the latest correction back."""
    reading = get_reading_for(request.user, pk, reading_id)
    reading.undo_correction()
    return _answer(request, reading)


def _answer(request: OwnRequest, reading: FieldReading) -> HttpResponse:
    """The card alone for htmx, else the document's page at that number."""
    if request.htmx:
        return _card(request, reading)
    page = reading.page
    address = reverse("document", args=[page.document_id])
    return redirect(f"{address}?page={page.number}#number-{reading.pk}")


def _card(
    request: Request, reading: FieldReading, form: CorrectionForm | None = None, status: int = 200
) -> HttpResponse:
    context = {"number": reading, "page": reading.page, "document": reading.page.document, "form": form}
    return render(request, "documents/_number.html", context, status=status)
