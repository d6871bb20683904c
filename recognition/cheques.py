"""Cheques among the pages that were read: their fields, and the objections to paying them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from ml.reading.elements import PageReading
from ml.reading.forms.dates import Presentment
from ml.reading.forms.layouts import Kind
from recognition.models import Decision, FieldReading
from recognition.values import day_of

NUMBER = ("cheque_number", "number_above")
BANK = ("routing_number", "sort_code")
ACCOUNT = ("account_number", "account")
DATE = "date"
"""The names that layouts give these fields. Of several names, the first with a value counts."""

NOT_SURE = "The date itself still needs a look."


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a cheque should not be paid. It says nothing about how well the cheque was read.

    Attributes:
        page: Number of the page in its document.
        sentence: "Stale: dated 200 days before it was presented, and 180 are allowed."
    """

    page: int
    sentence: str

    @property
    def word(self) -> str:
        """For a badge: "Stale" or "Post-dated"."""
        return self.sentence.partition(": ")[0]

    @property
    def reason(self) -> str:
        """The rest of the sentence, with a capital letter."""
        reason = self.sentence.partition(": ")[2]
        return reason[:1].upper() + reason[1:]


@dataclass(frozen=True, slots=True)
class Cheque:
    """The fields of a cheque on a page, with their current values: a person's decision replaces what was read.

    Attributes:
        uploaded: When its document was uploaded.
        name: File name of its document.
        amount: "1234.50". Like every field, it is empty where there is none.
        date_is_sure: Whether the date was accepted, or a person decided on it.
        has_micr: Whether its layout has a MICR line.
    """

    document: UUID
    page: int
    uploaded: datetime
    name: str
    number: str
    bank: str
    account: str
    amount: str
    currency: str
    date: str
    date_is_sure: bool
    has_micr: bool

    @property
    def place(self) -> tuple[datetime, UUID, int]:
        """Its place in the order in which cheques were presented."""
        return self.uploaded, self.document, self.page

    @property
    def objection(self) -> Objection | None:
        """Why it should not be paid, by its date and the day of its upload; None where nothing speaks against it."""
        day = day_of(self.date) if self.has_micr else None
        sentence = _objection_sentence(presented_on(self.uploaded), day, sure=self.date_is_sure)
        return Objection(self.page, sentence) if sentence else None


def presentment(day: date) -> Presentment:
    """A presentment on this day, by the bank's rule."""
    return Presentment(day, settings.STALE_AFTER_DAYS, settings.POST_DATED_AFTER_DAYS)


def presented_on(uploaded: datetime) -> Presentment:
    """The presentment of a cheque on the day of its upload, by the site's clock.

    Today's date would be wrong, because the answer would change as days pass.
    """
    return presentment(timezone.localtime(uploaded).date())


def objection_to(field: FieldReading) -> Objection | None:
    """Why a cheque with this date should not be paid; None for any other field, and where the page is no cheque.

    A page with a MICR line is a cheque. Uses what `prefetch_related` fetched for the page.
    """
    sentence = objection_on(field, field.current_day, sure=not field.needs_person)
    return Objection(field.page.number, sentence) if sentence else None


def objection_on(field: FieldReading, day: date | None, *, sure: bool = True) -> str | None:
    """The sentence of the objection to a cheque that had this day in this field; None like `objection_to`."""
    if day is None or not field.of_layout or field.field != DATE:
        return None
    if not any(other.of_layout and other.kind == Kind.MICR for other in field.page.readings.all()):
        return None
    return _objection_sentence(presented_on(field.page.document.created_at), day, sure=sure)


def _objection_sentence(rule: Presentment, day: date | None, *, sure: bool) -> str | None:
    sentence = rule.objection(day) if day else None
    return f"{sentence} {NOT_SURE}" if sentence and not sure else sentence


def judged(page: PageReading, rule: Presentment) -> PageReading:
    """The page, with the objection to its cheque added to the checks of the date.

    The date's acceptance stays, because the objection says nothing about how well the date was read.
    """
    if not any(field.kind == Kind.MICR for field in page.fields):
        return page
    fields = []
    for field in page.fields:
        day = day_of(field.value) if field.field == DATE and field.kind == Kind.DATE else None
        sentence = _objection_sentence(rule, day, sure=field.accepted)
        fields.append(replace(field, checks=(*field.checks, sentence)) if sentence else field)
    return replace(page, fields=tuple(fields))


def cheques_in(readings: QuerySet[FieldReading]) -> Iterator[Cheque]:
    """The cheques on the pages of these readings, in the order in which they were presented, with one query."""
    document = "page__document__"
    corrected = Decision.objects.standing().filter(reading=OuterRef("pk")).order_by("-pk").values("value")[:1]
    needed = Q(field__in=(*NUMBER, *BANK, *ACCOUNT, DATE)) | Q(kind__in=(Kind.AMOUNT.value, Kind.MICR.value))
    rows = (
        readings.filter(needed, of_layout=True)
        .annotate(corrected=Subquery(corrected), now=Coalesce("corrected", "value"))
        .order_by(f"{document}created_at", f"{document}pk", "page__number", "position")
        .values("page_id", "page__number", f"{document}pk", f"{document}created_at", f"{document}name",
                "field", "kind", "corrected", "now", "accepted", "currency")
    )  # fmt: skip
    for _page, fields in groupby(rows, key=lambda row: row["page_id"]):
        yield _cheque(list(fields))


def _cheque(fields: list[dict[str, Any]]) -> Cheque:
    first = fields[0]
    values = {field["field"]: field["now"] for field in fields}
    dates = [field for field in fields if field["field"] == DATE]
    amounts = [field for field in fields if field["kind"] == Kind.AMOUNT and field["now"]]
    amount = amounts[0] if amounts else {"now": "", "currency": ""}
    return Cheque(
        document=first["page__document__pk"],
        page=first["page__number"],
        uploaded=first["page__document__created_at"],
        name=first["page__document__name"],
        number=_first(values, NUMBER),
        bank=_first(values, BANK),
        account=_first(values, ACCOUNT),
        amount=amount["now"],
        currency=amount["currency"],
        date=values.get(DATE, ""),
        date_is_sure=all(field["accepted"] or field["corrected"] is not None for field in dates),
        has_micr=any(field["kind"] == Kind.MICR for field in fields),
    )


def _first(values: dict[str, str], names: tuple[str, ...]) -> str:
    return next((values[name] for name in names if values.get(name)), "")
