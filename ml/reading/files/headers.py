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


_NEXT_MARKER = re.compile(rb"\xff+([^\x00\x01\xd0-\xd8\xff])", re.DOTALL)
"""The next marker that ends a scan. Stuffed bytes (00) and restart marks (D0 to D7) belong to the scan; 01 and D8 have
no segment."""


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
    while True:
        if data[at] != 0xFF:
            raise BadHeader("no marker where one must stand")
        while data[at] == 0xFF:
            at += 1
        marker = data[at]
        at += 1
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


def _scan_count(data: bytes, at: int) -> int:
    """Number of scans from a segment on; counting stops one above the limit.

    The picture's end marker ends the count too: phones append films, which may hold anything.

    Args:
        data: The whole file.
        at: Where the segment's length stands.
    """
    scans = 0
    while scans <= HEADERS.most_scans and at + 2 <= len(data):
        (length,) = struct.unpack(">H", data[at : at + 2])
        marker = _NEXT_MARKER.search(data, at + length)
        if marker is None or marker[1] == b"\xd9":
            break
        scans += marker[1] == b"\xda"
        at = marker.end()
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
    while data[at] == 0x21:  # an extension: its label, then blocks that begin with their length, the last one empty
        at += 2
        while data[at]:
            at += data[at] + 1
        at += 1
    if data[at] != 0x2C:
        raise BadHeader("no frame")
    left, top, frame_width, frame_height = struct.unpack("<HHHH", data[at + 1 : at + 9])
    return max(width, left + frame_width), max(height, top + frame_height)


def heic_size(data: bytes) -> tuple[int, int]:
    """Size of a HEIC's primary picture. libheif parses the container here, and decodes no pixel."""
    import pillow_heif  # costs memory: loaded only when a HEIC comes

    try:
        width, height = pillow_heif.open_heif(data).size
    except (OSError, ValueError, RuntimeError, EOFError, SyntaxError, IndexError, MemoryError) as error:
        raise BadHeader(str(error)) from error
    return int(width), int(height)
