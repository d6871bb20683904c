"""Keeps a worker's claim on a document while the document is read."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.conf import settings
from django.db import DatabaseError, connection

from recognition.models import Document, InvalidState

log = logging.getLogger(__name__)


@contextmanager
def kept_lease(document: Document) -> Iterator[None]:
    """Renew the document's lease from another thread, so that reading a page may take longer than the lease."""
    done = Event()
    keeper = Thread(target=_keep, args=(document, done), name=f"lease-{document.pk}", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()


def _keep(document: Document, done: Event) -> None:
    try:
        while not done.wait(settings.LEASE_SECONDS / 3):
            _renew(document)
    except InvalidState:
        log.warning("Document %s was taken over while it was read.", document.pk)
    finally:
        connection.close()


def _renew(document: Document) -> None:
    try:
        document.renew()
    except DatabaseError as error:
        log.warning("The lease on document %s was not renewed: %s", document.pk, error)
        connection.close()  # the next renewal opens a new one
