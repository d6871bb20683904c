"""A file's kind, its pages and their sizes, from its header alone.

The bytes of a file go in; facts come out, sizes in pixels, or a refusal. No pixel is decoded.

The web process calls this on every upload. So importing this module loads neither OpenCV nor a network. PDFs and HEICs
have no header that is simple to read: their decoders are asked, in a box of their own.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from ml.reading.errors import RefusedFile
from ml.reading.files import headers, kinds, tiff
from ml.reading.files.box import DAMAGED, Box
from ml.reading.files.constants import BOX, MEMORY
from ml.reading.files.limits import Limits
from ml.reading.files.pdf.resolution import size_in_pixels


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a file's header holds.

    Attributes:
        media_type: "image/jpeg" and so on, judged by content.
        extension: With its dot, in small letters: ".jpg".
        page_count: At least 1. Of a GIF, WebP or HEIC only the first picture counts, because the rest is an animation.
        page_sizes: Width and height of each page in pixels. For a picture, as stored, before its EXIF orientation is
            applied; for a PDF, at `PDF.rendering_dpi` or, to fit, coarser. With finer pictures a page is drawn finer.
    """

    media_type: str
    extension: str
    page_count: int
    page_sizes: tuple[tuple[int, int], ...]


_Size = Callable[[bytes], tuple[int, int]]
_PageSizes = Callable[[bytes, Limits], Iterator[tuple[int, int]]]


def _one_page(size: _Size) -> _PageSizes:
    """The page sizes of a format that holds one picture."""

    def sizes(data: bytes, limits: Limits) -> Iterator[tuple[int, int]]:
        yield size(data)

    return sizes


def _pdf_page_sizes(data: bytes, limits: Limits) -> Iterator[tuple[int, int]]:
    with Box(data, "application/pdf", _for_header(limits)) as box:
        points = box.pdf_page_sizes()
    for width, height in points:
        yield size_in_pixels(width, height, limits.pixels)


def _heic_size(data: bytes, limits: Limits) -> Iterator[tuple[int, int]]:
    with Box(data, "image/heic", _for_header(limits)) as box:
        yield box.heic_size()


def _for_header(limits: Limits) -> Limits:
    return replace(limits, seconds=min(limits.seconds, BOX.header_seconds))


_PAGE_SIZES: dict[str, _PageSizes] = {
    "image/jpeg": _one_page(headers.jpeg_size),
    "image/png": _one_page(headers.png_size),
    "image/bmp": _one_page(headers.bmp_size),
    "image/webp": _one_page(headers.webp_size),
    "image/gif": _one_page(headers.gif_size),
    "image/heic": _heic_size,
    "image/tiff": tiff.page_sizes,
    "application/pdf": _pdf_page_sizes,
}


def inspect(data: bytes, limits: Limits) -> FileFacts:
    """Judge a file by its header, before anything is decoded.

    Args:
        data: The whole file.
        limits: How large the file, a page and the number of pages may be.

    Returns:
        What the header holds; every page is within `limits`.

    Raises:
        RefusedFile: The file is empty, too large, of another type, damaged, or locked; or its decoder needs more memory
            or time than a file is given, or was not done in time (code "late"). The sentence names the reason and the
            way out.
        BoxLost: A decoder had to be asked, and was killed by something other than its limits.
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
        for size in _PAGE_SIZES[kind.media_type](data, limits):
            sizes.append(size)
            _check_last_page(sizes, _most_pixels(kind.media_type, limits), limits.pages)
    except (headers.BadHeader, struct.error, IndexError) as error:
        raise RefusedFile("damaged", DAMAGED) from error
    if not sizes:
        raise RefusedFile("damaged", "This file holds no page. Scan or save it again.")
    return FileFacts(kind.media_type, kind.extension, len(sizes), tuple(sizes))


def _most_pixels(media_type: str, limits: Limits) -> int:
    """Most pixels of a page of this kind, so that its decoder has the memory that it needs."""
    if media_type == "image/webp":
        return min(limits.pixels, int(limits.pixels * BOX.bytes_a_pixel / MEMORY.webp))
    return limits.pixels


def _check_last_page(sizes: list[tuple[int, int]], most_pixels: int, most_pages: int) -> None:
    """Refuse a file as soon as one page is too large, or is one page too many: the rest is not looked at."""
    width, height = sizes[-1]
    if width <= 0 or height <= 0:
        raise RefusedFile("damaged", DAMAGED)
    if width * height > most_pixels:
        raise RefusedFile(
            "pixels",
            f"Page {len(sizes)} has {width:,} × {height:,} pixels; at most {most_pixels / 1e6:,.0f} million "
            "of this kind are read. Scan it at 300 dots an inch, or cut out the part with the numbers.",
        )
    if len(sizes) > most_pages:
        raise RefusedFile(
            "pages",
            f"This file has more than {most_pages} pages, the most that are read. Split it into smaller files.",
        )


def _megabytes(count: int) -> str:
    return f"{count / 1024 / 1024:,.1f}".removesuffix(".0")
