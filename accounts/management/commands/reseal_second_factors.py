"""Seal the secrets of second factors with the newest key of ENCRYPTION_KEYS."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError

from accounts.keyring import CannotOpen
from accounts.sealing import seal_all_anew


class Command(BaseCommand):
    help = "Seal the secrets of second factors with the newest of ENCRYPTION_KEYS; older keys can be removed then."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        """Seal them, and say how many were sealed and which cannot be opened."""
        closed: list[str] = []

        def tell(authenticator: Authenticator, why: CannotOpen) -> None:
            closed.append(f"{authenticator.user}: {why}")
            self.stderr.write(closed[-1])

        count = seal_all_anew(tell)
        self.stdout.write(f"Sealed anew: {count}.")
        if closed:
            raise CommandError(f"{len(closed)} cannot be opened: keep the keys that sealed them.")
