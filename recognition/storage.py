"""Originals and previews, kept in the database through Django's storage interface."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages
from django.utils.deconstruct import deconstructible

from recognition.models.stored_file import StoredFile


def originals() -> Storage:
    """Where originals and previews are kept: the `documents` storage of the settings."""
    return storages["documents"]


@deconstructible
class DatabaseStorage(Storage):
    """Keeps each file in a row of `StoredFile`, within the transaction of whoever saves it.

    There is no public address: `url` raises, because files are served by views that ask who is asking.
    """

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        if mode != "rb":
            raise ValueError("stored files are written once and only read after that")
        try:
            row = StoredFile.objects.only("content").get(name=name)
        except StoredFile.DoesNotExist:
            raise FileNotFoundError(name) from None
        return ContentFile(bytes(row.content), name=name)

    def _save(self, name: str, content: File[Any]) -> str:
        content.seek(0)
        data = content.read()
        StoredFile.objects.create(name=name, content=data, size=len(data))
        return name

    def delete(self, name: str) -> None:
        """Remove the file; nothing happens where there is none."""
        StoredFile.objects.filter(name=name).delete()

    def exists(self, name: str) -> bool:
        """Whether a file has this name."""
        return StoredFile.objects.filter(name=name).exists()

    def size(self, name: str) -> int:
        """Bytes."""
        return StoredFile.objects.values_list("size", flat=True).get(name=name)

    def get_created_time(self, name: str) -> datetime:
        """When it was stored."""
        return StoredFile.objects.values_list("created_at", flat=True).get(name=name)
