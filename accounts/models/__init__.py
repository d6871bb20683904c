"""People, who is invited to be one, and the branches in which they work."""

from accounts.models.audit import Action, AuditEvent
from accounts.models.invitation import INVITATION_DAYS, Invitation
from accounts.models.organisation import Branch, Membership, Organisation
from accounts.models.person import CLOSING_DAYS, PersonManager, User
from accounts.models.rights import Rights

__all__ = [
    "CLOSING_DAYS",
    "INVITATION_DAYS",
    "Action",
    "AuditEvent",
    "Branch",
    "Invitation",
    "Membership",
    "Organisation",
    "PersonManager",
    "Rights",
    "User",
]
