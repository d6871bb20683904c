"""What the sweep does: each step looks for rows and changes each by compare-and-set, so that two sweeps may run."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from recognition.models import Document, Drawing, Layout, WorkerProcess
from recognition.models.document import UNDO_DAYS
from worker.app import DOCUMENTS, app
from worker.send import publish

log = logging.getLogger(__name__)

AT_ONCE = 100
"""Most rows that one sweep sends again or removes; the next one goes on."""

DRAWING_WAITS = timedelta(seconds=60)
"""Nobody waits for a drawing longer than this."""

DRAWING_KEPT = timedelta(hours=1)
WORKER_KEPT = timedelta(days=1)


def give_back_abandoned() -> None:
    """Queue what a worker claimed and never finished; what was tried too often fails."""
    for document in Document.abandoned():
        if document.give_back():
            log.warning("Document %s was left by its worker: it is %s.", document.pk, document.state)


def send_lost() -> None:
    """Send again what waits while its message is gone.

    The broker holds a message for each document that waits; where it holds fewer, the difference was lost. A long line
    of documents is therefore never sent twice, however long it waits.
    """
    waiting = Document.objects.filter(state=Document.State.QUEUED)
    lost = waiting.count() - _messages_waiting()
    if lost <= 0:
        return
    for document in Document.unheard_of()[: min(lost, AT_ONCE)]:
        if document.mark_sent(timezone.now()) and not publish("worker.tasks.read_document", str(document.pk)):
            return


def _messages_waiting() -> int:
    with app.connection_for_write() as broker:
        channel: Any = broker.default_channel  # its declared type lacks what every transport has
        return int(channel.queue_declare(queue=DOCUMENTS).message_count)


def fail_late_drawings() -> None:
    """Let nobody wait for a drawing whose message was lost."""
    waiting = (Drawing.State.QUEUED, Drawing.State.READING)
    Drawing.objects.filter(state__in=waiting, created_at__lt=timezone.now() - DRAWING_WAITS).update(
        state=Drawing.State.FAILED, reason="This was not read in time. Please write it again."
    )


def remove_deleted() -> None:
    """Remove for good the documents and layouts that their owner deleted and did not bring back."""
    limit = timezone.now() - timedelta(days=UNDO_DAYS)
    _remove(Document.everything.filter(deleted_at__lt=limit))
    _remove(Layout.everything.filter(deleted_at__lt=limit))


def remove_closed_accounts() -> None:
    """Remove for good the accounts whose people closed them, with all that is theirs.

    A document or layout a transaction, so that others may write in between; the person goes when none is left.
    """
    due = User.objects.filter(close_at__lte=timezone.now())
    for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]):
        for theirs in _belongings(pk):
            _remove(theirs.filter(owner__close_at__lte=timezone.now()))  # unless they have come back just now
        with transaction.atomic():
            person = due.select_for_update().filter(pk=pk).first()
            if person is not None and not any(theirs.exists() for theirs in _belongings(pk)):
                person.delete()


def _belongings(owner: Any) -> tuple[QuerySet[Document], QuerySet[Layout]]:
    """What has files, which do not go with the person's row."""
    return Document.everything.filter(owner=owner), Layout.everything.filter(owner=owner)


def _remove(due: QuerySet[Document] | QuerySet[Layout]) -> None:
    """Remove for good, row by row, what is still due when it is its turn."""
    for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            row = due.select_for_update(of=("self",)).filter(pk=pk).first()
            if row is not None:
                row.remove()


def remove_old_rows() -> None:
    """Remove drawings, workers and sessions that are over."""
    now = timezone.now()
    Drawing.objects.filter(created_at__lt=now - DRAWING_KEPT).delete()
    WorkerProcess.objects.filter(seen_at__lt=now - WORKER_KEPT).delete()
    Session.objects.filter(expire_date__lt=now).delete()
