"""A file's bytes in, its pages out: upright, uint8, RGB, one page at a time in memory."""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from ml.reading.elements import Limits, Page
from ml.reading.errors import RefusedFile
from ml.reading.files import pdf
from ml.reading.files.constants import LOAD
from ml.reading.files.inspect import DAMAGED, FileFacts, inspect

_FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/tiff": "TIFF",
    "image/bmp": "BMP",
    "image/webp": "WEBP",
    "image/gif": "GIF",
}

# `inspect` judges the size by the operator's limits. Pillow's fixed limit would contradict a setting above it.
Image.MAX_IMAGE_PIXELS = None


def load_pages(data: bytes, limits: Limits) -> Iterator[Page]:
    """Decode a file page by page.

    Args:
        data: The whole file.
        limits: How large the file, a page and the number of pages may be. The header is judged by them first.

    Yields:
        The pages in the file's order, numbered from 1: EXIF orientation applied, transparent pixels on white, 16 bits
        scaled to 8.

    Raises:
        RefusedFile: As `inspect` raises it; or with code "damaged" where a page cannot be decoded, perhaps after other
            pages were yielded.
    """
    facts = inspect(data, limits)
    for number in range(facts.page_count):
        try:
            pixels, dpi = _decode(data, facts, number, limits)
        except RefusedFile:
            raise
        # A hostile file makes decoders raise anything. To its owner all of it means the same.
        except Exception as error:
            raise RefusedFile("damaged", DAMAGED) from error
        yield Page(pixels, number + 1, dpi, hashlib.sha256(pixels.data).hexdigest())


def _decode(data: bytes, facts: FileFacts, number: int, limits: Limits) -> tuple[NDArray[np.uint8], float | None]:
    """One page's pixels (uint8, height × width × 3, RGB, contiguous), and its dots an inch, or None."""
    if facts.media_type == "application/pdf":
        return pdf.render(data, number, limits)
    with _open(data, facts) as image:
        if number:
            image.seek(number)
        if image.width * image.height > limits.pixels:
            raise RefusedFile("damaged", DAMAGED)  # the header claimed another size
        image.load()
        return _rgb(_upright(image)), _dpi(image)


def _open(data: bytes, facts: FileFacts) -> Image.Image:
    if facts.media_type == "image/heic":
        import pillow_heif  # costs memory: loaded only when a HEIC comes

        picture: Image.Image = pillow_heif.open_heif(data).to_pillow()
        return picture
    return Image.open(io.BytesIO(data), formats=[_FORMATS[facts.media_type]])


def _upright(image: Image.Image) -> Image.Image:
    """The image turned as its EXIF orientation asks; as stored where EXIF cannot be understood."""
    try:
        return ImageOps.exif_transpose(image)
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, ZeroDivisionError, OverflowError):
        return image


def _rgb(image: Image.Image) -> NDArray[np.uint8]:
    """Pixels of an image in any of Pillow's modes: uint8, height × width × 3, RGB. Transparent pixels become white."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        grey = _eight_bits(np.asarray(image, np.float32))
        return np.repeat(grey[:, :, None], 3, axis=2)
    if image.mode == "LAB":
        image = image.getchannel("L")
    if "A" in image.getbands() or "a" in image.getbands() or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image)
        image = paper
    if image.mode in ("1", "L"):
        return cv2.cvtColor(np.asarray(image.convert("L")), cv2.COLOR_GRAY2RGB).astype(np.uint8, copy=False)
    return np.ascontiguousarray(np.asarray(image.convert("RGB")))


def _eight_bits(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Grey values of any range scaled to 0–255.

    The range is the first of 0–1, 0–255 and 0–65,535 that reaches as high as the values; above these, from least to
    greatest value. Values below 0 widen the range downwards.
    """
    values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = min(0.0, float(values.min())), float(values.max())
    for top in (1.0, 255.0, 65535.0):
        if high <= top:
            high = top
            break
    scaled: NDArray[np.float32] = np.clip((values - low) * (255.0 / (high - low)), 0, 255)
    return scaled.astype(np.uint8)


def _dpi(image: Image.Image) -> float | None:
    """Dots an inch from left to right; None where the file tells none, or none that can be believed."""
    stored = image.info.get("dpi")
    try:
        dpi = float(stored[0]) if stored else 0.0
    except (TypeError, ValueError, ZeroDivisionError, IndexError):
        return None
    return dpi if math.isfinite(dpi) and LOAD.least_dpi <= dpi <= LOAD.most_dpi else None
