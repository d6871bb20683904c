"""The service that the bench measures: the embedded default on a free port, its demo clerk, and its workers."""

from __future__ import annotations

import io
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import cv2
import numpy as np
import requests
from PIL import Image

from ml.training.sheets.strokes import draw_number

ROOT = Path(__file__).resolve().parent.parent
PDF_PAGES = 50
PATIENCE_SECONDS = 180.0


class Clerk:
    """The demo clerk's browser session, and the processes behind the site."""

    def __init__(self, address: str, place: Path, session: requests.Session) -> None:
        self.address, self.place, self.session = address, place, session

    def post(self, path: str, **given: object) -> requests.Response:
        """Send a POST with the session's CSRF token, as htmx does."""
        headers = {
            "X-CSRFToken": self.session.cookies["csrftoken"],
            "Referer": self.address,
            "HX-Request": "true",
        }
        return self.session.post(self.address + path, headers=headers, timeout=60, **given)  # type: ignore[arg-type]

    def send(self, data: bytes, name: str) -> str:
        """Upload a file, and return the address of its progress.

        Raises:
            RuntimeError: It was refused.
        """
        answer = self.post("/upload/", files={"files": (name, data)})
        found = re.search(r'hx-get="(/documents/[^"]+/progress/)"', answer.text)
        if found is None:
            raise RuntimeError(f"{name} was not taken in: {answer.status_code} {answer.text[:500]}")
        return found.group(1)

    def finish(self, progress: str) -> None:
        """Wait until the document's row stops asking for progress.

        Raises:
            TimeoutError: It still asks.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            row = self.session.get(self.address + progress, timeout=60).text
            if "hx-get=" not in row:
                return
            time.sleep(0.02)
        raise TimeoutError(progress)

    def upload_to_result(self, data: bytes) -> float:
        """Seconds from the upload's first byte to the row that shows the number."""
        begun = time.perf_counter()
        self.finish(self.send(data, "number.png"))
        return time.perf_counter() - begun

    def is_reading(self, name: str) -> bool:
        """Whether the newest document of this name is still being read."""
        page = self.session.get(f"{self.address}/history/", params={"q": name}, timeout=60).text
        return "hx-get=" in page.split('id="list"')[-1] and name in page

    def wait_until_read(self, name: str) -> None:
        """Wait until the newest document of this name is read."""
        while self.is_reading(name):
            time.sleep(0.2)

    def after_a_killed_worker(self) -> float:
        """Kill the worker while it reads, and return the seconds from the kill to the result."""
        progress = self.send(long_pdf(), "killed.pdf")
        time.sleep(2)
        begun = time.perf_counter()
        os.killpg(worker_of("documents"), signal.SIGKILL)
        self.finish(progress)
        return time.perf_counter() - begun

    def after_a_lost_message(self) -> float:
        """Empty the queue while the worker is stopped, and return the seconds from then to the result."""
        group = worker_of("documents")
        os.killpg(group, signal.SIGSTOP)
        progress = self.send(png_of("60972"), "lost.png")
        for message in (self.place / "queue" / "messages").glob("*.documents.msg"):
            message.unlink()
        os.killpg(group, signal.SIGCONT)
        begun = time.perf_counter()
        self.finish(progress)
        return time.perf_counter() - begun


@contextmanager
def running_portal(place: Path) -> Iterator[Clerk]:
    """Run the embedded default on a free port, with the clerk signed in."""
    port = free_port()
    environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
    environment |= {"COUNTERSIGN_VAR": str(place), "PAD_RATE": "100000/m/ip"}
    with (place / "log").open("wb") as log:
        command = [sys.executable, "manage.py", "demo", "--port", str(port)]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)  # noqa: S603  # our command
        try:
            yield signed_in(f"http://127.0.0.1:{port}", place)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


def signed_in(address: str, place: Path) -> Clerk:
    """Wait for the site with its workers, then sign the clerk in."""
    wait_for(lambda: ready(address))
    return clerk_of(address, place)


def clerk_of(address: str, place: Path) -> Clerk:
    """Sign the clerk in, with the password that the demo wrote down."""
    password = re.search(r"clerk@example\.com\s+(\S+)", (place / "demo-accounts.txt").read_text())
    assert password, "the demo says how its clerk signs in"  # noqa: S101  # a bench without it measures nothing
    session = requests.Session()
    session.get(f"{address}/accounts/login/", timeout=60)
    clerk = Clerk(address, place, session)
    clerk.post("/accounts/login/", data={"login": "clerk@example.com", "password": password.group(1)})
    session.get(f"{address}/upload/", timeout=60)
    return clerk


def ready(address: str) -> bool:
    """Whether the site, the broker and both workers answer."""
    try:
        return requests.get(f"{address}/health/ready", timeout=5).ok
    except requests.RequestException:
        return False


def wait_for(what: Callable[[], bool]) -> None:
    """Wait until the condition holds.

    Raises:
        TimeoutError: It did not hold in time.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not what():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.2)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def worker_of(queue: str) -> int:
    """The process group of this queue's worker, found in /proc (on Linux only)."""
    for place in Path("/proc").iterdir():
        with suppress(OSError):  # it ended meanwhile
            words = (place / "cmdline").read_bytes().split(b"\0") if place.name.isdigit() else []
            if b"celery" in b" ".join(words) and queue.encode() in words:
                return os.getpgid(int(place.name))
    raise LookupError(f"no worker of the queue {queue} runs")


def megabytes_of(queue: str) -> list[float]:
    """The memory of each of a worker's processes, which counts its part of what several share (Linux's PSS)."""
    group = worker_of(queue)
    sizes = []
    for place in Path("/proc").iterdir():
        # A process may end meanwhile; one that has ended has no size.
        with suppress(OSError):
            if place.name.isdigit() and os.getpgid(int(place.name)) == group:
                found = re.search(r"^Pss:\s+(\d+)", (place / "smaps_rollup").read_text(), re.M)
                sizes.append(int(found[1]) / 1024 if found else 0.0)
    return sizes


def memory_of(queue: str) -> str:
    """The memory of a worker's processes, in words."""
    sizes = megabytes_of(queue)
    return f"{sum(sizes):,.0f} MB in {len(sizes)} processes"


def png_of(text: str) -> bytes:
    """A number as a PNG, drawn with the strokes of the drawn sheets."""
    ink = draw_number(text, 90, np.random.default_rng(3))
    return bytes(cv2.imencode(".png", np.pad(255 - ink, 40, constant_values=255))[1])


def long_pdf(page_count: int = PDF_PAGES) -> bytes:
    """A PDF of many pages, with a number on each."""
    pages = [Image.open(io.BytesIO(png_of(str(1000 + page)))).convert("L") for page in range(page_count)]
    paper = [Image.new("L", (1240, 1754), 255) for _ in pages]
    for sheet, number in zip(paper, pages, strict=True):
        sheet.paste(number, (300, 400))
    buffer = io.BytesIO()
    paper[0].save(buffer, "PDF", save_all=True, append_images=paper[1:], resolution=150)
    return buffer.getvalue()
