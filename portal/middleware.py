"""Requests that are refused before a view sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from importlib import import_module
from uuid import uuid4
from wsgiref.types import WSGIEnvironment
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponseBase, QueryDict, UnreadablePostError
from django.utils import timezone

from accounts.client import client_ip
from accounts.models.audit import Origin, events_from
from portal.views.errors import too_large

Answer = Callable[[HttpRequest], HttpResponseBase]

FAILURE = "countersign.failure"
"""In a request's environment: the error with which the front failed to take it in. No header has such a name."""

GUEST_BYTES = 4 * 1024 * 1024
"""The largest body from guests. They send forms and the pad's pictures, but no scans."""


def front_failure(answer: Answer) -> Answer:
    """Answer as for an error of the site where the front failed to take a request in, because a part of it was away."""

    def failed(request: HttpRequest) -> HttpResponseBase:
        if FAILURE in request.META:
            raise request.META[FAILURE]
        return answer(request)

    return failed


def body_limit(answer: Answer) -> Answer:
    """Answer 413 where the body is larger than `MAX_REQUEST_BYTES`. A request without a length has no body.

    The front notes the length of a body that came in chunks (`portal/front/app.py`).

    A guest's body larger than `GUEST_BYTES` is not read either. The guest is asked to sign in, because their session
    may have ended.
    """

    def limited(request: HttpRequest) -> HttpResponseBase:
        words = request.META.get("CONTENT_LENGTH") or "0"
        announced = int(words) if words.isdigit() else 0
        if announced > settings.MAX_REQUEST_BYTES:
            return too_large(request)
        # Only large bodies look up the person, because that takes a query.
        if announced > GUEST_BYTES and not request.user.is_authenticated:
            return redirect_to_login(request.path)
        return answer(request)

    return limited


def no_null_in_address(answer: Answer) -> Answer:
    """Answer 400 where an address or a cookie holds the character NUL. No text has it, and PostgreSQL keeps none.

    It stands before whatever looks a cookie's session up, but for the front: see `is_signed_in`.
    """

    def checked(request: HttpRequest) -> HttpResponseBase:
        if _has_null([request.path, *request.COOKIES.values(), *_texts(request.GET)]):
            raise BadRequest("NUL in the address or a cookie")
        return answer(request)

    return checked


def no_null_in_form(answer: Answer) -> Answer:
    """Answer 400 where a form holds the character NUL. It stands behind `body_limit`, because it reads the form."""

    def checked(request: HttpRequest) -> HttpResponseBase:
        with suppress(UnreadablePostError):  # the visitor has gone; whoever reads the form next says so
            if _has_null(_texts(request.POST)):
                raise BadRequest("NUL in the form")
        return answer(request)

    return checked


def _texts(form: QueryDict) -> Iterator[str]:
    for name, values in form.lists():
        yield name
        yield from (str(value) for value in values)


def _has_null(texts: Iterable[str]) -> bool:
    return any("\0" in text for text in texts)


def origin_of_events(answer: Answer) -> Answer:
    """Let what is recorded while a request is answered name its person, its address and its key."""

    def named(request: HttpRequest) -> HttpResponseBase:
        def actor() -> int | None:
            return request.user.pk if request.user.is_authenticated else None

        key = uuid4().hex
        with events_from(Origin(actor, _address(request), key)):
            response = answer(request)
        response.headers["X-Request-Id"] = key
        return response

    return named


def _address(request: HttpRequest) -> str:
    try:
        return client_ip(request)
    except PermissionDenied:  # whoever counts by the address refuses the request
        return ""


def branch_clock(answer: Answer) -> Answer:
    """Show times by the clock of the person's branch."""

    def by_clock(request: HttpRequest) -> HttpResponseBase:
        zone = request.user.rights.time_zone if request.user.is_authenticated else ""
        with timezone.override(ZoneInfo(zone) if zone else None):
            return answer(request)

    return by_clock


def is_signed_in(environ: WSGIEnvironment) -> bool:
    """Whether the request is by somebody who has signed in. It is asked before the request is whole.

    A cookie with the character NUL is nobody's, and `no_null_in_address` refuses it later.
    """
    close_old_connections()
    request = WSGIRequest(environ)
    if _has_null(request.COOKIES.values()):
        return False
    sessions = import_module(settings.SESSION_ENGINE)
    request.session = sessions.SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    return get_user(request).is_authenticated
