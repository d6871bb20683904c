"""A full disk: known by its errors, and by the room that is left beside the embedded database."""

from __future__ import annotations

import errno
import logging
import shutil
import sqlite3

from django.conf import settings
from django.core.cache import cache
from redis import RedisError

log = logging.getLogger(__name__)

_POSTGRES_DISK_FULL = "53100"
"""Source: PostgreSQL's table of error codes, `disk_full`."""

_SQLITE_DISK_FULL = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE)

_SYSTEM_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)

_SEEN = "disk-full"
_SEEN_SECONDS = 60


def is_full(error: BaseException | None) -> bool:
    """Whether this error, or one that led to it, says that the disk is full."""
    while error is not None:
        if (
            getattr(error, "pgcode", None) == _POSTGRES_DISK_FULL
            or getattr(error, "sqlite_errorcode", None) in _SQLITE_DISK_FULL
            or getattr(error, "errno", None) in _SYSTEM_DISK_FULL
        ):
            return True
        error = error.__cause__ or error.__context__
    return False


def note_full() -> None:
    """Remember for a minute that the disk of a database server was full. Nobody can look at that disk from here.

    Where Redis is away or full too, that is only logged: whoever calls this has more to do about the full disk.
    """
    if not settings.REDIS_URL:
        return
    try:
        cache.set(_SEEN, True, _SEEN_SECONDS)
    except RedisError as error:
        log.warning("That the disk is full was not noted: %s", error)


def has_room() -> bool:
    """Whether an upload can be kept. Of a database server: whether no error has told otherwise within the last minute.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    if settings.EMBEDDED and shutil.disk_usage(settings.VAR_DIR).free < settings.MAX_UPLOAD_BYTES:
        return False
    return not (settings.REDIS_URL and cache.get(_SEEN))
