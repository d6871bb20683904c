"""Whether the process is alive, and whether the site can do its job, for load balancers and people on call.

Both answers need no session and no account. They reveal no addresses and no passwords.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import redis
from django.conf import settings
from django.db import Error as DatabaseFailure
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.clock import Now
from recognition.disk import has_room
from recognition.models import Document, Drawing, WorkerProcess
from worker.app import DOCUMENTS, PAD
from worker.malware import CannotLook, look

QUEUES = (DOCUMENTS, PAD)
BROKER_TIMEOUT_SECONDS = 2
SCANNER_TIMEOUT_SECONDS = 2

STILL_SECONDS = 60
"""How long something may wait in a queue in which nothing happens."""

Part = dict[str, Any]
log = logging.getLogger(__name__)


@never_cache
@require_safe
def live(_request: HttpRequest) -> HttpResponse:
    """Answer that the process is alive, without asking the database or the queue."""
    return JsonResponse({"status": "live"})


@never_cache
@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """Check each part by itself; the status is 503 where any part is missing."""
    parts = {"database": _checked(database), "broker": _checked(broker), "disk": _checked(disk)}
    if settings.CLAMD:
        parts["malware"] = _checked(malware)
    if parts["database"]["ok"]:
        parts["migrations"] = _checked(migrations)
        parts |= {f"worker_{queue}": _checked(partial(worker, queue)) for queue in QUEUES}
    else:
        # Each of these checks would only wait for the same timeout again.
        unknown = {"ok": False, "problem": "Not known without the database."}
        parts |= {"migrations": unknown} | {f"worker_{queue}": unknown for queue in QUEUES}
    is_ready = all(part["ok"] for part in parts.values())
    body = {"status": "ready" if is_ready else "not ready", "parts": parts}
    return JsonResponse(body, status=200 if is_ready else 503)


def _checked(check: Callable[[], Part]) -> Part:
    """The result of the check. The cause of a failure goes only to the log, because it may name hosts and users."""
    try:
        return check()
    except (DatabaseFailure, redis.RedisError, OSError, CannotLook):
        log.warning("A part of the site does not answer.", exc_info=True)
        return {"ok": False, "problem": "It does not answer."}


def database() -> Part:
    """Check that the database answers a query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"ok": True}


def broker() -> Part:
    """Check that Redis answers or, in the embedded default, that the queue's folder can be written to."""
    if settings.REDIS_URL:
        timeouts = {"socket_connect_timeout": BROKER_TIMEOUT_SECONDS, "socket_timeout": BROKER_TIMEOUT_SECONDS}
        with redis.Redis.from_url(settings.REDIS_URL, **timeouts) as client:
            client.ping()
        return {"ok": True}
    if not os.access(settings.QUEUE_DIR / "messages", os.W_OK | os.X_OK):
        return {"ok": False, "problem": "The folder of the queue cannot be written to."}
    return {"ok": True}


def migrations() -> Part:
    """Check that every migration of this version has been applied."""
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return {"ok": not waiting, "waiting": waiting}


def disk() -> Part:
    """Check that what people send can be kept."""
    return {"ok": True} if has_room() else {"ok": False, "problem": "The disk is full: nothing can be kept."}


def malware() -> Part:
    """Check that clamd looks for malware, by giving it a file of one byte. Nothing is read while it does not."""
    look(b".", SCANNER_TIMEOUT_SECONDS)
    return {"ok": True}


def worker(queue: str) -> Part:
    """Check that a worker of the queue was heard of lately, has its model loaded, and takes what waits."""
    alive = WorkerProcess.alive().filter(queue=queue).exclude(model_sha256="")
    latest = alive.annotate(age=Now() - F("seen_at")).order_by("age").first()
    if latest is None:
        return {"ok": False, "problem": f"No worker of the queue “{queue}” has been heard of lately."}
    if stands_still(queue):
        problem = f"The queue “{queue}” does not move: what waits is older than {STILL_SECONDS} seconds."
        return {"ok": False, "problem": problem}
    return {"ok": True, "seconds_since_heartbeat": round(latest.age.total_seconds(), 1)}


def stands_still(queue: str) -> bool:
    """Whether something waits for longer than `STILL_SECONDS`, and meanwhile nothing was begun, read or finished."""
    limit = Now() - timedelta(seconds=STILL_SECONDS)
    if queue == PAD:
        drawings = Drawing.objects.filter(state=Drawing.State.QUEUED, created_at__lt=limit)
        return drawings.exists() and not Drawing.objects.filter(claimed_at__gte=limit).exists()
    documents = Document.objects.filter(state=Document.State.QUEUED, queued_at__lt=limit)
    held = Q(state=Document.State.READING, lease_until__gte=Now())
    moving = Document.everything.filter(held | Q(claimed_at__gte=limit) | Q(finished_at__gte=limit))
    return documents.exists() and not moving.exists()
