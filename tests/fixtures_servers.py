"""Real processes on the test's own database and queue: workers, their clock, and the whole site."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from portal.supervised import SUPERVISOR
from worker.app import app

ROOT = Path(__file__).parent.parent
Process = subprocess.Popen[bytes]

SHORT = {
    "LEASE_SECONDS": "2",
    "SWEEP_SECONDS": "1",
    "RESEND_SECONDS": "2",
    "WORKER_HEARTBEAT_SECONDS": "1",
}
"""Intervals short enough to wait for."""

REDIS_AWAY = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://127.0.0.1:1/0",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}
"""The setting CACHES where nobody answers."""


def database_address() -> str:
    """The address of the test's database, for a process to open."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


@contextmanager
def running(*arguments: str, place: Path, **environment: str) -> Iterator[Process]:
    """A Python module in a process group of its own, all of which is killed at the end; its output is in `place`."""
    surroundings = os.environ | {"COUNTERSIGN_VAR": str(place), "SECRET_KEY": settings.SECRET_KEY}
    surroundings[SUPERVISOR] = str(os.getpid())  # they end with the tests, also when those are killed
    surroundings["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    if not settings.EMBEDDED:
        surroundings["DATABASE_URL"] = database_address()
    with (place / "processes.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "portal.supervised", *arguments],
            cwd=ROOT,
            env=surroundings | SHORT | environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def worker(*queues: str, place: Path, **environment: str) -> AbstractContextManager[Process]:
    """A worker with one reading process for these queues."""
    options = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO")
    name = "-".join(queues)
    return running(
        *("celery", "-A", "worker.app", "worker", "-Q", ",".join(queues), "-c", "1", "-n", f"{name}@test", *options),
        place=place,
        **environment,
    )


def clock(place: Path) -> AbstractContextManager[Process]:
    """Celery beat, which asks for the sweep."""
    notes = ("--schedule", str(place / "beat"), "--pidfile", "")
    return running("celery", "-A", "worker.app", "beat", *notes, place=place)


def wait_for(what: Callable[[], object], seconds: float = 60, why: str = "") -> None:
    """Wait until `what()` is true.

    Raises:
        AssertionError: It never was.
    """
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s in vain {why or what}"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(address: str) -> bool:
    with suppress(OSError), urllib.request.urlopen(address, timeout=2) as response:
        return bool(response.status == 200)
    return False


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """A disk of this size, in memory, at the folder. Only root can do that."""
    if os.geteuid() != 0 or sys.platform != "linux":
        missing = "a small disk can be made by root on Linux alone"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "countersign-tests", str(folder)], check=True
    )
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def empty_broker() -> Callable[[], None]:
    """Throw every waiting message away, as a broker does that lost its memory; done once at the start."""

    def empty() -> None:
        with app.connection_for_write() as broker:
            for queue in ("documents", "pad"):
                broker.default_channel.queue_declare(queue=queue)
                broker.default_channel.queue_purge(queue)

    empty()
    return empty


@pytest.fixture
def messages(empty_broker: Callable[[], None]) -> Callable[[], int]:
    """How many messages wait in the documents' queue."""

    def count() -> int:
        with app.connection_for_write() as broker:
            return int(broker.default_channel.queue_declare(queue="documents").message_count)

    return count


@pytest.fixture(name="wait_for", scope="session")
def wait_for_fixture() -> Callable[..., None]:
    """Wait until something is true: `wait_for(lambda: document.is_finished, seconds=30)`."""
    return wait_for


@pytest.fixture
def start_worker(
    transactional_db: None, empty_broker: Callable[[], None], place: Path
) -> Iterator[Callable[..., Process]]:
    """Start real processes on the test's database: `start_worker("documents", "pad")`.

    Whatever still runs at the test's end is killed.
    """
    with ExitStack() as processes:

        def begin(*queues: str, **environment: str) -> Process:
            return processes.enter_context(worker(*queues, place=place, **environment))

        yield begin


@pytest.fixture
def start_clock(transactional_db: None, place: Path) -> Iterator[Callable[[], Process]]:
    """Start Celery beat, which asks for the sweep every second."""
    with ExitStack() as processes:
        yield lambda: processes.enter_context(clock(place))


@pytest.fixture(scope="module")
def site_environment() -> dict[str, str]:
    """More of the site's environment; a test module that needs some defines a fixture of this name."""
    return {}


@pytest.fixture(scope="module")
def _site(
    django_db_setup: None, django_db_blocker: object, place: Path, site_environment: dict[str, str]
) -> Iterator[str]:
    port = free_port()
    address = f"http://localhost:{port}"  # browsers take passkeys for a name alone
    # The tests sign in from one address, on a fast machine more often than people may.
    facts = {"SITE_URL": address, "ALLOWED_HOSTS": "127.0.0.1,localhost", "LOGIN_RATE": "600/m/ip", **site_environment}
    if not settings.EMBEDDED:
        with running("django", "collectstatic", "--noinput", place=place) as collecting:
            collecting.wait()
    with (
        running("portal.serve", "--port", str(port), place=place, **facts),
        worker("documents", place=place, **facts),
        worker("pad", place=place, **facts),
        clock(place),
    ):
        wait_for(lambda: answers(f"{address}/health/ready"), 90, f"for the site: see {place / 'processes.log'}")
        yield address


@pytest.fixture
def running_site(_site: str, transactional_db: None) -> str:
    """The address of the whole site in processes of its own: web, both workers and the sweep, on the test's database.

    The processes live as long as the test module; the database is emptied after each test.
    """
    return _site
