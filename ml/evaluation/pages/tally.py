"""Reads many pages of one kind or set, and adds up the counts, with pictures of what passed wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.evaluation.pages.counting import Counts, Found, Mistake, count_by_place, count_by_value
from ml.evaluation.pages.readers import PageReader, pixels_of
from ml.evaluation.reports.mistakes import Shown
from ml.training.pages.page import DrawnPage
from ml.training.real_pages import RealPage

_AROUND = 0.6
"""Paper around a mistake on its picture, in heights of what was read."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted on some pages.

    Attributes:
        pages: How many were read.
        counts: All together.
        shown: A picture of each mistake.
    """

    pages: int
    counts: Counts
    shown: tuple[Shown, ...]


def tally_drawn(pages: Iterable[DrawnPage], read: PageReader) -> Tally:
    """Read drawn pages, and compare by place."""
    return _tally(((as_file(page.pixels), partial(count_by_place, page.numbers)) for page in pages), read)


def tally_real(pages: Iterable[RealPage], read: PageReader) -> Tally:
    """Read real pages, and compare by value."""
    return _tally(((page.file.read_bytes(), partial(count_by_value, page.values)) for page in pages), read)


def tally_empty(patches: Iterable[NDArray[np.uint8]], read: PageReader) -> Tally:
    """Read patches without writing: whatever passes is a mistake."""
    return _tally(((as_file(patch), partial(count_by_value, ())) for patch in patches), read)


def _tally(pages: Iterable[tuple[bytes, Callable[[Sequence[Found]], Counts]]], read: PageReader) -> Tally:
    """Read each file, and count with the function beside it."""
    number, total, shown = 0, Counts(), list[Shown]()
    for data, count in pages:
        counts = count(read(data))
        number, total = number + 1, total + counts
        if counts.mistakes:
            pixels = pixels_of(data)
            shown += [_shown(mistake, pixels) for mistake in counts.mistakes]
    return Tally(number, total, tuple(shown))


def as_file(pixels: NDArray[np.uint8]) -> bytes:
    """A picture, uint8, height × width × 3, RGB, as a PNG file's bytes."""
    return cv2.imencode(".png", pixels[:, :, ::-1])[1].tobytes()


def _shown(mistake: Mistake, page: NDArray[np.uint8]) -> Shown:
    """The mistake's place on its page, with a little around it; the whole page where the place is not known."""
    box, crop = mistake.found.box, page
    if box is not None:
        rim = round(_AROUND * box.height)
        crop = page[max(0, box.top - rim) : box.bottom + rim, max(0, box.left - rim) : box.right + rim]
    stands = f"is {mistake.stands}" if mistake.stands else "is not there"
    # A copy: a view would keep its whole page in memory, and there may be thousands of mistakes.
    return Shown(
        (crop if crop.size else page).copy(), f"{mistake.found.value} ({mistake.found.confidence:.4f})", stands
    )
