"""Images and originals, for those who may see the document. All other people get a 404."""

from __future__ import annotations

import io
import uuid

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe
from PIL import Image

from accounts.models import Action
from accounts.models.audit import record
from recognition.access import get_document_for, get_page_for
from recognition.withheld import check_original, check_previews

THUMBNAIL_SIDE = 192
"""Longest side in pixels. It is twice the size that the history shows, for screens of high resolution."""

JPEG = "image/jpeg"


@require_safe
def original(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """Send the file as it was uploaded, byte for byte. The browser saves it and never shows it."""
    document = get_document_for(request.user, pk)
    check_original(document)
    record(Action.DOWNLOADED, document, branch=document.branch_id)
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
    """Send a page's picture."""
    page = get_page_for(request.user, pk, number)
    check_previews(page.document)
    return private_jpeg(request, page.preview, page.sha256[:32])


@require_safe
def thumbnail(request: HttpRequest, pk: uuid.UUID, number: int) -> HttpResponseBase:
    """Send a small picture of a page."""
    page = get_page_for(request.user, pk, number)
    check_previews(page.document)
    etag = f'"{page.sha256[:32]}-{THUMBNAIL_SIDE}"'
    known = get_conditional_response(request, etag=etag)
    return _private(known or HttpResponse(_shrunk(page.preview.open("rb").read()), content_type=JPEG), etag)


def private_jpeg(request: HttpRequest, file: FieldFile, key: str) -> HttpResponseBase:
    """Send a stored JPEG, after the caller has checked who asks. `key` changes when the file at this address does."""
    etag = f'"{key}"'
    known = get_conditional_response(request, etag=etag)
    return _private(known or FileResponse(file.open("rb"), content_type=JPEG, filename="page.jpg"), etag)


def _private(response: HttpResponseBase, etag: str = "") -> HttpResponseBase:
    """Let only this browser keep the response, and only for minutes, so that it is gone after signing out."""
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
