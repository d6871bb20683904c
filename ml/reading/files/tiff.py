"""The pages of a TIFF, walked from directory to directory without decoding. Source: TIFF 6.0, section 2; BigTIFF."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from ml.reading.elements import Limits
from ml.reading.files.headers import BadHeader

_WIDTH, _HEIGHT, _TILE_WIDTH, _TILE_HEIGHT = 256, 257, 322, 323
_INTEGER_FORMATS = {1: "B", 3: "H", 4: "I", 16: "Q"}
_MOST_TAGS = 4096


@dataclass(frozen=True, slots=True)
class _Flavour:
    """Byte order, and how wide counts and offsets are: classic or Big."""

    order: str
    count: str
    offset: str
    entry: int

    def read(self, data: bytes, at: int, kind: str) -> int:
        form = self.order + kind
        return int(struct.unpack(form, data[at : at + struct.calcsize(form)])[0])


def page_sizes(data: bytes, limits: Limits) -> Iterator[tuple[int, int]]:
    """Width and height of each page in pixels, found one directory at a time.

    A page cut into tiles larger than itself has the size of a tile: decoders set aside memory for whole tiles.

    Raises:
        BadHeader: The directories run in a circle, or one makes no sense.
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
    """One directory's page size, and where the next directory stands (0: nowhere)."""
    count = flavour.read(data, offset, flavour.count)
    if count > _MOST_TAGS:
        raise BadHeader("a directory of absurd length")
    start = offset + struct.calcsize(flavour.count)
    tags: dict[int, int] = {}
    for at in range(start, start + count * flavour.entry, flavour.entry):
        tag, kind = flavour.read(data, at, "H"), flavour.read(data, at + 2, "H")
        if tag in (_WIDTH, _HEIGHT, _TILE_WIDTH, _TILE_HEIGHT) and kind in _INTEGER_FORMATS:
            tags[tag] = flavour.read(data, at + flavour.entry - struct.calcsize(flavour.offset), _INTEGER_FORMATS[kind])
    size = max(tags.get(_WIDTH, 0), tags.get(_TILE_WIDTH, 0)), max(tags.get(_HEIGHT, 0), tags.get(_TILE_HEIGHT, 0))
    return size, flavour.read(data, start + count * flavour.entry, flavour.offset)
