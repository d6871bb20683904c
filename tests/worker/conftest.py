"""Documents that workers are tried with."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from recognition.models import Document

PAGES = 16


@pytest.fixture
def long_document(upload: Callable[..., Document], digit_image: Callable[..., NDArray[np.uint8]]) -> Document:
    """Many big pages: long enough to be killed in the middle."""
    page = Image.fromarray(np.pad(digit_image("351", 120)[..., 0], ((0, 1600), (0, 1200)), constant_values=255))
    buffer = io.BytesIO()
    page.save(buffer, "TIFF", compression="tiff_lzw", save_all=True, append_images=[page] * (PAGES - 1))
    return upload(data=buffer.getvalue(), name="long.tif", media_type="image/tiff", page_count=PAGES)
