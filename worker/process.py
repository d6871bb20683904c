"""A worker's process: it loads one reader, and writes a row at intervals to show that it takes work."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from threading import Event, Thread
from typing import Any

import cv2
import numpy as np
from celery import bootsteps
from django.conf import settings
from django.db import DatabaseError, connection

from ml.reading.forms.layouts import ANY_NUMBER
from ml.reading.read import read_scan
from ml.reading.reader import Reader
from recognition.models import WorkerProcess
from worker.app import app
from worker.limits import limits, quality
from worker.preview import jpeg_of

log = logging.getLogger(__name__)


@cache
def reader() -> Reader:
    """The process's one reader. The first call loads it."""
    return replace(Reader.shipped(limits(), with_second=settings.SECOND_READER), quality=quality())


def warm_up() -> None:
    """Read a picture of one stroke. The first use of decoders and networks is slow; no person should wait for it."""
    stroke = np.full((60, 60), 255, np.uint8)
    stroke[10:50, 28:33] = 0
    for page in read_scan(cv2.imencode(".png", stroke)[1].tobytes(), ANY_NUMBER, reader()):
        jpeg_of(page.page.pixels)


class SignOfLife(bootsteps.StartStopStep):
    """Lets the loop that takes messages write the sign of life, so that there is none when the loop stands still.

    A timer only asks for it, and asks once until it is answered.
    """

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def start(self, consumer: Any) -> None:
        """Begin when the worker begins to take messages, and again after each loss of the broker."""
        self.asked = False
        self.timer = consumer.timer.call_repeatedly(settings.WORKER_HEARTBEAT_SECONDS, self.ask, (consumer,))
        self.ask(consumer)

    def stop(self, consumer: Any) -> None:
        """End with the loop."""
        self.timer.cancel()

    def ask(self, consumer: Any) -> None:
        """Ask the loop."""
        if not self.asked:
            self.asked = True
            consumer.call_soon(self.answer)

    def answer(self) -> None:
        """Answer from the loop."""
        self.asked = False
        say_alive()


app.steps["consumer"].add(SignOfLife)


@contextmanager
def alive_while() -> Iterator[None]:
    """Write the sign of life from another thread while the loop is busy with a task, whose time is limited."""
    done = Event()
    teller = Thread(target=_tell, args=(done,), name="sign-of-life", daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()


def _tell(done: Event) -> None:
    try:
        while not done.wait(settings.WORKER_HEARTBEAT_SECONDS):
            say_alive()
    finally:
        connection.close()


def say_alive() -> None:
    """Write a row for each queue that this process serves. If the database is unreachable, the process goes on."""
    try:
        for queue in app.amqp.queues.consume_from:
            WorkerProcess.seen(f"{socket.gethostname()}:{os.getpid()}:{queue}", queue, reader().sha256)
    except DatabaseError as error:
        log.warning("The sign of life was not written: %s", error)
        connection.close()  # the next one opens a new one
