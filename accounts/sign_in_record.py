"""Puts into the record who signs in and out, and who fails to. allauth and Django tell of it by their signals."""

from __future__ import annotations

from typing import Any

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
