"""The kind of a file from its first bytes, never from its name."""

from __future__ import annotations

from dataclasses import dataclass

from ml.reading.errors import RefusedFile
from ml.reading.files.constants import KINDS

_WAY_OUT = "Upload a JPEG, PNG, TIFF, BMP, WebP, GIF, HEIC or PDF."

_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}

_OTHER_STARTS = (
    (b"{\\rtf", "a rich-text document"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
    (b"8BPS", "a Photoshop document"),
    (b"%!PS", "a PostScript file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"Rar!", "a compressed archive"),
    (b"7z\xbc\xaf", "a compressed archive"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture"),
)

_ZIP_PARTS = (
    (b"word/", "a Word document"),
    (b"xl/", "an Excel workbook"),
    (b"ppt/", "a PowerPoint presentation"),
    (b"opendocument", "an OpenDocument file"),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that the reader reads.

    Attributes:
        media_type: "image/jpeg" and so on.
        extension: With its dot, in small letters: ".jpg".
    """

    media_type: str
    extension: str


def kind_of(data: bytes) -> Kind:
    """The kind of a file.

    Raises:
        RefusedFile: Code "type": the reader does not read this kind. The sentence names what the file seems to be.
    """
    kind = _readable_kind(data)
    if kind is None:
        raise RefusedFile("type", f"This is {_name_of_other(data)}, not a scan. {_WAY_OUT}")
    return kind


def _readable_kind(data: bytes) -> Kind | None:
    if data.startswith(b"\xff\xd8"):
        return Kind("image/jpeg", ".jpg")
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind("image/png", ".png")
    if data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return Kind("image/tiff", ".tif")
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return Kind("image/gif", ".gif")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Kind("image/webp", ".webp")
    if data[:2] == b"BM" and data[14:18] in _BMP_HEADER_SIZES:
        return Kind("image/bmp", ".bmp")
    if _brands(data) & _HEIF_BRANDS and b"avif" not in _brands(data):
        return Kind("image/heic", ".heic")
    return Kind("application/pdf", ".pdf") if b"%PDF-" in data[: KINDS.pdf_header_within] else None


_BMP_HEADER_SIZES = {size.to_bytes(4, "little") for size in (12, 40, 52, 56, 64, 108, 124)}


def _brands(data: bytes) -> set[bytes]:
    """The brands that an ISO media file (HEIC, AVIF, a film) claims in its first box; none for any other file."""
    if data[4:8] != b"ftyp":
        return set()
    end = min(int.from_bytes(data[:4], "big"), KINDS.brands_within, len(data))
    return {data[8:12]} | {data[at : at + 4] for at in range(16, end, 4)}


def _name_of_other(data: bytes) -> str:
    """What a file of no readable kind seems to be, as people call it."""
    for start, name in _OTHER_STARTS:
        if data.startswith(start):
            return name
    if data.startswith(b"PK"):
        return next((name for part, name in _ZIP_PARTS if part in data), "a ZIP archive")
    if data[4:8] == b"ftyp":
        return "an AVIF picture" if b"avif" in _brands(data) else "a film or sound file"
    head = data[: KINDS.name_within].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in head:
        return "an SVG drawing"
    if head.startswith(b"<!doctype html") or b"<html" in head:
        return "a web page (HTML)"
    if head.startswith(b"<?xml"):
        return "an XML file"
    return "a text file" if _is_text(data[: KINDS.name_within]) else "a file of an unknown type"


def _is_text(head: bytes) -> bool:
    return all(byte >= 32 or byte in b"\t\n\r\f" for byte in head)
