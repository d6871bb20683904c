"""Files that were damaged on purpose: honest files of every kind, with bytes changed, moved, cut out or put in.

`mutated(seed)` makes the file of a seed; the same seed gives the same file. So a crasher is kept as its seed.
"""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
import pillow_heif
from PIL import Image

from ml.evaluation.hostile import files
from ml.training.sheets.strokes import draw_number

CRASHERS: tuple[int, ...] = ()
"""Seeds of files that once ended in an error of ours. A short run tries them first."""

MOST_SECONDS = 20.0
"""Seconds that a damaged file may take until it is read or refused."""

_EXTREMES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
"""Values at which widths, lengths and offsets break."""


def mutated(seed: int) -> tuple[str, bytes]:
    """The damaged file of a seed, and its name, which says of which kind it was."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    whole = honest()
    name = list(whole)[seed % len(whole)]
    data = bytearray(whole[name])
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        if data:
            chance.choice(_MUTATIONS)(data, chance)
    if name.endswith(".png") and chance.random() < 0.8:
        data = bytearray(_with_right_sums(bytes(data)))
    return f"{seed}-{name}", bytes(data)


@cache
def honest() -> dict[str, bytes]:
    """Small good files by their names: every kind that the reader knows, in the flavours that decoders tell apart."""
    ink = np.pad(255 - draw_number("4071", 60, np.random.default_rng(1)), 20, constant_values=255)
    grey = Image.fromarray(ink)
    rgb = grey.convert("RGB")
    deep = Image.fromarray(ink.astype(np.uint16) * 257)
    exif = Image.Exif()
    exif[0x0112] = 6
    return {
        "grey.png": _saved(grey, "PNG"),
        "deep.png": _saved(deep, "PNG"),
        "palette.png": _saved(rgb.quantize(16), "PNG"),
        "transparent.png": _saved(rgb.convert("RGBA"), "PNG"),
        "plain.jpg": _saved(rgb, "JPEG"),
        "progressive.jpg": _saved(rgb, "JPEG", progressive=True, exif=exif),
        "print.jpg": _saved(rgb.convert("CMYK"), "JPEG"),
        "raw.tif": _saved(rgb, "TIFF", save_all=True, append_images=[rgb, rgb]),
        "lzw.tif": _saved(rgb, "TIFF", compression="tiff_lzw"),
        "fax.tif": _saved(grey.convert("1"), "TIFF", compression="group4"),
        "jpeg.tif": _saved(rgb, "TIFF", compression="jpeg"),
        "float.tif": _saved(Image.fromarray(ink.astype(np.float32)), "TIFF"),
        "plain.bmp": _saved(rgb, "BMP"),
        "palette.bmp": _saved(rgb.quantize(16), "BMP"),
        "lossy.webp": _saved(rgb, "WEBP"),
        "lossless.webp": _saved(rgb.convert("RGBA"), "WEBP", lossless=True),
        "plain.gif": _saved(rgb.quantize(16), "GIF"),
        "films.gif": _saved(rgb.quantize(16), "GIF", save_all=True, append_images=[rgb.quantize(8)]),
        "plain.heic": _heic(rgb),
        "picture.pdf": _saved(rgb, "PDF"),
        "drawn.pdf": files.pdf(b"3 w 100 700 m 160 640 l 100 600 l S 200 600 40 100 re f"),
        "pattern.pdf": files.tiny_tiles().replace(b"0.01", b"40.0"),
        "group.pdf": files.nested_forms(2, 2),
    }


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _heic(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    pillow_heif.from_pillow(image).save(buffer)
    return buffer.getvalue()


def _flip(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 2, 4, 16, 64))):
        data[_place(data, chance)] ^= 1 << chance.randrange(8)


def _replace(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 2, 4, 16))):
        data[_place(data, chance)] = chance.randrange(256)


def _extreme(data: bytearray, chance: random.Random) -> None:
    """Write an extreme value where a number may stand."""
    form = chance.choice(("B", "<H", ">H", "<I", ">I"))
    value = chance.choice(_EXTREMES) & ((1 << 8 * struct.calcsize(form)) - 1)
    at = _place(data, chance)
    data[at : at + struct.calcsize(form)] = struct.pack(form, value)


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[_place(data, chance) :]


def _remove(data: bytearray, chance: random.Random) -> None:
    at = _place(data, chance)
    del data[at : at + chance.choice((1, 4, 16, 256))]


def _insert(data: bytearray, chance: random.Random) -> None:
    at = _place(data, chance)
    data[at:at] = chance.choice((b"\0", b"\xff", chance.randbytes(1))) * chance.choice((1, 4, 64, 4096))


def _repeat(data: bytearray, chance: random.Random) -> None:
    at = _place(data, chance)
    data[at:at] = data[at : at + chance.choice((8, 64, 512))] * chance.choice((1, 2, 100))


def _splice(data: bytearray, chance: random.Random) -> None:
    """Put a part of another honest file in."""
    other = chance.choice(list(honest().values()))
    start = chance.randrange(len(other))
    at = _place(data, chance)
    data[at : at + chance.choice((0, 64, 1024))] = other[start : start + chance.choice((16, 256, 4096))]


def _digits(data: bytearray, chance: random.Random) -> None:
    """Change a number that is written in figures, as PDFs have them."""
    places = [at for at, byte in enumerate(data) if 48 <= byte <= 57]
    if places:
        at = chance.choice(places)
        data[at : at + 1] = chance.choice((b"0", b"9", b"-1", b"99999", b"0.0001", b"1e9", b"4294967296"))


def _place(data: bytearray, chance: random.Random) -> int:
    """A place in the file; half of them in its first 200 bytes, where headers are."""
    return chance.randrange(min(len(data), 200) if chance.random() < 0.5 else len(data))


_MUTATIONS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _flip,
    _replace,
    _extreme,
    _extreme,
    _cut,
    _remove,
    _insert,
    _repeat,
    _splice,
    _digits,
)
"""Numbers at their extremes come twice, because most errors are there."""


def _with_right_sums(data: bytes) -> bytes:
    """A PNG whose chunks have the sums that belong to them, so that a decoder reads on."""
    return data[:8] + b"".join(_chunks(data))


def _chunks(data: bytes) -> Iterator[bytes]:
    at = 8
    while at + 12 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        content = data[at + 4 : at + 8 + length]
        yield data[at : at + 4] + content + struct.pack(">I", zlib.crc32(content))
        at += 12 + length
    yield data[at:]
