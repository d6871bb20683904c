"""The types of requests after the middleware has handled them."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class Request(HttpRequest):
    """The request of any visitor. `htmx` is true where the request asks for a part of a page."""

    htmx: HtmxDetails


class OwnRequest(Request):
    """The request of a person who has signed in."""

    user: User
