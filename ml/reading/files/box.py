"""A box for each file: a child process with limits of its own, in which decoders of strangers' files run.

    with Box(data, "application/pdf", limits) as box:
        sizes = box.pdf_page_sizes()
        page = box.pdf_page(0, sizes[0], most_pixels=25_000_000)

A server, started at the first use, has the decoders loaded and forks a child for each file (`boxed.py`). The child may
use so much memory and so many seconds. When it passes them it is killed from outside, and its file is refused. It hands
pixels back through memory that both processes share.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import IO, Any, NoReturn, Self

import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box as PixelBox
from ml.reading.elements import TypedText
from ml.reading.errors import RefusedFile
from ml.reading.files.constants import BOX
from ml.reading.files.limits import Limits
from ml.reading.files.line import Line

DAMAGED = "This file is damaged or was cut off on its way: its pixels cannot be read. Scan or save it again."
TOO_SLOW = "This {kind} asks for more than {seconds} seconds of drawing. {way_out}"
TOO_HUNGRY = "This {kind} asks for more memory than any page needs, or breaks the program that draws it. {way_out}"
LATE = "This file was not decoded in time, because the machine was busy. Try again in a moment."

REQUEST_BYTES = 256
"""Length of the message that asks the server for a child. It is padded with spaces."""

_SIZE_BYTES = 64
"""The longest size of a page in an answer: two numbers of up to 24 characters, and what stands around them."""

_ROOT = Path(__file__).parents[3]


class BoxLost(RuntimeError):
    """The server of boxes, or a child of it, was killed by something other than its limits, twice for one request."""


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """A page as its decoder hands it back.

    Attributes:
        pixels: uint8, height × width × 3, RGB.
        dpi: Dots an inch; None where the file tells none.
        typed: What a PDF holds as text.
    """

    pixels: NDArray[np.uint8]
    dpi: float | None
    typed: tuple[TypedText, ...]


class Box:
    """One file's child process.

    Args:
        data: The whole file.
        media_type: "image/jpeg" and so on, judged by content.
        limits: How much its pages may need.
    """

    def __init__(self, data: bytes, media_type: str, limits: Limits) -> None:
        self._limits = limits
        self._media_type = media_type
        self._answer_bytes = BOX.answer_bytes + _SIZE_BYTES * (limits.pages + 1)
        self._wall_seconds = limits.seconds * BOX.wall_share
        self._data, self._pixels = _memory(), _memory()
        self._data.write(data)
        self._line = self._begin()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the line to the child. The server then kills it, whatever it is doing."""
        self._line.close()
        self._data.close()
        self._pixels.close()

    def pdf_page_sizes(self) -> list[tuple[float, float]]:
        """Width and height in points of a PDF's pages; of one more than the limit of pages at most.

        Raises:
            RefusedFile: Code "encrypted", "damaged", "seconds" or "memory"; or "late", where the machine is to blame.
            BoxLost: The child was killed by something else.
        """
        answer = self._ask("pdf_page_sizes", most=self._limits.pages + 1)
        return [(float(width), float(height)) for width, height in answer["sizes"]]

    def heic_size(self) -> tuple[int, int]:
        """Width and height of a HEIC's picture in pixels; raises as `pdf_page_sizes` does."""
        width, height = self._ask("heic_size")["size"]
        return int(width), int(height)

    def pdf_page(self, number: int, size: tuple[float, float], most_pixels: int) -> Decoded:
        """A page of a PDF: see `pdf.pages.drawn`. Raises as `pdf_page_sizes`.

        Args:
            number: Of the page, from 0.
            size: Its width and height in points, from `pdf_page_sizes`.
            most_pixels: Most pixels of the drawn page.
        """
        return self._page(self._ask("pdf_page", number=number, size=size, most_pixels=most_pixels))

    def picture(self, number: int, most_pixels: int) -> Decoded:
        """A page of a picture file: see `decode.picture`. Raises as `pdf_page_sizes`."""
        answer = self._ask(
            "picture",
            media_type=self._media_type,
            number=number,
            allowed_pixels=self._limits.pixels,
            most_pixels=most_pixels,
        )
        return self._page(answer)

    def _begin(self) -> Line:
        limits = {
            "memory_bytes": BOX.own_bytes + BOX.bytes_a_pixel * self._limits.pixels,
            "file_bytes": 3 * self._limits.pixels,
            "seconds": self._limits.seconds,
            # The child ends by itself when nobody is left to kill it.
            "alarm_seconds": self._wall_seconds + BOX.late_seconds,
        }
        return _Server.current().begin(self._data, self._pixels, limits)

    def _ask(self, request: str, **arguments: Any) -> dict[str, Any]:
        """The child's answer; a second child is asked where the first one was lost."""
        answer = self._answer(request, arguments)
        if answer.get("killed_by") == signal.SIGKILL:
            self._line.close()
            self._line = self._begin()
            answer = self._answer(request, arguments)
        if "refused" in answer:
            raise RefusedFile(*map(str, answer["refused"]))
        if "killed_by" in answer:
            self._refuse(int(answer["killed_by"]))
        if "error" in answer:
            raise RefusedFile("damaged", DAMAGED) from ValueError(answer["error"])
        return answer

    def _answer(self, request: str, arguments: dict[str, Any]) -> dict[str, Any]:
        started = time.monotonic()
        try:
            self._line.send(json.dumps([request, arguments]).encode(), self._wall_seconds)
            left = self._wall_seconds - (time.monotonic() - started)
            answer: dict[str, Any] = json.loads(self._line.receive(self._answer_bytes, left))
        except TimeoutError:
            return {"killed_by": signal.SIGALRM}
        except (OSError, EOFError):  # the server died, and so its child's end was never told
            return {"killed_by": signal.SIGKILL}
        except (ValueError, RecursionError):
            return {"error": "the child's answer is no JSON"}
        finally:
            self._wall_seconds -= time.monotonic() - started
        return answer

    def _refuse(self, killed_by: int) -> NoReturn:
        if killed_by == signal.SIGKILL:
            raise BoxLost("the process that decodes files was killed")
        if killed_by == signal.SIGALRM:
            raise RefusedFile("late", LATE)
        is_pdf = self._media_type == "application/pdf"
        kind, way_out = ("PDF", _PDF_WAY_OUT) if is_pdf else ("picture", _PICTURE_WAY_OUT)
        if killed_by == signal.SIGXCPU:
            raise RefusedFile("seconds", TOO_SLOW.format(kind=kind, seconds=self._limits.seconds, way_out=way_out))
        raise RefusedFile("memory", TOO_HUNGRY.format(kind=kind, way_out=way_out))

    def _page(self, answer: dict[str, Any]) -> Decoded:
        pixels, dpi = self._pixels_of(answer), answer["dpi"]
        try:
            typed = tuple(TypedText(str(text), PixelBox(*map(int, box))) for text, *box in answer["typed"])
            return Decoded(pixels, None if dpi is None else float(dpi), typed)
        except (ValueError, TypeError) as error:
            raise RefusedFile("damaged", DAMAGED) from error

    def _pixels_of(self, answer: dict[str, Any]) -> NDArray[np.uint8]:
        """The pixels that the child wrote, copied: the child could change shared memory afterwards."""
        height, width = int(answer["height"]), int(answer["width"])
        if not (height > 0 and width > 0 and height * width <= self._limits.pixels):
            raise RefusedFile("damaged", DAMAGED)
        pixels = np.empty((height, width, 3), np.uint8)
        self._pixels.seek(0)
        if _read_into(self._pixels, pixels.reshape(-1).data) != pixels.size:
            raise RefusedFile("damaged", DAMAGED)
        self._pixels.truncate(0)
        return pixels


