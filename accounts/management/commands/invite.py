"""Invite addresses to register: `manage.py invite ADDRESS ...`."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from accounts.models import INVITATION_DAYS, Invitation, User


class Command(BaseCommand):
    help = "Invite e-mail addresses to register. Each gets a mail with a link; who was invited before gets a new one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("addresses", nargs="+", metavar="ADDRESS")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        addresses = [address.lower() for address in options["addresses"]]
        for address in addresses:
            refuse(address)
        for address in addresses:
            invitation, _new = Invitation.objects.get_or_create(email=address)
            try:
                invitation.send()
            except OSError as error:
                raise CommandError(f"The mail to {address} did not go out ({error}). Try again.") from None
            self.stdout.write(f"Invited: {address}. The link holds for {INVITATION_DAYS} days.")


def refuse(address: str) -> None:
    """Check that this can be invited.

    Raises:
        CommandError: It is no address, or has an account.
    """
    try:
        validate_email(address)
    except ValidationError:
        raise CommandError(f"{address} is no e-mail address. Nobody was invited.") from None
    if User.objects.filter(email=address).exists():
        raise CommandError(f"{address} has an account already. Nobody was invited.")
