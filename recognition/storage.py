"""Storage of originals and previews in the database, through Django's storage interface."""

from __future__ import annotations

import io
import sqlite3
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages
from django.db import connection, transaction
from django.db.models import BinaryField
from django.db.models.functions import Substr
from django.utils.deconstruct import deconstructible

from recognition.models.stored_file import StoredFile
from recognition.sealing import key_of

PIECE_BYTES = 128 * 1024
"""How much of a file is fetched and held at once where it is read in pieces."""


def originals() -> Storage:
    """The storage of originals and previews: `documents` in the settings."""
    return storages["documents"]


@deconstructible
class DatabaseStorage(Storage):
    """Keeps each file in a row of `StoredFile`, within the caller's transaction.

    Files have no public address, because views check who asks before they serve one. So `url` raises.
    """

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        if mode != "rb":
            raise ValueError("stored files are written once and only read after that")
        try:
            row = StoredFile.objects.defer("content").get(name=name)
        except StoredFile.DoesNotExist:
            raise FileNotFoundError(name) from None
        return File(io.BufferedReader(StoredBytes(row), PIECE_BYTES), name=name)

    def _save(self, name: str, content: File[Any]) -> str:
        content.seek(0)
        data = content.read()
        StoredFile.objects.create(name=name, content=data, size=len(data), key=key_of(data) or None)
        return name

    def replace(self, name: str, data: bytes) -> None:
        """Keep other bytes under a name, in a new row. So who reads the old ones never goes on in the new ones."""
        with transaction.atomic():
            old = StoredFile.objects.defer("content").get(name=name)
            old.delete()
            self._save(name, ContentFile(data))
            StoredFile.objects.filter(name=name).update(created_at=old.created_at)

    def delete(self, name: str) -> None:
        """Delete the file if there is one."""
        StoredFile.objects.filter(name=name).delete()

    def exists(self, name: str) -> bool:
        """Whether a file has this name."""
        return StoredFile.objects.filter(name=name).exists()

    def size(self, name: str) -> int:
        """The size of the file in bytes."""
        return StoredFile.objects.values_list("size", flat=True).get(name=name)

    def get_created_time(self, name: str) -> datetime:
        """When the file was stored."""
        return StoredFile.objects.values_list("created_at", flat=True).get(name=name)


class Replaced(FileNotFoundError):
    """The same file stands in another row by now, because it was sealed anew. Who opens it again can read on."""


class Seekable(io.RawIOBase):
    """Bytes that are fetched as they are read, from any position.

    Attributes:
        _size: How many there are.
        _position: From where the next are read.
    """

    _size: int
    _position: int

    def readable(self) -> bool:
        """The bytes can be read."""
        return True

    def seekable(self) -> bool:
        """Any part can be read."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to another position."""
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, origin + offset)
        return self._position


class StoredBytes(Seekable):
    """The bytes of one row, fetched as they are read. So a reader who is slow holds a piece of the file, never all."""

    def __init__(self, row: StoredFile) -> None:
        super().__init__()
        self._row, self._size, self._position = row, row.size, 0

    def readinto(self, buffer: Any, /) -> int:
        """Fill the buffer, as far as there are bytes."""
        piece = self._fetch(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def readall(self) -> bytes:
        """All bytes from the position on, with one query."""
        return self._fetch(self._size - self._position)

    def _fetch(self, most: int) -> bytes:
        """The next bytes, at most so many.

        Raises:
            Replaced: The file was sealed anew meanwhile.
            FileNotFoundError: The file was deleted meanwhile.
        """
        count = min(most, self._size - self._position)
        if count <= 0:
            return b""
        fetch = _sqlite_bytes if connection.vendor == "sqlite" else _row_bytes
        try:
            data = fetch(self._row.pk, self._position, count)
        except FileNotFoundError as gone:
            if self._stands_elsewhere():
                raise Replaced(*gone.args) from None
            raise
        self._position += len(data)
        return data

    def _stands_elsewhere(self) -> bool:
        """Whether another row has the same file. A later file of the same name was created at another time."""
        return StoredFile.objects.filter(name=self._row.name, created_at=self._row.created_at).exists()


def _row_bytes(row: int, begin: int, count: int) -> bytes:
    part = Substr("content", begin + 1, count, output_field=BinaryField())
    try:
        return bytes(StoredFile.objects.filter(pk=row).values_list(part, flat=True).get())
    except StoredFile.DoesNotExist:
        raise FileNotFoundError(f"stored file {row}") from None


def _sqlite_bytes(row: int, begin: int, count: int) -> bytes:
    """The same for SQLite, whose `substr` would bring the whole row into memory for each piece."""
    connection.ensure_connection()
    try:
        with connection.connection.blobopen(StoredFile._meta.db_table, "content", row, readonly=True) as blob:
            blob.seek(begin)
            data: bytes = blob.read(count)
    except sqlite3.OperationalError:
        if StoredFile.objects.filter(pk=row).exists():
            raise
        raise FileNotFoundError(f"stored file {row}") from None
    return data
