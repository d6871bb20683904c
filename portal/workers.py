"""The workers of a queue, as children of a supervisor. `make run` and `manage.py work` start them alike."""

from __future__ import annotations

import os

from portal.supervisor import Child

CELERY = ("celery", "-A", "worker.app", "--quiet")


def workers(queue: str, processes: int, environment: dict[str, str]) -> list[Child]:
    """So many processes that read from one queue, one document at a time each."""
    return [
        Child(f"{queue} {number}", [*CELERY, *_worker(queue, number)], environment | calm())
        for number in range(1, processes + 1)
    ]


def _worker(queue: str, number: int) -> list[str]:
    """The arguments for one process."""
    apart = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return ["worker", "--queues", queue, "--hostname", f"{queue}-{number}@%h", "--loglevel", "WARNING", *apart]


def calm() -> dict[str, str]:
    """Celery warns root, because messages could carry code. Messages of the portal carry only ids."""
    return {"PYTHONWARNINGS": "ignore:::celery.platforms"} if os.geteuid() == 0 else {}
