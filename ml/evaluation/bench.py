"""Speed and memory of reading in one process, beside other readers on the same images.

`python -m ml.evaluation.bench` prints a table. Its images are drawn; real amounts are used where the data folder has
them. `portal.bench` measures the whole service: upload to result, the pad while a long document is read, recovery.
"""

from __future__ import annotations

import statistics
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.evaluation.bench_cheques import cheque_rows
from ml.evaluation.peers.engines import available_engines, time_engines
from ml.evaluation.peers.peers import PeerAbsent, tesseract
from ml.reading.elements import Box, Glyph
from ml.reading.errors import RefusedFile
from ml.reading.files.inspect import inspect
from ml.reading.files.limits import Limits
from ml.reading.forms.layouts import ANY_NUMBER
from ml.reading.read import read_scan
from ml.reading.reader import Reader
from ml.training.datasets import LabelledNumber, data_folder, load_courtesy_amounts
from ml.training.sheets.strokes import draw_number

_NUMBERS = 40
"""How many drawn numbers the readers are compared on."""

_ROUNDS = 20
"""How often a piece of work is timed; the median counts."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the printed table.

    Attributes:
        what: What was measured.
        figure: The result with its unit.
        beside: What to compare it with.
    """

    what: str
    figure: str
    beside: str = ""


def main() -> None:
    """Measure everything and print it."""
    before = _megabytes()
    start = time.perf_counter()
    reader = Reader.shipped()
    ready = time.perf_counter() - start
    rows = [Row("reader ready", f"{ready * 1000:,.0f} ms"), *_glyphs(reader), *_pages(reader), *_drawn_numbers(reader)]
    rows += _amounts(reader)
    rows += [Row(*cells) for cells in cheque_rows(reader)]
    rows += [_memory(with_second=second) for second in (False, True)]
    rows += _refusals()
    rows.append(Row("memory of the process, after all of it", f"{_megabytes():,.0f} MB", f"{before:,.0f} MB before"))
    width = max(len(row.what) for row in rows)
    for row in rows:
        print(f"{row.what:<{width}}  {row.figure:>18}  {row.beside}".rstrip())


def _glyphs(reader: Reader) -> list[Row]:
    """The network of digits alone, in batches as on a page."""
    rng = np.random.default_rng(0)
    glyphs = [Glyph(Box(0, 0, 28, 28), rng.random((28, 28), np.float32)) for _ in range(512)]
    seconds = _median(lambda: reader.classifier.classify(glyphs))
    return [Row("network alone", f"{len(glyphs) / seconds:,.0f} glyphs/s", "one thread")]


def _pages(reader: Reader) -> list[Row]:
    """From a file's bytes to numbers: a pad's picture and two A4 pages at 200 dots an inch, beside Tesseract."""
    pad, _ = _number(np.random.default_rng(1), 5)
    page, digits = _page()
    sparse, few = _page(rows=7, length=5)
    pad_seconds = _median(lambda: list(read_scan(pad, ANY_NUMBER, reader)))
    page_seconds = _median(lambda: list(read_scan(page, ANY_NUMBER, reader)), rounds=5)
    sparse_seconds = _median(lambda: list(read_scan(sparse, ANY_NUMBER, reader)), rounds=5)
    (reading,) = read_scan(page, ANY_NUMBER, reader)
    found = sum(len(number.digits) for number in reading.readings)
    beside, peer_seconds = _peer(page)
    return [
        Row("bytes to number, a pad's picture", f"{pad_seconds * 1000:,.1f} ms", _peer(pad, one_line=True)[0]),
        Row(f"bytes to numbers, an A4 page of {few} digits", f"{sparse_seconds * 1000:,.0f} ms"),
        Row(f"bytes to numbers, an A4 page of {digits} digits", f"{page_seconds * 1000:,.0f} ms", f"{found} found"),
        Row("the same page", "", beside),
        Row(
            "digits a second on that page, one process",
            f"{digits / page_seconds:,.0f}",
            f"Tesseract {digits / peer_seconds:,.0f}" if peer_seconds else "",
        ),
    ]


def _peer(image: bytes, *, one_line: bool = False) -> tuple[str, float]:
    """A sentence on Tesseract's time and how many digits it finds, and its seconds (0 where it is absent)."""
    start = time.perf_counter()
    try:
        found = tesseract(image, one_line=one_line)
    except PeerAbsent as absent:
        return str(absent), 0.0
    seconds = time.perf_counter() - start
    return f"Tesseract {seconds * 1000:,.0f} ms, {len(found)} digits found", seconds


def _drawn_numbers(reader: Reader) -> list[Row]:
    """Ours and Tesseract on the same drawn numbers: time, and how many numbers are entirely right."""
    rng = np.random.default_rng(2)
    numbers = [_number(rng, int(rng.integers(3, 8))) for _ in range(_NUMBERS)]

    def ours(data: bytes) -> str:
        (page,) = read_scan(data, ANY_NUMBER, reader)
        return "".join(reading.value for reading in page.readings)

    rows = [_timed_row("Countersign on drawn numbers", ours, numbers)]
    try:
        rows.append(_timed_row("Tesseract, digits only, on the same", tesseract, numbers))
    except PeerAbsent as absent:
        rows.append(Row("Tesseract", "absent", str(absent)))
    return rows


