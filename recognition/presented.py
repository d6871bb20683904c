"""The same cheque twice: what somebody presented before, found among what they may see."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, Min, OuterRef

from accounts.models import User
from recognition.access import documents_of
from recognition.cheques import NUMBER, Cheque, Objection, cheques_in
from recognition.models import Decision, Document, FieldReading, Page


class Sameness(StrEnum):
    """How two presentments are the same, the strongest first."""

    IDENTICAL_FILE = "identical file"
    SAME_CHEQUE = "same cheque"
    NUMBER_AND_AMOUNT = "same number and amount"


WORDS = {
    Sameness.IDENTICAL_FILE: "Identical file",
    Sameness.SAME_CHEQUE: "Presented before",
    Sameness.NUMBER_AND_AMOUNT: "Same number and amount",
}
SENTENCES = {
    Sameness.IDENTICAL_FILE: "This very file was uploaded before.",
    Sameness.SAME_CHEQUE: "The same cheque was presented before: bank, account and cheque number are the same.",
    Sameness.NUMBER_AND_AMOUNT: "A cheque with the same number and the same amount was presented before.",
}
OTHER_ACCOUNT = "The account is another one, so it may be another cheque."
UNKNOWN_ACCOUNT = "Not all of bank and account was read on both, so compare them."


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was presented before.

    Attributes:
        document: Its document's key.
        name: Of the document's file.
        page: Of the document; None while none of its pages is read.
        amount: "1234.50", or empty.
    """

    document: UUID
    name: str
    uploaded: datetime
    page: int | None
    amount: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Presented:
    """That something was presented before.

    Attributes:
        how: It is the same.
        page: Which page of the document; None: all of it.
        earlier: The first time.
        more: How many times it was presented between then and now.
        doubt: Why it may not be the same after all; empty where nothing speaks for that.
    """

    how: Sameness
    page: int | None
    earlier: Earlier
    more: int = 0
    doubt: str = ""

    @property
    def word(self) -> str:
        """For a badge."""
        return WORDS[self.how]

    @property
    def sentence(self) -> str:
        """For a page."""
        return f"{SENTENCES[self.how]} {self.doubt}".rstrip()


@dataclass(frozen=True, slots=True)
class Flags:
    """What speaks against paying what is on a document, however well it was read."""

    objections: tuple[Objection, ...] = ()
    before: tuple[Presented, ...] = ()

    def on(self, page: int) -> Flags:
        """What is said of one page, or of the document as a whole."""
        before = tuple(one for one in self.before if one.page in (None, page))
        return Flags(tuple(one for one in self.objections if one.page == page), before)

    @property
    def badges(self) -> dict[str, Earlier | None]:
        """Each word once, with what was presented before."""
        earlier: dict[str, Earlier | None] = {}
        for one in self.before:
            earlier.setdefault(one.word, one.earlier)
        return dict.fromkeys((one.word for one in self.objections), None) | earlier

    @property
    def pages(self) -> list[int]:
        """Of which something is said."""
        objections = {one.page for one in self.objections}
        return sorted(objections | {one.page for one in self.before if one.page is not None})


def flags_of(user: User | AnonymousUser, documents: Iterable[Document]) -> dict[UUID, Flags]:
    """By document, what is to be said to this person; nobody learns of a document that they may not see.

    Three queries at most, however many documents.
    """
    asked = {document.pk: document for document in documents}
    own = list(cheques_in(FieldReading.objects.filter(page__document__in=asked)))
    same_files = _same_files(user, list(asked.values()))
    seen = list(_held_against(user, own, same_files))
    by_page = {(cheque.document, cheque.page): cheque for cheque in seen}
    found: dict[UUID, list[Presented]] = {pk: [] for pk in asked}
    for pk, files in same_files.items():
        found[pk].append(_identical(files, by_page))
    by_number = {number: list(them) for number, them in groupby(sorted(seen, key=_number), key=_number)}
    for cheque in own:
        one = _presented(cheque, _before(cheque, by_number.get(cheque.number, ()), same_files))
        found[cheque.document] += [one] if one else []
    objections = _by_document(own)
    return {pk: Flags(objections.get(pk, ()), tuple(found[pk])) for pk in asked}


def _may_see(user: User | AnonymousUser, document: str) -> Exists:
    """Whether this person may see the document that a row names there; asked row by row, so other indexes are used."""
    return Exists(documents_of(user).filter(pk=OuterRef(document)))


