"""A page of a document, as it was read."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.db import models
from django.db.models import F
from django.utils.functional import cached_property

from accounts.models import Branch
from ml.reading.elements import PageReading, Provenance, Reading
from ml.reading.elements import Table as ReadTable
from ml.reading.forms.layouts import Kind, Layout
from recognition.layouts import layouts_that_read, title_of
from recognition.models.decision import Decision
from recognition.models.reading import FieldReading
from recognition.models.table import Table, unread_numbers
from recognition.storage import originals

if TYPE_CHECKING:
    from recognition.models.document import Document


def preview_name(page: Page, _filename: str) -> str:
    """A storage name that reveals nothing of the document's name or content."""
    return f"previews/{page.document_id}/{page.number}"


class Page(models.Model):
    """One page: its size in pixels (upright), the layout that read it, and a JPEG for people to look at.

    A former page is one that was read once more. It is kept for the decisions on it, and nothing else knows of it.
    """

    # Of a former page it is null. None is reached through its document, so that the type need not say so.
    document: models.ForeignKey[Document, Document] = models.ForeignKey(  # type: ignore[misc]
        "recognition.Document", on_delete=models.CASCADE, null=True, related_name="pages"
    )
    former_of = models.ForeignKey(
        "recognition.Document", on_delete=models.CASCADE, null=True, related_name="former_pages"
    )
    number = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    layout = models.CharField("the layout's name; empty without one", max_length=60, blank=True)
    layout_version = models.PositiveIntegerField(null=True)
    layout_fit = models.FloatField("how sure it is that the page has it, 0 to 1", null=True)
    faults = models.JSONField("sentences about what is wrong with the page as a whole", default=list)
    preview = models.FileField(storage=originals, upload_to=preview_name, max_length=200)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["document", "number"], name="one_row_a_page"),
            models.CheckConstraint(
                condition=models.Q(document=None, former_of__isnull=False)
                | models.Q(document__isnull=False, former_of=None),
                name="page_of_a_document_now_or_before",
            ),
        )

    def __str__(self) -> str:
        return f"{self.document or self.former_of}, page {self.number}"

    @classmethod
    def record(cls, document_id: uuid.UUID, reading: PageReading, preview: bytes) -> Page:
        """Save a page with its fields, its numbers and its tables.

        Args:
            document_id: Key of its document.
            reading: What was read.
            preview: A JPEG with the page's proportions.
        """
        height, width = reading.page.pixels.shape[:2]
        page = cls(
            document_id=document_id,
            number=reading.page.number,
            width=width,
            height=height,
            sha256=reading.page.sha256,
            faults=list(reading.faults),
        )
        if reading.layout is not None:
            page.layout, page.layout_version = reading.layout.name, reading.layout.version
            page.layout_fit = reading.layout.fit
        page.preview.save("preview", ContentFile(preview), save=False)
        page.save()
        found = [*((field, True) for field in reading.fields), *((number, False) for number in reading.readings)]
        rows = [
            FieldReading.of(page.pk, position, entry, of_layout=of_layout)
            for position, (entry, of_layout) in enumerate(found, start=1)
        ]
        _fill_currency(document_id, rows)
        numbers = dict(zip(reading.readings, rows[len(reading.fields) :], strict=True))
        for number, table in enumerate(reading.tables, start=1):
            made_by = next(one.provenance for one in (*table.readings, *reading.fields))
            rows += page._put_in_table(number, table, numbers, len(rows), made_by)
        FieldReading.objects.bulk_create(rows)
        return page

    def _put_in_table(
        self,
        number: int,
        table: ReadTable,
        numbers: Mapping[Reading, FieldReading],
        before: int,
        made_by: Provenance,
    ) -> list[FieldReading]:
        """Save a table, put the rows of its numbers in its cells, and make rows for its other cells.

        Args:
            number: Of the table, on the page, from 1.
            table: As it was read.
            numbers: The rows of all numbers of the page.
            before: How many rows the page has already.
            made_by: What read it.
        """
        table_id, asked = Table.record(self.pk, number, table).pk, unread_numbers(table)
        others: list[FieldReading] = []
        for cell in (cell for line in table.rows for cell in line):
            row = numbers.get(cell.reading) if cell.reading is not None else None
            if row is None:
                row = FieldReading.without_number(self.pk, before + len(others) + 1, cell, made_by)
                row.asked = cell in asked
                others.append(row)
            row.put_in(table_id, cell)
        return others

    @cached_property
    def layout_read(self) -> Layout | None:
        """The layout that read it, in that version; None without one, and where it no longer exists."""
        used = (self.layout, self.layout_version)
        return layouts_that_read([used])[used]

    @classmethod
    def fetch_layouts(cls, pages: Iterable[Page]) -> None:
        """Fetch `layout_read` of many pages with one query."""
        pages = list(pages)
        found = layouts_that_read((page.layout, page.layout_version) for page in pages)
        for page in pages:
            page.layout_read = found[page.layout, page.layout_version]

    @property
    def layout_title(self) -> str:
        """The layout's title; empty where the page has no layout."""
        return title_of(self.layout, getattr(self, "taught_title", None)) if self.layout else ""

    @property
    def layout_used(self) -> dict[str, Any] | None:
        """The layout's `name`, `version` and `fit`, as in exports; None where the page has no layout."""
        if not self.layout:
            return None
        return {"name": self.layout, "version": self.layout_version, "fit": self.layout_fit}

    def make_way(self) -> None:
        """Make way for the page's next reading. A page with decisions, even undone ones, is kept as a former page."""
        if Decision.objects.filter(reading__page=self).exists():
            Page.objects.filter(pk=self.pk).update(former_of=F("document"), document=None)
        else:
            self.delete()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the page and its preview."""
        self.preview.delete(save=False)
        return super().delete(*args, **kwargs)


def _fill_currency(document_id: uuid.UUID, rows: Iterable[FieldReading]) -> None:
    """Give amounts whose layout names no currency that of the branch."""
    bare = [row for row in rows if row.kind == Kind.AMOUNT and not row.currency]
    if bare:
        currency = Branch.objects.values_list("currency", flat=True).get(documents=document_id)
        for row in bare:
            row.currency = currency
