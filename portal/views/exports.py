"""A person's history as a file for other programs."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Action, User
from accounts.models.audit import record
from accounts.step_up import ask_for_fresh_factor
from ml.reading.forms.layouts import Kind
from portal.forms import HistoryFilter
from portal.http import OwnRequest
from portal.spreadsheet import SURE_DIGITS, Cell, spreadsheet_of
from portal.tables import in_reading_order, place_of
from recognition.access import in_chunks
from recognition.cheques import objection_to
from recognition.models import Decision, Document, FieldReading, Page, Table
from recognition.presented import Flags, Presented, flags_of
from recognition.value_checks import standing_checks
from recognition.values import day_of

CHUNK = 100
"""How many documents are held in memory at once."""
COLUMNS = (
    "document", "file", "uploaded", "state", "page", "place", "value", "read_as", "as_written", "corrected",
    "confidence", "accepted", "left", "top", "width", "height",
    "layout", "layout_version", "field", "kind", "currency", "checks", "decision",
    "presented_before", "earlier_document", "earlier_page",
    "outcome", "decided_by", "decided_at", "overrode", "accepted_by_reader", "table", "row", "column", "column_name",
    "words", "words_value", "words_confidence", "agreement",
)  # fmt: skip
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

_TREE = ("pages__readings__decisions__decided_by", "pages__tables")
"""What an export tells of a document."""

BOM = "\ufeff"
"""Without this mark, spreadsheets do not read a CSV file as UTF-8."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_APOSTROPHE = "'"
_FIGURES = re.compile(r" *\(? *\.?[0-9][0-9 .,/'’:eE+%)-]*")
_SAFE_FIGURES = re.compile(r"(?=(?:[.-]?[0-9]){1,15}$)(?:(?:0|[1-9][0-9]*)(?:\.[0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2})")
"""A number without leading noughts, of as many digits as a spreadsheet keeps; or a day."""


