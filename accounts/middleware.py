"""What is asked of people who have signed in before a view sees their request."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django_htmx.http import HttpResponseClientRedirect

from accounts.places import page_of
from accounts.second_factors import lacks_required_factor

Answer = Callable[[HttpRequest], HttpResponseBase]

WANTED = "second_factor.wanted"
"""In the session of a person who has to set up a second factor: where they wanted to go."""

SETTING_UP = {
    *("mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn"),
    *("mfa_view_recovery_codes", "mfa_download_recovery_codes", "mfa_generate_recovery_codes"),
    *("account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"),
    # Who has an address that is not confirmed cannot set one up before it is.
    *("account_email", "account_email_verification_sent", "account-confirm"),
    *("account_logout", "health-live", "health-ready"),
}
"""What a person reaches who has to set up a second factor."""


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
