"""Width and height of a picture from its header, without a decoder.

Every public function takes the whole file and returns (width, height) in pixels, as stored. Each raises `BadHeader`,
`struct.error` or `IndexError` where the header is cut off or contradicts its format; `inspect` turns these into a
sentence.
"""

from __future__ import annotations

import re
import struct

from ml.reading.files.constants import HEADERS


class BadHeader(ValueError):
    """A header that contradicts its format, or claims more than any honest writer does."""


_MARKER = re.compile(rb"\xff+([^\xff])", re.DOTALL)
"""A marker, behind as many fill bytes (FF) as stand there."""

_NEXT_MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd8\xff])", re.DOTALL)
"""The next marker that ends a scan. Stuffed bytes (00) and restart marks (D0 to D7) belong to the scan; 01 and D8 have
no segment. Of several fill bytes it begins with the last, so that a search looks at each byte once."""


def png_size(data: bytes) -> tuple[int, int]:
    """Size of a PNG. Its first chunk is always IHDR.

    Source: PNG specification, 11.2.2.
    """
    if data[12:16] != b"IHDR":
        raise BadHeader("no IHDR")
    return struct.unpack(">II", data[16:24])


def jpeg_size(data: bytes) -> tuple[int, int]:
    """Size of a JPEG: from the frame header (SOFn), to which the markers lead. Its scans are counted on the way out.

    Source: ITU-T T.81, annex B.
    """
    at = 2
    for _segment in range(HEADERS.most_segments):
        found = _MARKER.match(data, at)
        if found is None:
            raise BadHeader("no marker where one must stand")
        marker, at = found[1][0], found.end()
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 3 : at + 7])
            if _scan_count(data, at) > HEADERS.most_scans:
                raise BadHeader("too many scans")
            return width, height
        if marker in (0xD9, 0xDA):
            raise BadHeader("no frame header before the scan")
        if not (0xD0 <= marker <= 0xD8 or marker == 0x01):
            (length,) = struct.unpack(">H", data[at : at + 2])
            at += max(length, 2)
    raise BadHeader("too many segments")


def _scan_count(data: bytes, at: int) -> int:
    """Number of scans from a segment on; counting stops one above the limit, or after as many segments as are allowed.

    The picture's end marker ends the count too: phones append films, which may hold anything.

    Args:
        data: The whole file.
        at: Where the segment's length stands.
    """
    scans = 0
    for _segment in range(HEADERS.most_segments):
        if scans > HEADERS.most_scans or at + 2 > len(data):
            break
        (length,) = struct.unpack(">H", data[at : at + 2])
        marker = _NEXT_MARKER.search(data, at + length)
        if marker is None or marker[1] == b"\xd9":
            break
        scans += marker[1] == b"\xda"
        at = marker.end()
    else:
        raise BadHeader("too many segments")
    return scans


def bmp_size(data: bytes) -> tuple[int, int]:
    """Size of a BMP. A negative height means that its rows run from the top."""
    if data[14:18] == b"\x0c\0\0\0":
        return struct.unpack("<HH", data[18:22])
    width, height = struct.unpack("<ii", data[18:26])
    return width, abs(height)


def webp_size(data: bytes) -> tuple[int, int]:
    """Size of a WebP's canvas.

    Source: WebP container specification; RFC 6386 (VP8), RFC 9649 (VP8L).
    """
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
    """Size of a GIF: the screen, widened to hold the first frame, as decoders do."""
    width, height, flags = struct.unpack("<HHB", data[6:11])
    at = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    at = _after_extensions(data, at)
    if data[at] != 0x2C:
        raise BadHeader("no frame")
    left, top, frame_width, frame_height = struct.unpack("<HHHH", data[at + 1 : at + 9])
    return max(width, left + frame_width), max(height, top + frame_height)


def _after_extensions(data: bytes, at: int) -> int:
    """Where a GIF goes on behind its extensions.

    An extension is a label, then blocks that begin with their length, up to an empty block.
    """
    blocks = 0
    while data[at] == 0x21:
        at += 2
        while True:
            length = data[at]
            at += length + 1
            blocks += 1
            if blocks > HEADERS.most_blocks:
                raise BadHeader("too many blocks")
            if not length:
                break
    return at