@login_required
@require_safe
def history(request: OwnRequest, form: str) -> HttpResponseBase:
    """Send the filtered documents, piece by piece: a line for each field or number, or as JSON a tree."""
    if form not in TYPES:
        raise Http404
    asked = HistoryFilter(request.GET)
    found = asked.documents(request.user)
    count = found.count()
    question = ask_for_fresh_factor(request) if count > settings.EXPORT_STEP_UP_DOCUMENTS else None
    if question is not None:
        return question
    record(Action.EXPORTED, form=form, documents=count, filtered=asked.is_filtering)
    made = {"csv": as_csv, "json": as_json, "xlsx": as_spreadsheet}[form](request.user, found)
    response = StreamingHttpResponse(made, content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="countersign-{timezone.localdate()}.{form}"'
    response["Cache-Control"] = "private, no-store"
    return response


class _Line:
    """A file for `csv.writer` that returns what is written to it."""

    def write(self, line: str) -> str:
        return line


def as_csv(user: User, documents: QuerySet[Document]) -> Iterator[str]:
    """A heading, then a line for each field and each number, with the earlier presentment of its page."""
    writer = csv.writer(_Line())
    yield BOM
    yield writer.writerow(COLUMNS)
    for row in _rows(user, documents):
        yield writer.writerow(safe_cells(row))


def as_spreadsheet(user: User, documents: QuerySet[Document]) -> Iterator[bytes]:
    """The same lines as an XLSX file."""
    return spreadsheet_of(COLUMNS, _rows(user, documents))


def _rows(user: User, documents: QuerySet[Document]) -> Iterator[list[Cell]]:
    for document, flags in _whole(user, documents):
        for page in document.pages.all():
            before = _before_in_cells(flags.on(page.number).before)
            tables = {table.pk: table for table in page.tables.all()}
            for reading in page.readings.all():
                if reading.is_told:
                    place = _place(reading, tables)
                    yield [
                        *_row(document, page, reading),
                        *before,
                        *_decision_in_cells(reading),
                        *place,
                        *_words_in_cells(reading),
                    ]


def _row(document: Document, page: Page, reading: FieldReading) -> list[Cell]:
    decision = reading.decision
    return [
        str(document.pk), document.name, document.created_at, document.state, page.number, reading.position,
        _typed_cell(reading, reading.current_value), _typed_cell(reading, reading.value), reading.text, _yes(decision),
        round(reading.confidence, 6), _yes(reading.outcome.has_final_value),
        reading.left, reading.top, reading.width, reading.height,
        page.layout, page.layout_version or "", reading.field, reading.kind, reading.currency,
        " ".join(_checks(reading)), decision.verdict if decision else "",
    ]  # fmt: skip


def _place(reading: FieldReading, tables: Mapping[int, Table]) -> list[Cell]:
    """Its table's number on the page, and its row and column there, from 1 as pages show them; empty outside tables.

    Last comes the column's name, if a layout has one.
    """
    if reading.table_id is None:
        return ["", "", "", ""]
    row, column = place_of(reading)
    table = tables[reading.table_id]
    return [table.number, row + 1, column + 1, table.columns[column] if table.columns else ""]


def _decision_in_cells(reading: FieldReading) -> list[Cell]:
    """What came of a reading, who decided, when, and which checks they set aside."""
    decision = reading.decision
    by, at, overrode = (_by(decision), decision.decided_at, " ".join(decision.overrode)) if decision else ("", "", "")
    return [reading.outcome.value, by or "", at, overrode, _yes(reading.accepted)]


def _words_in_cells(reading: FieldReading) -> list[Cell]:
    """Of an amount, what the amount in words says, and whether it agrees; empty where none was read."""
    words = reading.words
    if words is None:
        return ["", "", "", ""]
    return [words["text"], Decimal(words["value"]), words["confidence"], words["agreement"]]


def _by(decision: Decision) -> str | None:
    """The address of who decided; None where their account is closed."""
    return decision.decided_by.email if decision.decided_by else None


def _yes(fact: object) -> str:
    return "yes" if fact else "no"


def _typed_cell(reading: FieldReading, value: str) -> Cell:
    """An amount as a number, a date as a day, and digits as a text, because a number would lose leading noughts."""
    if reading.kind == Kind.AMOUNT and value:
        return Decimal(value)
    return (day_of(value) if reading.kind == Kind.DATE else None) or value


def _checks(reading: FieldReading) -> list[str]:
    """The checks of the value that stands there now, and the objection to paying a cheque with this date."""
    objection = objection_to(reading)
    return [*standing_checks(reading), *([objection.sentence] if objection else [])]


def _before_in_cells(before: tuple[Presented, ...]) -> list[Cell]:
    first = before[0] if before else None
    return [first.how.value, str(first.earlier.document), first.earlier.page or ""] if first else ["", "", ""]


def safe_cells(cells: Iterable[Cell]) -> list[Cell]:
    """The cells for CSV, so that a spreadsheet shows the texts that they are."""
    return [_safe(cell.isoformat() if isinstance(cell, date) else cell) for cell in cells]


def _safe(cell: Cell) -> Cell:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it; so does one that begins with it.

    Figures that it would change ("0077", more than 15 digits, "1/2/26") are written ="0077", which it shows as they
    are. So is a number of more than 15 digits.
    """
    if isinstance(cell, Decimal):
        return cell if len(cell.as_tuple().digits) <= SURE_DIGITS else f'="{cell}"'
    text = cell if isinstance(cell, str) else ""
    if text.startswith((*_FORMULA, _APOSTROPHE)):
        return f"'{text}"
    return f'="{text}"' if _FIGURES.fullmatch(text) and not _SAFE_FIGURES.fullmatch(text) else cell


def as_json(user: User, documents: QuerySet[Document]) -> Iterator[str]:
    """A list with one object for each document."""
    separator = "["
    for document, flags in _whole(user, documents):
        facts = _document(document) | {"presented_before": [_before(presented) for presented in flags.before]}
        yield separator + json.dumps(facts, ensure_ascii=False)
        separator = ",\n"
    yield "[]\n" if separator == "[" else "]\n"


def _document(document: Document) -> dict[str, Any]:
    return {
        "document": str(document.pk),
        "file": document.name,
        "uploaded": document.created_at.isoformat(),
        "state": document.state,
        "reason": document.reason,
        "sha256": document.sha256,
        "pages": [
            {"page": page.number, "width": page.width, "height": page.height,
             "layout": page.layout_used, "faults": page.faults,
             "fields": [_field(field) for field in page.readings.all() if field.of_layout],
             "numbers": [_number(number) for number in page.readings.all() if not number.of_layout and number.is_told],
             "tables": [_table(table, page) for table in page.tables.all()]}
            for page in document.pages.all()
        ],
    }  # fmt: skip


def _before(presented: Presented) -> dict[str, Any]:
    earlier = presented.earlier
    return {
        "how": presented.how.value,
        "page": presented.page,
        "document": str(earlier.document),
        "file": earlier.name,
        "uploaded": earlier.uploaded.isoformat(),
        "earlier_page": earlier.page,
        "amount": earlier.amount or None,
        "currency": earlier.currency or None,
        "more": presented.more,
    }


def _field(field: FieldReading) -> dict[str, Any]:
    decision = field.decision
    return {
        "name": field.field,
        "kind": field.kind,
        "currency": field.currency or None,
        **_number(field),
        "words": field.words,
        "checks": _checks(field),
        "decision": decision.verdict if decision else None,
    }


def _number(number: FieldReading) -> dict[str, Any]:
    decision = number.decision
    return {
        "value": number.current_value,
        "read_as": number.value,
        "text": number.text,
        "outcome": number.outcome.value,
        "accepted": number.outcome.has_final_value,
        "decided_by": _by(decision) if decision else None,
        "decided_at": decision.decided_at.isoformat() if decision else None,
        "overrode": decision.overrode if decision else [],
        "accepted_by_reader": number.accepted,
        "confidence": round(number.confidence, 6),
        "box": [number.left, number.top, number.width, number.height],
        "digits": number.digits,
        "corrected": (decision.value or None) if decision else None,
    }


def _table(table: Table, page: Page) -> dict[str, Any]:
    """A table as `manage.py read --json` tells it, with what people decided; uses what was fetched for the page."""
    rows: list[list[dict[str, Any]]] = [[] for _ in range(table.row_count)]
    for cell in in_reading_order(cell for cell in page.readings.all() if cell.table_id == table.pk):
        rows[place_of(cell)[0]].append(_cell(cell))
    return {**table.names, "box": table.own_box, "rows": rows}


def _cell(cell: FieldReading) -> dict[str, Any]:
    """A cell. An empty one is accepted, as long as nobody said otherwise."""
    is_left_empty = cell.is_empty and cell.decision is None
    number = _number(cell) | {
        "accepted": is_left_empty or cell.outcome.has_final_value,
        "confidence": None if cell.is_empty else round(cell.confidence, 6),
        "checks": _checks(cell),
        "box": cell.cell_box,
    }
    del number["digits"]  # they stand among the page's numbers
    return {"row": cell.row, "column": cell.column, "rows": cell.row_span, "columns": cell.column_span, **number}


def _whole(user: User, documents: QuerySet[Document]) -> Iterator[tuple[Document, Flags]]:
    """Each document with its pages and its flags for this person, with a few queries for each chunk."""
    for chunk in in_chunks(documents.prefetch_related(*_TREE), CHUNK):
        Page.fetch_layouts(page for document in chunk for page in document.pages.all())
        flags = flags_of(user, chunk)
        yield from ((document, flags[document.pk]) for document in chunk)
