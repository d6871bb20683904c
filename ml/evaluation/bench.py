"""Speed and memory of reading, in one process, beside Tesseract on the same images.

`python -m ml.evaluation.bench` prints a table. What needs the whole service (upload to result, the pad while a long
document is read, recovery) is measured by a module of the site, which this one knows nothing of.
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

from ml.evaluation.bench_cheques import cheque_lines
from ml.evaluation.peers.engines import contest, engines_beside
from ml.evaluation.peers.peers import PeerAbsent, tesseract
from ml.evaluation.sheets.strokes import draw_number
from ml.reading.elements import Box, Glyph, Limits
from ml.reading.errors import RefusedFile
from ml.reading.files.inspect import inspect
from ml.reading.forms.layouts import ANY_NUMBER
from ml.reading.read import read_scan
from ml.reading.reader import Reader
from ml.training.datasets import LabelledNumber, data_folder, load_courtesy_amounts

_STRIPS = 40
_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report: what was measured, the figure with its unit, and what it stands beside."""

    what: str
    figure: str
    beside: str = ""


def main() -> None:
    """Measure everything and print it."""
    before = _megabytes()
    start = time.perf_counter()
    reader = Reader.shipped()
    ready = time.perf_counter() - start
    lines = [Line("reader ready", f"{ready * 1000:,.0f} ms"), *_glyphs(reader), *_pages(reader), *_strips(reader)]
    lines += _amounts(reader)
    lines += [Line(*told) for told in cheque_lines(reader)]
    lines += [_memory(with_second=second) for second in (False, True)]
    lines += _refusals()
    lines.append(Line("memory of the process, after all of it", f"{_megabytes():,.0f} MB", f"{before:,.0f} MB before"))
    width = max(len(line.what) for line in lines)
    for line in lines:
        print(f"{line.what:<{width}}  {line.figure:>18}  {line.beside}".rstrip())


def _glyphs(reader: Reader) -> list[Line]:
    """The network alone, in batches as on a page."""
    rng = np.random.default_rng(0)
    glyphs = [Glyph(Box(0, 0, 28, 28), rng.random((28, 28), np.float32)) for _ in range(512)]
    seconds = _median(lambda: reader.classifier.classify(glyphs))
    return [Line("network alone", f"{len(glyphs) / seconds:,.0f} glyphs/s", "one thread")]


def _pages(reader: Reader) -> list[Line]:
    """From bytes to numbers: a pad's picture, and a full A4 page at 200 dots an inch, each beside Tesseract."""
    pad, _ = _strip(np.random.default_rng(1), 5)
    page, digits = _page()
    small, few = _page(rows=7, figures=5)
    pad_seconds = _median(lambda: list(read_scan(pad, ANY_NUMBER, reader)))
    page_seconds = _median(lambda: list(read_scan(page, ANY_NUMBER, reader)), rounds=5)
    small_seconds = _median(lambda: list(read_scan(small, ANY_NUMBER, reader)), rounds=5)
    (reading,) = read_scan(page, ANY_NUMBER, reader)
    found = sum(len(number.digits) for number in reading.readings)
    beside, peer_seconds = _peer(page)
    return [
        Line("bytes to number, a pad's picture", f"{pad_seconds * 1000:,.1f} ms", _peer(pad, one_line=True)[0]),
        Line(f"bytes to numbers, an A4 page of {few} digits", f"{small_seconds * 1000:,.0f} ms"),
        Line(f"bytes to numbers, an A4 page of {digits} digits", f"{page_seconds * 1000:,.0f} ms", f"{found} found"),
        Line("the same page", "", beside),
        Line(
            "digits a second on that page, one process",
            f"{digits / page_seconds:,.0f}",
            f"Tesseract {digits / peer_seconds:,.0f}" if peer_seconds else "",
        ),
    ]


def _peer(image: bytes, *, one_line: bool = False) -> tuple[str, float]:
    """What Tesseract takes for a picture and finds on it, and its seconds (0 where it is absent)."""
    start = time.perf_counter()
    try:
        found = tesseract(image, one_line=one_line)
    except PeerAbsent as absent:
        return str(absent), 0.0
    seconds = time.perf_counter() - start
    return f"Tesseract {seconds * 1000:,.0f} ms, {len(found)} digits found", seconds


def _strips(reader: Reader) -> list[Line]:
    """Both readers on the same drawn numbers: time, and numbers entirely right."""
    rng = np.random.default_rng(2)
    strips = [_strip(rng, int(rng.integers(3, 8))) for _ in range(_STRIPS)]

    def ours(data: bytes) -> str:
        (page,) = read_scan(data, ANY_NUMBER, reader)
        return "".join(reading.value for reading in page.readings)

    lines = [_contest("Countersign on drawn numbers", ours, strips)]
    try:
        lines.append(_contest("Tesseract, digits only, on the same", tesseract, strips))
    except PeerAbsent as absent:
        lines.append(Line("Tesseract", "absent", str(absent)))
    return lines