def _timed_row(name: str, read: Callable[[bytes], str], numbers: list[tuple[bytes, str]]) -> Row:
    start = time.perf_counter()
    right = sum(read(data) == text for data, text in numbers)
    seconds = (time.perf_counter() - start) / len(numbers)
    return Row(name, f"{seconds * 1000:,.1f} ms", f"{right} of {len(numbers)} numbers right")


def _amounts(reader: Reader) -> list[Row]:
    """Every engine from one amount's bytes to its value, on one thread; the drawn ones where real ones are missing."""
    written = load_courtesy_amounts(data_folder())
    what = "real amount"
    if not written:
        rng = np.random.default_rng(2)
        numbers = [_number(rng, int(rng.integers(3, 8))) for _ in range(_NUMBERS)]
        written, what = [LabelledNumber("", data, text) for data, text in numbers], "drawn amount (no data set here)"
    engines, absent = available_engines(reader)
    results = time_engines(engines, written)
    first = results[0].median
    rows = [Row(f"one {what}, of {len(written)}: median", "", "mean, right, times our own networks")]
    for result in results:
        beside = f"mean {result.mean:,.1f} ms; {result.right:.1%} right; {result.median / first:.1f} x"
        rows.append(Row(f"  {result.name}", f"{result.median:,.1f} ms", beside))
    return [*rows, *(Row("  absent", "", reason) for reason in absent)]


_READING_PROCESS = """
import sys
import numpy
from ml.evaluation.bench import _megabytes, _number, _page
from ml.reading.forms.layouts import ANY_NUMBER, ONE_NUMBER
from ml.reading.read import read_scan
from ml.reading.reader import Reader
reader = Reader.shipped(with_second=sys.argv[1] == "second")
list(read_scan(_page()[0], ANY_NUMBER, reader))
list(read_scan(_number(numpy.random.default_rng(1), 5)[0], ONE_NUMBER, reader))
print(_megabytes())
"""


def _memory(*, with_second: bool) -> Row:
    """Memory of a new process after it has read a page and an amount."""
    argument = "second" if with_second else "alone"
    command = [sys.executable, "-c", _READING_PROCESS, argument]
    process = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 (our own program)
    name = "with the second reader" if with_second else "our own networks"
    return Row(f"memory of a reading process, {name}", f"{float(process.stdout.split()[-1]):,.0f} MB")


def _refusals() -> list[Row]:
    """How fast files are refused that are too large by their header."""
    rows = []
    for name, data in {"30,000 × 30,000 one-bit PNG": _huge_png(), "500-page TIFF": _long_tiff(500)}.items():
        start = time.perf_counter()
        try:
            inspect(data, Limits())
            answer = "NOT REFUSED"
        except RefusedFile as refusal:
            answer = refusal.code
        milliseconds = (time.perf_counter() - start) * 1000
        rows.append(Row(f"refusal of a {name}", f"{milliseconds:,.2f} ms", f"{answer}; {len(data) / 1024:,.0f} KB"))
    return rows


def _number(rng: np.random.Generator, length: int) -> tuple[bytes, str]:
    """A drawn number as PNG, and its digits."""
    text = "".join(str(digit) for digit in rng.integers(0, 10, length))
    return _png(255 - draw_number(text, 64, rng, gap=0.2, slant=float(rng.uniform(0, 0.25)))), text


def _page(rows: int = 20, length: int = 6) -> tuple[bytes, int]:
    """An A4 page at 200 dots an inch with three numbers a row, as PNG, and how many digits it has."""
    rng = np.random.default_rng(3)
    sheet = np.full((2339, 1654), 255, np.uint8)
    digits = 0
    for row in range(rows):
        for column in range(3):
            text = "".join(str(digit) for digit in rng.integers(0, 10, length))
            number = 255 - draw_number(text, 48, rng, gap=0.2)
            top, left = 60 + row * 112, 60 + column * 520
            sheet[top : top + number.shape[0], left : left + number.shape[1]] = number
            digits += len(text)
    return _png(sheet), digits


def _png(pixels: NDArray[np.uint8]) -> bytes:
    return bytes(cv2.imencode(".png", pixels)[1])


def _huge_png() -> bytes:
    """A valid PNG of 30,000 × 30,000 one-bit pixels in a small file."""
    side = 30_000
    rows = zlib.compressobj(9)
    packed = b"".join(rows.compress(bytes(3751 * 1000)) for _ in range(side // 1000)) + rows.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        for name, content in chunks
    )


def _long_tiff(pages: int) -> bytes:
    """A TIFF of page directories without pixels, each with a width and a height."""
    body = b"II*\0" + struct.pack("<I", 8)
    for number in range(pages):
        following = 8 + (number + 1) * 30 if number + 1 < pages else 0
        tags = struct.pack("<HHII", 256, 4, 1, 100) + struct.pack("<HHII", 257, 4, 1, 100)
        body += struct.pack("<H", 2) + tags + struct.pack("<I", following)
    return body


def _median(work: Callable[[], object], rounds: int = _ROUNDS) -> float:
    """Seconds of one call: the median of some rounds, after one call to warm up."""
    work()
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def _megabytes() -> float:
    """Memory of this process now; 0 where the system has no /proc."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    resident = next(line for line in status.read_text("utf-8").splitlines() if line.startswith("VmRSS"))
    return int(resident.split()[1]) / 1024


if __name__ == "__main__":
    main()
