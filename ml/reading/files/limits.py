"""How large a file may be, and how long its decoding may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be. A larger one is refused by its header, before it is decoded.

    Attributes:
        bytes: Bytes of the largest file.
        pixels: Most pixels of one page.
        pages: Most pages of one file.
        seconds: Most processor seconds in which a file's pages are decoded, all of them together. A decoder that was
            killed from outside begins anew. By the clock they have more: `BOX.wall_share` of
            `ml.reading.files.constants` times as many.
    """

    bytes: int = 25 * 1024 * 1024
    pixels: int = 80_000_000
    pages: int = 50
    seconds: int = 60
