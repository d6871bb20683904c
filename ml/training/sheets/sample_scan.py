"""Draws the sample scan of the home page: `python -m ml.training.sheets.sample_scan`.

The scan shows a slip of paper with printed labels, ruled lines and three numbers of drawn strokes. There is no
input; the picture goes to `static/img/sample-scan.png`.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.training.sheets.strokes import draw_number, margin

SAMPLE = Path(__file__).parents[3] / "static" / "img" / "sample-scan.png"
NUMBERS = ("351", "1,284", "60972")
_LABELS = ("Parcels", "Weight", "Form no.")
_HEIGHT, _WIDTH = 420, 900
_INK = np.array((120, 58, 28), np.float32)
"""Blue-black, in the order blue, green, red."""


def draw_sample() -> NDArray[np.uint8]:
    """The scan: uint8, 420 × 900 × 3, blue first as OpenCV writes it. Every call draws the same picture."""
    rng = np.random.default_rng(1284)
    scan = _paper(rng)
    for row, (label, number) in enumerate(zip(_LABELS, NUMBERS, strict=True)):
        rule = 125 + row * 120
        cv2.putText(scan, label, (70, rule - 12), cv2.FONT_HERSHEY_DUPLEX, 0.8, (96, 92, 90), 1, cv2.LINE_AA)
        cv2.line(scan, (270, rule), (830, rule), (150, 142, 138), 2, cv2.LINE_AA)
        _write(scan, draw_number(number, 66, rng, gap=0.24, pen=0.085, slant=0.12), 330 + row * 14, rule - 10)
    return scan


def _paper(rng: np.random.Generator) -> NDArray[np.uint8]:
    """Cream paper with a grain, a little darker towards the lower right: uint8, height × width × 3."""
    down, across = np.mgrid[0:_HEIGHT, 0:_WIDTH].astype(np.float32)
    shade = 1 - 0.07 * (down / _HEIGHT + across / _WIDTH) / 2
    grain = cv2.GaussianBlur(rng.normal(0, 3.0, (_HEIGHT, _WIDTH)).astype(np.float32), (3, 3), 0)
    paper = np.array((232, 244, 250), np.float32) * shade[..., np.newaxis] + grain[..., np.newaxis]
    tinted: NDArray[np.uint8] = np.clip(paper, 0, 255).astype(np.uint8)
    return tinted


def _write(scan: NDArray[np.uint8], number: NDArray[np.uint8], left: int, base: int) -> None:
    """Lay ink on the paper, with the digits' feet on `base`."""
    top = base - (number.shape[0] - margin(66))
    area = scan[top : top + number.shape[0], left : left + number.shape[1]]
    share = (number.astype(np.float32) / 255 * 0.92)[..., np.newaxis]
    area[:] = (area * (1 - share) + _INK * share).astype(np.uint8)


if __name__ == "__main__":
    SAMPLE.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(SAMPLE), draw_sample())
    print(f"{SAMPLE.name}: {', '.join(NUMBERS)}")
