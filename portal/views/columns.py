"""A whole column of a table: its card, and the decision that no numbers stand in it."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import May
from portal.forms import ColumnForm
from portal.http import OwnRequest
from portal.tables import ColumnCard, GridCell, chosen_cell
from portal.views.readings import why_nothing_is_kept
from portal.views.tables import table_context
from recognition.access import get_table_for
from recognition.models import ChangedMeanwhile, FieldReading, Table

CHANGED = "Meanwhile something was decided in this column. Nothing was kept; this is how it stands now."


@never_cache
@login_required
@require_safe
def show(request: OwnRequest, pk: uuid.UUID, page: int, number: int, column: int) -> HttpResponse:
    """Show the card of a column, from 1: how many of its cells need a look, and what can be done at once."""
    table = _with_column(get_table_for(request.user, pk, page, number), column)
    return _answer(request, table, ColumnCard.of(table, column - 1))


@login_required
@require_POST
def empty(request: OwnRequest, pk: uuid.UUID, page: int, number: int, column: int) -> HttpResponse:
    """Call all cells of a column absent that need a look, if they are those that the person saw."""
    table, seen = (
        _with_column(get_table_for(request.user, pk, page, number, May.KEY), column),
        ColumnForm(request.POST).keys,
    )
    try:
        table.empty_column(column - 1, seen, by=request.user)
    except ChangedMeanwhile:
        is_kept_already = seen and {cell.pk for cell in table.emptied_in(column - 1)} == seen
        if not is_kept_already or not table.page.document.is_read:  # they pressed twice, or an answer was lost
            return _tell_change(request, table, column)
    return _tell(request, table, column, seen, f"{_count(seen)} marked absent")


@login_required
@require_POST
def undo(request: OwnRequest, pk: uuid.UUID, page: int, number: int, column: int) -> HttpResponse:
    """Bring all cells of a column back that were called absent at once, if none was decided on since."""
    table, seen = (
        _with_column(get_table_for(request.user, pk, page, number, May.KEY), column),
        ColumnForm(request.POST).keys,
    )
    try:
        table.fill_column(column - 1, seen, by=request.user)
    except ChangedMeanwhile:
        return _tell_change(request, table, column)
    return _tell(request, table, column, seen, f"{_count(seen)} back as before")


def _with_column(table: Table, column: int) -> Table:
    if not 1 <= column <= table.column_count:
        raise Http404
    return table


def _count(seen: Collection[int]) -> str:
    return "1 cell is" if len(seen) == 1 else f"{len(seen)} cells are"


def _tell(request: OwnRequest, table: Table, column: int, seen: Collection[int], done: str) -> HttpResponse:
    """Show what was done: the card with the cells that changed to htmx, otherwise the page with a message."""
    told = f"{table.column_label(column - 1)}: {done}."
    if not request.htmx:
        messages.success(request, told)
        return redirect("column", table.page.document_id, table.page.number, table.number, column)
    changed = table.cells.filter(pk__in=seen).prefetch_related("decisions")
    return _answer(request, table, ColumnCard.of(table, column - 1, told=told), changed)


def _tell_change(request: OwnRequest, table: Table, column: int) -> HttpResponse:
    """Tell that the column is no longer as the person saw it, and show how it is (409)."""
    notice = why_nothing_is_kept(table.page.document) or CHANGED
    card = ColumnCard.of(table, column - 1, notice=notice)
    return _answer(
        request, table, card, table.cells.filter(column=column - 1).prefetch_related("decisions"), status=409
    )


def _answer(
    request: OwnRequest,
    table: Table,
    card: ColumnCard,
    changed: Collection[FieldReading] = (),
    *,
    status: int = 200,
) -> HttpResponse:
    """The card alone to htmx, with the cells that changed; otherwise the table's page with it."""
    if not request.htmx:
        chosen = chosen_cell(list(table.cells.all()))
        if chosen is None:
            raise Http404
        return render(request, "tables/table.html", table_context(table, chosen) | {"column": card}, status=status)
    context = {"column": card, "table": table, "page": table.page, "document": table.page.document}
    context |= {"changed": [GridCell.of(cell) for cell in changed], "doubts": table.doubts}
    return render(request, "tables/_column_answer.html", context, status=status)
