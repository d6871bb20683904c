"""Whose turn it is. The queue serves people in turn, so that one person's thousand files make nobody else wait."""

from __future__ import annotations

import uuid

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from recognition.models import Document


def claim_next() -> Document | None:
    """Claim the next document in turn; None where none waits.

    Several workers may see the same document. One of them wins, and the others look again.
    """
    while (pk := _next_in_turn()) is not None:
        document = Document.claim(pk)
        if document is not None:
            return document
    return None


def _next_in_turn() -> uuid.UUID | None:
    """Of the person whose turn it is, the document that has waited longest."""
    oldest = _waiting().filter(uploaded_by=OuterRef("pk")).order_by("queued_at", "created_at").values("pk")[:1]
    return _people_in_turn().annotate(oldest=Subquery(oldest)).values_list("oldest", flat=True).first()


def _people_in_turn() -> QuerySet[User]:
    """The people whose documents wait, in the order of their turns.

    First come those who have the fewest documents in reading: long documents would else keep every worker. Of these,
    first comes who was served least lately. A turn is a person's; if it becomes a branch's, it is counted here.
    """
    theirs = Document.everything.filter(uploaded_by=OuterRef("pk")).order_by()
    in_reading = (
        theirs.filter(state=Document.State.READING).values("uploaded_by").annotate(count=Count("pk")).values("count")
    )
    served = theirs.filter(claimed_at__isnull=False).order_by("-claimed_at").values("claimed_at")[:1]
    waits_since = _waiting().filter(uploaded_by=OuterRef("pk")).order_by("queued_at").values("queued_at")[:1]
    return (
        User.objects.filter(pk__in=_waiting().order_by().values("uploaded_by"))
        .order_by(Coalesce(Subquery(in_reading), 0), F("served").asc(nulls_first=True), Subquery(waits_since))
        .annotate(served=Subquery(served))
    )


def _waiting() -> QuerySet[Document]:
    return Document.objects.filter(state=Document.State.QUEUED)
