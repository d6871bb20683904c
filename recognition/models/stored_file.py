"""The bytes of a file, in the database: one transaction, one backup, no orphan."""

from django.db import models


class StoredFile(models.Model):
    """A file under its storage name. Written and read by `recognition.storage.DatabaseStorage` alone."""

    name = models.CharField(max_length=200, unique=True)
    content = models.BinaryField()
    size = models.PositiveBigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name
