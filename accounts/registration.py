"""Who may register: everybody, who is invited, or whose address matches a pattern. `REGISTRATION` says which."""

from __future__ import annotations

from fnmatch import fnmatchcase

from django.conf import settings
from django.http import HttpRequest

from accounts.models import Invitation

OPEN, BY_INVITATION, BY_PATTERN = "open", "invitation", "pattern"

_INVITED = "invitation"


def remember_invitation(request: HttpRequest, invitation: Invitation) -> None:
    """Keep for this browser's session that it opened the link of an invitation."""
    request.session[_INVITED] = invitation.pk


def invitation_of(request: HttpRequest) -> Invitation | None:
    """The invitation whose link this browser opened, while it can be used."""
    kept = request.session.get(_INVITED)
    return Invitation.objects.open().filter(pk=kept).first() if kept else None


def may_begin(request: HttpRequest) -> bool:
    """Whether this browser is shown the form. Which address it may register is asked of `may_register`."""
    if settings.DIRECTORY.only:
        return False
    return settings.REGISTRATION != BY_INVITATION or invitation_of(request) is not None


def may_register(request: HttpRequest, email: str) -> bool:
    """Whether this address may register in this browser."""
    if settings.REGISTRATION == OPEN or (settings.REGISTRATION == BY_PATTERN and matches(email)):
        return True
    invitation = invitation_of(request)
    return invitation is not None and invitation.email == email.lower()


def matches(email: str) -> bool:
    """Whether the address matches one of `REGISTRATION_PATTERNS`, in which * stands for any characters."""
    return any(fnmatchcase(email.lower(), pattern.lower()) for pattern in settings.REGISTRATION_PATTERNS)
