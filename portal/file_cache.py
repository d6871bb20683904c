"""The cache of the embedded default, in which rate limits are counted."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.filebased import FileBasedCache


class FileCache(FileBasedCache):
    """Django's cache of files, in which of many who add a key at once only one does.

    allauth locks a count by adding a key. Without this, requests that come at once would pass a limit together.
    """

    _dir: str

    def add(self, key: Any, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        self._createdir()  # type: ignore[attr-defined]  # the stubs leave it out
        with Path(self._dir, "adding.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # until the file is closed
            return super().add(key, value, timeout, version)
