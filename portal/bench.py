"""Measure the speed of the whole service, as a browser sees it: `python -m portal.bench`.

It starts the embedded default in a new folder and signs in as the demo clerk. It measures over HTTP, with the real
intervals, the time from upload to result, and how long a document waits when its worker is killed or its message is
lost. It writes on the pad in a real Chromium while a 50-page PDF is read. For comparison, Tesseract reads the same
pictures without a service around it.
"""

from __future__ import annotations

import base64
import io
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import requests
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from ml.evaluation.peers.peers import PeerAbsent, tesseract
from ml.evaluation.sheets.strokes import draw_number

ROOT = Path(__file__).resolve().parent.parent
UPLOADS = 30
PAD_READINGS = 100
PDF_PAGES = 50
PATIENCE_SECONDS = 180.0


def main() -> None:
    """Measure everything, and print a line for each measure."""
    with tempfile.TemporaryDirectory(prefix="countersign-bench-") as folder, running_portal(Path(folder)) as clerk:
        picture = png_of("351")
        say("upload to result, one worker", spread(clerk.upload_to_result(picture) for _ in range(UPLOADS)))
        say("the same picture by Tesseract, no service around it", beside(picture))
        measure_pad(clerk)
        say("memory of the documents' worker after a 50-page PDF", memory_of("documents"))
        say("worker killed with SIGKILL while it reads: until read", f"{clerk.after_a_killed_worker():.1f} s")
        say("broker emptied while a document waits: until read", f"{clerk.after_a_lost_message():.1f} s")


def measure_pad(clerk: Clerk) -> None:
    """Measure the pad in a browser while a long PDF is read, and Tesseract on the same picture."""
    pdf = long_pdf()
    with written_on(clerk.address) as page:
        waits = []
        for _ in range(PAD_READINGS):
            if not clerk.is_reading("long.pdf"):
                clerk.send(pdf, "long.pdf")
            waits.append(last_stroke_to_value(page))
        say(f"pad, last stroke to value on the page, while a {PDF_PAGES}-page PDF is read", spread(waits))
        drawing = page.evaluate("() => document.getElementById('pad').toDataURL('image/png').split(',')[1]")
    clerk.wait_until_read("long.pdf")
    say("the same picture by Tesseract, no service around it", beside(base64.b64decode(drawing)))


# The time runs from the moment the pen is lifted to the frame in which the value is painted.
_WATCH = """() => {
  const result = document.getElementById("pad-result");
  let lifted = 0;
  window.waits = [];
  document.getElementById("pad").addEventListener("pointerup", () => (lifted = performance.now()), true);
  new MutationObserver(() => {
    if (!lifted || !result.querySelector("output")) return;
    const from = lifted;
    lifted = 0;
    requestAnimationFrame(() => window.waits.push(performance.now() - from));
  }).observe(result, { childList: true, subtree: true });
}"""


@contextmanager
def written_on(address: str) -> Iterator[Page]:
    """Open the pad's page in a headless Chromium, with a script that measures each wait.

    Raises:
        LookupError: There is no Chromium on this machine.
    """
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        raise LookupError("The pad is measured in a Chromium, and there is none (Debian: apt install chromium).")
    alone = ["--disable-gpu", "--disable-background-networking", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=alone)
        page = browser.new_page()
        page.goto(f"{address}/pad/")
        page.evaluate(_WATCH)
        yield page
        browser.close()


def last_stroke_to_value(page: Page) -> float:
    """Write 77, and return the seconds from lifting the pen to the value on the page."""
    known = page.evaluate("() => window.waits.length")
    if known:
        page.get_by_role("button", name="Clear").click()
    paper = page.locator("canvas").bounding_box()
    assert paper is not None  # noqa: S101  # the page has one
    left, top, height = paper["x"] + paper["width"] * 0.3, paper["y"] + paper["height"] * 0.2, paper["height"] * 0.6
    for x in (left, left + height * 0.8):
        page.mouse.move(x, top)
        page.mouse.down()
        page.mouse.move(x + height * 0.5, top, steps=8)
        page.mouse.move(x + height * 0.2, top + height, steps=12)
        page.mouse.up()
    # Ask at fixed intervals. Playwright usually asks at each frame, which keeps the page busier than a person does, so
    # that it answers sooner.
    page.wait_for_function("known => window.waits.length > known", arg=known, polling=20)
    return float(page.evaluate("() => window.waits.at(-1)")) / 1000


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
    """Wait for the site, then sign the clerk in."""
    wait_for(lambda: ready(address))
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
    except requests.ConnectionError:
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
        if place.name.isdigit() and (place / "cmdline").exists():
            words = (place / "cmdline").read_bytes().split(b"\0")
            if b"celery" in b" ".join(words) and queue.encode() in words:
                return os.getpgid(int(place.name))
    raise LookupError(f"no worker of the queue {queue} runs")


def memory_of(queue: str) -> str:
    """The memory of a worker's processes. Each counts its part of the memory that several share (Linux's PSS)."""
    group = worker_of(queue)
    sizes = []
    for place in Path("/proc").iterdir():
        if place.name.isdigit() and os.getpgid(int(place.name)) == group:
            rollup = (place / "smaps_rollup").read_text()
            sizes.append(int(re.search(r"^Pss:\s+(\d+)", rollup, re.M)[1]) / 1024)  # type: ignore[index]
    return f"{sum(sizes):,.0f} MB in {len(sizes)} processes"


def png_of(text: str) -> bytes:
    """A number as a PNG, drawn with the strokes of the evaluation sheets."""
    ink = draw_number(text, 90, np.random.default_rng(3))
    return bytes(cv2.imencode(".png", np.pad(255 - ink, 40, constant_values=255))[1])


def long_pdf() -> bytes:
    """A PDF of many pages, with a number on each."""
    pages = [Image.open(io.BytesIO(png_of(str(1000 + page)))).convert("L") for page in range(PDF_PAGES)]
    paper = [Image.new("L", (1240, 1754), 255) for _ in pages]
    for sheet, number in zip(paper, pages, strict=True):
        sheet.paste(number, (300, 400))
    buffer = io.BytesIO()
    paper[0].save(buffer, "PDF", save_all=True, append_images=paper[1:], resolution=150)
    return buffer.getvalue()


def beside(picture: bytes) -> str:
    """The time that Tesseract's command takes for the picture."""
    try:
        return spread(timed(lambda: tesseract(picture)) for _ in range(10))
    except PeerAbsent as absent:
        return str(absent)


def timed(work: Callable[[], object]) -> float:
    """The seconds that the work takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def spread(seconds: Iterator[float] | list[float]) -> str:
    """The median and the 95th percentile, in milliseconds."""
    middle, high = np.percentile(list(seconds), [50, 95]) * 1000
    return f"p50 {middle:,.0f} ms, p95 {high:,.0f} ms"


def say(what: str, figure: str) -> None:
    """Print a measure as soon as it is known."""
    print(f"{what:<75}  {figure}", flush=True)


if __name__ == "__main__":
    main()
