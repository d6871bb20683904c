"""Whoever asks a box waits no longer than the clock allows, and what the machine held up is not the file's fault."""

from __future__ import annotations

import os
import signal
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from threading import Thread

import pytest

from ml.evaluation.hostile import files
from ml.reading.errors import RefusedFile
from ml.reading.files import box as module
from ml.reading.files.box import LATE, Box
from ml.reading.files.limits import Limits
from ml.reading.files.line import Line
from tests.fixtures_images import pdf
from tests.ml.reading.files.test_box import children, on_linux, until


@on_linux
def test_a_child_that_gets_no_processor_is_late_and_its_file_not_to_blame() -> None:
    assert until(lambda: not children())  # those of earlier files are gone
    with Box(files.thin_page(), "application/pdf", Limits(seconds=1)) as box:
        assert until(lambda: len(children()) == 1)
        os.kill(children()[0], signal.SIGSTOP)
        with pytest.raises(RefusedFile) as refusal:
            box.pdf_page_sizes()
    assert refusal.value.code == "late"
    assert str(refusal.value) == LATE
    assert until(lambda: not children())


@pytest.fixture
def subverted(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The line's other end, as a child has it that a file has taken over: it can send what it likes."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    monkeypatch.setattr(module._Server, "begin", lambda *_asked: Line(ours))
    with theirs:
        yield theirs


def test_an_answer_as_long_as_the_pages_that_are_asked_for_is_taken() -> None:
    pages = 5000
    with Box(pdf(595.2756, 841.8898, pages), "application/pdf", Limits(pages=pages)) as box:
        assert len(box.pdf_page_sizes()) == pages


@pytest.mark.timeout(30)
@pytest.mark.parametrize("seconds_a_byte", [60.0, 0.2])
def test_an_answer_that_never_comes_to_its_end_is_late(subverted: socket.socket, seconds_a_byte: float) -> None:
    def answer() -> None:
        with suppress(OSError):  # until nobody listens any more
            subverted.sendall(struct.pack("!i", 2000))
            while True:
                subverted.sendall(b" ")
                time.sleep(seconds_a_byte)

    Thread(target=answer, daemon=True).start()
    started = time.monotonic()
    with Box(b"", "application/pdf", Limits(seconds=1)) as box, pytest.raises(RefusedFile) as refusal:
        box.pdf_page_sizes()
    assert refusal.value.code == "late"
    assert 1 < time.monotonic() - started < 10


@pytest.mark.timeout(30)
def test_a_child_that_takes_no_requests_keeps_nobody_waiting(subverted: socket.socket) -> None:
    def ask(box: Box) -> None:
        for _ in range(5000):
            box.pdf_page_sizes()

    subverted.sendall((struct.pack("!i", 13) + b'{"sizes": []}') * 5000)
    with Box(b"", "application/pdf", Limits(seconds=1)) as box, pytest.raises(RefusedFile) as refusal:
        ask(box)
    assert refusal.value.code == "late"
