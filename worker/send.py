"""Messages to the workers. Nothing here imports a task: the web process sends by name and loads no network."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from kombu.exceptions import ChannelError, OperationalError
from redis import RedisError

from recognition.models import Document, Drawing, Layout
from worker.app import app

log = logging.getLogger(__name__)

# A broker that is down must not keep a person waiting: about a second, then the sweep does it.
_PATIENCE: dict[str, Any] = {
    "retry": True,
    "retry_policy": {"max_retries": 2, "interval_start": 0.1, "interval_step": 0.2, "interval_max": 0.4},
}


def send_document(document: Document) -> None:
    """Tell the workers of a queued document, once the transaction that saved it is through."""
    transaction.on_commit(partial(_send_document, document))


def send_drawing(drawing: Drawing) -> None:
    """Tell the pad's worker of a drawing, once the transaction that saved it is through."""
    transaction.on_commit(partial(publish, "worker.tasks.read_drawing", str(drawing.pk)))


def send_sample(layout: Layout) -> None:
    """Have a layout's sample made a sheet of, or read with the draft as it stands."""
    prepare = layout.sample_state == Layout.Sample.WAITING
    task = "worker.tasks.prepare_sample" if prepare else "worker.tasks.read_sample"
    transaction.on_commit(partial(publish, task, str(layout.pk)))


def _send_document(document: Document) -> None:
    if publish("worker.tasks.read_document", str(document.pk)):
        document.mark_sent(timezone.now())


def publish(task: str, row_id: str) -> bool:
    """Send a task's message; False, with a line in the log, where the broker cannot be reached."""
    try:
        app.send_task(task, args=[row_id], **_PATIENCE)
    except (OperationalError, ChannelError, RedisError, OSError) as error:
        log.warning("%s %s was not sent, the broker is away: %s", task, row_id, error)
        return False
    return True
