"""What a file is and what it would cost to read, from its header alone: no pixel is decoded here.

The web process calls this on every upload, so importing it loads neither OpenCV nor a network; pillow-heif and PDFium
are imported when a file of their kind comes.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ml.reading.elements import Limits
from ml.reading.errors import RefusedFile
from ml.reading.files import headers, kinds, pdf, tiff

DAMAGED = "This file is damaged or was cut off on its way: its pixels cannot be read. Scan or save it again."


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a file's header says.

    Attributes:
        media_type: "image/jpeg" and so on, judged by content.
        extension: With its dot, lower case: ".jpg".
        page_count: At least 1. Only the first picture of a GIF, WebP or HEIC counts: their others are an animation.
        page_sizes: Width and height of each page in pixels, as stored (before EXIF orientation); for a PDF, as it
            will be rendered.
    """

    media_type: str
    extension: str
    page_count: int
    page_sizes: tuple[tuple[int, int], ...]


def _single(size: Callable[[bytes], tuple[int, int]]) -> Callable[[bytes, Limits], Iterator[tuple[int, int]]]:
    def sizes(data: bytes, limits: Limits) -> Iterator[tuple[int, int]]:
        yield size(data)

    return sizes


_SIZES: dict[str, Callable[[bytes, Limits], Iterator[tuple[int, int]]]] = {
    "image/jpeg": _single(headers.jpeg_size),
    "image/png": _single(headers.png_size),
    "image/bmp": _single(headers.bmp_size),
    "image/webp": _single(headers.webp_size),
    "image/gif": _single(headers.gif_size),
    "image/heic": _single(headers.heic_size),
    "image/tiff": tiff.page_sizes,
    "application/pdf": pdf.page_sizes,
}


def inspect(data: bytes, limits: Limits) -> FileFacts:
    """Judge a file before anything is decoded.

    Args:
        data: The whole file.
        limits: What it may cost at most.

    Returns:
        What its header says; every page is within `limits`.

    Raises:
        RefusedFile: It is empty, too large, of another type, damaged, or locked; the sentence says which, and the way
            out.
    """
    if not data:
        raise RefusedFile("empty", "This file is empty. Scan or save it again.")
    if len(data) > limits.bytes:
        raise RefusedFile(
            "bytes",
            f"This file has {_megabytes(len(data))} MB; at most {_megabytes(limits.bytes)} MB are read. "
            "Save it as JPEG, or scan fewer pages into one file.",
        )
    kind = kinds.kind_of(data)
    sizes: list[tuple[int, int]] = []
    try:
        for size in _SIZES[kind.media_type](data, limits):
            sizes.append(size)
            _check(sizes, limits)
    except (headers.BadHeader, struct.error, IndexError) as error:
        raise RefusedFile("damaged", DAMAGED) from error
    if not sizes:
        raise RefusedFile("damaged", "This file holds no page. Scan or save it again.")
    return FileFacts(kind.media_type, kind.extension, len(sizes), tuple(sizes))


def _check(sizes: list[tuple[int, int]], limits: Limits) -> None:
    """Refuse as soon as one page, or one page more, is too much: the rest of the file is not looked at."""
    width, height = sizes[-1]
    if width <= 0 or height <= 0:
        raise RefusedFile("damaged", DAMAGED)
    if width * height > limits.pixels:
        raise RefusedFile(
            "pixels",
            f"Page {len(sizes)} has {width:,} × {height:,} pixels; at most {limits.pixels / 1e6:,.0f} million "
            "are read. Scan it at 300 dots an inch, or cut out the part with the numbers.",
        )
    if len(sizes) > limits.pages:
        raise RefusedFile(
            "pages",
            f"This file has more than {limits.pages} pages, the most that are read. Split it into smaller files.",
        )


def _megabytes(count: int) -> str:
    return f"{count / 1024 / 1024:,.1f}".removesuffix(".0")
