"""Two numbers side by side and as an overlay, for a person who suspects a copy."""

from __future__ import annotations

import io
import uuid
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from django.contrib.auth.decorators import login_required
from django.db.models import Case, IntegerField, QuerySet, Value, When, prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from numpy.typing import NDArray
from PIL import Image

from accounts.models import User
from ml.reading.elements import Writing
from ml.reading.forms.layouts import Kind
from ml.reading.style.overlay import Overlay, difference, overlaid
from portal.http import OwnRequest
from recognition.access import documents_of, get_reading_for, note_auditors_look
from recognition.models import FieldReading, Page
from recognition.withheld import check_previews

_OFFERED = 24
_LARGER = 4
_FIRST, _SECOND = np.array((190, 60, 20), np.float32), np.array((20, 90, 190), np.float32)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The result of a comparison: how much of the ink coincides, in per cent, and two sentences."""

    coincidence: int
    is_copy: bool
    ink: str
    hand: str


@never_cache
@login_required
@require_safe
def compare(request: OwnRequest, pk: uuid.UUID, reading_id: int) -> HttpResponse:
    """Offer the person's other numbers. Once one is chosen, show both."""
    first = get_reading_for(request.user, pk, reading_id)
    prefetch_related_objects([first], "decisions")
    others = list(_others(request.user, first)[:_OFFERED])
    Page.fetch_layouts(other.page for other in others)
    context: dict[str, Any] = {"first": first, "others": others}
    if "with" in request.GET:
        second = _other(request.user, first, request.GET["with"])
        laid = overlaid(_cut_out(first), _cut_out(second))
        context |= {"second": second, "sides": [first, second], "judgement": judged(laid, first, second)}
    return render(request, "documents/compare.html", context)


@login_required
@require_safe
def overlay(request: OwnRequest, pk: uuid.UUID, reading_id: int) -> HttpResponse:
    """Send the overlay as a picture: each number's ink has its colour, and is dark where the two coincide."""
    first = get_reading_for(request.user, pk, reading_id)
    laid = overlaid(_cut_out(first), _cut_out(_other(request.user, first, request.GET.get("with", ""))))
    below, above = (cv2.resize(ink, None, fx=_LARGER, fy=_LARGER)[:, :, None] for ink in (laid.first, laid.second))
    paper = 255 - below * (255 - _FIRST)
    picture = np.clip(paper * (255 - above * (255 - _SECOND)) / 255, 0, 255).astype(np.uint8)
    response = HttpResponse(cv2.imencode(".png", picture[:, :, ::-1])[1].tobytes(), content_type="image/png")
    response["Cache-Control"] = "private, max-age=300"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _others(user: User, first: FieldReading) -> QuerySet[FieldReading]:
    """The person's other numbers: equal values first, then the newest documents first."""
    same = Case(When(value=first.value, then=Value(0)), default=Value(1), output_field=IntegerField())
    readings = FieldReading.objects.filter(page__document__in=documents_of(user)).exclude(pk=first.pk)
    readings = readings.exclude(value="").exclude(kind=Kind.MICR.value)
    return (
        readings.select_related("page__document")
        .prefetch_related("decisions")
        .order_by(same, "-page__document__created_at", "pk")
    )


def _other(user: User, first: FieldReading, chosen: str) -> FieldReading:
    found = _others(user, first).filter(pk=int(chosen)).first() if chosen.isdecimal() and len(chosen) < 16 else None
    if found is None:
        raise Http404
    note_auditors_look(user, found.page.document)
    return found


def _cut_out(reading: FieldReading) -> NDArray[np.uint8]:
    """The number's pixels from its page's preview: uint8, height × width × 3, RGB."""
    page = reading.page
    check_previews(page.document)
    with page.preview.open("rb") as file, Image.open(io.BytesIO(file.read())) as picture:
        across, down = picture.width / page.width, picture.height / page.height
        left, top = int(reading.left * across), int(reading.top * down)
        right, bottom = left + max(2, round(reading.width * across)), top + max(2, round(reading.height * down))
        return np.asarray(picture.convert("RGB").crop((left, top, right, bottom)))


def judged(laid: Overlay, first: FieldReading, second: FieldReading) -> Judgement:
    """The comparison in words. They suggest and never conclude, because the comparison is only an aid."""
    share = max(0, int(100 * laid.coincidence))
    if laid.is_copy:
        ink = f"{share} % of the ink coincides. Numbers written twice hardly do: one may be a copy of the other."
    else:
        ink = f"{share} % of the ink coincides. Nothing here speaks for a copy."
    return Judgement(share, laid.is_copy, ink, _hands_in_words(first.writing, second.writing))


def _hands_in_words(first: dict[str, Any] | None, second: dict[str, Any] | None) -> str:
    if first is None or second is None:
        return "How they were written was not measured: one of them was read before Countersign did."
    strays = difference(_writing_of(first), _writing_of(second))
    if strays < 1:
        return "Slant, pen and spacing are as alike as in one hand. Many hands are alike, though."
    return "Slant, pen and spacing differ " + ("somewhat." if strays < 1.6 else "more than one hand usually strays.")


def _writing_of(style: dict[str, Any]) -> Writing:
    return Writing(style["slant"], style["pen"], style["height"], style["spacing"], style["unevenness"], (0, 0, 0))
