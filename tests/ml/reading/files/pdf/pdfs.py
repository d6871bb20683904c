"""Small PDFs, written object by object."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ml.evaluation.hostile.files import stream

A5_LYING = "0 0 595 420"
HELVETICA = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def pdf_of(page: bytes, contents: bytes, objects: Sequence[bytes] = (), catalog: bytes = b"") -> bytes:
    """A PDF of one page.

    Args:
        page: Entries of the page's dictionary, its box among them.
        contents: The page's operators.
        objects: Further objects, numbered from 5.
        catalog: Entries of the document's catalogue.
    """
    numbered = [
        b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R%s>>" % page,
        stream(b"", contents),
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


def media(box: str = A5_LYING) -> bytes:
    return b"/MediaBox[%s]" % box.encode()


def filled_field(value: str, *, appearance: bool = True, flags: int = 4, needed: bool = False) -> bytes:
    """A form of one field with a value, 36 points high, its left bottom corner at (100, 200).

    Args:
        value: What was filled in.
        appearance: Whether the program that filled it in kept how it looks.
        flags: Of the annotation: 4 is "print", 2 "hidden". Source: PDF Reference 1.7, table 8.16.
        needed: Whether the form asks to be drawn anew.
    """
    look = b"/AP<</N 6 0 R>>" if appearance else b""
    text = value.encode()
    objects = [
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(%s)/F %d/Rect[100 200 400 236]/DA(/F 24 Tf 0 g)%s>>"
        % (text, flags, look),
        stream(
            b"/Type/XObject/Subtype/Form/BBox[0 0 300 36]/Resources<</Font<</F 7 0 R>>>>",
            b"/Tx BMC q BT /F 24 Tf 0 g 4 8 Td (%s) Tj ET Q EMC" % text,
        ),
        HELVETICA,
    ]
    asked = b"/NeedAppearances true" if needed else b""
    catalog = b"/AcroForm<</Fields[5 0 R]/DA(/F 24 Tf 0 g)/DR<</Font<</F 7 0 R>>>>%s>>" % asked
    return pdf_of(media() + b"/Annots[5 0 R]", b"", objects, catalog)


def picture(pixels: NDArray[np.uint8]) -> bytes:
    """A grey picture of height × width, as an object to draw."""
    height, width = pixels.shape
    entries = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8" % (
        width,
        height,
    )
    return stream(entries + b"/Filter/FlateDecode", zlib.compress(pixels.tobytes(), 1))


def named(*names: str, first: int = 5) -> bytes:
    """Resources of a page that names the objects from `first` on, to be drawn with Do, in this order."""
    each = b"".join(b"/%s %d 0 R" % (name.encode(), number) for number, name in enumerate(names, start=first))
    return b"/Resources<</XObject<<%s>>>>" % each


def placed(name: str, left: float, bottom: float, width: float, height: float) -> bytes:
    """Operators that draw a named picture at a place in points."""
    return f"q {width} 0 0 {height} {left} {bottom} cm /{name} Do Q\n".encode()


def compressed_page(page: bytes) -> bytes:
    """A PDF of one empty page, whose dictionary stands in a compressed stream of objects.

    Source: PDF Reference 1.7, 3.4.6 and 3.4.7.
    """
    packed = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R%s>>" % page,
    ]
    starts = [sum(len(content) + 1 for content in packed[:number]) for number in range(len(packed))]
    index = b" ".join(b"%d %d" % pair for pair in enumerate(starts, start=1)) + b"\n"
    inside = zlib.compress(index + b"\n".join(packed))
    out = bytearray(b"%PDF-1.7\n")
    stream_at = len(out)
    out += b"4 0 obj\n%s\nendobj\n" % stream(b"/Type/ObjStm/N 3/First %d/Filter/FlateDecode" % len(index), inside)
    table_at = len(out)
    rows = [(0, 0, 65535), (2, 4, 0), (2, 4, 1), (2, 4, 2), (1, stream_at, 0), (1, table_at, 0)]
    table = b"".join(struct.pack(">BIH", *row) for row in rows)
    out += b"5 0 obj\n%s\nendobj\n" % stream(b"/Type/XRef/Size 6/W[1 4 2]/Root 1 0 R", table)
    out += b"startxref\n%d\n%%%%EOF\n" % table_at
    return bytes(out)


def filled_comb(value: str) -> bytes:
    """A form of one field with a box for each digit. Each is drawn in the middle of its box."""
    across = 40
    drawn = b"".join(b"1 0 0 1 %d 8 Tm (%c) Tj " % (across * at + 13, sign) for at, sign in enumerate(value.encode()))
    objects = [
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(%s)/F 4/Ff 16777216/MaxLen %d/Rect[100 200 %d 236]"
        b"/DA(/F 24 Tf 0 g)/AP<</N 6 0 R>>>>" % (value.encode(), len(value), 100 + across * len(value)),
        stream(
            b"/Type/XObject/Subtype/Form/BBox[0 0 %d 36]/Resources<</Font<</F 7 0 R>>>>" % (across * len(value)),
            b"/Tx BMC q BT /F 24 Tf 0 g %s ET Q EMC" % drawn,
        ),
        HELVETICA,
    ]
    catalog = b"/AcroForm<</Fields[5 0 R]/DA(/F 24 Tf 0 g)/DR<</Font<</F 7 0 R>>>>>>"
    return pdf_of(media() + b"/Annots[5 0 R]", b"", objects, catalog)
