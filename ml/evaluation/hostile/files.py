"""Crafted files: each is small, and asks its decoder for more time or memory than any page needs.

`files()` gives them all by name. They are made here, so that no file from elsewhere is kept.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

from PIL import Image

_A4 = "[0 0 595 842]"


def files() -> dict[str, bytes]:
    """Every crafted file by its name, which ends in its kind's extension."""
    return {name: make() for name, make in CRAFTED.items()}


def pdf(contents: bytes, resources: bytes = b"", *objects: bytes, media: str = _A4, filters: bytes = b"") -> bytes:
    """A PDF of one page.

    Args:
        contents: The page's operators.
        resources: Entries of the page's resource dictionary; further objects are numbered from 5.
        objects: These further objects, each with its dictionary and, where it has one, its stream.
        media: The page's box in points.
        filters: Entries of the content stream's dictionary, where the contents are compressed.
    """
    numbered = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox%s/Contents 4 0 R/Resources<<%s>>>>" % (media.encode(), resources),
        stream(filters, contents),
        *objects,
    ]
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, content in enumerate(numbered, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(numbered) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(numbered) + 1, start)
    return bytes(out)


def stream(entries: bytes, content: bytes) -> bytes:
    """A PDF's stream with these entries in its dictionary."""
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(content), content)


