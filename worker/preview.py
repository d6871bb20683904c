"""Pictures of pages for people to look at: pixels in, a JPEG file out."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

LONG_SIDE = 1600
"""Most pixels on a preview's longer side."""

_QUALITY = 82
"""Of the JPEG, 0 to 100."""


def jpeg_of(pixels: NDArray[np.uint8], long_side: int = LONG_SIDE) -> bytes:
    """A JPEG of a page. A larger page is scaled down and keeps its proportions; a smaller one keeps its size.

    Args:
        pixels: uint8, height × width × 3, RGB.
        long_side: Most pixels on the picture's longer side.

    Raises:
        ValueError: The page could not be encoded.
    """
    height, width = pixels.shape[:2]
    scale = min(1.0, long_side / max(height, width))
    if scale < 1.0:
        size = max(1, round(width * scale)), max(1, round(height * scale))
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    done, encoded = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    if not done:
        raise ValueError(f"a page of {width} × {height} pixels could not be made a JPEG")
    return encoded.tobytes()
