"""Requests that are refused before a view sees them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from wsgiref.types import WSGIEnvironment

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.views import redirect_to_login
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponseBase

from portal.views.errors import too_large

Answer = Callable[[HttpRequest], HttpResponseBase]


GUEST_BYTES = 4 * 1024 * 1024
"""The largest body from guests. They send forms and the pad's pictures, but no scans."""


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


def is_signed_in(environ: WSGIEnvironment) -> bool:
    """Whether the request is by somebody who has signed in. It is asked before the request is whole."""
    close_old_connections()
    request = WSGIRequest(environ)
    sessions = import_module(settings.SESSION_ENGINE)
    request.session = sessions.SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    return get_user(request).is_authenticated
