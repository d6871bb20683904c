"""Real workers on a real queue, and a thousand files of one person: everybody else is served in between."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable

import pytest

from accounts.models import User
from recognition.models import Document
from worker.send import send_document

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]

Upload = Callable[..., Document]


def states(owner: User) -> list[str]:
    return list(Document.objects.filter(uploaded_by=owner).values_list("state", flat=True))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_picture_begins_within_ten_seconds_while_another_person_has_a_thousand_waiting(
    workers: int,
    upload: Upload,
    alice: User,
    bob: User,
    start_worker: Callable[..., subprocess.Popen[bytes]],
    wait_for: Callable[..., None],
) -> None:
    with upload().original.open() as original:
        data = original.read()
    for _ in range(1000):
        send_document(upload(data=data))
    for _ in range(workers):
        start_worker("documents")
    wait_for(lambda: "read" in states(alice), 90)
    sent = time.monotonic()
    send_document(upload(uploaded_by=bob))
    wait_for(lambda: states(bob) != ["queued"], 10)
    print(f"{workers} workers: it began after {time.monotonic() - sent:.2f} s")
    wait_for(lambda: states(bob) == ["read"])
    print(f"{workers} workers: it was read after {time.monotonic() - sent:.2f} s")
    assert states(alice).count("queued") > 900
