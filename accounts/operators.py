"""The way in that operators keep: a link that a command prints on the server, for one sign-in within ten minutes.

Whoever can run the command can do everything here in any case, so it opens no door that was closed to them.
"""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.urls import reverse
from django.utils import timezone

from accounts.links import on_this_site
from accounts.models import User

LINK_MINUTES = 10
"""For how long the link is valid."""

BY_LINK = "by_operators_link"
"""Says of a sign-in that it comes from such a link."""

_SALT = "accounts.operators"


def link_for(operator: User) -> str:
    """The address that signs this operator in, once."""
    return on_this_site(reverse("operator", args=[signing.dumps([operator.pk, _last(operator)], salt=_SALT)]))


def operator_of(key: str) -> User | None:
    """The operator of a link; None where it is forged, too old, or the operator has signed in since."""
    try:
        pk, last = signing.loads(key, salt=_SALT, max_age=timedelta(minutes=LINK_MINUTES))
    except signing.BadSignature:
        return None
    found = User.objects.filter(pk=pk, is_active=True, is_superuser=True).first()
    return found if found is not None and _last(found) == last else None


def use_up(operator: User) -> bool:
    """Make the operator's links invalid. False where another request has just done so."""
    unused = User.objects.filter(pk=operator.pk, last_login=operator.last_login)
    return bool(unused.update(last_login=timezone.now()))


def _last(operator: User) -> str:
    return operator.last_login.isoformat() if operator.last_login else ""
