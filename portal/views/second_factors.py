"""A person's second factors: their page, and what allauth's pages need beside it."""

from __future__ import annotations

from allauth.mfa.recovery_codes.views import view_recovery_codes
from allauth.mfa.totp.views import activate_totp
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.middleware import WANTED
from accounts.second_factors import SecondFactors, lacks_required_factor
from accounts.step_up import CONFIRMED_FOR
from portal.http import OwnRequest

# These pages show secrets, which a browser's back button must not bring back after the person has signed out.
set_up_app = never_cache(login_required(activate_totp))
recovery_codes = never_cache(view_recovery_codes)


@login_required
@require_safe
def show(request: OwnRequest) -> HttpResponse:
    """Show what is set up, what can be, and the way on for a person who was led here."""
    factors = SecondFactors.of(request.user)
    context = {
        "factors": factors,
        "passkeys_possible": settings.PASSKEYS,
        "is_missing": lacks_required_factor(request.user),
        "wanted": request.session.pop(WANTED, None) if factors else None,
    }
    return render(request, "mfa/index.html", context)


@login_required
@require_safe
def confirmed(request: OwnRequest) -> HttpResponse:
    """Lead back to the form that was sent before the person confirmed who they are."""
    page = request.session.pop(CONFIRMED_FOR, None)
    if page is None:
        return redirect("account")
    messages.success(request, "Thank you, it is you. Nothing was changed yet: do it once more.")
    return redirect(page)
