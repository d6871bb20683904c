"""Child processes that start together, start again when they die, and end together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from portal.supervised import SUPERVISOR

LONGEST_WAIT = 10.0
"""The most seconds before a child that keeps dying is started again. People wait for what it does."""

STEADY = 60.0
"""Seconds after which a child counts as running well."""


@dataclass(slots=True)
class Child:
    """A process to keep alive: `python -m` with `arguments`, of which the first is a module."""

    name: str
    arguments: Sequence[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait: float = 0.5
    due: float = field(default=0.0)

    def start(self) -> None:
        """Start the child in a new process group, so that Ctrl-C reaches only the supervisor."""
        environment = os.environ | self.environment | {SUPERVISOR: str(os.getpid())}
        command = [sys.executable, "-m", "portal.supervised", *self.arguments]
        self.process = subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603  # our command
        self.started = time.monotonic()

    def look(self, say: Callable[[str], object]) -> None:
        """Start the child when it is due. If it has died, or cannot be started, plan when to try again."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self._try_to_start(say)
            return
        status = self.process.poll()
        if status is None:
            return
        self.end_group()  # it may have left processes behind
        self._wait(0.5 if now - self.started > STEADY else self.wait * 2)
        self.process = None
        say(f"The {self.name} process ended ({status}); it starts again in {self.wait:.0f} s.")

    def _try_to_start(self, say: Callable[[str], object]) -> None:
        try:
            self.start()
        except OSError as error:  # no memory or no process is left, perhaps only for now
            self._wait(self.wait * 2)
            say(f"The {self.name} process could not be started ({error}); it is tried again in {self.wait:.0f} s.")

    def _wait(self, seconds: float) -> None:
        self.wait = min(seconds, LONGEST_WAIT)
        self.due = time.monotonic() + self.wait

    def end_group(self) -> None:
        """Kill all processes that are left in the child's process group."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return  # all of them had ended


def supervise(
    children: Sequence[Child],
    say: Callable[[str], object],
    ending_seconds: float,
    meanwhile: Callable[[], object] = lambda: None,
) -> None:
    """Keep the children running until SIGINT, SIGTERM or SIGHUP comes, then end them all.

    Args:
        children: The processes to run.
        say: Prints a sentence for people.
        ending_seconds: How long the children have to end by themselves, before they are killed.
        meanwhile: Is called several times a second.
    """
    stopping = _Stop()
    try:
        while not stopping:
            for child in children:
                child.look(say)
            meanwhile()
            time.sleep(0.2)
    finally:
        _end(children, ending_seconds)


class _Stop:
    """True once SIGINT, SIGTERM or SIGHUP has come."""

    def __init__(self) -> None:
        self._asked = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    def _ask(self, *_signal: object) -> None:
        self._asked = True

    def __bool__(self) -> bool:
        return self._asked


def _end(children: Sequence[Child], ending_seconds: float) -> None:
    running = [child.process for child in children if child.process is not None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + ending_seconds
    while any(process.poll() is None for process in running) and time.monotonic() < deadline:
        time.sleep(0.05)
    for child in children:
        child.end_group()
        if child.process is not None:
            child.process.wait()
