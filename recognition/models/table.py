"""A table on a page: how many rows and columns it has, and where it is. Its cells are readings like all others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from ml.reading.elements import Cell
from ml.reading.elements import Table as ReadTable
from recognition.models.decision import Decision, tell_of
from recognition.models.reading import ChangedMeanwhile, FieldReading, name_in_words


class Table(models.Model):
    """A table, as it stands on the paper.

    Each of its cells is a `FieldReading`, also where nothing stands in it, so that a person decides on a cell as on any
    other number.
    """

    page = models.ForeignKey("recognition.Page", on_delete=models.CASCADE, related_name="tables")
    number = models.PositiveIntegerField("place on the page, from the top, from 1")
    field = models.CharField("in the layout that names it; empty without one", max_length=60, blank=True)
    columns = models.JSONField("their names, from the left; none where no layout names it", default=list)
    header_rows = models.PositiveIntegerField("rows above the first value, as the layout says", default=0)
    row_count = models.PositiveIntegerField()
    column_count = models.PositiveIntegerField()
    left = models.PositiveIntegerField()
    top = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        ordering = ("page__number", "number")
        constraints = (models.UniqueConstraint(fields=["page", "number"], name="one_table_a_place"),)

    def __str__(self) -> str:
        return f"{self.page}, table {self.number}"

    @classmethod
    def record(cls, page_id: int, number: int, table: ReadTable) -> Table:
        """Save a table's place and size; its cells are saved with all readings of the page."""
        left, top, width, height = table.box.xywh
        cells = [cell for row in table.rows for cell in row]
        return cls.objects.create(
            page_id=page_id,
            number=number,
            field=table.field,
            columns=list(table.columns),
            header_rows=table.header_rows,
            row_count=max(cell.row + cell.rows for cell in cells),
            column_count=max(cell.column + cell.columns for cell in cells),
            left=left,
            top=top,
            width=width,
            height=height,
        )

    @property
    def title(self) -> str:
        """The name that people see: "Marks", or "Table 2" where no layout names it."""
        return name_in_words(self.field) if self.field else f"Table {self.number}"

    @property
    def headings(self) -> list[str]:
        """The names of its columns, from the left; their numbers from 1 where no layout names them."""
        return self.columns or [str(column + 1) for column in range(self.column_count)]

    @property
    def names(self) -> dict[str, Any]:
        """What the layout says of it, as exports have it: `field`, `columns` and `header_rows`."""
        return {"field": self.field or None, "columns": self.columns, "header_rows": self.header_rows}

    @property
    def doubts(self) -> int:
        """How many of its cells need a person."""
        return FieldReading.in_doubt().filter(table=self).count()

    def column_label(self, column: int) -> str:
        """The name of a column, from 0, as people see it: "Column 3", or the name that the layout gives it."""
        return self.columns[column] if self.columns else f"Column {column + 1}"

    def doubts_in(self, column: int) -> list[FieldReading]:
        """The cells of a column alone that need a person, from the top; a cell over several columns is none of them."""
        return list(FieldReading.in_doubt().filter(table=self, column=column, column_span=1).order_by("row"))

    def emptied_in(self, column: int) -> list[FieldReading]:
        """The cells of a column that were last called absent, all of them at once."""
        cells = self.cells.filter(column=column).order_by("row").prefetch_related("decisions")
        absent = [(cell, made) for cell in cells if (made := cell.decision) and made.verdict == Decision.Verdict.ABSENT]
        last = max((made.decided_at for _, made in absent), default=None)
        return [cell for cell, made in absent if made.decided_at == last]

    def empty_column(self, column: int, seen: Collection[int], by: Any) -> None:
        """Call all cells of a column absent that need a person, each by a decision of its own.

        Args:
            column: From 0.
            seen: The keys of these cells, as the person saw them.
            by: The person.

        Raises:
            ChangedMeanwhile: Others need a person now, or the document is being read again, or that failed.
        """
        with self._held():
            cells = self.doubts_in(column)
            if not cells or {cell.pk for cell in cells} != set(seen):
                raise ChangedMeanwhile
            now, absent = timezone.now(), Decision.Verdict.ABSENT
            tell_of(
                Decision.objects.bulk_create(
                    Decision(reading=cell, verdict=absent, was=cell.value, decided_by=by, decided_at=now)
                    for cell in cells
                )
            )

    def fill_column(self, column: int, seen: Collection[int], by: Any) -> None:
        """Undo that cells of a column were called absent at once, each by a row of its own.

        Args:
            column: From 0.
            seen: The keys of these cells, as the person saw them.
            by: The person.

        Raises:
            ChangedMeanwhile: One of them was decided on since, or the document is being read again, or that failed.
        """
        with self._held():
            cells = self.emptied_in(column)
            if not cells or {cell.pk for cell in cells} != set(seen):
                raise ChangedMeanwhile
            now = timezone.now()
            undoing = [made.reversal(by, now) for cell in cells if (made := cell.decision)]
            tell_of(Decision.objects.bulk_create(undoing))

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Let decisions on the document wait for each other; raises ChangedMeanwhile like `FieldReading.as_seen`."""
        with transaction.atomic():
            locked = Table.objects.select_for_update(of=("page__document",)).select_related("page__document")
            if locked.filter(pk=self.pk, page__document__state="read").first() is None:
                raise ChangedMeanwhile
            yield

    @property
    def own_box(self) -> list[int]:
        """Its left, top, width and height on the page, in pixels."""
        return [self.left, self.top, self.width, self.height]


def unread_numbers(table: ReadTable) -> set[Cell]:
    """The cells in which a number seems to stand that was not read, because numbers stand in the cells beside it.

    These are the other written cells of its column, or of its row where its column has none. A word may be read as a
    number, so where any number of the table is sure, one beside it has to be. Words above all numbers are headings.
    Cells in which the layout lets no number be looked for are none of these.
    """
    written = [cell for row in table.rows for cell in row if cell.reading is not None and cell.is_read]
    telling = [cell for cell in written if _is_sure(cell)] or [cell for cell in written if _holds_number(cell)]
    first = min((cell.row for cell in telling), default=len(table.rows))
    below = [cell for cell in written if cell.row >= first]
    return {cell for cell in below if not _holds_number(cell) and _are_numbers(_beside(cell, below), telling)}


def _beside(cell: Cell, cells: Iterable[Cell]) -> list[Cell]:
    others = [other for other in cells if other is not cell]
    column = [other for other in others if other.column == cell.column]
    return column or [other for other in others if other.row == cell.row]


def _are_numbers(cells: list[Cell], telling: list[Cell]) -> bool:
    """Whether at least half of the cells hold a number, and one of them a telling one."""
    return any(cell in telling for cell in cells) and 2 * sum(map(_holds_number, cells)) >= len(cells)


def _holds_number(cell: Cell) -> bool:
    return cell.reading is not None and bool(cell.reading.value)


def _is_sure(cell: Cell) -> bool:
    return cell.reading is not None and cell.reading.accepted and _holds_number(cell)
