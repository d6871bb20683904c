"""Seal stored files with the newest key, or open them all: `manage.py seal_files`."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.keyring import CannotOpen
from recognition.kept_files import PLACES, Place
from recognition.sealed_storage import SealedStorage
from recognition.storage import originals

_TOLD_EVERY = 1000


class Command(BaseCommand):
    help = (
        "Seal originals, previews and samples that are open or sealed with an older key, with the newest of "
        "ENCRYPTION_KEYS. The site may run meanwhile. What was interrupted goes on when it is called again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--open", action="store_true", help="open all of them instead, to give the keys up")
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        storage = originals()
        if not isinstance(storage, SealedStorage):
            raise CommandError("The storage of documents is another one than SealedStorage: see STORAGES.")
        wanted, change = self._aim(storage, to_open=options["open"])
        self.found: Counter[str] = Counter()
        self.left = self.changed = 0
        for place in PLACES:
            for pk, name in place.files():
                self._look_at(storage, place, pk, name, wanted, None if options["dry_run"] else change)
        self._tell(wanted)

    def _aim(self, storage: SealedStorage, *, to_open: bool) -> tuple[str, Callable[[str], None]]:
        """The key that each file shall have, and what gives it to a file."""
        if to_open:
            return "", storage.unseal
        try:
            return settings.ENCRYPTION_KEYS.newest, storage.seal_anew
        except CannotOpen as missing:
            raise CommandError(str(missing)) from None

    def _look_at(
        self,
        storage: SealedStorage,
        place: Place,
        pk: Any,
        name: str,
        wanted: str,
        change: Callable[[str], None] | None,
    ) -> None:
        """Count a file, and change it where it is kept otherwise than wanted."""
        try:
            key = storage.key_of(name)
            self.found[key] += 1
            if key == wanted:
                return
            self.left += 1
            if change is None:
                return
            if place.change(pk, name, change):
                self._count_changed()
            self.left -= 1
        except FileNotFoundError:
            self.stderr.write(f"{name} is not there: it was deleted just now, or lost.")
        except CannotOpen as error:
            self.stderr.write(str(error))

    def _count_changed(self) -> None:
        self.changed += 1
        if not self.changed % _TOLD_EVERY:
            self.stdout.write(f"{self.changed:,} files are done.")

    def _tell(self, wanted: str) -> None:
        """Print what was found, what was done and what is left.

        Raises:
            CommandError: Something is left.
        """
        for key, count in sorted(self.found.items()):
            self.stdout.write(f"{count:,} files were {_words(key)}.")
        done = f"{self.changed:,} files are {_words(wanted)} now"
        if self.left:
            raise CommandError(f"{done}. {self.left:,} are left.")
        self.stdout.write(f"{done}. None is left.")


def _words(key: str) -> str:
    return f"sealed with the key “{key}”" if key else "open"
