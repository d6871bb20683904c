"""Sends messages to the workers.

Nothing here imports a task. The web process sends tasks by name, so that it loads no network.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from django.db import transaction
from kombu.exceptions import ChannelError, OperationalError
from redis import RedisError

from recognition.models import Document, Drawing, Layout
from worker.app import app

log = logging.getLogger(__name__)

# The limits of a task's time are those of the worker. Celery would send along those of a sender that knows the task.
_WORKERS_OWN: dict[str, Any] = {"soft_time_limit": None, "time_limit": None}

# A broker that is down must not keep a person waiting: after about a second the sweep takes over.
_PATIENCE: dict[str, Any] = {
    "retry": True,
    "retry_policy": {"max_retries": 2, "interval_start": 0.1, "interval_step": 0.2, "interval_max": 0.4},
}


def send_document(document: Document) -> None:
    """Send a queued document to the workers once the transaction that saved it is committed.

    An error there is only logged: the document is safe, and the sweep sends it.
    """
    transaction.on_commit(partial(_send_document, document), robust=True)


def send_drawing(drawing: Drawing) -> None:
    """Send a drawing to the pad's worker once the transaction that saved it is committed."""
    transaction.on_commit(partial(publish, "worker.tasks.read_drawing", str(drawing.pk)))


def send_sample(layout: Layout) -> None:
    """Send a layout's sample to the pad's worker: to find its sheet, or to read it with the current draft."""
    prepare = layout.sample_state == Layout.Sample.WAITING
    task = "worker.tasks.prepare_sample" if prepare else "worker.tasks.read_sample"
    transaction.on_commit(partial(publish, task, str(layout.pk)))


def _send_document(document: Document) -> None:
    if publish("worker.tasks.read_document", str(document.pk)):
        document.mark_sent()


def publish(task: str, row_id: str) -> bool:
    """Send a task's message. Returns False, and logs it, if the broker cannot be reached.

    Args:
        task: The task's name.
        row_id: Of the row that the task is for.
    """
    try:
        app.send_task(task, args=[row_id], **_WORKERS_OWN, **_PATIENCE)
    except (OperationalError, ChannelError, RedisError, OSError) as error:
        log.warning("%s %s was not sent, the broker is away: %s", task, row_id, error)
        return False
    return True
