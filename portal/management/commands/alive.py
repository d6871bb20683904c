"""Tell whether workers of a queue take work on this machine: `manage.py alive documents`. Containers ask for it."""

from __future__ import annotations

import socket
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recognition.models import WorkerProcess
from worker.app import DOCUMENTS, PAD


class Command(BaseCommand):
    help = "Exit with 0 if a worker of the queue was heard of lately on this machine, else with 1."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("queue", choices=(DOCUMENTS, PAD))

    def handle(self, *_arguments: Any, **options: Any) -> None:
        here = WorkerProcess.alive().filter(queue=options["queue"], name__startswith=f"{socket.gethostname()}:")
        if not here.exists():
            raise CommandError(f"No worker of the queue “{options['queue']}” has been heard of lately here.")