_PDF_WAY_OUT = "Print it to a new PDF, or scan it, and upload that."
_PICTURE_WAY_OUT = "Save it as JPEG with fewer pixels, and upload that."


def _memory() -> IO[bytes]:
    """A file in memory alone, where the system has such files."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("countersign"), "w+b", buffering=0)
    return tempfile.TemporaryFile(buffering=0)


def _read_into(file: IO[bytes], buffer: memoryview) -> int:
    read = 0
    while read < len(buffer):
        count = file.readinto(buffer[read:])  # type: ignore[attr-defined]  # unbuffered files have it
        if not count:
            break
        read += count
    return read


class _Server:
    """The process that forks a child for each file. It ends when this process does."""

    _now: _Server | None = None
    _lock = Lock()

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  # our own module
                [sys.executable, "-m", "ml.reading.files.boxed", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                cwd=_ROOT,
                # No secret of the site's stands in its environment. One thread suffices for what it computes.
                env={"OPENBLAS_NUM_THREADS": "1"} | {name: os.environ[name] for name in _KEPT if name in os.environ},
                stdin=subprocess.DEVNULL,
            )

    @classmethod
    def current(cls) -> _Server:
        """This process's server, started if there is none or if it died."""
        with cls._lock:
            if cls._now is None or cls._now._process.poll() is not None:
                if cls._now is not None:
                    cls._now._line.close()
                cls._now = _Server()
            return cls._now

    def begin(self, data: IO[bytes], pixels: IO[bytes], limits: dict[str, Any]) -> Line:
        """Let a child begin on a file, and return the line to it."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        message = json.dumps(limits).encode().ljust(REQUEST_BYTES)
        with theirs, contextlib.suppress(OSError), self._lock:  # a server that died is noticed at the first request
            socket.send_fds(self._line, [message], [theirs.fileno(), data.fileno(), pixels.fileno()])
        return Line(ours)

    @classmethod
    def forget(cls) -> None:
        """Leave the server to the parent of this forked process."""
        cls._lock = Lock()
        if cls._now is not None:
            cls._now._line.close()
            cls._now = None


_KEPT = ("PATH", "LANG", "LC_ALL", "HOME", "TMPDIR", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")

os.register_at_fork(after_in_child=_Server.forget)
