"""The portal whose processes are killed by `portal.kills`: its supervisor, and all below it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from portal.bench_service import ROOT, free_port

PATIENCE_SECONDS = 180.0
"""How long is waited for anything before the run ends with what it has found."""

DOCUMENTS, PAD, BEAT, WEB = ("worker", "documents"), ("worker", "pad"), ("beat",), ("portal.serve",)
BOXED = "ml.reading.files.boxed"


class Portal:
    """The portal's supervisor and the processes below it, as `make run` starts them."""

    def __init__(self, place: Path, surroundings: dict[str, str]) -> None:
        self.place, self.port = place, free_port()
        self.environment = os.environ | {"COUNTERSIGN_VAR": str(place), "PAD_RATE": "100000/m/ip"} | surroundings
        self.supervisor = self._start()

    @property
    def address(self) -> str:
        """Where the site answers."""
        return f"http://127.0.0.1:{self.port}"

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "manage.py", "demo", "--port", str(self.port)]
        with (self.place / "log").open("ab") as log:
            return subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)  # noqa: S603  # our command

    def start_again(self) -> None:
        """Start the supervisor that was killed, as the service manager of a machine does."""
        self.supervisor.wait()
        self.supervisor = self._start()

    def below(self) -> list[int]:
        """Every process below the supervisor, parents first."""
        return family(self.supervisor.pid)[1:]

    def deepest(self, words: tuple[str, ...]) -> int:
        """The process with these words in its command, and of a family of such the deepest. It has boxes below it.

        Raises:
            TimeoutError: It does not run, and is not started again.
        """
        found: list[int] = []

        def look() -> bool:
            found[:] = [pid for pid in family(self.supervisor.pid)[1:] if set(words) <= set(command_of(pid))]
            return bool(found)

        wait_until(look, f"a process {' '.join(words)}")
        return found[-1]

    def box_of(self, words: tuple[str, ...]) -> int:
        """The server of the boxes in which the process with these words has files decoded.

        Raises:
            TimeoutError: It has none, and starts none.
        """
        found: list[int] = []

        def look() -> bool:
            found[:] = [pid for pid in family(self.deepest(words)) if BOXED in command_of(pid)]
            return bool(found)

        wait_until(look, f"the boxes of {' '.join(words)}")
        return found[0]

    def stop(self) -> list[int]:
        """End it in order, and return the processes that are left all the same."""
        below = self.below()
        self.supervisor.send_signal(signal.SIGTERM)
        self.supervisor.wait(30)
        return left_of(below)


def family(process: int) -> list[int]:
    """A process and all below it, parents first, found in /proc (on Linux only)."""
    parents: dict[int, int] = {}
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            with suppress(OSError):  # it has ended
                after_name = (place / "stat").read_text().rpartition(")")[2].split()
                if after_name[0] != "Z":
                    parents[int(place.name)] = int(after_name[1])
    found = [process]
    for known in found:
        found.extend(pid for pid, parent in sorted(parents.items()) if parent == known)
    return found


def command_of(process: int) -> list[str]:
    """The words of a process's command; none if it has ended."""
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_text().split("\0")
    return []


def left_of(processes: list[int]) -> list[int]:
    """The processes that still run after the time that they have to end."""
    deadline = time.monotonic() + 20
    while (left := [pid for pid in processes if command_of(pid)]) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


def wait_until(what: Callable[[], bool], why: str) -> None:
    """Wait until the condition holds.

    Raises:
        TimeoutError: It did not hold in time.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not what():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {PATIENCE_SECONDS:.0f} s in vain for {why}")
        time.sleep(0.2)


@contextmanager
def running(place: Path, surroundings: dict[str, str]) -> Iterator[Portal]:
    """Run the portal in the folder, and end it whatever happens."""
    portal = Portal(place, surroundings)
    try:
        yield portal
    finally:
        for process in family(portal.supervisor.pid):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        portal.supervisor.wait()
