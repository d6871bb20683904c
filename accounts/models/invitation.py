"""Who is invited to have an account."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.core import signing
from django.core.mail import send_mail
from django.db import models, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.links import on_this_site, site_name
from accounts.models.audit import Action, record
from accounts.models.organisation import Branch, Membership, placed_right
from accounts.models.person import User
from accounts.models.rights import Rights
from accounts.roles import GIVEN_BY_SUPERVISORS, May, Role

INVITATION_DAYS = 7
"""For how many days the link in an invitation is valid."""


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations."""

    def open(self) -> InvitationQuerySet:
        """Those that can be used."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """The permission for one address to register, by the link in a mail to it, and the role that it then gets."""

    class State(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        REVOKED = "revoked"
        EXPIRED = "expired"

    email = models.EmailField("e-mail address", unique=True)
    role = models.CharField("role that it gives; empty for none", max_length=14, choices=Role.choices, blank=True)
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, related_name="+")
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    sent_at = models.DateTimeField("sent", default=timezone.now, editable=False)
    expires_at = models.DateTimeField("valid until", default=timezone.now, editable=False)
    accepted_at = models.DateTimeField("accepted", null=True, editable=False)
    # With an account that is deleted for good, the invitation's address goes too.
    accepted_by = models.ForeignKey(User, models.CASCADE, null=True, editable=False, related_name="+")
    revoked_at = models.DateTimeField("revoked", null=True, editable=False)

    objects: ClassVar[models.Manager[Invitation]] = models.Manager.from_queryset(InvitationQuerySet)()
    SALT: ClassVar[str] = "accounts.invitation"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(role="", branch=None) | (~models.Q(role="") & placed_right()),
                name="invitation_has_its_place",
            )
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def state(self) -> State:
        """Whether the link can be used, and if not, why."""
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.revoked_at:
            return self.State.REVOKED
        return self.State.OPEN if self.expires_at > timezone.now() else self.State.EXPIRED

    @property
    def link(self) -> str:
        """The address in the mail. Who opens it reads the mail of the invited address."""
        return on_this_site(reverse("account-invitation", args=[signing.dumps(self.pk, salt=self.SALT)]))

    @classmethod
    def from_key(cls, key: str) -> Invitation | None:
        """The invitation of a link, in whatever state. None if the key is forged, or the invitation is gone."""
        try:
            return cls.objects.filter(pk=signing.loads(key, salt=cls.SALT)).first()
        except signing.BadSignature:
            return None

    @classmethod
    def into(cls, email: str, role: Role, branch: Branch | None, *, by: User) -> Invitation:
        """Invite an address to a role. Who was invited before gets a new mail, and this role in place of the former.

        Args:
            email: In small letters.
            role: The role.
            branch: Where; None for a role of the whole organisation.
            by: Who invites.

        Raises:
            OSError: The mail server did not take the mail. The invitation stands, and can be sent again.
        """
        facts = {"role": role, "branch": branch, "invited_by": by, "accepted_at": None, "accepted_by": None}
        invitation, _new = cls.objects.update_or_create(email=email, defaults=facts)
        invitation.send()
        return invitation

    def send(self) -> None:
        """Make the link valid from now on, also where it was revoked or too old, and mail it.

        Raises:
            OSError: The mail server did not take the mail.
        """
        self.sent_at, self.revoked_at = timezone.now(), None
        self.expires_at = self.sent_at + timedelta(days=INVITATION_DAYS)
        with transaction.atomic():
            self.save(update_fields=["sent_at", "revoked_at", "expires_at"])
            record(Action.INVITED, self, branch=self.branch_id, role=self.role)
        facts = {"invitation": self, "current_site": {"domain": site_name()}, "days": INVITATION_DAYS}
        subject = render_to_string("account/email/invitation_subject.txt", facts).strip()
        body = render_to_string("account/email/invitation_message.txt", facts).strip()
        send_mail(subject, body, None, [self.email])

    def revoke(self) -> bool:
        """Make the link invalid. False where it was used already."""
        unused = Invitation.objects.filter(pk=self.pk, accepted_at=None)
        with transaction.atomic():
            revoked = bool(unused.update(revoked_at=timezone.now()))
            if revoked:
                record(Action.INVITATION_REVOKED, self, branch=self.branch_id)
        return revoked

    @staticmethod
    def accept(user: User) -> None:
        """Note that a person uses the invitation of their address, if it is confirmed to be theirs.

        They get the role that the invitation names, if it can still be used.
        """
        confirmed = user.emailaddress_set.filter(verified=True).values("email")  # type: ignore[attr-defined]
        with transaction.atomic():
            for invitation in Invitation.objects.open().select_for_update().filter(email__in=confirmed):
                invitation.accepted_at, invitation.accepted_by = timezone.now(), user
                invitation.save(update_fields=["accepted_at", "accepted_by"])
                gives = bool(invitation.role) and invitation.is_backed
                if gives:
                    Membership.give(user, Role(invitation.role), invitation.branch, by=invitation.invited_by)
                record(Action.INVITATION_USED, invitation, by=user, branch=invitation.branch_id, gives=gives)

    @property
    def is_backed(self) -> bool:
        """Whether who invited may still give the role. Without an inviter the site itself has invited."""
        by = self.invited_by
        if by is None:
            return True
        rights = Rights.of(by)
        if not by.is_active or May.SET_UP in rights.for_all:
            return by.is_active
        may_invite = self.branch_id is not None and May.INVITE in rights.on(self.branch_id)
        return may_invite and self.role in GIVEN_BY_SUPERVISORS
