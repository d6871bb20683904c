"""How allauth meets our accounts."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from accounts.client import client_ip
from accounts.confirmation import LINK_DAYS, ConfirmationLink
from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Registration and sign-in by e-mail."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that rate limits count by."""
        return client_ip(request)

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        """One mail with both: the code for this browser, and a link that confirms in any."""
        address = emailconfirmation.email_address
        context = {
            "code": emailconfirmation.key,
            "activate_url": ConfirmationLink(address).url(request),
            "link_days": LINK_DAYS,
            "signup": signup,
        }
        self.send_mail("account/email/email_confirmation", address.email, context)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Tell a person who closed the account that it can still be taken back."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if user.close_at:
            messages.warning(request, "You closed this account. It can still be taken back: see Your account.")
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where a person lands: their account's page while it is being closed, else as the settings say."""
        if isinstance(request.user, User) and request.user.close_at:
            return reverse("account")
        landing: str = super().get_login_redirect_url(request)
        return landing


class SiteNotOffered(SocialApp.DoesNotExist, Http404):  # type: ignore[misc]
    """The keys of this site are not set: for allauth there is no such app, for a visitor no such page."""


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Sign-in with another site's account."""

    def get_app(self, request: HttpRequest, provider: str, client_id: str | None = None) -> SocialApp:
        """The keys for a site.

        Raises:
            SiteNotOffered: There are none.
        """
        try:
            return super().get_app(request, provider, client_id)
        except SocialApp.DoesNotExist:
            raise SiteNotOffered(provider) from None

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """Fill the new person, and make "verified" a plain yes or no: some sites send the word as text."""
        for address in sociallogin.email_addresses:
            address.verified = str(address.verified).lower() == "true"
        user: User = super().populate_user(request, sociallogin, data)
        return user

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """Link to an existing account only over an address that both sides have verified.

        allauth asks the other site's side; an address that was never confirmed here might have been put there by
        somebody who waits for its owner.
        """
        found: tuple[User, str] | None = super().authenticate_by_email(sociallogin)
        if found is None:
            return None
        user, email = found
        verified_here = EmailAddress.objects.filter(user=user, email__iexact=email, verified=True).exists()
        return found if verified_here else None
