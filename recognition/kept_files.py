"""Every stored file with the row that names it, so that each can be sealed or opened while the site runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Model

from recognition.models import Document, Layout, Page

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Place:
    """A column with the names of files.

    Attributes:
        model: Whose column it is.
        column: Its name.
        holder: Whose row is locked by everybody who replaces or deletes such a file.
        lookups: The ways in which the holder is found from the row's key.
    """

    model: type[Model]
    column: str
    holder: type[Document | Layout]
    lookups: tuple[str, ...]

    def files(self) -> Iterator[tuple[Any, str]]:
        """Each row's key with the name of its file, a batch at a time, so that no transaction lasts long."""
        rows = self.model._base_manager.exclude(**{self.column: ""}).order_by("pk")
        batch = list(rows.values_list("pk", self.column)[:_AT_ONCE])
        while batch:
            yield from batch
            batch = list(rows.filter(pk__gt=batch[-1][0]).values_list("pk", self.column)[:_AT_ONCE])

    def change(self, pk: Any, name: str, how: Callable[[str], None]) -> bool:
        """Change how a file is kept, in a transaction of its own.

        Args:
            pk: The row's key.
            name: The file's name.
            how: What changes it.

        Returns:
            False where the row was deleted, or has another file by now.
        """
        with transaction.atomic():
            for lookup in self.lookups:
                self.holder.everything.select_for_update(of=("self",)).filter(**{lookup: pk}).first()
            found = self.model._base_manager.filter(pk=pk, **{self.column: name}).exists()
            if found:
                how(name)
        return found


PLACES = (
    Place(Document, "original", Document, ("pk",)),
    Place(Page, "preview", Document, ("pages__pk", "former_pages__pk")),
    Place(Layout, "original", Layout, ("pk",)),
    Place(Layout, "sample", Layout, ("pk",)),
)
