"""Measure the speed of the whole service, as a browser sees it: `python -m portal.bench`.

It starts the embedded default in a new folder and signs in as the demo clerk. It measures over HTTP, with the real
intervals, the time from upload to result, and how long a document waits when its worker is killed or its message is
lost. It writes on the pad in a real Chromium while a 50-page PDF is read. For comparison, Tesseract reads the same
pictures without a service around it.
"""

from __future__ import annotations

import base64
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from ml.evaluation.peers.peers import PeerAbsent, tesseract
from portal.bench_service import PDF_PAGES, Clerk, long_pdf, memory_of, png_of, running_portal

UPLOADS = 30
PAD_READINGS = 100


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