def _contest(name: str, read: Callable[[bytes], str], strips: list[tuple[bytes, str]]) -> Line:
    start = time.perf_counter()
    right = sum(read(data) == text for data, text in strips)
    seconds = (time.perf_counter() - start) / len(strips)
    return Line(name, f"{seconds * 1000:,.1f} ms", f"{right} of {len(strips)} numbers right")


def _amounts(reader: Reader) -> list[Line]:
    """One amount from a file's bytes to its value: every engine one thread, warm, in turn on each amount."""
    written = load_courtesy_amounts(data_folder())
    what = "real amount"
    if not written:
        rng = np.random.default_rng(2)
        strips = [_strip(rng, int(rng.integers(3, 8))) for _ in range(_STRIPS)]
        written, what = [LabelledNumber("", data, text) for data, text in strips], "drawn amount (no data set here)"
    engines, absent = engines_beside(reader)
    fares = contest(engines, written)
    first = fares[0].median
    lines = [Line(f"one {what}, of {len(written)}: median", "", "mean, right, times our own networks")]
    for fare in fares:
        beside = f"mean {fare.mean:,.1f} ms; {fare.right:.1%} right; {fare.median / first:.1f} x"
        lines.append(Line(f"  {fare.name}", f"{fare.median:,.1f} ms", beside))
    return [*lines, *(Line("  absent", "", reason) for reason in absent)]


_HOLDS = """
import sys
from ml.evaluation.bench import _megabytes, _page, _strip
from ml.reading.forms.layouts import ANY_NUMBER, ONE_NUMBER
from ml.reading.read import read_scan
from ml.reading.reader import Reader
from ml.training.datasets import LabelledNumber, data_folder, load_courtesy_amounts
import numpy
reader = Reader.shipped(with_second=sys.argv[1] == "second")
list(read_scan(_page()[0], ANY_NUMBER, reader))
list(read_scan(_strip(numpy.random.default_rng(1), 5)[0], ONE_NUMBER, reader))
print(_megabytes())
"""


def _memory(*, with_second: bool) -> Line:
    """What a process of its own holds after a page and an amount."""
    argument = "second" if with_second else "alone"
    told = subprocess.run([sys.executable, "-c", _HOLDS, argument], capture_output=True, text=True, check=True)  # noqa: S603
    name = "with the second reader" if with_second else "our own networks"
    return Line(f"memory of a reading process, {name}", f"{float(told.stdout.split()[-1]):,.0f} MB")


def _refusals() -> list[Line]:
    """Files that are refused from their header."""
    lines = []
    for name, data in {"30,000 × 30,000 one-bit PNG": _huge_png(), "500-page TIFF": _long_tiff(500)}.items():
        start = time.perf_counter()
        try:
            inspect(data, Limits())
            told = "NOT REFUSED"
        except RefusedFile as refusal:
            told = refusal.code
        milliseconds = (time.perf_counter() - start) * 1000
        lines.append(Line(f"refusal of a {name}", f"{milliseconds:,.2f} ms", f"{told}; {len(data) / 1024:,.0f} KB"))
    return lines


def _strip(rng: np.random.Generator, length: int) -> tuple[bytes, str]:
    """A drawn number as PNG, and what it says."""
    text = "".join(str(digit) for digit in rng.integers(0, 10, length))
    return _png(255 - draw_number(text, 64, rng, gap=0.2, slant=float(rng.uniform(0, 0.25)))), text


def _page(rows: int = 20, figures: int = 6) -> tuple[bytes, int]:
    """An A4 page at 200 dots an inch with three numbers a row, as PNG, and how many digits stand on it."""
    rng = np.random.default_rng(3)
    sheet = np.full((2339, 1654), 255, np.uint8)
    digits = 0
    for row in range(rows):
        for column in range(3):
            text = "".join(str(digit) for digit in rng.integers(0, 10, figures))
            number = 255 - draw_number(text, 48, rng, gap=0.2)
            top, left = 60 + row * 112, 60 + column * 520
            sheet[top : top + number.shape[0], left : left + number.shape[1]] = number
            digits += len(text)
    return _png(sheet), digits


def _png(pixels: NDArray[np.uint8]) -> bytes:
    return bytes(cv2.imencode(".png", pixels)[1])


def _huge_png() -> bytes:
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
    """Directories alone, each with a width and a height."""
    body = b"II*\0" + struct.pack("<I", 8)
    for number in range(pages):
        following = 8 + (number + 1) * 30 if number + 1 < pages else 0
        tags = struct.pack("<HHII", 256, 4, 1, 100) + struct.pack("<HHII", 257, 4, 1, 100)
        body += struct.pack("<H", 2) + tags + struct.pack("<I", following)
    return body


def _median(work: Callable[[], object], rounds: int = _ROUNDS) -> float:
    """Seconds, the median of some rounds after one to warm up."""
    work()
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def _megabytes() -> float:
    """What the process holds now; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    resident = next(line for line in status.read_text("utf-8").splitlines() if line.startswith("VmRSS"))
    return int(resident.split()[1]) / 1024


if __name__ == "__main__":
    main()
