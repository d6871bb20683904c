"""Cheques and files that were presented before, found among the documents that a person may see."""

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
    """How two presentments match, the strongest match first."""

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
    """An earlier presentment.

    Attributes:
        document: Key of its document.
        name: File name of its document.
        page: Number of its page in the document; None while no page is read.
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
    """A cheque or a document that was presented before.

    Attributes:
        how: How the two presentments match.
        page: Number of its page in the document; None where it is the whole document.
        earlier: The first presentment.
        more: How many more presentments came after the first and before this one.
        doubt: Why it may not be the same after all; empty where nothing suggests that.
    """

    how: Sameness
    page: int | None
    earlier: Earlier
    more: int = 0
    doubt: str = ""

    @property
    def word(self) -> str:
        """The words for a badge."""
        return WORDS[self.how]

    @property
    def sentence(self) -> str:
        """The sentence for a page."""
        return f"{SENTENCES[self.how]} {self.doubt}".rstrip()


@dataclass(frozen=True, slots=True)
class Flags:
    """What speaks against paying the cheques of a document, however well they were read."""

    objections: tuple[Objection, ...] = ()
    before: tuple[Presented, ...] = ()

    def on(self, page: int) -> Flags:
        """The flags of one page, and those of the document as a whole."""
        before = tuple(presented for presented in self.before if presented.page in (None, page))
        return Flags(tuple(objection for objection in self.objections if objection.page == page), before)

    @property
    def badges(self) -> dict[str, Earlier | None]:
        """The words of the badges, each once, with the earlier presentment; None for objections."""
        earlier: dict[str, Earlier | None] = {}
        for presented in self.before:
            earlier.setdefault(presented.word, presented.earlier)
        return dict.fromkeys((objection.word for objection in self.objections), None) | earlier

    @property
    def pages(self) -> list[int]:
        """The numbers of the pages that have flags."""
        objections = {objection.page for objection in self.objections}
        return sorted(objections | {presented.page for presented in self.before if presented.page is not None})


def flags_of(user: User | AnonymousUser, documents: Iterable[Document]) -> dict[UUID, Flags]:
    """The flags of each document, for this person. Nobody learns of a document that they may not see.

    It takes three queries at most, however many documents there are.
    """
    asked = {document.pk: document for document in documents}
    cheques = list(cheques_in(FieldReading.objects.filter(page__document__in=asked)))
    same_files = _same_files(user, list(asked.values()))
    seen = list(_held_against(user, cheques, same_files))
    by_page = {(cheque.document, cheque.page): cheque for cheque in seen}
    found: dict[UUID, list[Presented]] = {pk: [] for pk in asked}
    for pk, files in same_files.items():
        found[pk].append(_identical(files, by_page))
    by_number = {number: list(them) for number, them in groupby(sorted(seen, key=_number), key=_number)}
    for cheque in cheques:
        presented = _presented(cheque, _before(cheque, by_number.get(cheque.number, ()), same_files))
        found[cheque.document] += [presented] if presented else []
    objections = _by_document(cheques)
    return {pk: Flags(objections.get(pk, ()), tuple(found[pk])) for pk in asked}


def _may_see(user: User | AnonymousUser, document: str) -> Exists:
    """Whether this person may see the document that a row names in this column.

    The condition is checked for each row, so that the database can use the other indexes.
    """
    return Exists(documents_of(user).filter(pk=OuterRef(document)))


def _number(cheque: Cheque) -> str:
    return cheque.number


def _by_document(cheques: Iterable[Cheque]) -> Mapping[UUID, tuple[Objection, ...]]:
    groups = groupby(cheques, key=lambda cheque: cheque.document)
    return {pk: tuple(cheque.objection for cheque in them if cheque.objection) for pk, them in groups}


def _same_files(user: User | AnonymousUser, asked: Collection[Document]) -> dict[UUID, list[Earlier]]:
    """For each document, earlier uploads whose file is the same byte for byte, the earliest first."""
    shas = {document.sha256 for document in asked}
    files = Document.objects.filter(_may_see(user, "pk"), sha256__in=shas)
    rows = files.annotate(first_page=Min("pages__number")).order_by("created_at", "pk")
    by_file: dict[str, list[Earlier]] = {}
    for pk, sha256, name, uploaded, page in rows.values_list("pk", "sha256", "name", "created_at", "first_page"):
        by_file.setdefault(sha256, []).append(Earlier(pk, name, uploaded, page))
    before = {
        document.pk: [
            earlier
            for earlier in by_file.get(document.sha256, ())
            if (earlier.uploaded, earlier.document) < (document.created_at, document.pk)
        ]
        for document in asked
    }
    return {pk: files for pk, files in before.items() if files}


def _held_against(
    user: User | AnonymousUser, cheques: Iterable[Cheque], same_files: Mapping[UUID, list[Earlier]]
) -> Iterator[Cheque]:
    """The cheques that this person may see and that share a number or a file with one of these cheques."""
    numbers = {cheque.number for cheque in cheques if cheque.number}
    files = {earlier[0].document for earlier in same_files.values()}
    if not numbers and not files:
        return iter(())
    named = FieldReading.objects.filter(
        _may_see(user, "page__document"), field__in=NUMBER, of_layout=True, value__in=numbers
    ).order_by()
    decisions = Decision.objects.standing().filter(
        _may_see(user, "reading__page__document"),
        reading__field__in=NUMBER, reading__of_layout=True, value__in=numbers,
    ).order_by()  # fmt: skip
    # A union, because with "or" the database would use no index of the values.
    pages = named.values("page").union(
        decisions.values("reading__page"), Page.objects.filter(document__in=files).order_by().values("pk")
    )  # fmt: skip
    return cheques_in(FieldReading.objects.filter(page__in=pages))


def _before(cheque: Cheque, others: Iterable[Cheque], same_files: Mapping[UUID, list[Earlier]]) -> list[Cheque]:
    """The other cheques that were presented before this one.

    If the same file was uploaded before, only cheques from before its first upload count: the flag of the file covers
    those that came after it.
    """
    files = same_files.get(cheque.document)
    since = (files[0].uploaded, files[0].document, 0) if files else cheque.place
    return [other for other in others if other.place < since]


def _identical(files: list[Earlier], by_page: Mapping[tuple[UUID, int], Cheque]) -> Presented:
    first = files[0]
    cheque = by_page.get((first.document, first.page or 0))
    return Presented(Sameness.IDENTICAL_FILE, None, _as_earlier(cheque) if cheque else first, len(files) - 1)


def _as_earlier(cheque: Cheque) -> Earlier:
    return Earlier(cheque.document, cheque.name, cheque.uploaded, cheque.page, cheque.amount, cheque.currency)


def _presented(cheque: Cheque, before: list[Cheque]) -> Presented | None:
    """The strongest match with the cheques of the same number that were presented before."""
    if not cheque.number:
        return None
    same = [other for other in before if cheque.bank and cheque.account and _drawn_on(other) == _drawn_on(cheque)]
    if same:
        return Presented(Sameness.SAME_CHEQUE, cheque.page, _as_earlier(same[0]), len(same) - 1)
    matching = [other for other in before if cheque.amount and _worth(other) == _worth(cheque)]
    if not matching:
        return None
    doubt = OTHER_ACCOUNT if _differ(cheque, matching[0]) else UNKNOWN_ACCOUNT
    return Presented(Sameness.NUMBER_AND_AMOUNT, cheque.page, _as_earlier(matching[0]), len(matching) - 1, doubt)


def _drawn_on(cheque: Cheque) -> tuple[str, str]:
    return cheque.bank, cheque.account


def _worth(cheque: Cheque) -> tuple[str, str]:
    return cheque.amount, cheque.currency


def _differ(first: Cheque, second: Cheque) -> bool:
    """Whether the bank, or the account, was read on both cheques and is not the same."""
    pairs = zip(_drawn_on(first), _drawn_on(second), strict=True)
    return any(here and there and here != there for here, there in pairs)
