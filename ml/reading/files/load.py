"""From a file's bytes to upright pages, one at a time in memory."""

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
from ml.reading.files.inspect import DAMAGED, FileFacts, inspect

_FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/tiff": "TIFF",
    "image/bmp": "BMP",
    "image/webp": "WEBP",
    "image/gif": "GIF",
}

# `inspect` has judged the size by our own limits; Pillow's fixed one would only contradict a setting above it.
Image.MAX_IMAGE_PIXELS = None


def load_pages(data: bytes, limits: Limits) -> Iterator[Page]:
    """Decode a file page by page.

    Args:
        data: The whole file.
        limits: What it may cost at most, judged from the header first.

    Yields:
        The pages in the file's order: EXIF orientation applied, transparency on white, 16-bit scaled to 8.

    Raises:
        RefusedFile: As `inspect`; or "damaged", also after some pages, where one cannot be decoded.
    """
    facts = inspect(data, limits)
    for number in range(facts.page_count):
        try:
            pixels, dpi = _decode(data, facts, number, limits)
        except RefusedFile:
            raise
        # Decoders raise whatever comes to them on a hostile file; all of it means the same to its owner.
        except Exception as error:
            raise RefusedFile("damaged", DAMAGED) from error
        yield Page(pixels, number + 1, dpi, hashlib.sha256(pixels.data).hexdigest())


def _decode(data: bytes, facts: FileFacts, number: int, limits: Limits) -> tuple[NDArray[np.uint8], float | None]:
    """One page's pixels (uint8, height × width × 3, contiguous) and its dots an inch."""
    if facts.media_type == "application/pdf":
        return pdf.render(data, number, limits)
    with _open(data, facts) as image:
        if number:
            image.seek(number)
        if image.width * image.height > limits.pixels:
            raise RefusedFile("damaged", DAMAGED)  # the header said otherwise
        image.load()
        return _rgb(_upright(image)), _dpi(image)


def _open(data: bytes, facts: FileFacts) -> Image.Image:
    if facts.media_type == "image/heic":
        import pillow_heif  # only when a HEIC comes

        picture: Image.Image = pillow_heif.open_heif(data).to_pillow()
        return picture
    return Image.open(io.BytesIO(data), formats=[_FORMATS[facts.media_type]])


def _upright(image: Image.Image) -> Image.Image:
    """The image as EXIF says it was held; as stored, where EXIF cannot be understood."""
    try:
        return ImageOps.exif_transpose(image)
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, ZeroDivisionError, OverflowError):
        return image


def _rgb(image: Image.Image) -> NDArray[np.uint8]:
    """Any of Pillow's modes as uint8, height × width × 3; what is transparent becomes white."""
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
    """Grey values to 0–255 from the range that holds them: 0–1, 0–255, 0–65,535, or else from least to greatest."""
    values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = min(0.0, float(values.min())), float(values.max())
    for top in (1.0, 255.0, 65535.0):
        if high <= top:
            high = top
            break
    scaled: NDArray[np.float32] = np.clip((values - low) * (255.0 / (high - low)), 0, 255)
    return scaled.astype(np.uint8)


def _dpi(image: Image.Image) -> float | None:
    """Dots an inch across, where the file tells something believable."""
    told = image.info.get("dpi")
    try:
        dpi = float(told[0]) if told else 0.0
    except (TypeError, ValueError, ZeroDivisionError, IndexError):
        return None
    return dpi if math.isfinite(dpi) and 30 <= dpi <= 10_000 else None
