"""The bytes of files, in the database. So a file shares its row's transaction and backup, and none is orphaned."""

from django.db import models


class StoredFile(models.Model):
    """A file under its storage name. Only `recognition.storage.DatabaseStorage` writes and reads it."""

    name = models.CharField(max_length=200, unique=True)
    content = models.BinaryField()
    size = models.PositiveBigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name
