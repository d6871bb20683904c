"""Visitors without an account, and how often anybody may ask for a reading."""

from __future__ import annotations

import secrets
from http import HTTPStatus

from allauth.core.ratelimit import consume
from django.http import HttpResponse
from django.shortcuts import render

from portal.http import Request


def visitor_of(request: Request) -> str:
    """A secret of this browser's session, so that nobody else is shown its drawings."""
    visitor: str = request.session.setdefault("visitor", secrets.token_hex(16))
    return visitor


def too_many(request: Request, action: str) -> HttpResponse | None:
    """Count one `action` of `ACCOUNT_RATE_LIMITS`. Return None while its rate allows it, else the answer 429."""
    if consume(request, action=f"{action}_member" if request.user.is_authenticated else action):
        return None
    template = "drawings/_too_many.html" if request.htmx else "429.html"
    return render(request, template, status=HTTPStatus.TOO_MANY_REQUESTS)
