"""A folder that no other user of this machine can look into."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

OTHERS = stat.S_IRWXG | stat.S_IRWXO
"""The permissions of everybody but the owner. It is also the umask with which nothing is made for others."""


def make_private(folder: Path) -> None:
    """Let only its owner into `folder`, and take from others what they may do with the files in it.

    Older versions left the folder open, and a database, messages and keys in it that everybody could read. All files
    are looked at only then: in a folder that is private nobody can reach them.

    Raises:
        ImproperlyConfigured: The folder is one that users share, or belongs to another user.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    mode = folder.stat().st_mode
    if mode & stat.S_ISVTX:
        raise ImproperlyConfigured(f"Users share {folder}. Set COUNTERSIGN_VAR to a folder of the portal's own.")
    if mode & OTHERS:
        for parent, folders, files in os.walk(folder):
            for name in (*folders, *files):
                _close_to_others(Path(parent, name))
        _close_to_others(folder)  # last: a start that was interrupted is made good by the next


def _close_to_others(path: Path) -> None:
    """Take all permissions from others. A link is left alone: what it leads to may stand elsewhere."""
    with suppress(FileNotFoundError):  # messages and counts come and go meanwhile
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode) or not mode & OTHERS:
            return
        try:
            path.chmod(stat.S_IMODE(mode) & ~OTHERS)
        except PermissionError:
            raise ImproperlyConfigured(
                f"{path} belongs to another user and is open to others. Give it to who runs the portal (chown)."
            ) from None
