"""Pictures that several tests need: digits drawn by our strokes, and files that no honest scanner makes."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable, Iterator

import numpy as np
import pillow_heif
import pypdfium2
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageSequence

from ml.reading.files.constants import BOX
from ml.training.sheets.strokes import draw_number

NamedFile = tuple[str, bytes]


@pytest.fixture(scope="session")
def digit_image() -> Callable[..., NDArray[np.uint8]]:
    """Draw a number as a page: `digit_image("351", height=60)` gives uint8, H × W × 3, dark ink on white."""

    def draw(
        text: str, height: int = 60, *, seed: int = 3, gap: float = 0.25, pen: float = 0.1, slant: float = 0.0
    ) -> NDArray[np.uint8]:
        ink = draw_number(text, height, np.random.default_rng(seed), gap=gap, pen=pen, slant=slant)
        return np.repeat((255 - ink)[:, :, np.newaxis], 3, axis=2)

    return draw


@pytest.fixture(scope="session")
def as_file() -> Callable[..., bytes]:
    """Encode uint8 pixels: `as_file(pixels, "TIFF")`."""
    return encode


def encode(pixels: NDArray[np.uint8], kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image = Image.fromarray(pixels)
    if kind == "HEIC":
        pillow_heif.from_pillow(image).save(buffer)
    else:
        image.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.fixture(scope="session")
def honest_files(digit_image: Callable[..., NDArray[np.uint8]]) -> dict[str, bytes]:
    """One good file of each kind, by extension."""
    pixels = digit_image("4071")
    return {
        ".jpg": encode(pixels, "JPEG"),
        ".png": encode(pixels, "PNG"),
        ".tif": many_pages(pixels, 3),
        ".bmp": encode(pixels, "BMP"),
        ".webp": encode(pixels, "WEBP"),
        ".gif": encode(pixels, "GIF"),
        ".heic": encode(pixels, "HEIC"),
        ".pdf": encode(pixels, "PDF"),
    }


@pytest.fixture
def hours_by_the_clock() -> Iterator[None]:
    """Boxes that wait for a processor as long as they must, however busy the machine of the tests is."""
    before = BOX.wall_share
    object.__setattr__(BOX, "wall_share", 3600.0)
    yield
    object.__setattr__(BOX, "wall_share", before)


@pytest.fixture(scope="session")
def hostile_files(honest_files: dict[str, bytes]) -> list[NamedFile]:
    """At least 200 files, each with a name: cut off, corrupted, mislabelled, locked, endless and oversized."""
    files = [*_mislabelled(), *_oversized(honest_files), *_crafted(honest_files)]
    for extension, data in honest_files.items():
        files += _cut_off(extension, data)
        files += _corrupted(extension, data)
    assert len(files) >= 200
    return files


@pytest.fixture(scope="session")
def oversized_files(honest_files: dict[str, bytes]) -> list[NamedFile]:
    """Small files that promise huge pages, or too many."""
    return list(_oversized(honest_files))


def many_pages(pixels: NDArray[np.uint8], count: int) -> bytes:
    buffer = io.BytesIO()
    page = Image.fromarray(pixels)
    page.save(buffer, "TIFF", save_all=True, append_images=[page] * (count - 1))
    assert sum(1 for _ in ImageSequence.Iterator(Image.open(buffer))) == count
    return buffer.getvalue()


def _cut_off(extension: str, data: bytes) -> Iterator[NamedFile]:
    for length in sorted({1, 3, 9, 17, 30, 100, len(data) // 8, len(data) // 3, len(data) // 2, len(data) - 40}):
        yield f"cut-off-after-{length}{extension}", data[:length]


def _corrupted(extension: str, data: bytes) -> Iterator[NamedFile]:
    """Bytes replaced at random, from fixed seeds: in the header, all over, and a block of zeros."""
    for seed in range(5):
        chance = random.Random(seed)
        header, spread = bytearray(data), bytearray(data)
        for _ in range(4):
            header[chance.randrange(4, min(300, len(data)))] = chance.randrange(256)
        for _ in range(20 + 20 * seed):
            spread[chance.randrange(8, len(data))] = chance.randrange(256)
        yield f"corrupted-header-{seed}{extension}", bytes(header)
        yield f"corrupted-{seed}{extension}", bytes(spread)
    middle = len(data) // 2
    yield f"zeroed{extension}", data[:middle] + bytes(min(400, middle)) + data[middle + min(400, middle) :]
    yield f"doubled{extension}", data + data


def _mislabelled() -> Iterator[NamedFile]:
    svg = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    html = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
    yield "empty.png", b""
    yield "text.png", b"Invoice no. 4711\nTotal 351.00\n"
    yield "drawing.jpg", svg
    yield "page.jpg", html
    yield "letter.png", b"PK\x03\x04" + bytes(26) + b"word/document.xml" + bytes(40)
    yield "sheet.png", b"PK\x03\x04" + bytes(26) + b"xl/workbook.xml" + bytes(40)
    yield "archive.jpg", b"PK\x03\x04" + bytes(60)
    yield "old-letter.jpg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    yield "program.png", b"MZ" + bytes(200)
    yield "film.heic", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(100)
    yield "picture.avif", b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + bytes(100)
    yield "noise.tif", random.Random(1).randbytes(5000)
    yield "zeros.bmp", bytes(5000)
    yield "playlist.pdf", b"#EXTM3U\nhttp://127.0.0.1/\n"
    yield "postscript.pdf", b"%!PS-Adobe-3.0\nshowpage\n"


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int, height: int, rows: bytes, *extra: bytes) -> bytes:
    """A one-bit grey PNG; `rows` are its pixels, compressed as they come."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = [_chunk(b"IHDR", header), *extra, _chunk(b"IDAT", zlib.compress(rows, 9)), _chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _tiff(width: int, height: int, next_page: int) -> bytes:
    """The barest TIFF: one directory at byte 8 that names a next one."""
    entries = struct.pack("<HHII", 256, 4, 1, width) + struct.pack("<HHII", 257, 4, 1, height)
    return b"II*\0" + struct.pack("<IH", 8, 2) + entries + struct.pack("<I", next_page)


