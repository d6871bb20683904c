"""People, their accounts, and who is invited to have one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.core import signing
from django.core.mail import send_mail
from django.db import models
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.links import on_this_site, site_name

CLOSING_DAYS = 7
"""For how many days closing an account can be undone."""

INVITATION_DAYS = 7
"""For how many days the link in an invitation is valid."""


class PersonManager(UserManager["User"]):
    """Makes people by e-mail address; there are no user names."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:  # type: ignore[override]
        """Save a person who signs in with `email`."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:  # type: ignore[override]
        """Save an administrator."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person, who signs in with an e-mail address."""

    username = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", unique=True)
    close_at = models.DateTimeField("closes for good", null=True, blank=True, db_index=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[PersonManager] = PersonManager()

    def __str__(self) -> str:
        return self.email

    def close(self) -> datetime:
        """Have the account and all its documents deleted later. Returns when; until then `reopen` undoes it."""
        self.close_at = timezone.now() + timedelta(days=CLOSING_DAYS)
        self.save(update_fields=["close_at"])
        return self.close_at

    def reopen(self) -> None:
        """Undo closing the account."""
        self.close_at = None
        self.save(update_fields=["close_at"])


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations."""

    def open(self) -> InvitationQuerySet:
        """Those that can be used."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """The permission of an administrator for one address to register, by the link in a mail to it."""

    class State(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        REVOKED = "revoked"
        EXPIRED = "expired"

    email = models.EmailField("e-mail address", unique=True)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    sent_at = models.DateTimeField("sent", default=timezone.now, editable=False)
    expires_at = models.DateTimeField("valid until", default=timezone.now, editable=False)
    accepted_at = models.DateTimeField("accepted", null=True, editable=False)
    # With an account that is deleted for good, the invitation's address goes too.
    accepted_by = models.ForeignKey(User, models.CASCADE, null=True, editable=False, related_name="+")
    revoked_at = models.DateTimeField("revoked", null=True, editable=False)

    objects: ClassVar[models.Manager[Invitation]] = models.Manager.from_queryset(InvitationQuerySet)()
    SALT: ClassVar[str] = "accounts.invitation"

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

    def send(self) -> None:
        """Make the link valid from now on, also where it was revoked or too old, and mail it.

        Raises:
            OSError: The mail server did not take the mail.
        """
        self.sent_at, self.revoked_at = timezone.now(), None
        self.expires_at = self.sent_at + timedelta(days=INVITATION_DAYS)
        self.save(update_fields=["sent_at", "revoked_at", "expires_at"])
        facts = {"invitation": self, "current_site": {"domain": site_name()}, "days": INVITATION_DAYS}
        subject = render_to_string("account/email/invitation_subject.txt", facts).strip()
        body = render_to_string("account/email/invitation_message.txt", facts).strip()
        send_mail(subject, body, None, [self.email])

    def revoke(self) -> bool:
        """Make the link invalid. False where it was used already."""
        unused = Invitation.objects.filter(pk=self.pk, accepted_at=None)
        return bool(unused.update(revoked_at=timezone.now()))

    @staticmethod
    def accept(user: User) -> None:
        """Note that a person has registered with an invited address, if it is confirmed to be theirs."""
        confirmed = user.emailaddress_set.filter(verified=True).values("email")  # type: ignore[attr-defined]
        invited = Invitation.objects.filter(email__in=confirmed, accepted_at=None)
        invited.update(accepted_at=timezone.now(), accepted_by=user)
