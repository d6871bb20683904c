"""The Celery application: two queues and two tasks at intervals, the sweep and tidying up.

A message carries an id and is only a hint. The database decides what there is to do. A document's message says no more
than that one waits: whoever takes it reads the next in turn (`recognition.turns`).

The module is called `app` so that it does not shadow the `celery` package. Workers start with
`celery -A worker.app worker`.
"""

from __future__ import annotations

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

from django.conf import settings

import worker.whole_files  # noqa: F401  # registers itself in place of kombu's transport

DOCUMENTS = "documents"
"""The queue of documents, and of tidying up, which may be slow."""

PAD = "pad"
"""The queue of work that a person waits for: drawings and samples. It is short, so the sweep runs here too."""

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
    # A message is acknowledged when its task is done. If a worker dies before, the broker delivers it again.
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    worker_pool="worker.pool:TaskPool",
    task_soft_time_limit=settings.READ_SOFT_SECONDS,
    task_time_limit=settings.READ_HARD_SECONDS,
    timezone=settings.TIME_ZONE,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    # A worker answers nothing while it reads. Its sign of life is in the database.
    worker_enable_remote_control=False,
    # These messages do not expire. A worker whose clock is ahead would throw all of them away.
    beat_schedule={
        "sweep": {"task": "worker.tasks.sweep", "schedule": settings.SWEEP_SECONDS},
        "tidy": {"task": "worker.tasks.tidy", "schedule": 300},
        "sign_record": {"task": "worker.tasks.sign_record", "schedule": crontab(hour=0, minute=5)},
    },
)
