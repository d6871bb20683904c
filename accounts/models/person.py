"""People and their accounts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.models.audit import Action, name_of, record
from accounts.models.organisation import Branch, Membership
from accounts.models.rights import Rights
from accounts.roles import Role

CLOSING_DAYS = 7
"""For how many days closing an account can be undone."""


class PersonManager(UserManager["User"]):
    """Makes people by e-mail address; there are no user names."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:  # type: ignore[override]
        """Save a person who signs in with `email`."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:  # type: ignore[override]
        """Save an administrator, who is an operator of the site too."""
        with transaction.atomic():
            person = self.create_user(email, password, is_staff=True, is_superuser=True, **fields)
            Membership.give(person, Role.ADMINISTRATOR)
        return person


class User(AbstractUser):
    """A person, who signs in with an e-mail address."""

    username = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", unique=True)
    close_at = models.DateTimeField("closes for good", null=True, blank=True, db_index=True)
    left_at = models.DateTimeField("shut for good", null=True, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[PersonManager] = PersonManager()

    def __str__(self) -> str:
        return self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the person; a new one gets a private branch."""
        is_new = self._state.adding
        with transaction.atomic():
            super().save(*args, **kwargs)
            if is_new:
                Branch.begin_private(self)

    def has_usable_password(self) -> bool:
        """Whether the person can sign in with a password. Nobody can where the bank's directory is the only way in."""
        return not settings.DIRECTORY.only and super().has_usable_password()

    @cached_property
    def rights(self) -> Rights:
        """What this person may do, as it is when it is first asked of this object."""
        return Rights.of(self)

    def close(self) -> datetime:
        """Have the account end later, with all that is private. Returns when; until then `reopen` undoes it."""
        self.close_at = timezone.now() + timedelta(days=CLOSING_DAYS)
        with transaction.atomic():
            self.save(update_fields=["close_at"])
            record(Action.CLOSING, self)
        return self.close_at

    def reopen(self) -> None:
        """Undo closing the account."""
        self.close_at = None
        with transaction.atomic():
            self.save(update_fields=["close_at"])
            record(Action.KEPT_OPEN, self)

    def suspend(self) -> None:
        """Keep the person out until they are let in again. Nothing of theirs is lost."""
        with transaction.atomic():
            User.objects.filter(pk=self.pk).update(is_active=False)
            record(Action.SUSPENDED, self)

    def let_in(self) -> None:
        """Let a suspended person in again."""
        with transaction.atomic():
            User.objects.filter(pk=self.pk).update(is_active=True)
            record(Action.LET_IN, self)

    def leave(self) -> None:
        """End the account for good, when nothing private is left.

        Who has worked in a branch stays there by name, because the branch's record names them: such an account is
        only shut. Of all others nothing is kept.
        """
        with transaction.atomic():
            about, held = name_of(self), list(self.memberships.now().exclude(role=Role.OWNER))
            now = timezone.now()
            self.memberships.now().update(until=now)
            try:
                with transaction.atomic():
                    self.memberships.filter(role=Role.OWNER).delete()
                    Branch.objects.filter(private_of=self).delete()
                    self.delete()
            except models.ProtectedError:
                self.set_unusable_password()
                self.authenticator_set.all().delete()  # type: ignore[attr-defined]  # nobody signs in any more
                self.is_active, self.close_at, self.left_at = False, None, now
                self.save(update_fields=["password", "is_active", "close_at", "left_at"])
            record(Action.LEFT, about, roles=[one.role for one in held])
