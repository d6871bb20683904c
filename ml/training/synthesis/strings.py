"""Numbers on paper, composed of single handwritten digits: the acceptance threshold is chosen on these.

Digits come in as float32, count × 28 × 28; a grey picture, uint8, height × width, leaves for each number. The hands are
real; paper, ink and spaces are invented. So figures on these numbers tell of the reader's doubt, not of real scans.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.training.datasets import Digits
from ml.training.synthesis.marks import crop_to_ink

_HEIGHT = 40
"""Height of a digit on the paper, in pixels: about 5 mm at 200 dpi."""


@dataclass(frozen=True, slots=True, eq=False)
class ComposedString:
    """A number on paper.

    Attributes:
        image: uint8, height × width, grey.
        digits: The number's digits, without separators.
    """

    image: NDArray[np.uint8]
    digits: str


def png(image: NDArray[np.uint8]) -> bytes:
    """A picture (uint8) as a PNG file's bytes."""
    return cv2.imencode(".png", image)[1].tobytes()


def compose_strings(digits: Digits, count: int, seed: int) -> Iterator[ComposedString]:
    """Compose numbers of three to eight digits, half of them with separators, some above a ruled line.

    Args:
        digits: The digits to write with: those held out, or those of the test set, never those trained on.
        count: How many numbers.
        seed: The same seed composes the same numbers.

    Yields:
        Strips of one number each. Shade, grain and ink of the paper change from strip to strip.
    """
    rng = np.random.default_rng(seed)
    for _ in range(count):
        chosen = rng.integers(len(digits.labels), size=int(rng.integers(3, 9)))
        text = "".join(str(label) for label in digits.labels[chosen])
        yield ComposedString(_put_on_paper(_write_line([digits.pixels[i] for i in chosen], rng), rng), text)


def _write_line(glyphs: list[NDArray[np.float32]], rng: Generator) -> NDArray[np.float32]:
    """Put digits side by side on one sloping base line: float32, height × width, ink 1.0."""
    height = int(_HEIGHT * rng.uniform(0.8, 1.4))
    separated = rng.random() < 0.5
    ink = np.zeros((3 * height, (len(glyphs) + 4) * int(height * 1.3)), np.float32)
    pen, slope, base = height, rng.normal(0, 0.02), 2 * height
    for index, glyph in enumerate(glyphs):
        if separated and index and (len(glyphs) - index) % 3 == 0:
            pen = _write_separator(ink, pen, base, height, rng)
        body = _resize(glyph, height, rng)
        top = int(base + slope * pen + rng.normal(0, 0.05) * height) - body.shape[0]
        area = ink[top : top + body.shape[0], pen : pen + body.shape[1]]
        np.maximum(area, body, out=area)
        pen += body.shape[1] + max(2, int(rng.normal(0.25, 0.1) * height))
    return ink[:, : pen + height]


def _resize(glyph: NDArray[np.float32], height: int, rng: Generator) -> NDArray[np.float32]:
    body = crop_to_ink(glyph)
    scale = height * rng.uniform(0.9, 1.1) / max(body.shape)
    return np.clip(cv2.resize(body, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), 0, 1)


def _write_separator(ink: NDArray[np.float32], pen: int, base: int, height: int, rng: Generator) -> int:
    """Write a comma or a point at the base line; returns the column where the next digit begins."""
    size = max(2, height // 14)
    foot = (pen + size, base - size)
    cv2.circle(ink, foot, size, 1.0, -1, cv2.LINE_AA)
    if rng.random() < 0.5:
        cv2.line(ink, foot, (pen - size // 2, base + height // 6), 1.0, size, cv2.LINE_AA)
    return pen + height // 3


def _put_on_paper(ink: NDArray[np.float32], rng: Generator) -> NDArray[np.uint8]:
    """Put ink on paper and scan it: shade from side to side, grain, now and then a ruled line."""
    height, width = ink.shape
    paper = rng.uniform(205, 250) + np.linspace(-1, 1, width) * rng.uniform(-15, 15) + np.zeros((height, 1))
    if rng.random() < 0.25:
        row = int(height * rng.uniform(0.78, 0.9))
        paper[row : row + 2] -= rng.uniform(40, 90)
    pen = rng.uniform(15, 90)
    page = paper * (1 - ink) + pen * ink + rng.normal(0, rng.uniform(1, 5), ink.shape)
    soft = cv2.GaussianBlur(page, (0, 0), rng.uniform(0.3, 0.9))
    return np.clip(soft, 0, 255).astype(np.uint8)
