"""Kill the portal's processes while documents are read, and count the cost: `python -m portal.kills --rounds 100`.

It runs the whole portal in a new folder: the embedded default, or on the servers that `DATABASE_URL` and `REDIS_URL`
name. Each round kills one process with SIGKILL: an idle one, one at work, or the server of its boxes. Then new
documents are uploaded, and every document so far has to be read. Give it a database and a Redis of its own: it empties
neither.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import requests

from portal.bench_service import Clerk, long_pdf, png_of, ready, signed_in
from portal.kills_portal import (
    BEAT,
    DOCUMENTS,
    PAD,
    PATIENCE_SECONDS,
    WEB,
    Portal,
    command_of,
    left_of,
    running,
    wait_until,
)

MOST_SECONDS = 60.0
"""How long after a kill every document has to be read."""

LONG_PAGES = 6
"""Pages of a document that is long enough to be killed in its middle."""


@dataclass
class Found:
    """What the rounds have shown. For each kind of victim, `kills` has the commands of the processes killed."""

    kills: dict[str, list[str]] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)
    unanswered: set[str] = field(default_factory=set)
    waits: list[float] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    not_read: list[str] = field(default_factory=list)
    stuck: str = ""

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost, doubled, failed, late, or left running."""
        wrong = self.lost or self.doubled or self.not_read or self.left or self.stuck
        return not wrong and max(self.waits, default=0) <= MOST_SECONDS

    def lines(self) -> Iterator[str]:
        """The findings, one a line."""
        yield "killed              " + ", ".join(f"{name} {len(killed)}" for name, killed in sorted(self.kills.items()))
        yield f"uploaded            {len(self.sent)}, and {len(self.unanswered)} without an answer"
        yield f"lost                {len(self.lost)} {' '.join(self.lost)}"
        yield f"doubled             {len(self.doubled)} {' '.join(self.doubled)}"
        yield f"not read            {len(self.not_read)} {' '.join(self.not_read)}"
        yield f"left running        {len(self.left)}"
        waits = sorted(self.waits) or [0.0]
        yield f"kill to all read    median {waits[len(waits) // 2]:.1f} s, longest {waits[-1]:.1f} s"
        if self.stuck:
            yield f"ended early         {self.stuck}"


