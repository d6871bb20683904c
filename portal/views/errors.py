"""The pages that people see when something is missing, forbidden, too large, or broken."""

from __future__ import annotations

import sys
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.template.loader import render_to_string
from redis import RedisError

from accounts.keyring import CannotOpen
from recognition.disk import is_full, note_full
from recognition.sealed_storage import KEY_AWAY
from recognition.withheld import Withheld
from worker.limits import limits


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400, or 413 where the request was only too large."""
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent):
        return too_large(request)
    torn = isinstance(exception, MultiPartParserError)
    return render(request, "400.html", {"torn": torn}, status=HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403."""
    return render(request, "403.html", status=HTTPStatus.FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 for a form that has expired or came from another site."""
    return render(request, "403.html", {"stale_form": True}, status=HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404. It is the same where nothing is there and where it belongs to another person.

    A file that is there and is not sent has an answer of its own.
    """
    if isinstance(exception, Withheld):
        return withheld(request, str(exception), exception.status)
    return render(request, "404.html", status=HTTPStatus.NOT_FOUND)


def withheld(request: HttpRequest, sentence: str, status: HTTPStatus) -> HttpResponse:
    """Say why a file that is there is not sent."""
    return render(request, "withheld.html", {"sentence": sentence}, status=status)


def too_large(request: HttpRequest) -> HttpResponse:
    """Answer 413."""
    return render(request, "413.html", {"limits": limits()}, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, or 503 where the disk is full, or the database or Redis does not answer, or 409 for a sealed file.

    The page is rendered without a request, because what a context needs may be what broke.
    """
    error = sys.exc_info()[1]
    if isinstance(error, CannotOpen):
        return withheld(request, KEY_AWAY, HTTPStatus.CONFLICT)
    disk_full = is_full(error)
    if disk_full:
        note_full()
    if disk_full or isinstance(error, RedisError | OperationalError | InterfaceError):
        page = render_to_string("503.html", {"disk_full": disk_full})
        away = HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE)
        away["Retry-After"] = "30"
        return away
    return HttpResponse(render_to_string("500.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)
