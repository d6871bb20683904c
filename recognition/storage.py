"""Storage of originals and previews in the database, through Django's storage interface."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages
from django.utils.deconstruct import deconstructible

from recognition.models.stored_file import StoredFile


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
