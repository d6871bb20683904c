"""Puts into the record who signs in and out, and who fails to. allauth and Django tell of it by their signals."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import (
    email_added,
    email_changed,
    email_removed,
    password_changed,
    password_reset,
    password_set,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from accounts.models import Action, User
from accounts.models.audit import record


@receiver(user_logged_in)
def signed_in(user: User, **_: Any) -> None:
    """Record that a person signed in."""
    record(Action.SIGNED_IN, user, by=user)


@receiver(user_logged_out)
def signed_out(user: User | None, **_: Any) -> None:
    """Record that a person signed out; a session of nobody may end too."""
    if user is not None:
        record(Action.SIGNED_OUT, user, by=user)


@receiver(user_login_failed)
def failed(credentials: dict[str, Any], **_: Any) -> None:
    """Record that somebody failed to sign in, and for whose account; what they typed is not kept."""
    person = User.objects.filter(email=str(credentials.get("email", "")).lower()).first()
    record(Action.SIGN_IN_FAILED, person)


@receiver(authenticator_added)
def factor_added(user: User, authenticator: Authenticator, **_: Any) -> None:
    """Record that a person set up a second factor."""
    record(Action.FACTOR_ADDED, user, by=user, kind=authenticator.type)


@receiver(authenticator_removed)
def factor_removed(user: User, authenticator: Authenticator, **_: Any) -> None:
    """Record that a second factor was turned off."""
    record(Action.FACTOR_REMOVED, user, kind=authenticator.type)


@receiver(authenticator_reset)
def codes_made(user: User, **_: Any) -> None:
    """Record that a person has new recovery codes."""
    record(Action.CODES_MADE, user, by=user)


@receiver(authentication_failed)
def factor_failed(user: User, **_: Any) -> None:
    """Record that a second factor was wrong; what was typed is not kept."""
    record(Action.FACTOR_FAILED, user)


@receiver([password_set, password_changed, password_reset])
def password_is_new(user: User, **_: Any) -> None:
    """Record that an account has a new password."""
    record(Action.PASSWORD_CHANGED, user, by=user)


@receiver([email_added, email_removed, email_changed])
def addresses_differ(user: User, **_: Any) -> None:
    """Record that the addresses of an account changed; the addresses themselves are not kept."""
    record(Action.ADDRESS_CHANGED, user, by=user)