class Rounds:
    """Kills one process after the other, and sees to it that new documents are read after each."""

    def __init__(self, portal: Portal, clerk: Clerk, say: Callable[[str], object]) -> None:
        self.portal, self.clerk, self.say, self.found = portal, clerk, say, Found()
        self.numbers = itertools.count(1)
        self.victims: dict[str, Callable[[], str]] = {
            "idle reader": lambda: self.kill(self.portal.deepest(DOCUMENTS)),
            "reader at work": lambda: self.kill_at_work(self.portal.deepest),
            "box at work": lambda: self.kill_at_work(self.portal.box_of),
            "pad": lambda: self.kill(self.portal.deepest(PAD)),
            "beat": lambda: self.kill(self.portal.deepest(BEAT)),
            "web": lambda: self.kill(self.portal.deepest(WEB)),
            "supervisor": self.kill_supervisor,
        }

    def run(self, rounds: int, minutes: float, seed: int) -> Found:
        """Kill each kind of process in turn, in an order that the seed decides. No round begins after the minutes."""
        deadline = time.monotonic() + 60 * minutes
        chosen = random.Random(seed)  # noqa: S311  # an order, not a secret
        orders = (chosen.sample(list(self.victims), len(self.victims)) for _ in range(rounds))
        kinds = itertools.islice(itertools.chain.from_iterable(orders), rounds)
        try:
            for number, kind in enumerate(kinds, start=1):
                if time.monotonic() > deadline:
                    break
                self.say(f"{number:>4} {kind:<16} {self.one(kind):6.1f} s")
        except TimeoutError as error:
            self.found.stuck = f"{error}, after killing: {kind}"
        self.count()
        return self.found

    def one(self, kind: str) -> float:
        """Kill one process, and return the seconds from the kill until all is read."""
        killed = self.victims[kind]()
        begun = time.monotonic()
        self.found.kills.setdefault(kind, []).append(killed)
        for _ in range(2):
            self.upload(png_of("351"), "short")
        self.draw()
        wait_until(lambda: not waiting(), "all documents to be read")
        self.found.waits.append(time.monotonic() - begun)
        return self.found.waits[-1]

    def kill(self, process: int) -> str:
        """End a process without a chance to tidy up, and return its command."""
        command = " ".join(command_of(process)).strip()
        os.kill(process, signal.SIGKILL)
        return command

    def kill_at_work(self, victim: Callable[[tuple[str, ...]], int]) -> str:
        """Kill the reader, or the server of its boxes, in the middle of a long document."""
        name = self.upload(long_pdf(LONG_PAGES), "long")
        wait_until(lambda: is_begun(name), "the reader to begin")
        return self.kill(victim(DOCUMENTS))

    def kill_supervisor(self) -> str:
        """Kill the supervisor, count what is left of its family, and start it again."""
        below = self.portal.below()
        command = self.kill(self.portal.supervisor.pid)
        self.found.left += left_of(below)
        self.portal.start_again()
        return command

    def upload(self, data: bytes, kind: str) -> str:
        """Upload until the site has answered. A name whose answer was cut off may or may not have arrived."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            name = f"{kind}-{next(self.numbers)}"
            try:
                self.clerk.send(data, name)
            except (requests.RequestException, RuntimeError):
                self.found.unanswered.add(name)
                time.sleep(0.2)
            else:
                self.found.sent.add(name)
                return name
        raise TimeoutError("the site takes no uploads")

    def draw(self) -> None:
        """Write on the pad until a number comes back."""
        picture = png_of("7")

        def is_read() -> bool:
            with suppress(requests.RequestException):
                answer = self.clerk.post("/drawings/", files={"image": ("drawing.png", picture)})
                return answer.status_code == 200 and "<output" in answer.text
            return False

        wait_until(is_read, "the pad to answer")

    def count(self) -> None:
        """Compare what was sent with what the database has."""
        from django.db.models import Count

        from recognition.models import Document

        rows = Document.objects.filter(name__in=self.found.sent | self.found.unanswered)
        counted = rows.annotate(readings=Count("pages__readings"), read=Count("pages", distinct=True))
        seen: dict[str, int] = {}
        for document in counted:
            seen[document.name] = seen.get(document.name, 0) + 1
            if document.state != Document.State.READ:
                self.found.not_read.append(f"{document.name} ({document.reason})")
            elif seen[document.name] > 1 or not document.read == document.readings == document.page_count:
                self.found.doubled.append(document.name)
        self.found.lost = sorted(self.found.sent - set(seen))


def waiting() -> bool:
    """Whether any document is not finished."""
    from recognition.models import Document

    return Document.objects.filter(state__in=(Document.State.QUEUED, Document.State.READING)).exists()


def is_begun(name: str) -> bool:
    """Whether a page of the document has been read, or all of them."""
    from recognition.models import Document

    return Document.objects.filter(name=name, pages_done__gt=0).exists()


def kills(
    rounds: int, minutes: float, seed: int, place: Path, surroundings: dict[str, str], say: Callable[[str], object]
) -> Found:
    """Start the portal, kill its processes in so many rounds or minutes, stop it, and tell what came of it.

    Django has to be set up for the same folder and servers, because the documents are counted in the database.
    """
    with running(place, surroundings) as portal:
        wait_until(lambda: ready(portal.address), "the site")
        found = Rounds(portal, signed_in(portal.address, place), say).run(rounds, minutes, seed)
        found.left += portal.stop()
    return found


def main() -> int:
    """The exit status: 0 if nothing was lost, doubled, late or left running."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=60.0, help="no round begins later")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(1))  # so that the portal ends with this process
    with tempfile.TemporaryDirectory(prefix="countersign-kills-") as folder:
        os.environ |= {"COUNTERSIGN_VAR": folder, "DJANGO_SETTINGS_MODULE": "portal.settings"}
        import django

        django.setup()
        found = kills(given.rounds, given.minutes, given.seed, Path(folder), {}, partial(print, flush=True))
        print(*found.lines(), sep="\n")
        if not found.is_good:
            print(re.sub(r"^", "log: ", (Path(folder) / "log").read_text()[-5000:], flags=re.M))
    return 0 if found.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
