"""A person's history: all their documents, with filters to find them again."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, IntegerField, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Action, User
from accounts.models.audit import record
from accounts.roles import Role
from ml.reading.forms.layouts import Kind
from portal.forms import HistoryFilter, in_doubt, not_read
from portal.http import OwnRequest
from recognition.access import deleted_of
from recognition.layouts import taught_title
from recognition.models import Document, FieldReading, Page
from recognition.presented import flags_of

PAGE_SIZE = 25
NUMBERS_SHOWN = 6
"""How many numbers a row shows. The rest are only counted."""


@never_cache
@login_required
@require_safe
def listing(request: OwnRequest) -> HttpResponse:
    """Show a page of the history, the newest documents first; htmx gets only the list."""
    form = HistoryFilter(request.GET)
    page = Paginator(with_first_numbers(form.documents(request.user)), PAGE_SIZE).get_page(request.GET.get("page"))
    Page.fetch_layouts(first for document in page.object_list for first in getattr(document, "first_pages", ()))
    if Role.AUDITOR in request.user.rights.roles:
        record(Action.LISTED, page=page.number, filtered=form.is_filtering)
    query = request.GET.copy()
    for key in ("page", "deleted"):
        query.pop(key, None)
    context = {
        "form": form,
        "page": page,
        "flagged": {} if form.asks_for_deleted else flags_of(request.user, page.object_list),
        "query": query.urlencode(),
        "deleted": _just_deleted(request.user, request.GET.get("deleted", "")),
    }
    return render(request, "history/_list.html" if request.htmx else "history/history.html", context)


def with_first_numbers(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Each document with `number_count`, `doubt_count`, `fault_count`, and the first numbers of its first page.

    The number of queries is fixed, however many documents there are.
    """
    readings_shown = FieldReading.told().exclude(kind__in=[Kind.SHOW.value, Kind.MICR.value])
    readings_shown = readings_shown.exclude(table__isnull=False, value="")
    numbers = readings_shown.order_by("position").defer("digits").prefetch_related("decisions")[:NUMBERS_SHOWN]
    pages = Page.objects.annotate(taught_title=taught_title()).order_by("number")
    first_page = pages.prefetch_related(Prefetch("readings", numbers, "first_numbers"))[:1]
    numbers_of = FieldReading.told().filter(page__document=OuterRef("pk"), of_layout=False)
    return documents.annotate(
        number_count=_count(numbers_of, "page__document"),
        doubt_count=_count(in_doubt(), "page__document"),
        fault_count=_count(not_read(), "document"),
    ).prefetch_related(Prefetch("pages", first_page, "first_pages"))


def _count(rows: QuerySet[FieldReading] | QuerySet[Page], document: str) -> Coalesce:
    counted = rows.order_by().values(document).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _just_deleted(user: User, pk: str) -> Document | None:
    """The document that a page without JavaScript has just deleted, so that the page can offer to bring it back."""
    try:
        asked = uuid.UUID(pk)
    except ValueError:
        return None
    return deleted_of(user).filter(pk=asked).first()
