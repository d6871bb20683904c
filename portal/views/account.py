"""A person's account: its page, the download of everything in it, and closing it."""

from __future__ import annotations

from http import HTTPStatus

from allauth.account.internal.flows.email_verification import login_on_verification
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.adapter import get_adapter as get_sessions_adapter
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.confirmation import ConfirmationLink
from accounts.forms import CloseForm
from accounts.models import CLOSING_DAYS, Action, Invitation, User
from accounts.models.audit import record
from accounts.registration import remember_invitation
from accounts.second_factors import SecondFactors
from accounts.step_up import with_fresh_second_factor
from portal.takeout import takeout_of


def person(request: HttpRequest) -> User:
    """The person who is signed in. The decorators let nobody through who is not."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user


@login_required
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Show the account's page."""
    user = person(request)
    context = {
        "addresses": EmailAddress.objects.filter(user=user).order_by("-primary", "email"),
        "has_password": user.has_usable_password(),
        "sessions": UserSession.objects.purge_and_list(user),
        "linked": SocialAccount.objects.filter(user=user),
        "providers": get_social_adapter().list_providers(request),
        "closing_days": CLOSING_DAYS,
        "factors": SecondFactors.of(user),
    }
    return render(request, "account/account.html", context)


@login_required
@require_GET
@with_fresh_second_factor("GET")
def download(request: HttpRequest) -> StreamingHttpResponse:
    """Send everything that belongs to the person, as a ZIP that is made while it is sent."""
    record(Action.EXPORTED, person(request), form="zip")
    response = StreamingHttpResponse(takeout_of(person(request)), content_type="application/zip")
    name = f"countersign-{timezone.localdate():%Y-%m-%d}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """Ask for the password, then close the account."""
    form = CloseForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        person(request).close()
        return redirect("account")
    return render(request, "account/close.html", {"form": form, "closing_days": CLOSING_DAYS})


@login_required
@require_POST
def reopen(request: HttpRequest) -> HttpResponse:
    """Undo the closing of the account."""
    person(request).reopen()
    messages.success(request, "Your account stays, with everything in it.")
    return redirect("account")


@login_required
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End all sessions of this person, with the current one."""
    with transaction.atomic():
        get_sessions_adapter().end_sessions(UserSession.objects.purge_and_list(person(request)))
        record(Action.SESSIONS_ENDED, person(request))
    logout(request)
    messages.success(request, "You are signed out in every browser.")
    return redirect("account_login")


@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, key: str) -> HttpResponse:
    """Take the link of an invitation: lead a new person to the form, and ask whoever has an account.

    Opening it changes nothing but this browser's session, because mail scanners open links too.
    """
    found = Invitation.from_key(key)
    if found is None or found.state != Invitation.State.OPEN:
        status = HTTPStatus.OK if request.user.is_authenticated else HTTPStatus.GONE
        return render(request, "account/invitation.html", {"invitation": found}, status=status)
    if request.user.is_authenticated:
        return _use_invitation(request, found)
    if User.objects.filter(email=found.email).exists():
        return redirect_to_login(request.get_full_path())
    remember_invitation(request, found)
    return redirect("account_signup")


def _use_invitation(request: HttpRequest, found: Invitation) -> HttpResponse:
    """Ask a person who is signed in whether they take the role; the address has to be theirs."""
    own = EmailAddress.objects.filter(user=person(request), email=found.email, verified=True).exists()
    if own and request.method == "POST":
        Invitation.accept(person(request))
        messages.success(request, "You have your new role. What you may do is told under Roles.")
        return redirect("roles")
    return render(request, "account/invitation.html", {"invitation": found, "is_own": own})


@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, key: str) -> HttpResponseBase:
    """Show the page of the link in the mail, and confirm the address when its button is pressed.

    Opening the link changes nothing, because mail scanners open links too. An address that a person adds to their
    account can be confirmed only by this person.
    """
    link = ConfirmationLink.from_key(key)
    if link is None:
        return render(request, "account/confirm_link.html", {"link": None}, status=410)
    address = link.email_address
    if address.pk is None and request.user.pk != address.user_id:
        return redirect_to_login(request.get_full_path())
    if request.method == "GET" and not address.verified:
        return render(request, "account/confirm_link.html", {"link": link})
    if not address.verified and link.confirm(request) is None:
        return redirect("account_login")
    resumed: HttpResponseBase | None = login_on_verification(request, address)
    return resumed or redirect("account" if request.user.pk == address.user_id else "account_login")
