"""A file's bytes in, its pages out: upright, uint8, RGB, one page at a time in memory."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator

from ml.reading.elements import Page
from ml.reading.files.box import Box
from ml.reading.files.constants import LOAD
from ml.reading.files.inspect import inspect
from ml.reading.files.limits import Limits


def load_pages(data: bytes, limits: Limits) -> Iterator[Page]:
    """Decode a file page by page, in a box of its own.

    A page of more than `LOAD.most_pixels` is reduced, so that every later stage has the memory it needs.

    Args:
        data: The whole file.
        limits: How large the file, a page and the number of pages may be, and how long decoding may take. The header is
            judged by them first.

    Yields:
        The pages in the file's order, numbered from 1: square pixels, EXIF orientation applied, clear pixels on a
        ground on which the others are seen, 16 bits scaled to 8.

    Raises:
        RefusedFile: As `inspect` raises it; or with code "damaged", "seconds", "memory" or "late" where a page cannot
            be decoded, perhaps after other pages were yielded.
        BoxLost: The box was killed by something other than its limits.
    """
    facts = inspect(data, limits)
    most_pixels = min(limits.pixels, LOAD.most_pixels)
    with Box(data, facts.media_type, limits) as box:
        points = box.pdf_page_sizes() if facts.media_type == "application/pdf" else []
        for number in range(facts.page_count):
            if points:
                page = box.pdf_page(number, points[number], most_pixels)
                dpi = page.dpi
            else:
                page = box.picture(number, most_pixels)
                dpi = _believed(page.dpi)
            yield Page(page.pixels, number + 1, dpi, hashlib.sha256(page.pixels.data).hexdigest(), page.typed)


def _believed(dpi: float | None) -> float | None:
    """The dots an inch that a file tells; None where no scanner has them."""
    return dpi if dpi is not None and math.isfinite(dpi) and LOAD.least_dpi <= dpi <= LOAD.most_dpi else None
