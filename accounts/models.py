"""People and their accounts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils import timezone

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