def _number(cheque: Cheque) -> str:
    return cheque.number


def _by_document(cheques: Iterable[Cheque]) -> Mapping[UUID, tuple[Objection, ...]]:
    groups = groupby(cheques, key=lambda cheque: cheque.document)
    return {pk: tuple(one.objection for one in them if one.objection) for pk, them in groups}


def _same_files(user: User | AnonymousUser, asked: Collection[Document]) -> dict[UUID, list[Earlier]]:
    """Of each document, those uploaded before it whose file is the same byte for byte, the first first."""
    shas = {document.sha256 for document in asked}
    files = Document.objects.filter(_may_see(user, "pk"), sha256__in=shas)
    rows = files.annotate(first_page=Min("pages__number")).order_by("created_at", "pk")
    by_file: dict[str, list[Earlier]] = {}
    for pk, sha256, name, uploaded, page in rows.values_list("pk", "sha256", "name", "created_at", "first_page"):
        by_file.setdefault(sha256, []).append(Earlier(pk, name, uploaded, page))
    before = {
        document.pk: [
            one
            for one in by_file.get(document.sha256, ())
            if (one.uploaded, one.document) < (document.created_at, document.pk)
        ]
        for document in asked
    }
    return {pk: files for pk, files in before.items() if files}


def _held_against(
    user: User | AnonymousUser, own: Iterable[Cheque], same_files: Mapping[UUID, list[Earlier]]
) -> Iterator[Cheque]:
    """Cheques that this person may see, with the number of one of these, or in the same files."""
    numbers = {cheque.number for cheque in own if cheque.number}
    files = {earlier[0].document for earlier in same_files.values()}
    if not numbers and not files:
        return iter(())
    named = FieldReading.objects.filter(
        _may_see(user, "page__document"), field__in=NUMBER, of_layout=True, value__in=numbers
    ).order_by()
    decisions = Decision.objects.filter(
        _may_see(user, "reading__page__document"),
        reading__field__in=NUMBER, reading__of_layout=True, value__in=numbers,
    ).order_by()  # fmt: skip
    # A union, for with "or" no index of the values would be used.
    pages = named.values("page").union(
        decisions.values("reading__page"), Page.objects.filter(document__in=files).order_by().values("pk")
    )  # fmt: skip
    return cheques_in(FieldReading.objects.filter(page__in=pages))


def _before(cheque: Cheque, others: Iterable[Cheque], same_files: Mapping[UUID, list[Earlier]]) -> list[Cheque]:
    """The others that were presented before; an identical file speaks for itself and for all that came after it."""
    files = same_files.get(cheque.document)
    since = (files[0].uploaded, files[0].document, 0) if files else cheque.place
    return [one for one in others if one.place < since]


def _identical(files: list[Earlier], by_page: Mapping[tuple[UUID, int], Cheque]) -> Presented:
    first = files[0]
    cheque = by_page.get((first.document, first.page or 0))
    return Presented(Sameness.IDENTICAL_FILE, None, _told(cheque) if cheque else first, len(files) - 1)


def _told(cheque: Cheque) -> Earlier:
    return Earlier(cheque.document, cheque.name, cheque.uploaded, cheque.page, cheque.amount, cheque.currency)


def _presented(cheque: Cheque, before: list[Cheque]) -> Presented | None:
    """What is the same among cheques with its number that were presented before."""
    if not cheque.number:
        return None
    same = [one for one in before if cheque.bank and cheque.account and _drawn_on(one) == _drawn_on(cheque)]
    if same:
        return Presented(Sameness.SAME_CHEQUE, cheque.page, _told(same[0]), len(same) - 1)
    matching = [one for one in before if cheque.amount and _worth(one) == _worth(cheque)]
    if not matching:
        return None
    doubt = OTHER_ACCOUNT if _differ(cheque, matching[0]) else UNKNOWN_ACCOUNT
    return Presented(Sameness.NUMBER_AND_AMOUNT, cheque.page, _told(matching[0]), len(matching) - 1, doubt)


def _drawn_on(cheque: Cheque) -> tuple[str, str]:
    return cheque.bank, cheque.account


def _worth(cheque: Cheque) -> tuple[str, str]:
    return cheque.amount, cheque.currency


def _differ(one: Cheque, other: Cheque) -> bool:
    """Whether bank or account were read on both, and are not the same."""
    pairs = zip(_drawn_on(one), _drawn_on(other), strict=True)
    return any(here and there and here != there for here, there in pairs)
