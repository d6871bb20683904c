"""One table of a document: its page, with the picture beside a grid of its cells, and the table as a file."""

from __future__ import annotations

import csv
import io
import uuid
from pathlib import PurePath
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Action
from accounts.models.audit import record
from accounts.roles import Role
from portal.cards import Card
from portal.http import OwnRequest
from portal.table_sheets import plain_cells, tables_workbook
from portal.tables import chosen_cell, rows_of
from portal.views.exports import BOM, TYPES, safe_cells
from recognition.access import get_document_for, get_table_for
from recognition.models import Document, FieldReading, Table

Response = TypeVar("Response", bound=HttpResponseBase)


@never_cache
@login_required
@require_safe
def show(request: OwnRequest, pk: uuid.UUID, page: int, number: int) -> HttpResponse:
    """Show a table, with the card of the cell that is asked for, or else of the first that needs a look."""
    table = get_table_for(request.user, pk, page, number)
    prefetch_related_objects([table], "cells__decisions__decided_by")
    chosen = chosen_cell(list(table.cells.all()), request.GET.get("cell", ""))
    if chosen is None:
        raise Http404
    if Role.AUDITOR not in request.user.rights.roles:  # of auditors the door records it
        _record(Action.LOOKED, table.page.document, page=page, table=number)
    return render(request, "tables/table.html", table_context(table, chosen))


def table_context(table: Table, chosen: FieldReading, **shown: Any) -> dict[str, Any]:
    """The context for the template that shows a table.

    Args:
        table: The table.
        chosen: The cell whose card stands beside it.
        shown: What `Card.of` shows of a decision on it that was not kept.
    """
    prefetch_related_objects([table], "page__document__pages__tables", "cells__decisions__decided_by")
    cells = list(table.cells.all())
    page = table.page
    return {
        "table": table,
        "page": page,
        "document": page.document,
        "rows": rows_of(table, cells),
        "card": Card.of(chosen, **shown),
        "doubts": sum(cell.needs_person for cell in cells),
        "tables": [other for one in page.document.pages.all() for other in one.tables.all()],
    }


@login_required
@require_safe
def as_csv(request: OwnRequest, pk: uuid.UUID, page: int, number: int) -> HttpResponse:
    """Send a table as CSV: its rows and columns, and nothing else."""
    table = get_table_for(request.user, pk, page, number)
    _record(Action.EXPORTED, table.page.document, form="csv", page=page, table=number)
    prefetch_related_objects([table], "cells__decisions__decided_by")
    lines = io.StringIO()
    csv.writer(lines).writerows(map(safe_cells, plain_cells(table)))
    response = HttpResponse(BOM + lines.getvalue(), content_type=TYPES["csv"])
    return _as_file(response, f"{_stem(table)}-page-{page}-table-{number}.csv")


@login_required
@require_safe
def spreadsheet(request: OwnRequest, pk: uuid.UUID) -> StreamingHttpResponse:
    """Send all tables of a document as a spreadsheet, with a sheet for each."""
    document = get_document_for(request.user, pk)
    tables = list(
        Table.objects.filter(page__document=document).prefetch_related("page__document", "cells__decisions__decided_by")
    )
    if not tables:
        raise Http404
    _record(Action.EXPORTED, document, form="xlsx")
    response = StreamingHttpResponse(tables_workbook(tables), content_type=TYPES["xlsx"])
    return _as_file(response, f"{_stem(tables[0])}-tables.xlsx")


def _record(action: Action, document: Document, **facts: str | int) -> None:
    record(action, document, branch=document.branch_id, **facts)


def _stem(table: Table) -> str:
    return PurePath(table.page.document.name).stem


def _as_file(response: Response, name: str) -> Response:
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["Cache-Control"] = "private, no-store"
    return response
