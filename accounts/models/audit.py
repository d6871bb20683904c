"""What happened here: rows that are added, chained by their hashes, and never changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.db import connection, models, transaction
from django.utils import timezone

FIRST = "0" * 64
"""What stands for the hash before the first event."""

_LOCK = 0x436F756E74657273
"""The advisory lock of PostgreSQL by which events wait for each other."""


class Action(models.TextChoices):
    """What was done."""

    SIGNED_IN = "signed_in", "Signed in"
    SIGN_IN_FAILED = "sign_in_failed", "Failed to sign in"
    LINK_PRINTED = "link_printed", "Printed an operator's link on the server"
    SIGNED_OUT = "signed_out", "Signed out"
    FACTOR_ADDED = "factor_added", "Set up a second factor"
    FACTOR_REMOVED = "factor_removed", "Turned a second factor off"
    CODES_MADE = "codes_made", "Made new recovery codes"
    FACTOR_FAILED = "factor_failed", "Failed at a second factor"
    PASSWORD_CHANGED = "password_changed", "Changed or set a password"  # the name of an action
    ADDRESS_CHANGED = "address_changed", "Changed the e-mail addresses of an account"
    SESSIONS_ENDED = "sessions_ended", "Ended all sessions of a person"
    OPERATOR_CHANGED = "operator_changed", "Changed an account as an operator"
    SUSPENDED = "suspended", "Suspended a person"
    LET_IN = "let_in", "Let a person in again"
    CLOSING = "closing", "Began to close an account"
    KEPT_OPEN = "kept_open", "Took the closing of an account back"
    LEFT = "left", "An account ended"
    INVITED = "invited", "Invited an address"
    INVITATION_REVOKED = "invitation_revoked", "Revoked an invitation"
    INVITATION_USED = "invitation_used", "Used an invitation"
    ROLE_GIVEN = "role_given", "Gave a role"
    ROLE_ENDED = "role_ended", "Ended a role"
    BRANCH_CHANGED = "branch_changed", "Set a branch up, closed or opened it"
    ERROR_RATE_CHOSEN = "error_rate_chosen", "Chose the error rate"
    UPLOADED = "uploaded", "Uploaded a document"
    READ_AGAIN = "read_again", "Had a document read again"
    LOOKED = "looked", "Looked at a document"
    LISTED = "listed", "Looked through documents"
    DOWNLOADED = "downloaded", "Downloaded an original"
    AUDITED = "audited", "Looked into this record"
    EXPORTED = "exported", "Exported values"
    DECIDED = "decided", "Decided on a value"
    UNDONE = "undone", "Undid a decision"
    DELETED = "deleted", "Deleted a document"
    RESTORED = "restored", "Brought a document back"
    QUARANTINED = "quarantined", "Malware was found in a document"
    REMOVED = "removed", "Removed a document for good"
    LAYOUT_BEGUN = "layout_begun", "Began a layout"
    LAYOUT_SAVED = "layout_saved", "Saved a version of a layout"
    LAYOUT_OFFERED = "layout_offered", "Offered a layout to everybody, or no longer"
    LAYOUT_REMOVED = "layout_removed", "Removed a layout"
    LAYOUT_GONE = "layout_gone", "Removed a layout for good"
    LAYOUT_RESTORED = "layout_restored", "Brought a layout back"


class AuditEvent(models.Model):
    """One thing that somebody did. It holds no image, no account number and no typed address.

    People, branches and things are named by their keys, without foreign keys, so that no deletion is held up or
    spreads here. Triggers refuse every change (accounts/triggers.py).
    """

    number = models.PositiveBigIntegerField("place in the chain, from 1", primary_key=True)
    at = models.DateTimeField("by the database's clock", db_index=True)
    actor = models.BigIntegerField("key of the person; empty for the site itself and for guests", null=True)
    action = models.CharField(max_length=24)
    branch = models.BigIntegerField("key of the branch", null=True)
    about = models.CharField("what it was done to: its kind and key", max_length=80, blank=True)
    address = models.CharField("network address", max_length=45, blank=True)
    request = models.CharField("of the request", max_length=32, blank=True)
    facts = models.JSONField("what was before and after, and other facts", default=dict)
    previous = models.CharField("hash of the event before", max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("number",)
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["actor", "-number"], name="audit_of_a_person"),
            models.Index(fields=["about", "-number"], name="audit_of_a_thing"),
            models.Index(fields=["branch", "-number"], name="audit_of_a_branch"),
            models.Index(fields=["action", "-number"], name="audit_of_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.words}"

    @property
    def words(self) -> str:
        """What was done, in words; an action of another version of Countersign is told by its name."""
        return Action(self.action).label if self.action in Action.values else self.action

    @property
    def as_json(self) -> dict[str, Any]:
        """All that the hash covers."""
        return {
            "number": self.number,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": self.actor,
            "action": self.action,
            "branch": self.branch,
            "about": self.about,
            "address": self.address,
            "request": self.request,
            "facts": self.facts,
            "previous": self.previous,
        }

    @property
    def digest(self) -> str:
        """The SHA-256 of its canonical JSON: keys in their order, no blanks, in UTF-8."""
        return hashlib.sha256(canonical(self.as_json).encode()).hexdigest()


def canonical(facts: Any) -> str:
    """JSON that is the same for equal facts."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an event comes from.

    Attributes:
        actor: Tells the key of the person, as it is when the event is recorded; None for nobody.
        address: The network address.
        request: The request's key.
    """

    actor: Callable[[], int | None]
    address: str = ""
    request: str = ""


def _nobody() -> None:
    return None


_origin: ContextVar[Origin] = ContextVar("origin", default=Origin(_nobody))  # noqa: B039  # it is frozen


@contextmanager
def events_from(origin: Origin) -> Iterator[None]:
    """Record events as coming from here."""
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)


def record(
    action: Action, about: models.Model | str | None = None, *, by: Any = None, branch: int | None = None, **facts: Any
) -> AuditEvent:
    """Add an event to the chain, in the caller's transaction.

    Events wait for each other until the transaction ends. So whoever changes rows records it last.

    Args:
        action: What was done.
        about: What it was done to, or its name, as `name_of` gives it.
        by: The person; None for who sent the request.
        branch: Key of the branch in which it was done.
        facts: What was before and after: texts, whole numbers, lists and dictionaries of them. A float would not
            come back from every database as it was.
    """
    origin = _origin.get()
    with transaction.atomic(savepoint=False):
        now = _take_turn()
        number, previous = AuditEvent.objects.order_by("-number").values_list("number", "hash").first() or (0, FIRST)
        event = AuditEvent(
            number=number + 1,
            at=now,
            actor=by.pk if by is not None else origin.actor(),
            action=action,
            branch=branch,
            about=name_of(about) if isinstance(about, models.Model) else about or "",
            address=origin.address,
            request=origin.request,
            facts=facts,
            previous=previous,
        )
        event.hash = event.digest
        event.save(force_insert=True)
    return event


def name_of(thing: models.Model) -> str:
    """The kind and key by which events name a thing: "document 0b1c…"."""
    return f"{thing._meta.model_name} {thing.pk}"


def _take_turn() -> datetime:
    """Let other events end first. Returns the time by the database's clock.

    On SQLite one transaction at a time writes, and ours has begun; there the database is this process.
    """
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s), clock_timestamp()", [_LOCK])
        now: datetime = cursor.fetchone()[1]
    return now
