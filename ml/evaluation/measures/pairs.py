"""Pairs of MNIST's test digits that touch or overlap: how often both are read right, in one table."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.evaluation.reports.report import Table
from ml.reading.forms.layouts import ONE_NUMBER
from ml.reading.operating_points import wilson
from ml.reading.read import read_scan
from ml.reading.reader import Reader
from ml.training.datasets import Digits
from ml.training.synthesis.marks import crop_to_ink
from ml.training.synthesis.strings import png

PAIRS = 5_000
SEED = 21
BANDS = ((0.0, 0.08), (0.08, 0.16), (0.16, 0.25))
"""Least and greatest share of the narrower digit's width that the other digit covers."""

_HEIGHT = 44
"""Of a digit, in pixels."""


def compose_pairs(digits: Digits, count: int, seed: int) -> Iterator[tuple[int, NDArray[np.uint8], str]]:
    """Pairs on white paper, the bands in turn.

    Args:
        digits: The digits to pair; never those trained on.
        count: How many pairs.
        seed: Decides everything.

    Yields:
        The band's index, the picture (uint8, height × width, grey), and the two digits.
    """
    rng = np.random.default_rng(seed)
    for index in range(count):
        band = index % len(BANDS)
        chosen = rng.integers(len(digits.labels), size=2)
        first, second = (_scaled(pixels) for pixels in digits.pixels[chosen])
        overlap = round(rng.uniform(*BANDS[band]) * min(first.shape[1], second.shape[1]))
        ink = np.zeros((2 * _HEIGHT, first.shape[1] + second.shape[1] + _HEIGHT), np.float32)
        left = _HEIGHT // 2
        for body in (first, second):
            foot = int(1.5 * _HEIGHT + rng.integers(-2, 3))
            area = ink[foot - body.shape[0] : foot, left : left + body.shape[1]]
            np.maximum(area, body, out=area)
            left += body.shape[1] - overlap
        page = 240 - 205 * cv2.GaussianBlur(ink, (0, 0), 0.7) + rng.normal(0, 3, ink.shape)
        yield band, np.clip(page, 0, 255).astype(np.uint8), "".join(str(label) for label in digits.labels[chosen])


def _scaled(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """The digit without paper around it, `_HEIGHT` pixels on its longer side: float32, height × width, ink 1.0."""
    body = crop_to_ink(pixels)
    scale = _HEIGHT / max(body.shape)
    return np.clip(cv2.resize(body, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), 0, 1).astype(np.float32)


def pairs_table(digits: Digits) -> Table:
    """Count for each band how often our own networks read both digits right.

    Args:
        digits: MNIST's test digits.
    """
    reader = Reader.shipped(with_second=False)
    right, counts = [0] * len(BANDS), [0] * len(BANDS)
    for band, image, written in compose_pairs(digits, PAIRS, SEED):
        (page,) = read_scan(png(image), ONE_NUMBER, reader)
        counts[band] += 1
        right[band] += [reading.value for reading in page.readings] == [written]
    names = [f"{low:.0%} to {high:.0%} of the narrower covered" for low, high in BANDS]
    rows = [_row(name, of_band, count) for name, of_band, count in zip(names, right, counts, strict=True)]
    rows.append(_row("all", sum(right), sum(counts)))
    head = ("pairs", "count", "both right", "95 % interval")
    return Table("Touching and overlapping pairs", head, tuple(rows), "MNIST's test digits, our own networks alone.")


def _row(name: str, right: int, count: int) -> tuple[str, ...]:
    low, high = wilson(right, count)
    return (name, f"{count:,}", f"{right / count:.1%}", f"{low:.1%} to {high:.1%}")