def _form(content: bytes, resources: bytes = b"") -> bytes:
    return stream(b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<<%s>>" % resources, content)


def self_drawing() -> bytes:
    """A form that draws itself twice: memory doubles with each level."""
    return pdf(b"/A Do", b"/XObject<</A 5 0 R>>", _form(b"/A Do /A Do", b"/XObject<</A 5 0 R>>"))


def nested_forms(depth: int = 7, each: int = 10) -> bytes:
    """Forms in forms, `depth` deep, each drawing the next one `each` times."""
    forms = [_form(b"/A Do " * each, b"/XObject<</A %d 0 R>>" % (number + 1)) for number in range(5, 5 + depth)]
    return pdf(b"/A Do", b"/XObject<</A 5 0 R>>", *forms, _form(b"0 0 9 9 re f"))


def tiny_tiles() -> bytes:
    """A tiling pattern whose tiles follow each other every hundredth of a point."""
    tile = stream(
        b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep 0.01/YStep 0.01/Resources<<>>",
        b"0 0 1 1 re f",
    )
    return pdf(b"/Pattern cs /P scn 0 0 595 842 re f", b"/Pattern<</P 5 0 R>>", tile)


def many_shadings(count: int = 200_000) -> bytes:
    """A page that is filled with the same radial shading again and again."""
    function = b"<</FunctionType 2/Domain[0 1]/C0[1 0 0]/C1[0 0 1]/N 1.5>>"
    shading = b"<</ShadingType 3/ColorSpace/DeviceRGB/Coords[0 0 0 595 842 900]/Extend[true true]/Function 6 0 R>>"
    return pdf(*_deflated(b"/S sh\n" * count, b"/Shading<</S 5 0 R>>"), shading, function, filters=_FLATE)


def blended_groups(count: int = 100_000) -> bytes:
    """Transparency groups of the whole page, blended one on the other."""
    group = stream(
        b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Group<</S/Transparency/I true>>/Resources<<>>",
        b"0.5 g 0 0 595 842 re f",
    )
    state = b"<</Type/ExtGState/BM/Luminosity/ca 0.5>>"
    resources = b"/XObject<</A 5 0 R>>/ExtGState<</G 6 0 R>>"
    return pdf(*_deflated(b"/G gs /A Do\n" * count, resources), group, state, filters=_FLATE)


def many_operators(count: int = 8_000_000) -> bytes:
    """Millions of curves across the page, in some kilobytes."""
    return pdf(*_deflated(b"0 0 m 9 900 700 9 595 842 c S\n" * count, b""), filters=_FLATE)


def deflated_twice(megabytes: int = 4000) -> bytes:
    """A content stream that grows a million times: it was compressed twice."""
    squeeze = zlib.compressobj(9, wbits=-15)
    # A flushed block stands for itself, so the same one can follow itself.
    block = squeeze.compress(bytes(1_000_000)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    sum_of_zeros = struct.pack(">HH", megabytes * 1_000_000 % 65_521, 1)
    once = b"\x78\xda" + block * megabytes + b"\x03\x00" + sum_of_zeros
    return pdf(zlib.compress(once, 9), filters=b"/Filter[/FlateDecode/FlateDecode]")


def thin_page() -> bytes:
    """A page of a million points by one."""
    return pdf(b"0 0 10 10 re f", media="[0 0 1000000 1]")


_FLATE = b"/Filter/FlateDecode"


def _deflated(contents: bytes, resources: bytes) -> tuple[bytes, bytes]:
    return zlib.compress(contents, 9), resources


def empty_segments(megabytes: int = 24) -> bytes:
    """A JPEG of empty comments: millions of segments before any picture."""
    return b"\xff\xd8" + b"\xff\xfe\x00\x02" * (megabytes * 262_144)


def fill_bytes(megabytes: int = 24) -> bytes:
    """A JPEG whose frame is followed by nothing but fill bytes (FF)."""
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, 100, 100, 1) + b"\x01\x11\x00"
    return b"\xff\xd8" + frame + b"\xff" * (megabytes * 1_048_576)


def short_blocks(megabytes: int = 24) -> bytes:
    """A GIF whose comment comes in blocks of one byte."""
    screen = b"GIF89a" + struct.pack("<HHBBB", 10, 10, 0, 0, 0)
    return screen + b"\x21\xfe" + b"\x01x" * (megabytes * 524_288)


def blank_canvas() -> bytes:
    """A WebP of 26 bytes that claims 80 million pixels."""
    side = 8944 - 1
    bits = side | side << 14
    picture = b"VP8L" + struct.pack("<I", 6) + b"\x2f" + struct.pack("<I", bits) + b"\x88"
    return b"RIFF" + struct.pack("<I", 4 + len(picture)) + b"WEBP" + picture


def large_blank(kind: str, mode: str, side: int = 8900) -> bytes:
    """A blank picture of 80 million pixels, as large as the limits allow.

    Args:
        kind: Pillow's name of the format.
        mode: Pillow's name of the pixels' mode.
        side: Pixels of a side.
    """
    buffer = io.BytesIO()
    options = {"compression": "tiff_lzw"} if kind == "TIFF" else {}
    Image.new(mode, (side, side), "white" if mode != "I;16" else 0).save(buffer, kind, **options)
    return buffer.getvalue()


CRAFTED: dict[str, Callable[[], bytes]] = {
    "self-drawing.pdf": self_drawing,
    "nested-forms.pdf": nested_forms,
    "tiny-tiles.pdf": tiny_tiles,
    "many-shadings.pdf": many_shadings,
    "blended-groups.pdf": blended_groups,
    "many-operators.pdf": many_operators,
    "deflated-twice.pdf": deflated_twice,
    "thin-page.pdf": thin_page,
    "empty-segments.jpg": empty_segments,
    "fill-bytes.jpg": fill_bytes,
    "short-blocks.gif": short_blocks,
    "blank-canvas.webp": blank_canvas,
    "large-grey.png": lambda: large_blank("PNG", "L"),
    "large-transparent.png": lambda: large_blank("PNG", "RGBA"),
    "large-colour.jpg": lambda: large_blank("JPEG", "RGB"),
    "large-print.jpg": lambda: large_blank("JPEG", "CMYK"),
    "large-bits.tif": lambda: large_blank("TIFF", "1"),
    "large-colour.tif": lambda: large_blank("TIFF", "RGB"),
}
"""How each crafted file is made, by its name."""
