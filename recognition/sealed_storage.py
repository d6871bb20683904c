"""A storage that seals what another storage keeps, so that who has the files and not the keys can read none of them."""

from __future__ import annotations

import io
from datetime import datetime
from os import PathLike
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible
from django.utils.functional import cached_property
from django.utils.module_loading import import_string

from accounts.keyring import CannotOpen
from recognition.sealing import HEADER_BYTES, PIECE_BYTES, Extent, Seal, is_sealed, key_of, sealed
from recognition.storage import DatabaseStorage, Replaced, Seekable

KEY_AWAY = (
    "This file is sealed, and the key that opens it is not on this site just now. Nothing is lost: tell whoever runs "
    "the site."
)


@deconstructible
class SealedStorage(Storage):
    """Seals files with the newest of `ENCRYPTION_KEYS` before another storage keeps them, and opens them again.

    Without keys it keeps files as they are. A file that was stored before there were keys is read as it is.
    """

    def __init__(self, storage: str, options: dict[str, Any] | None = None) -> None:
        self._class, self._options = storage, options or {}

    @cached_property
    def inner(self) -> Storage:
        """The storage that keeps the files."""
        storage: Storage = import_string(self._class)(**self._options)
        return storage

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        if mode != "rb":
            raise ValueError("stored files are written once and only read after that")
        return File(io.BufferedReader(OpenedBytes(self, name), PIECE_BYTES), name=name)

    def _save(self, name: str, content: File[Any]) -> str:
        content.seek(0)
        data = content.read()
        keys = settings.ENCRYPTION_KEYS
        kept = self.inner.save(name, ContentFile(sealed(data, name, keys) if keys else data))
        if kept != name:  # what is sealed can be opened under its own name alone
            self.inner.delete(kept)
            raise OSError(f"The storage would keep {name} as {kept}.")
        return name

    def stored(self, name: str) -> File[bytes]:
        """The file as it is stored.

        Raises:
            FileNotFoundError: There is none.
        """
        try:
            return self.inner.open(name, "rb")
        except FileNotFoundError:
            if not self.inner.exists(_spare(name)):
                raise
        return self.inner.open(_spare(name), "rb")

    def key_of(self, name: str) -> str:
        """The name of the key that sealed the file; empty where it is open."""
        return key_of(self._head(name)[1])

    def _head(self, name: str) -> tuple[int, bytes]:
        """How many bytes are stored, and the first of them."""
        try:
            with self.stored(name) as file:
                return file.size, file.read(HEADER_BYTES)
        except Replaced:
            return self._head(name)

    def seal_anew(self, name: str) -> None:
        """Seal a stored file with the newest key, whatever it was sealed with. The caller keeps others from its row.

        Raises:
            CannotOpen: There is no key, or the file cannot be opened.
        """
        with self.open(name) as file:
            self._replace(name, sealed(file.read(), name, settings.ENCRYPTION_KEYS))

    def unseal(self, name: str) -> None:
        """Keep a stored file as it was before it was sealed. The caller keeps others from its row.

        Raises:
            CannotOpen: The file cannot be opened.
        """
        with self.open(name) as file:
            self._replace(name, file.read())

    def _replace(self, name: str, data: bytes) -> None:
        """Keep other bytes under a name.

        A storage knows no such thing. So they are kept a second time, as a spare, as long as nothing has the name.
        """
        if isinstance(self.inner, DatabaseStorage):
            self.inner.replace(name, data)
            return
        if self.inner.exists(name):
            self.inner.delete(_spare(name))
            self.inner.save(_spare(name), ContentFile(data))
            self.inner.delete(name)
        self.inner.save(name, ContentFile(data))
        self.inner.delete(_spare(name))

    def delete(self, name: str) -> None:
        """Delete the file if there is one."""
        self.inner.delete(name)
        if not isinstance(self.inner, DatabaseStorage):
            self.inner.delete(_spare(name))

    def exists(self, name: str) -> bool:
        """Whether a file has this name."""
        return self.inner.exists(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """The folders and files in a folder."""
        return self.inner.listdir(path)

    def size(self, name: str) -> int:
        """The size of the file in bytes, as it was before it was sealed."""
        size, header = self._head(name)
        return Extent(size).opened if is_sealed(header) else size

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """A name that the storage has free, as it makes one."""
        return self.inner.get_available_name(name, max_length)

    def generate_filename(self, filename: str | PathLike[str]) -> str:
        """The name under which the storage keeps such a file."""
        return self.inner.generate_filename(filename)

    def get_created_time(self, name: str) -> datetime:
        """When the file was stored."""
        return self.inner.get_created_time(name)

    def get_modified_time(self, name: str) -> datetime:
        """When the file was last changed."""
        return self.inner.get_modified_time(name)

    def get_accessed_time(self, name: str) -> datetime:
        """When the file was last read."""
        return self.inner.get_accessed_time(name)


class OpenedBytes(Seekable):
    """The bytes of a stored file as they were before it was sealed. They are opened piece by piece as they are read."""

    def __init__(self, storage: SealedStorage, name: str) -> None:
        super().__init__()
        self._storage, self._name, self._position = storage, name, 0
        self._begin()

    def _begin(self) -> None:
        """Open the file as it is stored now, and its first piece: a key that is missing or wrong is noticed here.

        Raises:
            CannotOpen: The key is missing or wrong, or the file was changed.
        """
        self._source = self._storage.stored(self._name)
        try:
            size = self._source.size
            header = self._source.read(HEADER_BYTES)
            self._seal = Seal.of(header, self._name, settings.ENCRYPTION_KEYS) if is_sealed(header) else None
            self._extent = Extent(size)
            self._size = self._extent.opened if self._seal else size
            if self._seal:
                self._pieces(self._seal, 0, min(1, self._size))
        except Replaced:
            self._source.close()
            self._begin()

    def close(self) -> None:
        """Close the stored file too."""
        if not self.closed:
            self._source.close()
        super().close()

    def readinto(self, buffer: Any, /) -> int:
        """Fill the buffer, as far as there are bytes in a piece."""
        data = self._fetch(min(len(buffer), PIECE_BYTES - self._position % PIECE_BYTES))
        buffer[: len(data)] = data
        return len(data)

    def readall(self) -> bytes:
        """All bytes from the position on."""
        return self._fetch(self._size - self._position)

    def _fetch(self, most: int) -> bytes:
        """The next bytes, at most so many.

        A file that is sealed anew while it is read is opened anew: its bytes are the same.

        Raises:
            FileNotFoundError: The file was deleted meanwhile.
            CannotOpen: It was changed.
        """
        count = min(most, self._size - self._position)
        if count <= 0:
            return b""
        while True:
            try:
                data = self._between(self._position, self._position + count)
            except Replaced:
                self._begin()
            else:
                self._position += len(data)
                return data

    def _between(self, begin: int, end: int) -> bytes:
        if self._seal:
            return self._pieces(self._seal, begin, end)
        self._source.seek(begin)
        data: bytes = self._source.read(end - begin)
        return data

    def _pieces(self, seal: Seal, begin: int, end: int) -> bytes:
        first, start, stop = self._extent.span(begin, end)
        self._source.seek(start)
        opened = b"".join(seal.open(self._source.read(stop - start), first, self._extent.last))
        skipped = begin - first * PIECE_BYTES
        asked = opened[skipped : skipped + end - begin]
        if len(asked) < end - begin:
            raise CannotOpen(f"{self._name} is cut off.")
        return asked


def _spare(name: str) -> str:
    return f"{name}.spare"
