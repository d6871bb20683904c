"""How pages tell the state of accounts and invitations."""

from __future__ import annotations

from django import template

from accounts.models import Invitation, User
from portal.cards import Badge

register = template.Library()

_INVITATIONS = {
    Invitation.State.OPEN: Badge("○", "Invited"),
    Invitation.State.ACCEPTED: Badge("✓", "Accepted", "sure"),
    Invitation.State.REVOKED: Badge("✕", "Revoked", "bad"),
    Invitation.State.EXPIRED: Badge("▲", "Link too old", "doubt"),
}


@register.filter
def account_badge(person: User) -> Badge:
    """Whether the person can sign in."""
    if person.left_at:
        return Badge("○", "Closed")
    if not person.is_active:
        return Badge("✕", "Suspended", "bad")
    return Badge("▲", "Is being closed", "doubt") if person.close_at else Badge("✓", "Active", "sure")


@register.filter
def invitation_badge(invitation: Invitation) -> Badge:
    """Whether an invitation can be used."""
    return _INVITATIONS[invitation.state]
