"""Width and height of a picture from its header, without its decoder.

Every function takes the whole file (bytes) and returns (width, height) in pixels, as stored. Each raises `BadHeader`,
`struct.error` or `IndexError` where the header is cut off or makes no sense; `inspect` turns these into a sentence.
"""

from __future__ import annotations

import re
import struct


class BadHeader(ValueError):
    """A header that no honest writer makes."""


_MOST_SCANS = 100
"""Progressive JPEGs have about ten scans; thousands of them make a small file take hours to decode."""


_NEXT_MARKER = re.compile(rb"\xff+([^\x00\x01\xd0-\xd8\xff])", re.DOTALL)
"""Stuffed bytes and restart marks belong to a scan; 01 and D8 stand alone."""


def png_size(data: bytes) -> tuple[int, int]:
    """IHDR is always the first chunk. Source: PNG specification, 11.2.2."""
    if data[12:16] != b"IHDR":
        raise BadHeader("no IHDR")
    return struct.unpack(">II", data[16:24])


def jpeg_size(data: bytes) -> tuple[int, int]:
    """Walk the markers to the frame header (SOFn), and on through the scans. Source: ITU-T T.81, annex B."""
    at = 2
    while True:
        if data[at] != 0xFF:
            raise BadHeader("no marker where one must stand")
        while data[at] == 0xFF:
            at += 1
        marker = data[at]
        at += 1
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 3 : at + 7])
            if _scans(data, at) > _MOST_SCANS:
                raise BadHeader("too many scans")
            return width, height
        if marker in (0xD9, 0xDA):
            raise BadHeader("no frame header before the scan")
        if not (0xD0 <= marker <= 0xD8 or marker == 0x01):
            (length,) = struct.unpack(">H", data[at : at + 2])
            at += max(length, 2)


def _scans(data: bytes, at: int) -> int:
    """How many scans the picture has from a segment's length at `at` on, to its end; what a phone appends is none."""
    scans = 0
    while scans <= _MOST_SCANS and at + 2 <= len(data):
        (length,) = struct.unpack(">H", data[at : at + 2])
        found = _NEXT_MARKER.search(data, at + length)
        if found is None or found[1] == b"\xd9":
            break
        scans += found[1] == b"\xda"
        at = found.end()
    return scans


def bmp_size(data: bytes) -> tuple[int, int]:
    """A negative height means that rows run from the top."""
    if data[14:18] == b"\x0c\0\0\0":
        return struct.unpack("<HH", data[18:22])
    width, height = struct.unpack("<ii", data[18:26])
    return width, abs(height)


def webp_size(data: bytes) -> tuple[int, int]:
    """The canvas. Source: WebP container specification; RFC 6386 (VP8), RFC 9649 (VP8L)."""
    chunk = data[12:16]
    if chunk == b"VP8X":
        return _uint24(data, 24) + 1, _uint24(data, 27) + 1
    if chunk == b"VP8L" and data[20] == 0x2F:
        (bits,) = struct.unpack("<I", data[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    raise BadHeader("no picture chunk")


def _uint24(data: bytes, at: int) -> int:
    low, high = struct.unpack("<HB", data[at : at + 3])
    return int(low | high << 16)


def gif_size(data: bytes) -> tuple[int, int]:
    """The screen, or the first frame where it sticks out of it: decoders enlarge the picture to hold it."""
    width, height, flags = struct.unpack("<HHB", data[6:11])
    at = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    while data[at] == 0x21:  # extensions: label, then blocks each led by its length, an empty one last
        at += 2
        while data[at]:
            at += data[at] + 1
        at += 1
    if data[at] != 0x2C:
        raise BadHeader("no frame")
    left, top, frame_width, frame_height = struct.unpack("<HHHH", data[at + 1 : at + 9])
    return max(width, left + frame_width), max(height, top + frame_height)


def heic_size(data: bytes) -> tuple[int, int]:
    """Of the primary picture; libheif parses the container and decodes nothing until pixels are asked for."""
    import pillow_heif  # only when a HEIC comes

    try:
        width, height = pillow_heif.open_heif(data).size
    except (OSError, ValueError, RuntimeError, EOFError, SyntaxError, IndexError, MemoryError) as error:
        raise BadHeader(str(error)) from error
    return int(width), int(height)
