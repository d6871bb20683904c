"""Read from one queue: `manage.py work documents --processes 2`."""

from __future__ import annotations

from argparse import ArgumentParser
from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from portal.supervisor import supervise
from portal.workers import workers
from worker.app import DOCUMENTS, PAD


class Command(BaseCommand):
    help = "Run the workers of a queue. One that dies is started again. SIGTERM ends all of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("queue", choices=(DOCUMENTS, PAD))
        parser.add_argument("--processes", type=int, default=1, help="each reads one document at a time")
        parser.add_argument("--ending-seconds", type=float, default=50.0, help="to finish what is read, when all end")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        if options["processes"] < 1:
            raise CommandError(f"{options['processes']} processes read nothing. Choose 1 or more.")
        connections.close_all()  # the checks may have opened one
        children = workers(options["queue"], options["processes"], {})
        supervise(children, self.say, options["ending_seconds"])

    def say(self, text: str) -> None:
        """Print at once, also where the output is a file. A full disk there must not end the supervisor."""
        with suppress(OSError):
            self.stdout.write(text)
            self.stdout.flush()
