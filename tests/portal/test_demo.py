"""`manage.py demo`: the whole portal with one command, and nothing of it left when it ends, however it ends."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress

from accounts.models import User
from portal.management.commands.demo import ADMINISTRATOR, CHANGED, CLERK, demo_accounts

ROOT = Path(__file__).parent.parent.parent
pytestmark = pytest.mark.servers

WaitFor = Callable[..., None]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Demo:
    """One run of the command, with a `var/` of its own."""

    def __init__(self, var: Path, port: int, log: str = "first.log") -> None:
        self.var, self.port = var, port
        apart = {name: os.environ[name] for name in os.environ if name not in ("DATABASE_URL", "REDIS_URL")}
        self.log = var.parent / log
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "demo", "--port", str(port)],
                cwd=ROOT,
                env=apart | {"COUNTERSIGN_VAR": str(var)},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def output(self) -> str:
        return self.log.read_text()

    def is_up(self) -> bool:
        assert self.process.poll() is None, self.output()
        return "Ctrl-C" in self.output()

    def descendants(self) -> list[int]:
        """Every process below the supervisor."""
        rows = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        parents = {int(pid): int(parent) for pid, parent in (row.split() for row in rows.splitlines())}
        found = [self.process.pid]
        for known in found:
            found.extend(pid for pid, parent in parents.items() if parent == known)
        return found[1:]


def alive(processes: list[int]) -> list[str]:
    listed = ["ps", "-o", "pid=,stat=,args=", "-p", ",".join(map(str, processes))]
    rows = subprocess.run(listed, capture_output=True, text=True, check=False).stdout.splitlines()
    return [row for row in rows if not row.split()[1].startswith("Z")]


@contextmanager
def running_demo(var: Path, wait_for: WaitFor) -> Iterator[Demo]:
    run = Demo(var, free_port())
    processes: list[int] = []
    try:
        wait_for(run.is_up, 90, "for the site to answer")
        # web and its worker, two Celery workers, the clock
        wait_for(lambda: len(run.descendants()) >= 5, 60, "for all processes")
        processes = run.descendants()
        yield run
    finally:
        for process in {run.process.pid, *processes, *run.descendants()}:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        run.process.wait()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, wait_for: WaitFor) -> Iterator[Demo]:
    """One that several tests look at."""
    with running_demo(tmp_path_factory.mktemp("demo") / "var", wait_for) as run:
        yield run


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL])
def test_nothing_outlives_the_command(tmp_path: Path, ending: signal.Signals, wait_for: WaitFor) -> None:
    with running_demo(tmp_path / "var", wait_for) as run:
        below = run.descendants()
        assert len(alive(below)) >= 5
        run.process.send_signal(ending)
        run.process.wait(20)
        wait_for(lambda: not alive(below), 20, f"for {below} to end")


def test_a_child_that_dies_is_started_again(demo: Demo, wait_for: WaitFor) -> None:
    below = demo.descendants()
    direct = [pid for pid in below if os.getpgid(pid) == pid]
    assert len(direct) == 4
    for pid in direct:
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: len([pid for pid in demo.descendants() if pid not in below]) >= 5, 60, "for all to start again")
    wait_for(lambda: not alive(below), 10, "for what the first ones started to end")
    address = f"http://127.0.0.1:{demo.port}/health/live"
    wait_for(lambda: _answers(address), 30, "for the site to answer again")


def _answers(address: str) -> bool:
    with suppress(OSError), urllib.request.urlopen(address, timeout=2) as response:
        return bool(response.status == 200)
    return False


def test_it_says_where_it_is_and_how_to_sign_in(demo: Demo) -> None:
    kept = demo.var / "demo-accounts.txt"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert f"http://localhost:{demo.port}/" in demo.output()
    for line in kept.read_text().splitlines():
        email, password = line.split()
        assert re.search(rf"{re.escape(email)}\s+{re.escape(password)}", demo.output())


@pytest.fixture
def older_var() -> Iterator[Path]:
    """A `var/` as an older version left it, in a place that every user of the machine reaches."""
    place = Path(tempfile.mkdtemp(prefix="countersign-older-"))
    place.chmod(0o755)
    var = place / "var"
    (var / "queue" / "messages").mkdir(parents=True)
    (var / "cache").mkdir()
    for name in ("countersign.sqlite3", "countersign.sqlite3-wal", "beat-schedule-of-old", "queue/messages/1.lost.msg"):
        (var / name).touch()
    elsewhere = place / "elsewhere.txt"
    elsewhere.touch()
    (var / "link").symlink_to(elsewhere)
    for path in (var, *var.rglob("*"), elsewhere):
        path.chmod(0o755 if path.is_dir() else 0o644)
    yield var
    shutil.rmtree(place)


def open_to_others(var: Path) -> list[str]:
    """What in the folder, and itself, somebody else may read, write or enter."""
    paths = [path for path in (var, *var.rglob("*")) if not path.is_symlink()]
    return [f"{path} {path.stat().st_mode:o}" for path in paths if path.stat().st_mode & 0o077]


def test_nobody_else_on_the_machine_reads_what_is_kept_even_what_an_older_version_left(
    older_var: Path, wait_for: WaitFor
) -> None:
    before = os.umask(0o022)  # as on most machines
    try:
        with running_demo(older_var, wait_for):
            made = {path.name.partition("-")[0] for path in older_var.rglob("*")}
            assert {"countersign.sqlite3", "secret_key", "demo", "demo.lock", "beat", "cache", "queue"} <= made
            assert open_to_others(older_var) == []
            if os.geteuid() == 0:
                reading = ["setpriv", "--reuid=65534", "--clear-groups", "cat", str(older_var / "countersign.sqlite3")]
                refused = subprocess.run(reading, capture_output=True, text=True, check=False)
                assert "Permission denied" in refused.stderr
    finally:
        os.umask(before)
    assert (older_var.parent / "elsewhere.txt").stat().st_mode & 0o077 == 0o044, "what a link leads to is left alone"


def test_a_folder_that_users_share_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"COUNTERSIGN_VAR": str(shared)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "COUNTERSIGN_VAR" in done.stderr
    assert stat.S_IMODE(shared.stat().st_mode) == 0o1777


def test_a_second_one_with_the_same_folder_is_refused(demo: Demo) -> None:
    second = Demo(demo.var, free_port(), "second.log")
    assert second.process.wait(60) == 1
    assert "running already" in second.output()


def test_it_answers_under_both_names_of_this_machine(demo: Demo) -> None:
    for name in ("localhost", "127.0.0.1"):
        with urllib.request.urlopen(f"http://{name}:{demo.port}/accounts/login/", timeout=20) as page:
            text = page.read().decode()
            assert ("Use a passkey instead" in text) is (name == "localhost")
            assert (f"http://localhost:{demo.port}/accounts/login/" in text) is (name == "127.0.0.1")


@pytest.mark.parametrize(("family", "address"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_a_port_in_use_is_told_plainly(tmp_path: Path, family: socket.AddressFamily, address: str) -> None:
    if family == socket.AF_INET6 and not _has_ipv6():
        pytest.skip("this machine has no IPv6")
    with socket.create_server((address, 0), family=family) as other:
        run = Demo(tmp_path / "var", int(other.getsockname()[1]))
        assert run.process.wait(60) == 1
    assert "is in use by another program" in run.output()
    assert "Traceback" not in run.output()


def _has_ipv6() -> bool:
    with suppress(OSError), socket.create_server(("::1", 0), family=socket.AF_INET6):
        return True
    return False


@pytest.mark.django_db
def test_demo_accounts_survive_what_their_people_change(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    first = demo_accounts()
    assert set(first) == {CLERK, ADMINISTRATOR}
    assert demo_accounts() == first
    clerk = User.objects.get(email=CLERK)
    clerk.email = "another@example.com"
    clerk.set_password("a password of my own")
    clerk.save()
    EmailAddress.objects.filter(email=CLERK).update(primary=False)
    EmailAddress.objects.create(user=clerk, email=clerk.email, verified=True, primary=True)
    assert demo_accounts() == {CLERK: CHANGED, ADMINISTRATOR: first[ADMINISTRATOR]}
    assert User.objects.count() == 2
    assert User.objects.get(pk=clerk.pk).check_password("a password of my own")
