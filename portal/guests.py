"""Who draws without an account, and how often anybody may ask for a reading."""

from __future__ import annotations

import secrets
from http import HTTPStatus

from allauth.core.ratelimit import consume
from django.http import HttpResponse
from django.shortcuts import render

from portal.http import Request


def visitor_of(request: Request) -> str:
    """A word that only this browser's session knows; drawings are shown to nobody else."""
    visitor: str = request.session.setdefault("visitor", secrets.token_hex(16))
    return visitor


def too_many(request: Request, action: str) -> HttpResponse | None:
    """Count one `action` of `ACCOUNT_RATE_LIMITS`: None while it is within its rate, else the answer 429."""
    if consume(request, action=f"{action}_member" if request.user.is_authenticated else action):
        return None
    template = "drawings/_too_many.html" if request.htmx else "429.html"
    return render(request, template, status=HTTPStatus.TOO_MANY_REQUESTS)
