"""The bytes of files, in the database. So a file shares its row's transaction and backup, and none is orphaned."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class StoredFile(models.Model):
    """A file under its storage name. Only `recognition.storage.DatabaseStorage` writes and reads it."""

    name = models.CharField(max_length=200, unique=True)
    content = models.BinaryField()
    size = models.PositiveBigIntegerField()
    # SQLite would copy every file to add a column that may not be null.
    key = models.CharField("name of the key that sealed it", max_length=16, null=True)  # noqa: DJ001
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["key"], name="stored_file_key")]

    def __str__(self) -> str:
        return self.name
