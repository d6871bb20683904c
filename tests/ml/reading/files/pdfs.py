"""Small PDFs, written object by object."""

from __future__ import annotations

from collections.abc import Sequence

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
