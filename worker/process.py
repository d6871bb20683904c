"""A worker's process: it loads one reader, and writes a row at intervals to show that it is alive."""

from __future__ import annotations

import logging
import os
import signal
import socket
import time
from dataclasses import replace
from functools import cache
from threading import Lock, Thread
from typing import Any

import cv2
import numpy as np
from celery.signals import worker_process_init
from django.conf import settings
from django.db import DatabaseError, connection

from ml.reading.forms.layouts import ANY_NUMBER
from ml.reading.read import read_scan
from ml.reading.reader import Reader
from recognition.models import WorkerProcess
from worker.app import app
from worker.limits import limits, quality
from worker.parent import end_with_parent
from worker.preview import jpeg_of

log = logging.getLogger(__name__)
_loading = Lock()


def reader() -> Reader:
    """The process's one reader. The first call loads it; calls in other threads wait for that."""
    with _loading:
        return _load()


@cache
def _load() -> Reader:
    return replace(Reader.shipped(limits(), with_second=settings.SECOND_READER), quality=quality())


@worker_process_init.connect
def begin(**_signal: Any) -> None:
    """Start the thread that loads the reader and shows that the process is alive.

    Loading happens in the thread because Celery kills a process that starts slowly.
    """
    end_with_parent(os.getppid(), signal.SIGKILL)
    Thread(target=_live, name="sign-of-life", daemon=True).start()


def _live() -> None:
    model_sha256 = reader().sha256
    warm_up()
    while True:
        say_alive(model_sha256)
        connection.close()
        time.sleep(settings.WORKER_HEARTBEAT_SECONDS)


def warm_up() -> None:
    """Read a picture of one stroke. The first use of decoders and networks is slow; no person should wait for it."""
    stroke = np.full((60, 60), 255, np.uint8)
    stroke[10:50, 28:33] = 0
    for page in read_scan(cv2.imencode(".png", stroke)[1].tobytes(), ANY_NUMBER, reader()):
        jpeg_of(page.page.pixels)


def say_alive(model_sha256: str) -> None:
    """Write a row for each queue that this process serves. If the database is unreachable, the process goes on."""
    try:
        for queue in app.amqp.queues.consume_from:
            WorkerProcess.seen(f"{socket.gethostname()}:{os.getpid()}:{queue}", queue, model_sha256)
    except DatabaseError as error:
        log.warning("The sign of life was not written: %s", error)
