"""Whether the process is alive, and whether the site can do its job, for load balancers and people on call.

Both answers need no session and no account. They reveal no addresses and no passwords.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from functools import partial
from typing import Any

import redis
from django.conf import settings
from django.db import Error as DatabaseFailure
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from recognition.models import WorkerProcess
from worker.app import DOCUMENTS, PAD

QUEUES = (DOCUMENTS, PAD)
BROKER_TIMEOUT_SECONDS = 2

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
    parts = {"database": _checked(database), "broker": _checked(broker)}
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
    except (DatabaseFailure, redis.RedisError, OSError):
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


def worker(queue: str) -> Part:
    """Check that a worker of the queue was heard of lately and has its model loaded."""
    latest = WorkerProcess.alive().filter(queue=queue).exclude(model_sha256="").order_by("-seen_at").first()
    if latest is None:
        return {"ok": False, "problem": f"No worker of the queue “{queue}” has been heard of lately."}
    age = (timezone.now() - latest.seen_at).total_seconds()
    return {"ok": True, "seconds_since_heartbeat": round(age, 1), "model_sha256": latest.model_sha256}
