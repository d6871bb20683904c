"""Requests, as our middleware leaves them."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class Request(HttpRequest):
    """Anybody's request; `htmx` is true where a part of a page is asked for."""

    htmx: HtmxDetails


class OwnRequest(Request):
    """The request of a person who has signed in."""

    user: User