def pdf(width: float, height: float, pages: int = 1) -> bytes:
    """A PDF of blank pages, in points."""
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(width, height)
    buffer = io.BytesIO()
    document.save(buffer)
    document.close()
    return buffer.getvalue()


def _oversized(honest: dict[str, bytes]) -> Iterator[NamedFile]:
    yield "square-of-30000.png", png(30_000, 30_000, bytes(3751 * 30_000))
    yield "pages-500.tif", many_pages(np.full((8, 8, 3), 255, np.uint8), 500)
    yield "pages-500.pdf", pdf(200, 100, pages=500)
    yield "poster.pdf", pdf(14_400, 14_400)
    yield "wide.tif", _tiff(2**31, 2**31, 0)
    yield "huge.bmp", honest[".bmp"][:18] + struct.pack("<ii", 60_000, -60_000) + honest[".bmp"][26:]
    yield "huge.gif", b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + honest[".gif"][10:]
    frame = b"\x2c" + struct.pack("<HHHHB", 60_000, 60_000, 5_000, 5_000, 0) + b"\x02\x01\x00\x00\x3b"
    yield "frame-beyond-the-screen.gif", b"GIF89a" + struct.pack("<HHBBB", 10, 10, 0, 0, 0) + frame
    canvas = b"VP8X" + struct.pack("<I", 10) + bytes(4) + b"\xfe\xff\x00\xfe\xff\x00"
    yield "huge.webp", b"RIFF" + struct.pack("<I", 22) + b"WEBP" + canvas
    yield "huge.jpg", b"\xff\xd8\xff\xc0" + struct.pack(">HBHHB", 11, 8, 65_000, 65_000, 1) + b"\x01\x11\x00\xff\xd9"
    yield "too-many-bytes.jpg", honest[".jpg"] + bytes(26 * 1024 * 1024)


def _crafted(honest: dict[str, bytes]) -> Iterator[NamedFile]:
    yield "circle.tif", _tiff(100, 100, 8)
    yield "no-pages.tif", b"II*\0" + struct.pack("<I", 0)
    yield "directory-beyond-the-end.tif", _tiff(100, 100, 4_000_000_000)
    yield "endless-directory.tif", b"II*\0" + struct.pack("<IH", 8, 65_535) + bytes(100)
    yield "no-width.png", png(0, 50, b"")
    yield "few-rows.png", png(400, 400, bytes(51))
    text = b"Comment\0\0" + zlib.compress(bytes(60_000_000), 9)
    yield "text-bomb.png", png(8, 8, bytes(16), *[_chunk(b"zTXt", text)] * 4)
    yield "bomb-in-excess.png", png(8, 8, bytes(50_000_000))
    scans = honest[".jpg"][:-2] + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" * 5000 + b"\xff\xd9"
    yield "thousands-of-scans.jpg", scans
    yield "locked.pdf", locked_pdf()
    yield "only-a-header.pdf", b"%PDF-1.7\n%%EOF\n"
    yield "pages-in-a-circle.pdf", _circular_pdf()
    yield "no-frame.gif", b"GIF89a" + struct.pack("<HHBBB", 10, 10, 0, 0, 0) + b"\x3b"


def _circular_pdf() -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )


def locked_pdf() -> bytes:
    """A PDF that opens with a password alone: its encryption dictionary holds keys that no empty password fits."""
    secret = random.Random(7).randbytes(32).hex().encode()
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>",
        b"<</Filter/Standard/V 1/R 2/Length 40/P -4/O<" + secret + b">/U<" + secret[::-1] + b">>>",
    )
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj" % number + content + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    identity = b"[<" + bytes(16).hex().encode() + b"><" + bytes(16).hex().encode() + b">]"
    trailer = b"trailer<</Size 5/Root 1 0 R/Encrypt 4 0 R/ID" + identity + b">>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    return body + b"xref\n0 5\n0000000000 65535 f \n" + table + trailer
