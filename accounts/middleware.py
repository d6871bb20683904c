"""What is asked of people who have signed in before a view sees their request."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django_htmx.http import HttpResponseClientRedirect

from accounts.places import page_of
from accounts.second_factors import lacks_required_factor, roles_of

Answer = Callable[[HttpRequest], HttpResponseBase]

NOTE_SECONDS = 60
"""How often it is noted that a person does something: a request a minute writes, and a session ends so much later."""

_BEGAN, _SEEN = "session.began", "session.seen"
ENDED = "session.ended"
"""In the session of a browser whose session has ended: the sentence that says why."""

WANTED = "second_factor.wanted"
"""In the session of a person who has to set up a second factor: where they wanted to go."""

ASKED_BY_PAGES = {"document-progress"}
"""Pages ask for these by themselves, so they do not show that anybody is there."""

SETTING_UP = {
    *("mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn"),
    *("mfa_view_recovery_codes", "mfa_download_recovery_codes", "mfa_generate_recovery_codes"),
    *("account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"),
    # Who has an address that is not confirmed cannot set one up before it is.
    *("account_email", "account_email_verification_sent", "account-confirm"),
    *("account_logout", "health-live", "health-ready"),
}
"""What a person reaches who has to set up a second factor."""


def session_limits(answer: Answer) -> Answer:
    """End a session that lasted too long, or in which nothing was done for too long. `SESSION_LIMITS` says how long."""

    def limited(request: HttpRequest) -> HttpResponseBase:
        if not settings.SESSION_LIMITS or not request.user.is_authenticated:
            return answer(request)
        now = time.time()
        why = _why_ended(request, now)
        if why is None:
            _note(request, now)
            return answer(request)
        page = page_of(request)
        logout(request)
        request.session[ENDED] = why
        return redirect_to_login(page)

    return limited


def _why_ended(request: HttpRequest, now: float) -> str | None:
    """Why the session is over, as a sentence. None while it goes on. Roles are looked up only where it may be over."""
    limits, session = settings.SESSION_LIMITS, request.session
    idle, age = now - session.get(_SEEN, now), now - session.get(_BEGAN, now)
    least_idle, least_age = limits.idle_minutes.least * 60 + NOTE_SECONDS, limits.hours.least * 3600
    if not (limits.idle_minutes.least and idle > least_idle) and not (limits.hours.least and age > least_age):
        return None
    roles = roles_of(request.user)  # type: ignore[arg-type]  # `session_limits` lets guests pass
    minutes, hours = limits.idle_minutes.of(roles), limits.hours.of(roles)
    if minutes and idle > minutes * 60 + NOTE_SECONDS:
        return f"Your session ended, because nothing was done for {_counted(minutes, 'minute')}."
    if hours and age > hours * 3600:
        return f"Your session ended, because it was {_counted(hours, 'hour')} old."
    return None


def _note(request: HttpRequest, now: float) -> None:
    """Note when the session began, and that the person is there: once a minute at most, because it writes."""
    session = request.session
    session.setdefault(_BEGAN, now)
    if now - session.get(_SEEN, 0) >= NOTE_SECONDS and _name_of(request) not in ASKED_BY_PAGES:
        session[_SEEN] = now


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def second_factor_required(answer: Answer) -> Answer:
    """Lead people to set up a second factor whose role asks for one and who have none. They reach nothing else."""

    def led(request: HttpRequest) -> HttpResponseBase:
        if not settings.SECOND_FACTOR_FOR or not lacks_required_factor(request.user):
            return answer(request)
        if _name_of(request) in SETTING_UP:
            return answer(request)
        request.session.setdefault(WANTED, page_of(request))
        return _send_to(request, reverse("mfa_index"))

    return led


def _send_to(request: HttpRequest, address: str) -> HttpResponse:
    """Lead the whole page there, also where the request asks for a part of one."""
    return HttpResponseClientRedirect(address) if request.headers.get("HX-Request") else redirect(address)


def _name_of(request: HttpRequest) -> str | None:
    """The name of the address in portal/urls.py."""
    try:
        return resolve(request.path_info).url_name
    except Resolver404:
        return None
