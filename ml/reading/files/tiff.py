"""Sizes of a TIFF's pages in pixels, from its directories: no pixel is decoded.

Source: TIFF 6.0, section 2; BigTIFF.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from ml.reading.files.constants import TIFF
from ml.reading.files.headers import BadHeader
from ml.reading.files.limits import Limits

_WIDTH, _HEIGHT, _TILE_WIDTH, _TILE_HEIGHT = 256, 257, 322, 323
"""The tags that a page's size depends on."""

_INTEGER_FORMATS = {1: "B", 3: "H", 4: "I", 16: "Q"}
"""How `struct` reads each of TIFF's types of integers."""


@dataclass(frozen=True, slots=True)
class _Flavour:
    """How a TIFF stores its integers: its byte order, and the widths of a classic TIFF or a BigTIFF.

    Attributes:
        order: "<" or ">", as `struct` has it.
        count: Type of a directory's number of tags, as `struct` has it.
        offset: Type of an offset, as `struct` has it.
        entry: Bytes of a tag's entry in a directory.
    """

    order: str
    count: str
    offset: str
    entry: int

    def read(self, data: bytes, at: int, kind: str) -> int:
        """The integer of a type that stands at an offset.

        Raises:
            struct.error: The file ends too early.
        """
        form = self.order + kind
        return int(struct.unpack(form, data[at : at + struct.calcsize(form)])[0])


def page_sizes(data: bytes, limits: Limits) -> Iterator[tuple[int, int]]:
    """Width and height of each page in pixels, one directory at a time.

    Decoders set aside memory for whole tiles, so a page whose tiles are larger than itself counts with a tile's size.

    Raises:
        BadHeader: The directories run in a circle, or one has too many tags.
        struct.error: The file ends too early.
    """
    order = "<" if data[:2] == b"II" else ">"
    big = data[2:4] in (b"+\0", b"\0+")
    flavour = _Flavour(order, "Q", "Q", 20) if big else _Flavour(order, "H", "I", 12)
    offset = flavour.read(data, 8 if big else 4, flavour.offset)
    seen: set[int] = set()
    while offset:
        if offset in seen:
            raise BadHeader("directories in a circle")
        seen.add(offset)
        size, offset = _directory(data, offset, flavour)
        yield size


def _directory(data: bytes, offset: int, flavour: _Flavour) -> tuple[tuple[int, int], int]:
    """Size of one directory's page in pixels, and the offset of the next directory; 0 where there is none."""
    count = flavour.read(data, offset, flavour.count)
    if count > TIFF.most_tags:
        raise BadHeader("a directory of absurd length")
    start = offset + struct.calcsize(flavour.count)
    tags: dict[int, int] = {}
    for at in range(start, start + count * flavour.entry, flavour.entry):
        tag, kind = flavour.read(data, at, "H"), flavour.read(data, at + 2, "H")
        if tag in (_WIDTH, _HEIGHT, _TILE_WIDTH, _TILE_HEIGHT) and kind in _INTEGER_FORMATS:
            tags[tag] = flavour.read(data, at + flavour.entry - struct.calcsize(flavour.offset), _INTEGER_FORMATS[kind])
    size = max(tags.get(_WIDTH, 0), tags.get(_TILE_WIDTH, 0)), max(tags.get(_HEIGHT, 0), tags.get(_TILE_HEIGHT, 0))
    return size, flavour.read(data, start + count * flavour.entry, flavour.offset)
