"""A person's history as a file for other programs."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from portal.forms import HistoryFilter
from portal.http import OwnRequest
from recognition.access import in_chunks
from recognition.cheques import objection_to
from recognition.models import Document, FieldReading, Page
from recognition.presented import Flags, Presented, flags_of

CHUNK = 100
"""How many documents are held in memory at once."""
COLUMNS = (
    "document", "file", "uploaded", "state", "page", "place", "value", "read_as", "as_written", "corrected",
    "confidence", "accepted", "left", "top", "width", "height",
    "layout", "layout_version", "field", "kind", "currency", "checks", "decision",
    "presented_before", "earlier_document", "earlier_page",
)  # fmt: skip
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@login_required
@require_safe
def history(request: OwnRequest, form: str) -> StreamingHttpResponse:
    """Send the filtered documents as CSV, with a line for each field or number, or as JSON, piece by piece."""
    if form not in TYPES:
        raise Http404
    found = HistoryFilter(request.GET).documents(request.user)
    lines = as_csv(request.user, found) if form == "csv" else as_json(request.user, found)
    response = StreamingHttpResponse(lines, content_type=TYPES[form])
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
    yield "\ufeff"  # without this mark, spreadsheets do not read the file as UTF-8
    yield writer.writerow(COLUMNS)
    for document, flags in _whole(user, documents):
        for page in document.pages.all():
            before = _before_in_cells(flags.on(page.number).before)
            for reading in page.readings.all():
                yield writer.writerow(safe_cells([*_row(document, page, reading), *before]))


def _row(document: Document, page: Page, reading: FieldReading) -> list[Any]:
    decision = reading.decision
    return [
        document.pk, document.name, document.created_at.isoformat(), document.state, page.number, reading.position,
        reading.current_value, reading.value, reading.text, "yes" if decision else "no",
        f"{reading.confidence:.6f}", "yes" if reading.accepted else "no",
        reading.left, reading.top, reading.width, reading.height,
        page.layout, page.layout_version, reading.field, reading.kind, reading.currency,
        " ".join(_checks(reading)), decision.verdict if decision else "",
    ]  # fmt: skip


def _checks(reading: FieldReading) -> list[str]:
    """The reading's checks, and the objection to paying a cheque with this date."""
    objection = objection_to(reading)
    return [*reading.checks, objection.sentence] if objection else reading.checks


def _before_in_cells(before: tuple[Presented, ...]) -> list[Any]:
    first = before[0] if before else None
    return [first.how.value, first.earlier.document, first.earlier.page] if first else ["", "", ""]


def safe_cells(cells: Iterable[Any]) -> list[Any]:
    """The cells, with an apostrophe before text that a spreadsheet would otherwise run as a formula."""
    return [f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else cell
            for cell in cells]  # fmt: skip


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
             "numbers": [_number(number) for number in page.readings.all() if not number.of_layout]}
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
        "checks": _checks(field),
        "decision": decision.verdict if decision else None,
    }


def _number(number: FieldReading) -> dict[str, Any]:
    return {
        "value": number.value,
        "text": number.text,
        "confidence": round(number.confidence, 6),
        "accepted": number.accepted,
        "box": [number.left, number.top, number.width, number.height],
        "digits": number.digits,
        "corrected": (number.decision.value or None) if number.decision else None,
    }


def _whole(user: User, documents: QuerySet[Document]) -> Iterator[tuple[Document, Flags]]:
    """Each document with its pages and its flags for this person, with a few queries for each chunk."""
    for chunk in in_chunks(documents.prefetch_related("pages__readings__decisions"), CHUNK):
        flags = flags_of(user, chunk)
        yield from ((document, flags[document.pk]) for document in chunk)
