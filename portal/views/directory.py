"""Signing in through the bank's directory, what is closed where it is the only way, and the way in for operators."""

from __future__ import annotations

import logging
from http import HTTPStatus

from allauth.account.utils import perform_login
from allauth.account.views import login
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from requests import RequestException

from accounts.directory.oidc import DirectoryAdapter
from accounts.directory.options import PROVIDER_ID
from accounts.operators import BY_LINK, operator_of, use_up

log = logging.getLogger(__name__)


@never_cache
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Lead a person to the directory, or say that it does not answer."""
    _require_openid()
    try:
        answer: HttpResponse = OAuth2LoginView.adapter_view(DirectoryAdapter(request, PROVIDER_ID))(request)
    except RequestException as error:
        log.warning("The directory does not answer: %s", error)
        return render(request, "account/directory_away.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
    return answer


@never_cache
@require_GET
def finish(request: HttpRequest) -> HttpResponse:
    """Take a person who comes back from the directory."""
    _require_openid()
    answer: HttpResponse = OAuth2CallbackView.adapter_view(DirectoryAdapter(request, PROVIDER_ID))(request)
    return answer


def _require_openid() -> None:
    """Answer 404 where the directory speaks SAML, which has addresses of its own, or where there is none."""
    if not settings.DIRECTORY.speaks_openid:
        raise Http404


def missing(request: HttpRequest) -> HttpResponse:
    """Answer 404 at an address of allauth's that we do not offer.

    By SAML an identity provider could sign people out here. allauth takes that without a signature, and follows where
    it leads.
    """
    raise Http404


def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the sign-in page where the directory is the only way in. Nothing can be sent to it."""
    if request.method != "GET":
        return closed(request)
    page: HttpResponse = login(request)
    return page


def closed(request: HttpRequest, **_parts: str) -> HttpResponse:
    """Say that people come in through the directory alone."""
    return render(request, "account/through_directory.html", status=HTTPStatus.NOT_FOUND)


@never_cache
@require_http_methods(["GET", "POST"])
def operator(request: HttpRequest, key: str) -> HttpResponse:
    """Sign in the operator for whom the link was printed on the server. Opening it changes nothing."""
    found = operator_of(key)
    if found is None or (request.method == "POST" and not use_up(found)):
        return render(request, "account/operator.html", {"operator": None}, status=HTTPStatus.GONE)
    if request.method == "GET":
        return render(request, "account/operator.html", {"operator": found})
    log.warning("%s signs in by an operator's link.", found)
    # Whoever reads the server's console needs no proof by mail. A second factor is still asked for.
    signed_in: HttpResponse = perform_login(
        request,
        found,
        email_verification="none",
        redirect_url=str(settings.LOGIN_REDIRECT_URL),
        signal_kwargs={BY_LINK: True},
    )
    return signed_in
