"""Images and originals, to their owner alone: to anybody else they are not there."""

from __future__ import annotations

import io
import uuid

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe
from PIL import Image

from recognition.access import get_document_for, get_page_for

THUMBNAIL_SIDE = 192
"""Longest side in pixels: twice what the history shows, for dense screens."""


@require_safe
def original(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The file as it was uploaded, byte for byte, to be saved and never shown in the browser."""
    document = get_document_for(request.user, pk)
    return _private(
        FileResponse(
            document.original.open("rb"),
            as_attachment=True,
            filename=document.name,
            content_type="application/octet-stream",
        )
    )


@require_safe
def page_image(request: HttpRequest, pk: uuid.UUID, number: int) -> HttpResponseBase:
    """A page as people look at it."""
    page = get_page_for(request.user, pk, number)
    return private_jpeg(request, page.preview, page.sha256[:32])


@require_safe
def thumbnail(request: HttpRequest, pk: uuid.UUID, number: int) -> HttpResponseBase:
    """A page at the size of a stamp."""
    page = get_page_for(request.user, pk, number)
    etag = f'"{page.sha256[:32]}-{THUMBNAIL_SIDE}"'
    known = get_conditional_response(request, etag=etag)
    return _private(known or _jpeg(_shrunk(page.preview.open("rb").read())), etag)


def private_jpeg(request: HttpRequest, file: FieldFile, key: str) -> HttpResponseBase:
    """A stored JPEG for whoever has been let in; `key` tells it from any other at this address."""
    etag = f'"{key}"'
    known = get_conditional_response(request, etag=etag)
    return _private(known or _jpeg(file.open("rb").read()), etag)


def _jpeg(data: bytes) -> HttpResponse:
    return HttpResponse(data, content_type="image/jpeg")


def _private(response: HttpResponseBase, etag: str = "") -> HttpResponseBase:
    """For this browser only, and asked for again after minutes, so that signing out takes it away."""
    response["Cache-Control"] = "private, max-age=300"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    if etag:
        response["ETag"] = etag
    return response


def _shrunk(jpeg: bytes) -> bytes:
    with Image.open(io.BytesIO(jpeg)) as picture:
        picture.draft("RGB", (THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        out = io.BytesIO()
        picture.convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()
