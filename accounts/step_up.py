"""Asks for the second factor again before much is changed or taken along."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from accounts.places import page_of
from accounts.second_factors import has_second_factor

View = Callable[..., HttpResponseBase]

CONFIRMED_FOR = "step_up.page"
"""In the session: the page of the form that was sent before the person confirmed who they are."""


def with_fresh_second_factor(*methods: str) -> Callable[[View], View]:
    """Ask for the second factor before requests of these methods, where it was not used for `STEP_UP_SECONDS`.

    A form is not sent again after that: the person comes back to its page, is told so, and sends it. People without a
    second factor are asked for the password, on a site where any role requires a second factor; elsewhere for nothing.
    The view stands below `login_required`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def asked(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
            question = ask_for_fresh_factor(request) if request.method in methods else None
            return question or view(request, *arguments, **named)

        return asked

    return decorate


def ask_for_fresh_factor(request: HttpRequest) -> HttpResponseBase | None:
    """The answer that leads to the second factor, for views that decide late; None where it was given just now."""
    return None if _is_fresh(request) else _ask(request)


def _is_fresh(request: HttpRequest) -> bool:
    if not has_second_factor(request.user):  # type: ignore[arg-type]  # the view's `login_required` stands above
        return not settings.SECOND_FACTOR_FOR or did_recently_reauthenticate(request)
    records = get_authentication_records(request, request.user)
    used = [record["at"] for record in records if record["method"] == "mfa"]
    return bool(used) and time.time() - max(used) < settings.STEP_UP_SECONDS


def _ask(request: HttpRequest) -> HttpResponseBase:
    page = page_of(request)
    if request.method != "GET":
        request.session[CONFIRMED_FOR] = page
        page = reverse("account-confirmed")
    address = f"{get_adapter().get_reauthentication_methods(request.user)[0]['url']}?{urlencode({'next': page})}"
    return HttpResponseClientRedirect(address) if request.headers.get("HX-Request") else redirect(address)
