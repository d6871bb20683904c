"""A page of a document, as it was read."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.db import models

from ml.reading.elements import PageReading
from recognition.models.document import Document, originals


def preview_name(page: Page, _filename: str) -> str:
    """A storage name that tells nothing of the document."""
    return f"previews/{page.document_id}/{page.number}"


class Page(models.Model):
    """One page: its size in pixels as read (upright), and a JPEG of it for people to look at."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    preview = models.FileField(storage=originals, upload_to=preview_name, max_length=200)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["document", "number"], name="one_row_a_page"),)

    def __str__(self) -> str:
        return f"{self.document}, page {self.number}"

    @classmethod
    def record(cls, document: Document, reading: PageReading, preview: bytes) -> Page:
        """Keep a page and the numbers on it. `preview` is a JPEG of the page's own aspect."""
        from recognition.models.reading import FieldReading  # a reading points back to its page

        height, width = reading.page.pixels.shape[:2]
        page = cls(
            document=document, number=reading.page.number, width=width, height=height, sha256=reading.page.sha256
        )
        page.preview.save("preview", ContentFile(preview), save=False)
        page.save()
        FieldReading.objects.bulk_create(
            FieldReading.of(page, position, number) for position, number in enumerate(reading.readings, start=1)
        )
        return page

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the page and its preview."""
        self.preview.delete(save=False)
        return super().delete(*args, **kwargs)
