"""Remove the second factors of a person who has lost them: `manage.py remove_second_factors ADDRESS`."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.core.mail import send_mail
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.template.loader import render_to_string

from accounts.links import site_name
from accounts.models import Action, User
from accounts.models.audit import record


class Command(BaseCommand):
    help = (
        "Remove all second factors of a person who has lost them, and mail it to them. Be sure that it is they who ask."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", metavar="ADDRESS")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Remove them, and say how many."""
        person = User.objects.filter(email=options["address"].lower()).first()
        if person is None:
            raise CommandError(f"Nobody signs in with {options['address']}.")
        with transaction.atomic():
            removed, _by_model = Authenticator.objects.filter(user=person).delete()
            if not removed:
                raise CommandError(f"{person} has no second factor.")
            get_adapter().end_sessions(UserSession.objects.filter(user=person))
            record(Action.FACTOR_REMOVED, person, kind="all", by_command=True)
        self.stdout.write(f"Removed: {removed}. {person} signs in with the password alone.")
        facts = {"current_site": {"domain": site_name()}}
        text = render_to_string("account/email/second_factors_removed_message.txt", facts).strip()
        try:
            send_mail("Your second factors were removed", text, None, [person.email])
        except OSError as error:
            raise CommandError(f"They are removed, but the mail to {person} did not go out ({error}).") from None
