"""`manage.py work` keeps so many processes reading, and `manage.py alive` tells whether any does."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from recognition.models import Document, WorkerProcess
from tests.fixtures_servers import running
from tests.portal.test_demo import alive
from worker.send import send_document

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]


def processes() -> set[int]:
    """The processes that gave a sign of life lately and still run."""
    known = [int(name.split(":")[1]) for name in WorkerProcess.alive().values_list("name", flat=True)]
    return {int(row.split()[0]) for row in alive(known)} if known else set()


def test_so_many_read_and_one_that_is_killed_is_replaced(
    place: Path, empty_broker: object, upload: Callable[..., Document], wait_for: Callable[..., None]
) -> None:
    with running("manage", "work", "documents", "--processes", "2", place=place) as supervisor:
        wait_for(lambda: len(processes()) == 2, 120, "for both to read")
        call_command("alive", "documents")
        first = processes()
        os.kill(min(first), signal.SIGKILL)
        wait_for(lambda: len(processes() - first) == 1 and len(processes()) == 2, 120, "for another in its place")
        document = upload()
        send_document(document)
        wait_for(lambda: Document.objects.get(pk=document.pk).state == "read", 60)
        last = processes()
        supervisor.send_signal(signal.SIGTERM)
        assert supervisor.wait(60) == 0
        assert not alive(list(last))


def test_a_queue_of_which_nothing_was_heard_here_is_not_alive() -> None:
    with pytest.raises(CommandError, match="No worker of the queue “pad”"):
        call_command("alive", "pad")
    WorkerProcess.seen("another-machine:1:pad", "pad", "ab")
    with pytest.raises(CommandError):
        call_command("alive", "pad")
    WorkerProcess.seen(f"{socket.gethostname()}:1:pad", "pad", "ab")
    call_command("alive", "pad")


@pytest.mark.parametrize("number", ["0", "-1", "many"])
def test_a_number_of_processes_that_makes_no_sense_is_refused(number: str) -> None:
    with pytest.raises(CommandError):
        call_command("work", "documents", "--processes", number)
