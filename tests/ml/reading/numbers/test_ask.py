"""Which strips of a page are numbers: digit by digit, or as a whole."""

from __future__ import annotations

import cv2
import numpy as np

from ml.reading.forms.layouts import ANY_NUMBER
from ml.reading.read import read_scan
from ml.reading.reader import Reader
from ml.training.sheets.strokes import draw_number


def test_small_blurred_digits_that_are_unclear_one_by_one_are_read_as_a_whole(
    reader: Reader,
) -> None:
    rng = np.random.default_rng(0)
    page, written = np.full((900, 1200, 3), 225, np.uint8), []
    for top in range(40, 840, 100):
        for left in (60, 610):
            text = str(rng.integers(1000, 999999))
            ink = draw_number(text, 40, rng, gap=0.25, pen=0.1)
            page[top : top + ink.shape[0], left : left + ink.shape[1]] -= (ink[:, :, None] * 0.5).astype(np.uint8)
            written.append(text)
    small = cv2.GaussianBlur(cv2.resize(page, None, fx=0.3, fy=0.3, interpolation=cv2.INTER_AREA), (0, 0), 0.9)
    packed = cv2.imencode(".jpg", small, (cv2.IMWRITE_JPEG_QUALITY, 45))[1]
    (found,) = read_scan(packed.tobytes(), ANY_NUMBER, reader)
    assert sorted(reading.value for reading in found.readings) == sorted(written)
