"""Adapts allauth to our accounts: addresses, mails, where a person lands, and sign-in with other sites."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.client import client_ip
from accounts.confirmation import LINK_DAYS, ConfirmationLink
from accounts.directory import arrivals
from accounts.links import on_this_site, site_name
from accounts.models import Invitation, User
from accounts.operators import BY_LINK
from accounts.registration import invitation_of, may_begin, may_register
from accounts.second_factors import SecondFactors

CONFIRMING = {"mfa_reauthenticate": "Type a code", "mfa_reauthenticate:webauthn": "Use a passkey"}
"""The ways of confirming by a second factor, as buttons say them."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Registration and sign-in by e-mail."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": "Too many failed tries. Wait some minutes, or press “Forgot your password?”: the"
        " link in its mail lets you in at once.",
        "too_many_everywhere": "Too many failed tries for this address, from several places. Until they end, press"
        " “Forgot your password?”: the link in its mail lets you in at once.",
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address by which rate limits count."""
        return client_ip(request)

    def is_safe_url(self, url: str) -> bool:
        """Whether `next` may lead there: only within this site, under the name that it was asked by."""
        here = context.request.get_host()
        return bool(url_has_allowed_host_and_scheme(url, {here}, require_https=settings.HTTPS))

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether the form is shown to this browser."""
        return may_begin(request)

    def is_email_verified(self, request: HttpRequest, email: str) -> bool:
        """Whether this browser opened the link of an invitation, which proves that the address is the person's."""
        invitation = invitation_of(request)
        return invitation is not None and invitation.email == email.lower()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail whose links lead to this site, whatever name the request was sent to."""
        links = {name: on_this_site(link) for name, link in context.items() if name.endswith("_url")}
        super().send_mail(template_prefix, email, {**context, **links, "current_site": {"domain": site_name()}})

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt before the password is looked at: by network, by network and account, and by account.

        allauth takes the count back if the password is right.

        Raises:
            ValidationError: There were too many.
        """
        here = ratelimit.consume(request, app="allauth.account", action="login_failed_here")
        if here is None:
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)
        anywhere = ratelimit.consume(request, **_anywhere(credentials))
        if anywhere is None:
            raise self.validation_error("too_many_everywhere")
        self._login_failed_rl_usage.usage += here.usage + anywhere.usage

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Who is counted together: attempts for an account from a network, so that nobody keeps another person out."""
        return f"{_account_of(credentials)} from {ratelimit.get_ip(request)}"

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """Forget the wrong passwords of an account whose owner has set a new one, wherever they came from."""
        super()._delete_login_attempts_cached_email(request, **credentials)
        ratelimit.clear(request, **_anywhere(credentials))

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        """Send one mail with the code for this browser and a link that works in any browser."""
        address = emailconfirmation.email_address
        context = {
            "code": emailconfirmation.key,
            "activate_url": ConfirmationLink(address).url,
            "link_days": LINK_DAYS,
            "reason": f"account/email/_{'registered' if signup else 'address_added'}.txt",
        }
        self.send_mail("account/email/email_confirmation", address.email, context)

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Give who comes through the directory their roles, and send there who should have come through it.

        Roles come before the other steps of signing in, because those may depend on them.
        """
        refused: HttpResponse | None = super().pre_login(request, user, **kwargs)
        if refused is not None:
            return refused
        how = kwargs["signal_kwargs"] or {}
        if arrivals.came_through(how.get("sociallogin")):
            arrivals.admit(request, user, how["sociallogin"])
        elif BY_LINK not in how and arrivals.must_come_through(user):
            return arrivals.send_there(request)
        return None

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Show a person who closed the account that this can still be undone."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if user.close_at:
            messages.warning(request, "You closed this account. It can still be taken back: see Your account.")
        return response

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Confirm an address. Who registered without the link of their invitation gets its role now."""
        confirmed: bool = super().confirm_email(request, email_address)
        if confirmed:
            Invitation.accept(email_address.user)
        return confirmed

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """How a person confirms who they are: by the second factor where they have one, else by the password.

        Otherwise whoever knows the password could turn the second factor off at a desk that was left.
        """
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        second = [method for method in methods if method["id"] in CONFIRMING]
        if second and SecondFactors.of(user).app is None:
            second.reverse()  # their passkey comes before their recovery codes
        return [{**method, "description": CONFIRMING[method["id"]]} for method in second] or methods

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where a person lands: on the account's page while it is being closed, else where the settings say."""
        if isinstance(request.user, User) and request.user.close_at:
            return reverse("account")
        landing: str = super().get_login_redirect_url(request)
        return landing


def _account_of(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email", "")).lower()


def _anywhere(credentials: dict[str, Any]) -> dict[str, str]:
    """Where wrong passwords for an account are counted over all networks."""
    return {"app": "allauth.account", "action": "login_failed_anywhere", "key": _account_of(credentials)}


class SiteNotOffered(SocialApp.DoesNotExist, Http404):  # type: ignore[misc]
    """The keys of this site are not set. allauth takes this as a missing app, a visitor gets a missing page."""


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Sign-in with another site's account."""

    def get_app(self, request: HttpRequest, provider: str, client_id: str | None = None) -> SocialApp:
        """The keys for a site.

        Raises:
            SiteNotOffered: The keys of this site are not set.
        """
        try:
            return super().get_app(request, provider, client_id)
        except SocialApp.DoesNotExist:
            raise SiteNotOffered(provider) from None

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Whether a new person may come in this way: by the same rule as with a password.

        An address that the other site has verified needs no link: whose it is, is known. Who comes through the
        directory needs no more than a group with a role.
        """
        if arrivals.came_through(sociallogin):
            arrivals.require_address(request, sociallogin)
            if not arrivals.may_come_in(sociallogin) and not self._may_register(request, sociallogin):
                arrivals.turn_away(request, sociallogin)
            return True
        return self._may_register(request, sociallogin)

    def _may_register(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        if not sociallogin.email_addresses:
            return may_begin(request)
        address = sociallogin.email_addresses[0]
        invited = Invitation.objects.open().filter(email=address.email.lower())
        return may_register(request, address.email) or (address.verified and invited.exists())

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """Save the new person."""
        user: User = super().save_user(request, sociallogin, form)
        Invitation.accept(user)
        return user

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """Fill in the new person. Some sites send "verified" as text; it becomes a bool."""
        for address in sociallogin.email_addresses:
            address.verified = str(address.verified).lower() == "true"
        user: User = super().populate_user(request, sociallogin, data)
        return user

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """Link to an existing account only by an address that both sites have verified.

        allauth checks the other site. This checks ours: an attacker could have registered here with an address that is
        not theirs, and wait for its owner to sign in. The directory opens an account that nobody has ever come into,
        too; `arrivals.admit` then takes its password away.
        """
        found: tuple[User, str] | None = super().authenticate_by_email(sociallogin)
        if found is None:
            return None
        user, email = found
        verified_here = EmailAddress.objects.filter(user=user, email__iexact=email, verified=True).exists()
        unclaimed = arrivals.came_through(sociallogin) and arrivals.is_unclaimed(user, email)
        return found if verified_here or unclaimed else None
