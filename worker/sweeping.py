"""The steps of the sweep and of tidying up.

Each step looks for rows, and changes a row only if it is still as it was found. So two sweeps may run at the same time.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet

from accounts.clock import Now
from accounts.models import Branch, User
from recognition.models import Document, Drawing, Layout, WorkerProcess
from recognition.models.document import UNDO_DAYS
from worker.app import DOCUMENTS, app
from worker.send import publish

log = logging.getLogger(__name__)

AT_ONCE = 100
"""Most rows that one sweep sends again or removes. The next sweep takes the rest."""

DRAWING_WAITS = timedelta(seconds=60)
"""How long a drawing may wait to be read before it fails."""

DRAWING_KEPT = timedelta(hours=1)
"""How long a drawing is kept."""

WORKER_KEPT = timedelta(days=1)
"""How long a worker's row is kept after its last sign of life."""


def give_back_abandoned() -> None:
    """Queue each document that a worker claimed and did not finish. After too many attempts it fails instead."""
    for document in Document.abandoned():
        if document.give_back():
            log.warning("Document %s was left by its worker: it is %s.", document.pk, document.state)


def send_lost() -> None:
    """Send again the documents whose message was lost.

    The broker holds one message for each document that waits, and any of them has the next one in turn read. If it
    holds fewer, the difference was lost. So documents that only wait long are not sent twice.
    """
    waiting = Document.objects.filter(state=Document.State.QUEUED)
    lost = waiting.count() - _messages_waiting()
    if lost <= 0:
        return
    for document in Document.unheard_of()[: min(lost, AT_ONCE)]:
        if document.mark_sent() and not publish("worker.tasks.read_document", str(document.pk)):
            return


def _messages_waiting() -> int:
    with app.connection_for_write() as broker:
        channel: Any = broker.default_channel  # its declared type lacks what every transport has
        return int(channel.queue_declare(queue=DOCUMENTS).message_count)


def fail_late_drawings() -> None:
    """Fail the drawings that waited too long, because their message may be lost."""
    waiting = (Drawing.State.QUEUED, Drawing.State.READING)
    Drawing.objects.filter(state__in=waiting, created_at__lt=Now() - DRAWING_WAITS).update(
        state=Drawing.State.FAILED, reason="This was not read in time. Please write it again."
    )


def remove_deleted() -> None:
    """Remove for good the documents and layouts that were deleted, where nobody undid that in time."""
    limit = Now() - timedelta(days=UNDO_DAYS)
    _remove(Document.everything.filter(deleted_at__lt=limit))
    _remove(Layout.everything.filter(deleted_at__lt=limit))


def remove_closed_accounts() -> None:
    """End for good the accounts that were closed, with the documents and layouts of their private branches.

    Each document and layout is removed in a transaction of its own, so that others can write in between. The account
    ends when none is left.
    """
    due = User.objects.filter(close_at__lte=Now())
    for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]):
        for theirs in _belongings(pk):
            _remove(theirs.filter(branch__private_of__close_at__lte=Now()))  # unless they have come back just now
        with transaction.atomic():
            person = due.select_for_update().filter(pk=pk).first()
            if person is not None and not any(theirs.exists() for theirs in _belongings(pk)):
                person.leave()


def _belongings(person: Any) -> tuple[QuerySet[Document], QuerySet[Layout]]:
    """A person's private documents and layouts. They have files, which do not disappear with the person's row."""
    private = Branch.objects.filter(private_of=person)
    return Document.everything.filter(branch__in=private), Layout.everything.filter(branch__in=private)


def _remove(due: QuerySet[Document] | QuerySet[Layout]) -> None:
    """Remove rows for good, one at a time, each only if it is still due when its turn comes."""
    for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            row = due.select_for_update(of=("self",)).filter(pk=pk).first()
            if row is not None:
                row.remove()


def remove_old_rows() -> None:
    """Remove old drawings, workers that are gone, and sessions that have expired."""
    Drawing.objects.filter(created_at__lt=Now() - DRAWING_KEPT).delete()
    WorkerProcess.objects.filter(seen_at__lt=Now() - WORKER_KEPT).delete()
    Session.objects.filter(expire_date__lt=Now()).delete()
