"""Numbers drawn on the pad, and the home page's sample. The pad's worker reads them while the page waits."""

from __future__ import annotations

import time
import uuid
from functools import cache
from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from ml.reading.errors import RefusedFile
from ml.reading.files.inspect import inspect
from ml.reading.files.limits import Limits
from portal.guests import too_many, visitor_of
from portal.http import Request
from recognition.models import Drawing
from worker.send import send_drawing

PAD_LIMITS = Limits(bytes=2 * 1024 * 1024, pixels=8_000_000, pages=1)
POLL_SECONDS = 0.01


@cache
def sample_scan() -> bytes:
    """The scan on the home page."""
    return (settings.BASE_DIR / "static" / "img" / "sample-scan.png").read_bytes()


@cache
def sample_size() -> tuple[int, int]:
    """The sample's width and height in pixels."""
    return inspect(sample_scan(), Limits()).page_sizes[0]


@require_POST
def sample(request: Request) -> HttpResponse:
    """Read the sample."""
    return too_many(request, "sample") or _read(request, sample_scan(), one_number=False)


@require_POST
def create(request: Request) -> HttpResponse:
    """Read what was drawn on the pad."""
    refused = too_many(request, "pad")
    if refused:
        return refused
    picture = request.FILES.get("image")
    try:
        data = picture.read(PAD_LIMITS.bytes + 1) if picture else b""
        inspect(data, PAD_LIMITS)
    except RefusedFile as refusal:
        context = {"reason": str(refusal)}
        return render(request, "drawings/_result.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _read(request, data, one_number=True)


@require_safe
def result(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Show what was read to the session that drew it; the status is 202 while nothing is read."""
    drawing = Drawing.objects.filter(pk=pk, visitor=request.session.get("visitor", "")).first()
    if drawing is None:
        raise Http404
    return _answer(request, drawing)


def _read(request: Request, image: bytes, *, one_number: bool) -> HttpResponse:
    drawing = Drawing.objects.create(visitor=visitor_of(request), image=image, one_number=one_number)
    send_drawing(drawing)
    return _answer(request, _wait_for(drawing))


def _wait_for(drawing: Drawing) -> Drawing:
    """The drawing once it is read, or still unread when `PAD_WAIT_SECONDS` have passed."""
    finished = Drawing.objects.filter(pk=drawing.pk, state__in=(Drawing.State.READ, Drawing.State.FAILED))
    deadline = time.monotonic() + settings.PAD_WAIT_SECONDS
    while time.monotonic() < deadline:
        found = finished.first()
        if found:
            return found
        time.sleep(POLL_SECONDS)
    return drawing


def _answer(request: Request, drawing: Drawing) -> HttpResponse:
    waiting = drawing.state in (Drawing.State.QUEUED, Drawing.State.READING)
    context = {
        "drawing": drawing,
        "waiting": waiting,
        "reason": drawing.reason,
        "sample": None if drawing.one_number else sample_size(),
    }
    status = HTTPStatus.ACCEPTED if waiting else HTTPStatus.OK
    template = "drawings/_result.html" if request.htmx else "drawings/result.html"
    return render(request, template, context, status=status)
