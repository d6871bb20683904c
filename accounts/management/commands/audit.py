"""The record of what happened: `manage.py audit verify`, `audit export` and `audit sign`."""

from __future__ import annotations

from argparse import ArgumentParser, FileType
from collections.abc import Callable
from datetime import date
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management.base import BaseCommand, CommandError

from accounts.chain import FETCHED, Broken, heads_in, sign_head, signing_key, verify
from accounts.models.audit import AuditEvent, canonical
from accounts.triggers import RECORD, ROLES, missing


class Command(BaseCommand):
    help = "Prove that the record of what happened is whole, export it, or sign its latest event."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="part", required=True)
        checks = parts.add_parser("verify", help="find the first event that is missing or was changed")
        checks.add_argument("--heads", type=FileType(), help="a file of heads that `audit sign` wrote earlier")
        exports = parts.add_parser("export", help="print events, a line of JSON each")
        exports.add_argument("--since", type=date.fromisoformat, help="first day, such as 2027-01-31")
        exports.add_argument("--until", type=date.fromisoformat, help="last day")
        parts.add_parser("sign", help="print the latest event with a signature, to be kept apart from the database")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        parts: dict[str, Callable[[dict[str, Any]], None]] = {
            "verify": self.verify,
            "export": self.export,
            "sign": self.sign,
        }
        parts[options["part"]](options)

    def verify(self, options: dict[str, Any]) -> None:
        """Check the chain, the heads and the triggers."""
        try:
            heads = heads_in(options["heads"], signing_key().public_key()) if options["heads"] else []
            count = verify(heads)
        except Broken as broken:
            raise CommandError(str(broken)) from None
        gone = missing((*RECORD, *ROLES))
        if gone:
            raise CommandError(
                f"The {count:,} events are whole, but the trigger {gone[0].name} is missing. Run `manage.py migrate`."
            )
        self.stdout.write(f"The record is whole: {count:,} events, {len(heads):,} signed heads.")

    def export(self, options: dict[str, Any]) -> None:
        """Print the events of these days."""
        events = AuditEvent.objects.order_by("number")
        if options["since"]:
            events = events.filter(at__date__gte=options["since"])
        if options["until"]:
            events = events.filter(at__date__lte=options["until"])
        for event in events.iterator(FETCHED):
            self.stdout.write(canonical(event.as_json | {"hash": event.hash}))

    def sign(self, _options: dict[str, Any]) -> None:
        """Print the signed head, with the public half of the key on the other channel."""
        head = sign_head()
        if head is None:
            raise CommandError("Nothing has happened yet.")
        self.stdout.write(head.line)
        public = signing_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
        self.stderr.write(f"Signed with the key whose public half is {public}.")
