"""Messages are sent after the transaction; a broker that is down costs nobody an upload."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction

from recognition.models import Document
from worker.send import send_document

ROOT = Path(__file__).parent.parent.parent
Upload = Callable[..., Document]


@pytest.mark.django_db(transaction=True)
def test_a_message_is_sent_after_the_transaction(upload: Upload, messages: Callable[[], int]) -> None:
    with transaction.atomic():
        document = upload()
        send_document(document)
        assert messages() == 0
    assert messages() == 1
    document.refresh_from_db()
    assert document.sent_at is not None


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_for_what_was_rolled_back(upload: Upload, messages: Callable[[], int]) -> None:
    with transaction.atomic():
        send_document(upload())
        transaction.set_rollback(True)
    assert messages() == 0


def sending_to(port: int) -> tuple[str, float, str]:
    """Publish in a process of its own, for the broker's address is read once: result, seconds, log."""
    program = (
        "import django, time; django.setup()\n"
        "from worker.send import publish\n"
        "begun = time.monotonic()\n"
        "sent = publish('worker.tasks.read_document', 'x')\n"
        "print(sent, time.monotonic() - begun)\n"
    )
    surroundings = {"REDIS_URL": f"redis://127.0.0.1:{port}/0", "DJANGO_SETTINGS_MODULE": "portal.settings"}
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | surroundings,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    sent, seconds = ran.stdout.split()
    return sent, float(seconds), ran.stderr


def test_a_broker_that_is_down_keeps_nobody_waiting() -> None:
    sent, seconds, log = sending_to(1)
    assert sent == "False"
    assert seconds < 3
    assert "was not sent" in log


def test_a_broker_that_takes_the_call_and_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        sent, seconds, log = sending_to(silent.getsockname()[1])
    assert sent == "False"
    assert seconds < 15
    assert "was not sent" in log
