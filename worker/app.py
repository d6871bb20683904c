"""The Celery application: two queues, one sweep. A message carries an id and is only a hint; the database is the truth.

Called `app` so that nothing here shadows the `celery` package; workers start with `celery -A worker.app worker`.
"""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

from django.conf import settings

import worker.whole_files  # noqa: F401  # under the name of kombu's own transport

DOCUMENTS = "documents"
"""The queue of documents, and of the slow part of tidying up."""

PAD = "pad"
"""The queue of what somebody waits for, pen or pointer in hand. The sweep runs here: it is never in a long line."""

app = Celery("countersign", include=["worker.tasks", "worker.process"])
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_default_queue=DOCUMENTS,
    task_routes={
        f"worker.tasks.{task}": {"queue": PAD} for task in ("read_drawing", "prepare_sample", "read_sample", "sweep")
    },
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    # A message is done when its task is done; a worker that dies gives it back where the broker can tell.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_soft_time_limit=settings.READ_SOFT_SECONDS,
    task_time_limit=settings.READ_HARD_SECONDS,
    timezone=settings.TIME_ZONE,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    # Remote control over files leaves files behind.
    worker_enable_remote_control=bool(settings.REDIS_URL),
    # A message that was not taken by the time its successor comes is worth nothing.
    beat_schedule={
        "sweep": {
            "task": "worker.tasks.sweep",
            "schedule": settings.SWEEP_SECONDS,
            "options": {"expires": settings.SWEEP_SECONDS},
        },
        "tidy": {"task": "worker.tasks.tidy", "schedule": 300, "options": {"expires": 300}},
    },
)
