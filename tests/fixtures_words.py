"""Lines of words on drawn paper, in a typeface of the machine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

PER_MM = 8.0


def typeface(height: int) -> ImageFont.FreeTypeFont:
    """One that CI installs."""
    return ImageFont.truetype("LiberationSans-Italic.ttf", height)


def words_on(picture: NDArray[np.uint8], text: str, left: int, top: int, height: int = 40) -> None:
    """Write a text on a picture, in dark blue; the place is in pixels."""
    image = Image.fromarray(picture)
    ImageDraw.Draw(image).text((left, top), text, fill=(30, 35, 110), font=typeface(height))
    picture[:] = np.asarray(image)


def paper_with(text: str, *, width: int = 1400, height: int = 160, left: int = 150, top: int = 55) -> NDArray[np.uint8]:
    """Paper with one line of words: uint8, height × width × 3, RGB."""
    picture = np.full((height, width, 3), (238, 236, 228), np.uint8)
    words_on(picture, text, left, top)
    return picture


def patterned(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The same writing on blue paper with pale zigzags and rows of tiny letters."""
    height, width = picture.shape[:2]
    ground = Image.new("RGB", (width, height), (150, 205, 238))
    draw = ImageDraw.Draw(ground)
    for row in range(0, height, 24):
        zigzag = [(x, row + (12 if (x // 12) % 2 else 0)) for x in range(0, width, 12)]
        draw.line(zigzag, fill=(205, 232, 248), width=2)
        draw.text((row, row + 10), "OUR BANK · " * 40, fill=(215, 238, 250), font=typeface(10))
    share = picture.astype(np.float32) / 238
    return np.clip(np.asarray(ground) * np.minimum(share, 1), 0, 255).astype(np.uint8)
