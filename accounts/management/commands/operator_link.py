"""Let an operator in without the directory: `manage.py operator_link ADDRESS`."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Action, User
from accounts.models.audit import record
from accounts.operators import LINK_MINUTES, link_for


class Command(BaseCommand):
    help = "Print a link that signs an operator in once, also where the directory is the only way in, or is away."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", metavar="ADDRESS")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        operator = User.objects.filter(email=options["address"].lower(), is_superuser=True, is_active=True).first()
        if operator is None:
            raise CommandError(
                f"{options['address']} is no operator who may sign in. `manage.py createsuperuser` makes one."
            )
        record(Action.LINK_PRINTED, operator)
        self.stderr.write(f"Open it within {LINK_MINUTES} minutes. It works once.")
        self.stdout.write(link_for(operator))
