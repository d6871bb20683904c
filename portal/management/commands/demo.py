"""Run the whole portal on one machine: `make run`."""

from __future__ import annotations

import errno
import fcntl
import itertools
import os
import secrets
import socket
import urllib.request
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections, transaction
from django.db.models import Q

from accounts.models import User
from portal.supervisor import Child, supervise
from portal.workers import CELERY, calm, workers
from worker.app import DOCUMENTS, PAD

CLERK = "clerk@example.com"
ADMINISTRATOR = "admin@example.com"
CHANGED = "(the password that you set)"
ENDING_SECONDS = 8.0
"""How long the processes have to end by themselves. A person waits for the command to end."""


class Command(BaseCommand):
    help = "Prepare the database and run the site, its workers and its sweep, until Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *_arguments: Any, **options: Any) -> None:
        port: int = options["port"]
        refuse_used_port(port)
        with only_one():
            self.say("Preparing the database and starting the site ...")
            call_command("migrate", verbosity=0, interactive=False, skip_checks=False)
            if not settings.EMBEDDED:
                call_command("collectstatic", verbosity=0, interactive=False)
            passwords = demo_accounts()
            connections.close_all()
            hold_database_open()
            greet = partial(next, self.greeting(port, welcome(port, passwords)))
            supervise(children(port), self.say, ENDING_SECONDS, greet)

    def greeting(self, port: int, text: str) -> Iterator[None]:
        """Print the text once the site answers. Each step looks once."""
        while not is_up(port):
            yield
        self.say(text)
        yield from itertools.repeat(None)

    def say(self, text: str) -> None:
        """Print at once, also where the output is a file. A full disk there must not end the supervisor."""
        with suppress(OSError):
            self.stdout.write(text)
            self.stdout.flush()


def hold_database_open() -> None:
    """Keep the files that SQLite has beside its database while it is open, until this process ends.

    Whoever closes a database last removes them, and whoever opens it next makes them anew. A full disk has no room for
    that, so nothing could even be read.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM django_migrations")


def refuse_used_port(port: int) -> None:
    """Check that the port is free, under both addresses that `localhost` may mean to a browser.

    Raises:
        CommandError: Another program uses the port, or this process may not use it.
    """
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
        used = answers_on_ipv6(port)
    except OSError as error:
        why = "is in use by another program" if error.errno == errno.EADDRINUSE else f"cannot be used ({error})"
        raise CommandError(f"Port {port} {why}. Choose another one: make run PORT=9000") from None
    except OverflowError:
        raise CommandError(f"{port} is no port. Choose one from 1024 to 65535.") from None
    if used:
        raise CommandError(f"Port {port} is in use by another program. Choose another one: make run PORT=9000")


def answers_on_ipv6(port: int) -> bool:
    """Whether another program answers there. A browser that is asked for `localhost` would reach it first."""
    with suppress(OSError), socket.create_connection(("::1", port), timeout=1):
        return True
    return False


def only_one() -> TextIO:
    """Lock `var/` until this process ends, even when it is killed.

    Raises:
        CommandError: Another process holds the lock.
    """
    lock = (settings.VAR_DIR / "demo.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise CommandError(
            f"The portal is running already, with {settings.VAR_DIR}. Stop it first, or set COUNTERSIGN_VAR."
        ) from None
    return lock


@transaction.atomic
def demo_accounts() -> dict[str, str]:
    """Create the demo's clerk and administrator where they are missing.

    Returns:
        The password of each e-mail address, or `CHANGED` where the person has set another password. Passwords are kept
        in `var/demo-accounts.txt`, which only this machine's user can read.
    """
    kept = settings.VAR_DIR / "demo-accounts.txt"
    known = dict(line.split() for line in kept.read_text().splitlines()) if kept.exists() else {}
    for email in (CLERK, ADMINISTRATOR):
        user = _demo_user(email)
        if email not in known or not user.has_usable_password():
            known[email] = secrets.token_urlsafe(9)
            user.set_password(known[email])
            user.save(update_fields=["password"])
    keep_private(kept, "".join(f"{email} {password}\n" for email, password in known.items()))
    return {email: known[email] if _demo_user(email).check_password(known[email]) else CHANGED for email in known}


def _demo_user(email: str) -> User:
    """The user with this e-mail address, or with it as a second one. Without a user, one is made.

    The address of a user who is made here counts as confirmed.
    """
    user = User.objects.filter(Q(email=email) | Q(emailaddress__email=email)).first()
    if user is not None and EmailAddress.objects.filter(user=user, email=email).exists():
        return user
    if user is None:
        create = User.objects.create_superuser if email == ADMINISTRATOR else User.objects.create_user
        user = create(email)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def keep_private(path: Path, text: str) -> None:
    """Write a file that no other user of this machine can read, not even for a moment."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


def welcome(port: int, passwords: dict[str, str]) -> str:
    """All that a person needs to know to begin, in one block of text."""
    mails = "are printed here" if settings.MAIL_ON_CONSOLE else "go out through EMAIL_URL"
    return f"""
  Countersign runs at  http://localhost:{port}/

  Sign in as a clerk   {CLERK}  {passwords[CLERK]}
  or administrator     {ADMINISTRATOR}  {passwords[ADMINISTRATOR]}
  Passwords are kept   {settings.VAR_DIR / "demo-accounts.txt"}
  Mails                {mails}
  Stop                 Ctrl-C
"""


def is_up(port: int) -> bool:
    """Whether the site answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def children(port: int) -> list[Child]:
    """The site, a worker for documents, a worker for the pad, and the process that starts the sweep on time."""
    site = {"SITE_URL": f"http://localhost:{port}", "ALLOWED_HOSTS": "127.0.0.1,localhost", "DEBUG": "false"}
    return [
        Child("web", web(port), site),
        *workers(DOCUMENTS, 1, site),
        *workers(PAD, 1, site),
        Child("sweep", [*CELERY, *beat()], site | calm()),
    ]


def web(port: int) -> list[str]:
    """The command for the web server."""
    return ["portal.serve", "--host", "127.0.0.1", "--port", str(port)]


def beat() -> list[str]:
    """The arguments for the process that starts the sweep on time. It keeps nothing on disk."""
    return ["beat", "--scheduler", "celery.beat:Scheduler", "--pidfile", "", "--loglevel", "WARNING"]
