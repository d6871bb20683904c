"""Decoders of strangers' pictures: Pillow and libheif. This module runs only in a box of its own (`boxed.py`).

A hostile file makes decoders raise anything, take all memory or never end. The box bounds what that costs.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image

from ml.reading.files.constants import PICTURE

_FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/tiff": "TIFF",
    "image/bmp": "BMP",
    "image/webp": "WEBP",
    "image/gif": "GIF",
}
"""Pillow's name of each media type."""

_ORIENTATION = 0x0112
"""EXIF's tag of how a picture was stored, 1 to 8. Source: Exif 2.3, 4.6.4."""

_NARROW_TOPS = (1023.0, 4095.0)
"""The greatest values of scanners of 10 and 12 bits. Their files have 16."""

_STRIP_PIXELS = 4_000_000
"""A picture that is reduced is converted in strips of so many pixels. So no converted copy of the whole is made."""

# The header was judged by the operator's limits. Pillow's fixed limit would contradict a setting above it.
Image.MAX_IMAGE_PIXELS = None


class WrongHeader(ValueError):
    """The decoder found a larger picture than the header claimed."""


def heic_size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels of a HEIC's primary picture. libheif parses the container and decodes no pixel.

    Raises:
        Exception: libheif raises anything about a broken file.
    """
    width, height = pillow_heif.open_heif(data).size
    return int(width), int(height)


def picture(
    data: bytes, media_type: str, number: int, *, allowed_pixels: int, most_pixels: int
) -> tuple[NDArray[np.uint8], float | None]:
    """A page of a picture file, upright; reduced by a whole factor where it has more than `most_pixels`.

    Args:
        data: The whole file.
        media_type: "image/jpeg" and so on, judged by content.
        number: Of the page, from 0.
        allowed_pixels: More pixels than the header may claim.
        most_pixels: Most pixels of the result.

    Returns:
        The pixels, uint8, height × width × 3, RGB: square as on paper, EXIF orientation applied, clear ones on white,
        or on dark grey where all ink is light, and 16 bits scaled to 8. And the file's dots an inch from left to right,
        at the size of the result; None where it tells none.

    Raises:
        WrongHeader: The picture is larger than `allowed_pixels`.
        Exception: Decoders raise anything about a broken file.
    """
    with _open(data, media_type) as image:
        if number:
            image.seek(number)
        if image.width * image.height > allowed_pixels:
            raise WrongHeader(f"{image.width} × {image.height} pixels")
        dpi, stored_width, stretch = _dpi(image), image.width, _stretch(image)
        most_pixels = int(most_pixels / math.prod(stretch))
        factor = _factor(image, most_pixels)
        if factor > 1 and media_type == "image/jpeg":
            image.draft(None, (math.ceil(image.width / factor), math.ceil(image.height / factor)))
            factor = _factor(image, most_pixels)
        image.load()
        pixels = _stretched(_rgb(image, factor), stretch)
        if dpi is not None:
            dpi *= math.ceil(image.width / factor) / stored_width * stretch[0]
        return _upright(pixels, image), dpi


def _open(data: bytes, media_type: str) -> Image.Image:
    if media_type == "image/heic":
        decoded: Image.Image = pillow_heif.open_heif(data).to_pillow()
        return decoded
    return Image.open(io.BytesIO(data), formats=[_FORMATS[media_type]])


def _factor(image: Image.Image, most_pixels: int) -> int:
    """The whole factor by which both sides shrink, so that the picture has at most `most_pixels`."""
    factor = 1
    while math.ceil(image.width / factor) * math.ceil(image.height / factor) > most_pixels:
        factor += 1
    return factor


@dataclass(frozen=True, slots=True)
class _Look:
    """How an image becomes pixels of 8 bits: the same for each of its strips.

    Attributes:
        span: The grey values of a deep image that become 0 and 255; None for one of 8 bits.
        ground: The grey that is seen where the image is clear.
    """

    span: tuple[float, float] | None
    ground: int


def _rgb(image: Image.Image, factor: int) -> NDArray[np.uint8]:
    """Pixels of an image in any of Pillow's modes, uint8, height × width × 3, RGB, reduced by a whole factor."""
    look = _Look(_span(image) if _is_deep(image) else None, _ground(image) if _may_be_clear(image) else 255)
    if factor == 1:
        return _converted(image, look)
    rows = max(1, _STRIP_PIXELS // image.width // factor) * factor
    strips = [Image.fromarray(_converted(strip, look)).reduce(factor) for strip in _strips(image, rows)]
    return np.concatenate([np.asarray(strip) for strip in strips])


def _strips(image: Image.Image, rows: int | None = None) -> Iterator[Image.Image]:
    rows = rows or max(1, _STRIP_PIXELS // image.width)
    for top in range(0, image.height, rows):
        yield image.crop((0, top, image.width, min(top + rows, image.height)))


def _converted(image: Image.Image, look: _Look) -> NDArray[np.uint8]:
    """The image as uint8, height × width × 3, RGB, contiguous."""
    if look.span is not None:
        return _grey_as_rgb(_eight_bits(_deep_values(image), *look.span))
    if image.mode == "LAB":
        image = image.getchannel("L")
    if _may_be_clear(image):
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, (look.ground,) * 3)
        paper.alpha_composite(image)
        image = paper
    if image.mode in ("1", "L"):
        return _grey_as_rgb(np.asarray(image.convert("L")))
    return np.ascontiguousarray(np.asarray(image.convert("RGB")))


def _may_be_clear(image: Image.Image) -> bool:
    return not {"A", "a"}.isdisjoint(image.getbands()) or "transparency" in image.info


def _ground(image: Image.Image) -> int:
    """The grey under an image: white; but dark where all that can be seen of it is light, and the rest is clear."""
    is_clear = False
    for strip in _strips(image):
        coloured = strip.convert("RGBA")
        visible = np.asarray(coloured.getchannel("A")) >= PICTURE.visible_from
        if (np.asarray(coloured.convert("L"))[visible] < PICTURE.light_from).any():
            return 255
        is_clear = is_clear or not visible.all()
    return PICTURE.dark_ground if is_clear else 255


def _grey_as_rgb(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.repeat(grey[:, :, None], 3, axis=2)


def _is_deep(image: Image.Image) -> bool:
    """Whether the image has more than 8 bits a pixel."""
    return image.mode in ("I", "F") or image.mode.startswith("I;16")


def _deep_values(image: Image.Image) -> NDArray[np.float32]:
    return np.nan_to_num(np.asarray(image, np.float32), nan=0.0, posinf=0.0, neginf=0.0)


def _span(image: Image.Image) -> tuple[float, float]:
    """The grey values that become 0 and 255.

    The span is the first of 0–1, 0–255 and 0–65,535 that reaches as high as the values; above these, it ends at the
    greatest value. Values below 0 widen it downwards. Values that fill 10 or 12 bits end there.
    """
    strips = [_deep_values(strip) for strip in _strips(image)]
    low, high = min(0.0, *(float(strip.min()) for strip in strips)), max(float(strip.max()) for strip in strips)
    for top in _NARROW_TOPS:
        if PICTURE.least_depth_used * top <= high <= top and not _is_widened(strips):
            return low, top
    return low, next((top for top in (1.0, 255.0, 65535.0) if high <= top), high)


def _is_widened(strips: list[NDArray[np.float32]]) -> bool:
    """Whether values of 8 bits were multiplied, to fill 16: the scan is as dark as it looks."""
    return any(all(not np.mod(strip, step).any() for strip in strips) for step in (256, 257))


def _eight_bits(values: NDArray[np.float32], low: float, high: float) -> NDArray[np.uint8]:
    scaled: NDArray[np.float32] = np.clip((values - low) * (255.0 / (high - low)), 0, 255)
    return scaled.astype(np.uint8)


def _upright(pixels: NDArray[np.uint8], image: Image.Image) -> NDArray[np.uint8]:
    """The pixels turned as the image's EXIF orientation asks; as stored where EXIF cannot be understood."""
    try:
        orientation = image.getexif().get(_ORIENTATION)
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, ZeroDivisionError, OverflowError):
        return pixels
    if orientation in (3, 4, 6, 7):
        pixels = pixels[::-1]
    if orientation in (2, 3, 7, 8):
        pixels = pixels[:, ::-1]
    return pixels.swapaxes(0, 1) if orientation in (5, 6, 7, 8) else pixels


def _stretch(image: Image.Image) -> tuple[float, float]:
    """By how much an image's width and height have to grow, so that its pixels are square; 1.0 where they are.

    A fax has twice as many dots from left to right as from top to bottom. Files tell it as dots an inch, or as a ratio.
    """
    for name in ("jfif_density", "aspect", "resolution", "dpi"):
        ratio = _ratio(image.info.get(name))
        if PICTURE.least_stretch <= ratio <= PICTURE.most_stretch:
            return 1.0, ratio
        if PICTURE.least_stretch * ratio <= 1 <= PICTURE.most_stretch * ratio:
            return 1 / ratio, 1.0
    return 1.0, 1.0


def _ratio(dots: Any) -> float:
    """The first number of a pair that a file tells, divided by the second; 1.0 where these are no two numbers."""
    try:
        across, down = map(float, dots)
        return across / down
    except (TypeError, ValueError, ArithmeticError):
        return 1.0


def _stretched(pixels: NDArray[np.uint8], stretch: tuple[float, float]) -> NDArray[np.uint8]:
    if stretch == (1.0, 1.0):
        return pixels
    size = int(pixels.shape[1] * stretch[0]), int(pixels.shape[0] * stretch[1])
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BILINEAR))


def _dpi(image: Image.Image) -> float | None:
    """Dots an inch from left to right, as the file tells it; None where it tells none."""
    stored = image.info.get("dpi")
    try:
        return float(stored[0]) if stored else None
    except (TypeError, ValueError, ZeroDivisionError, IndexError):
        return None
