"""The lease is renewed while a document is read, however long a page takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from recognition.models import Document
from worker.lease import kept_lease

pytestmark = pytest.mark.django_db(transaction=True)

Upload = Callable[..., Document]


def test_a_lease_outlives_its_length_while_somebody_reads(upload: Upload, settings: Any) -> None:
    settings.LEASE_SECONDS = 1
    document = Document.claim(upload().pk)
    assert document is not None
    with kept_lease(document):
        time.sleep(1.5)
        assert not Document.abandoned().exists()
    time.sleep(1.2)
    assert Document.abandoned().exists()


def test_a_lost_claim_is_not_renewed(upload: Upload, settings: Any) -> None:
    settings.LEASE_SECONDS = 0.3
    document = Document.claim(upload().pk)
    assert document is not None
    settings.LEASE_SECONDS = 60
    Document.everything.filter(pk=document.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert Document.everything.get(pk=document.pk).give_back()
    thief = Document.claim(document.pk)
    assert thief is not None
    settings.LEASE_SECONDS = 0.3
    with kept_lease(document):
        time.sleep(0.5)
    thief.refresh_from_db()
    assert thief.lease_until is not None
    assert (thief.lease_until - timezone.now()).total_seconds() > 50
