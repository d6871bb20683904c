"""What happens when somebody comes through the directory, and when somebody comes who should have."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.directory.grants import Grant, grants_of
from accounts.directory.groups import NoGroups, groups_in
from accounts.directory.options import PROVIDER_ID
from accounts.models import Branch, Membership, Organisation, User
from accounts.roles import Role

log = logging.getLogger(__name__)

Place = tuple[Role, Branch | None]


def came_through(sociallogin: SocialLogin | None) -> bool:
    """Whether somebody comes through the directory, and not in another way."""
    return sociallogin is not None and sociallogin.account.provider == PROVIDER_ID


def named_by(sociallogin: SocialLogin) -> list[str]:
    """The groups that the directory names for a person.

    Raises:
        NoGroups: It names none where the settings say.
    """
    told = sociallogin.account.extra_data
    claims = told["id_token"] if settings.DIRECTORY.speaks_openid else told
    return groups_in(claims, settings.DIRECTORY.groups_claim)


def places_of(grants: Iterable[Grant]) -> list[Place]:
    """The roles with their branches. A branch that does not exist gives nothing, and is logged."""
    places: list[Place] = []
    for grant in grants:
        branch = None
        if grant.branch:
            branch = Branch.objects.filter(organisation=Organisation.ours(), code=grant.branch).first()
            if branch is None:
                log.error(
                    "DIRECTORY_ROLES: no branch has the code %s. %s of it is not given.", grant.branch, grant.role
                )
                continue
        places.append((grant.role, branch))
    return places


def may_come_in(sociallogin: SocialLogin) -> bool:
    """Whether one of a new person's groups gives a role here, which lets them in without an invitation."""
    try:
        return bool(places_of(grants_of(named_by(sociallogin))))
    except NoGroups:
        return False


def turn_away(request: HttpRequest, sociallogin: SocialLogin) -> None:
    """Tell a new person why they are not let in, and whom to ask.

    Raises:
        ImmediateHttpResponse: Always; allauth answers with its page.
    """
    log.warning("%r of the directory is not let in: no group gives a role.", sociallogin.account.uid)
    raise ImmediateHttpResponse(render(request, "account/not_let_in.html", status=403))


def require_address(request: HttpRequest, sociallogin: SocialLogin) -> None:
    """Let a new person on only if the directory tells their address. Nobody may choose one for themselves here.

    Raises:
        ImmediateHttpResponse: It does not; allauth answers with a page that says so.
    """
    if not sociallogin.email_addresses:
        log.warning("The directory tells no address of %r.", sociallogin.account.uid)
        raise ImmediateHttpResponse(render(request, "account/no_address.html", status=403))


def is_unclaimed(user: User, email: str) -> bool:
    """Whether nobody has ever come into this account, so that it can be given to whom the directory vouches for.

    Somebody else may have registered it with this address, and wait for its owner. Who made it by `createsuperuser`
    has confirmed nothing either.
    """
    confirmed = EmailAddress.objects.filter(user=user, verified=True)
    linked = SocialAccount.objects.filter(user=user)
    return user.email.lower() == email.lower() and not confirmed.exists() and not linked.exists()


def admit(request: HttpRequest, user: User, sociallogin: SocialLogin) -> None:
    """Give a person who comes through the directory the roles that their groups say, and no others from it."""
    _confirm_address(user, sociallogin)
    name = settings.DIRECTORY.name
    try:
        groups = named_by(sociallogin)
    except NoGroups as why:
        log.warning("%s signed in through the directory and has no role from it: %s.", user, why)
        messages.warning(request, f"{name} named no group of yours, so you have no role from it. {_whom_to_ask()}")
        follow(user, [])
        return
    places = places_of(grants_of(groups))
    if not places:
        log.warning("%s signed in through the directory: none of %d groups gives a role.", user, len(groups))
        messages.warning(request, f"{name} named no group of yours that has a role here. {_whom_to_ask()}")
    follow(user, places)


def follow(person: User, places: Iterable[Place]) -> None:
    """Make a person's roles from the directory exactly these. What somebody gave by hand stays."""
    wanted = {(role, branch and branch.pk): branch for role, branch in places}
    # Each in a transaction of its own, because events wait for each other until theirs ends. Ends come first.
    for held in person.memberships.now().filter(from_directory=True):
        if (held.role, held.branch_id) not in wanted:
            held.end()
    for (role, _), branch in wanted.items():
        Membership.give_from_directory(person, role, branch)


def must_come_through(user: User) -> bool:
    """Whether a person may come in through the directory alone.

    That is everybody where it is the only way. Else it is who has a role from it: by another way they would keep what
    the directory has taken away.
    """
    if settings.DIRECTORY.only:
        return True
    return settings.DIRECTORY.is_offered and user.memberships.now().filter(from_directory=True).exists()


def send_there(request: HttpRequest) -> HttpResponse:
    """Lead a person who came another way to the sign-in page, and tell them why."""
    messages.error(request, f"Sign in through {settings.DIRECTORY.name}: your account belongs to it.")
    return redirect("account_login")


def _confirm_address(user: User, sociallogin: SocialLogin) -> None:
    """Note that an account's own address is confirmed, by which the directory has just linked it.

    Its password goes: it was set before anybody had shown whose the address is.
    """
    email = getattr(sociallogin, "_did_authenticate_by_email", None)
    if not email or EmailAddress.objects.filter(user=user, email__iexact=email, verified=True).exists():
        return
    user.set_unusable_password()
    user.save(update_fields=["password"])
    EmailAddress.objects.update_or_create(user=user, email=email.lower(), defaults={"verified": True, "primary": True})


def _whom_to_ask() -> str:
    return f"Ask {settings.CONTACT or 'the people who run this site'}."
