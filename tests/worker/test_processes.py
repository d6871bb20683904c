"""Real workers on a real queue: killed, and their messages lost, each document is read all the same, and once."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from ml.evaluation.hostile.files import tiny_tiles
from recognition.models import Document, Drawing, FieldReading, Page, WorkerProcess
from worker.send import send_document, send_drawing
from worker.tasks import TOO_SLOW

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]

Upload = Callable[..., Document]
Start = Callable[..., subprocess.Popen[bytes]]
WaitFor = Callable[..., None]


def state(document: Document) -> str:
    document.refresh_from_db()
    return document.state


def test_an_uploaded_scan_becomes_a_number(upload: Upload, start_worker: Start, wait_for: WaitFor) -> None:
    document = upload()
    send_document(document)
    start_worker("documents")
    wait_for(lambda: state(document) == "read")
    assert [number.value for number in FieldReading.objects.all()] == ["351"]
    assert document.pages.get().preview.read()[:3] == b"\xff\xd8\xff"


def test_a_drawing_is_read_by_the_pads_worker(
    start_worker: Start, wait_for: WaitFor, digit_image: Callable[..., NDArray[np.uint8]], as_file: Callable[..., bytes]
) -> None:
    drawing = Drawing.objects.create(visitor="somebody", image=as_file(digit_image("42")))
    send_drawing(drawing)
    start_worker("pad")
    wait_for(lambda: Drawing.objects.get().state == "read")
    assert [number["value"] for number in Drawing.objects.get().numbers] == ["42"]


def test_a_worker_shows_that_it_is_alive_and_what_it_loaded(start_worker: Start, wait_for: WaitFor) -> None:
    start_worker("documents", "pad")
    wait_for(lambda: WorkerProcess.alive().count() == 2)
    assert sorted(WorkerProcess.objects.values_list("queue", flat=True)) == ["documents", "pad"]
    assert all(len(sha256) == 64 for sha256 in WorkerProcess.objects.values_list("model_sha256", flat=True))


def test_a_worker_killed_while_it_reads_is_made_good_by_the_next(
    long_document: Document, start_worker: Start, start_clock: Start, wait_for: WaitFor
) -> None:
    send_document(long_document)
    victim = start_worker("documents", "pad")
    wait_for(lambda: state(long_document) == "reading" and long_document.pages_done > 0, why="for the first page")
    os.killpg(victim.pid, signal.SIGKILL)
    victim.wait()
    assert state(long_document) == "reading"
    start_worker("documents", "pad")
    start_clock()
    wait_for(lambda: state(long_document) == "read", 120)
    assert long_document.attempts == 2
    assert Page.objects.count() == long_document.page_count
    assert FieldReading.objects.count() == long_document.page_count


def test_documents_whose_messages_the_broker_lost_are_read(
    upload: Upload,
    start_worker: Start,
    start_clock: Start,
    wait_for: WaitFor,
    empty_broker: Callable[[], None],
) -> None:
    documents = [upload() for _ in range(3)]
    for document in documents:
        send_document(document)
    empty_broker()
    start_worker("documents", "pad")
    start_clock()
    wait_for(lambda: Document.objects.filter(state="read").count() == 3)
    assert [document.attempts for document in Document.objects.all()] == [1, 1, 1]
    assert FieldReading.objects.count() == 3


def test_a_sign_of_life_is_given_again_and_again_and_ends_with_the_process(
    start_worker: Start, wait_for: WaitFor
) -> None:
    victim = start_worker("documents")
    wait_for(lambda: WorkerProcess.alive().exists())
    first = WorkerProcess.objects.get()
    assert int(first.name.split(":")[1]) == victim.pid  # it reads in the process that takes the messages
    wait_for(lambda: WorkerProcess.objects.get().seen_at > first.seen_at, 10)
    victim.kill()
    victim.wait()
    last = WorkerProcess.objects.get().seen_at
    time.sleep(2.5)
    assert WorkerProcess.objects.get().seen_at == last


def test_a_document_that_takes_too_long_is_stopped_with_a_reason(
    upload: Upload, start_worker: Start, wait_for: WaitFor
) -> None:
    endless = upload(data=tiny_tiles(), name="endless.pdf", media_type="application/pdf")
    send_document(endless)
    start_worker("documents", READ_SOFT_SECONDS="3", READ_HARD_SECONDS="60")
    wait_for(lambda: state(endless) == "failed", 120)
    assert (endless.reason, endless.attempts) == (TOO_SLOW, 1)
