"""Decoders run in a box: what a hostile file costs is bounded, and falls on its owner alone."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from PIL import Image

from ml.evaluation.hostile import files
from ml.reading.errors import RefusedFile
from ml.reading.files import box as module
from ml.reading.files.box import Box, BoxLost
from ml.reading.files.constants import LOAD
from ml.reading.files.limits import Limits
from ml.reading.files.line import Line
from ml.reading.files.load import load_pages

QUICK = Limits(seconds=2)
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


def server_pid() -> int:
    return module._Server.current()._process.pid


def children() -> list[int]:
    pid = server_pid()
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def until(holds: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return holds()


@pytest.fixture
def three_pages(honest_files: dict[str, bytes]) -> bytes:
    return honest_files[".tif"]


@pytest.mark.parametrize(
    "name",
    [
        "self-drawing.pdf",
        "nested-forms.pdf",
        "tiny-tiles.pdf",
        "many-shadings.pdf",
        "blended-groups.pdf",
        "many-operators.pdf",
        "deflated-twice.pdf",
    ],
)
@pytest.mark.usefixtures("hours_by_the_clock")
def test_a_pdf_that_asks_for_too_much_is_refused_in_plain_words(name: str) -> None:
    with pytest.raises(RefusedFile) as refusal:
        list(load_pages(files.CRAFTED[name](), QUICK))
    assert refusal.value.code in ("seconds", "memory")
    assert str(refusal.value).startswith("This PDF asks for more ")
    assert str(refusal.value).endswith("Print it to a new PDF, or scan it, and upload that.")


def test_a_page_as_thin_as_a_thread_is_drawn() -> None:
    (page,) = load_pages(files.thin_page(), Limits())
    height, width = page.pixels.shape[:2]
    assert height <= 4
    assert height * width <= LOAD.most_pixels


@pytest.mark.parametrize("name", ["empty-segments.jpg", "fill-bytes.jpg", "short-blocks.gif", "blank-canvas.webp"])
def test_a_header_without_an_end_is_refused_soon(name: str) -> None:
    data = files.CRAFTED[name]()
    started = time.process_time()
    with pytest.raises(RefusedFile) as refusal:
        list(load_pages(data, Limits()))
    assert refusal.value.code in ("damaged", "pixels")
    # Walking all of it took 2 to 7 seconds; what is looked at now takes some hundredths.
    assert time.process_time() - started < 1


@pytest.mark.usefixtures("hours_by_the_clock")
def test_other_files_are_decoded_while_one_takes_all_its_time(three_pages: bytes) -> None:
    refused: list[str] = []

    def endless() -> None:
        try:
            list(load_pages(files.tiny_tiles(), Limits(seconds=5)))
        except RefusedFile as refusal:
            refused.append(refusal.code)

    thread = Thread(target=endless)
    thread.start()
    assert len(list(load_pages(three_pages, Limits()))) == 3
    assert thread.is_alive(), "the honest file did not wait for the other one"
    thread.join()
    assert refused == ["seconds"]


@pytest.mark.usefixtures("hours_by_the_clock")
def test_a_child_without_seconds_left_is_not_taken_for_one_that_somebody_killed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begin, begun = Box._begin, 0

    def counted(box: Box) -> Line:
        nonlocal begun
        begun += 1
        return begin(box)

    monkeypatch.setattr(Box, "_begin", counted)
    with Box(files.tiny_tiles(), "application/pdf", QUICK) as box, pytest.raises(RefusedFile) as refusal:
        box.pdf_page(0, (595, 842), 25_000_000)
    assert refusal.value.code == "seconds"
    assert begun == 1, "no second child tried the same"


@on_linux
def test_a_killed_child_costs_its_file_nothing(three_pages: bytes) -> None:
    pages = load_pages(three_pages, Limits())
    seen = [next(pages).number]
    assert until(lambda: len(children()) == 1)  # those of earlier files are gone
    (child,) = children()
    os.kill(child, signal.SIGKILL)
    assert until(lambda: child not in children())
    assert seen + [page.number for page in pages] == [1, 2, 3]


@on_linux
def test_a_killed_server_costs_its_file_nothing(three_pages: bytes) -> None:
    pages = load_pages(three_pages, Limits())
    seen = [next(pages).number]
    before = server_pid()
    os.kill(before, signal.SIGKILL)
    assert seen + [page.number for page in pages] == [1, 2, 3]
    assert until(lambda: server_pid() != before)


@on_linux
def test_a_file_whose_children_are_always_killed_is_an_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    begin = Box._begin

    def killed(box: Box) -> object:
        line = begin(box)
        assert until(lambda: bool(children()))
        for child in children():
            os.kill(child, signal.SIGKILL)
        return line

    monkeypatch.setattr(Box, "_begin", killed)
    with Box(files.thin_page(), "application/pdf", Limits()) as box, pytest.raises(BoxLost):
        box.pdf_page_sizes()


@on_linux
def test_a_child_ends_when_nobody_wants_its_pages(three_pages: bytes) -> None:
    pages = load_pages(three_pages, Limits())
    next(pages)
    assert len(children()) == 1
    pages.close()
    assert until(lambda: not children())


@on_linux
def test_a_child_in_the_middle_of_its_work_ends_with_its_line() -> None:
    box = Box(files.tiny_tiles(), "application/pdf", Limits())
    box._line.send(b'["pdf_page", {"number": 0, "size": [595, 842], "most_pixels": 25000000}]')
    assert until(lambda: len(children()) == 1)
    (child,) = children()
    assert until(lambda: Path(f"/proc/{child}/stat").read_text().split()[2] == "R")
    with box:
        pass
    assert until(lambda: not children())


_ONE_PAGE = """
import os, signal, sys
from pathlib import Path
from ml.reading.files.limits import Limits
from ml.reading.files import box
from ml.reading.files.line import Line
from ml.reading.files.load import load_pages
next(load_pages(Path(sys.argv[1]).read_bytes(), Limits()))
print(box._Server.current()._process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@on_linux
def test_the_server_ends_with_its_process_however_that_ended(three_pages: bytes, tmp_path: Path) -> None:
    path = tmp_path / "three.tif"
    path.write_bytes(three_pages)
    ended = subprocess.run([sys.executable, "-c", _ONE_PAGE, path], capture_output=True, text=True, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert until(lambda: not Path(f"/proc/{int(ended.stdout)}").exists())


def _pages_and_server(data: bytes) -> tuple[int, int]:
    return len(list(load_pages(data, Limits()))), server_pid()


def test_a_forked_process_has_a_server_of_its_own(three_pages: bytes) -> None:
    assert len(list(load_pages(three_pages, Limits()))) == 3
    with get_context("fork").Pool(1) as pool:
        count, server = pool.apply(_pages_and_server, (three_pages,))
    assert count == 3
    assert server != server_pid()
    assert len(list(load_pages(three_pages, Limits()))) == 3


@on_linux
def test_the_box_knows_no_secret_and_no_network(three_pages: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    os.kill(server_pid(), signal.SIGKILL)
    assert until(lambda: module._Server._now is None or module._Server._now._process.poll() is not None)
    monkeypatch.setenv("SECRET_KEY", "sesame")
    assert len(list(load_pages(three_pages, Limits()))) == 3
    proc = Path(f"/proc/{server_pid()}")
    assert b"sesame" not in (proc / "environ").read_bytes()
    if os.geteuid() == 0:  # elsewhere the system may refuse a namespace to an ordinary process
        assert (proc / "ns/net").readlink() != Path("/proc/self/ns/net").readlink()


def _bytes_of(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """As if pages of more than 10,000 pixels were large."""
    before = LOAD.most_pixels
    object.__setattr__(LOAD, "most_pixels", 10_000)
    yield 10_000
    object.__setattr__(LOAD, "most_pixels", before)


@pytest.mark.parametrize(("kind", "mode"), [
    ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "L"), ("PNG", "P"), ("PNG", "1"), ("PNG", "I;16"), ("TIFF", "F"),
    ("TIFF", "CMYK"), ("JPEG", "RGB"), ("JPEG", "L"), ("WEBP", "RGB"), ("GIF", "P"), ("BMP", "RGB"),
])  # fmt: skip
def test_a_large_page_is_reduced_and_shows_the_same(small_pages: int, kind: str, mode: str) -> None:
    grey = np.full((303, 401), 255, np.uint8)
    grey[40:160, 60:180] = 0
    if mode == "I;16":
        image = Image.fromarray(grey.astype(np.uint16) * 257)
    elif mode == "F":
        image = Image.fromarray(grey.astype(np.float32) / 255)
    else:
        image = Image.fromarray(grey).convert("RGB").convert(mode)
    (page,) = load_pages(_bytes_of(image, kind, **({"lossless": True} if kind == "WEBP" else {})), Limits())
    height, width = page.pixels.shape[:2]
    assert height * width <= small_pages
    assert width / height == pytest.approx(401 / 303, rel=0.02)
    factor = 401 / width
    inside = page.pixels[round(50 / factor) : round(150 / factor), round(70 / factor) : round(170 / factor)]
    assert inside.max() < 40
    assert page.pixels[round(200 / factor) :].min() > 215


def test_a_reduced_page_is_upright_and_its_resolution_follows(small_pages: int) -> None:
    stored = Image.new("RGB", (400, 200), "white")
    stored.paste("black", (0, 0, 100, 50))
    exif = Image.Exif()
    exif[0x0112] = 6  # stored lying on its left side
    (page,) = load_pages(_bytes_of(stored, "TIFF", exif=exif, dpi=(600, 600)), Limits())
    height, width = page.pixels.shape[:2]
    assert height == 2 * width
    assert page.dpi == pytest.approx(600 * height / 400)
    assert page.pixels[5, -5].max() == 0
    assert page.pixels[-5, 5].min() == 255


def test_a_fax_is_within_the_limit_once_it_is_stretched(small_pages: int) -> None:
    (page,) = load_pages(_bytes_of(Image.new("1", (204, 98), 1), "TIFF", dpi=(204, 98)), Limits())
    height, width = page.pixels.shape[:2]
    assert height * width <= small_pages
    assert width == pytest.approx(height, abs=2)
    assert page.dpi == pytest.approx(width, abs=1)


def test_a_large_sheet_in_a_pdf_is_drawn_more_coarsely(small_pages: int) -> None:
    (page,) = load_pages(files.pdf(b"0 0 297 842 re f"), Limits())
    height, width = page.pixels.shape[:2]
    assert 0.9 * small_pages < height * width <= small_pages
    assert page.dpi == pytest.approx(72 * width / 595, rel=0.02)
