"""A batch as other hands, pens and scanners would have made it."""

from __future__ import annotations

import cv2
import keras
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.reading.elements import GLYPH_SIDE, NO_DIGIT
from ml.training.datasets import Digits

_BENDS = 5
"""Control points a side of the grid that bends a glyph: strokes bend as a whole, edges stay smooth."""

_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


def augmented(glyphs: NDArray[np.float32], rng: Generator) -> NDArray[np.float32]:
    """Each glyph turned, sheared, scaled, shifted, bent, its strokes thicker or thinner, its ink paler or harder.

    Args:
        glyphs: float32, count × 28 × 28, paper 0.0 and ink 1.0.
        rng: Decides everything.

    Returns:
        float32, count × 28 × 28, 0.0 to 1.0.

    Source: Simard, Steinkraus, Platt, "Best Practices for Convolutional Neural Networks", 2003 (bending).
    """
    where = _sources(len(glyphs), rng)
    moved = np.stack([cv2.remap(g, at[0], at[1], cv2.INTER_LINEAR) for g, at in zip(glyphs, where, strict=True)])
    for index in np.nonzero(rng.random(len(moved)) < 0.3)[0]:
        moved[index] = _other_pen(moved[index], rng)
    for index in np.nonzero(rng.random(len(moved)) < 0.1)[0]:
        moved[index] = cv2.GaussianBlur(moved[index], (0, 0), rng.uniform(0.4, 0.7))
    gain = rng.uniform(0.9, 1.25, (len(moved), 1, 1)).astype(np.float32)
    return np.clip(moved * gain, 0, 1)


def _sources(count: int, rng: Generator) -> NDArray[np.float32]:
    """For each pixel, where it comes from: float32, count × 2 (x, y) × 28 × 28."""
    turn, shear = rng.normal(0, 0.1, count), rng.normal(0, 0.12, count)
    across, down = rng.uniform(0.87, 1.13, (2, count))
    matrices = np.array([[across * np.cos(turn), shear - np.sin(turn)], [np.sin(turn), down * np.cos(turn)]])
    side = np.arange(GLYPH_SIDE) - (GLYPH_SIDE - 1) / 2
    grid = np.stack(np.meshgrid(side, side))  # 2 × 28 × 28
    turned = matrices.transpose(2, 0, 1) @ grid.reshape(2, -1)
    straight = turned.reshape(count, 2, GLYPH_SIDE, GLYPH_SIDE) + (GLYPH_SIDE - 1) / 2
    shifts = rng.uniform(-1.5, 1.5, (count, 2, 1, 1))
    steps = rng.normal(0, rng.uniform(0.2, 1.1, (count, 1, 1, 1)), (count, 2, _BENDS, _BENDS))
    bends = _SPREAD @ steps @ _SPREAD.T
    return np.asarray(straight + shifts + bends, np.float32)


def _spread() -> NDArray[np.float64]:
    """How much each control point moves each row: 28 × 5, smooth, rows sum to one."""
    places = np.linspace(0, GLYPH_SIDE - 1, _BENDS)
    weights = np.exp(-((np.arange(GLYPH_SIDE)[:, None] - places) ** 2) / (2 * 4.5**2))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


_SPREAD = _spread()


def _other_pen(glyph: NDArray[np.float32], rng: Generator) -> NDArray[np.float32]:
    """A pen that is broader or finer by up to half a pixel on either side."""
    change = cv2.dilate if rng.random() < 0.6 else cv2.erode
    share = rng.uniform(0.1, 0.5)
    return np.asarray((1 - share) * glyph + share * change(glyph, _CROSS), np.float32)


class Batches(keras.utils.PyDataset):  # type: ignore[misc]
    """One epoch after another of augmented digits and marks, drawn anew each time.

    A batch follows from the seed, the epoch and its number, in whichever order threads ask for it.
    """

    def __init__(
        self, digits: Digits, more: Digits, marks: list[NDArray[np.float32]], size: int, share: float, seed: int
    ) -> None:
        """Mix digits with others and with marks.

        Args:
            digits: All of them stand in each epoch, in a new order.
            more: Other digits; some of them stand in each epoch.
            marks: Kinds of marks that are no digit, float32, count × 28 × 28; each kind as often as the others.
            size: Glyphs a batch.
            share: How many marks, and how many other digits, for each digit.
            seed: Decides everything.
        """
        super().__init__(workers=1, use_multiprocessing=False, max_queue_size=16)
        self._digits, self._more, self._marks, self._size, self._seed = digits, more, marks, size, seed
        self._marks_an_epoch = int(len(digits.labels) * share) if marks else 0
        self._more_an_epoch = int(len(digits.labels) * share) if len(more.labels) else 0
        self._epoch = 0
        self._mix()

    def __len__(self) -> int:
        """Batches an epoch; the incomplete last one is left out."""
        return (len(self._digits.labels) + self._more_an_epoch + self._marks_an_epoch) // self._size

    def __getitem__(self, index: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Glyphs, float32, size × 28 × 28 × 1, and their classes, int64, size."""
        chosen = self._order[index * self._size : (index + 1) * self._size]
        rng = np.random.default_rng((self._seed, self._epoch, index))
        return augmented(self._glyphs[chosen], rng)[..., None], self._labels[chosen]

    def begin(self, epoch: int) -> None:
        """Draw an epoch's marks and order; epochs count from 0."""
        if epoch != self._epoch:
            self._epoch = epoch
            self._mix()

    def _mix(self) -> None:
        rng = np.random.default_rng((self._seed, self._epoch))
        each = self._marks_an_epoch // max(1, len(self._marks))
        drawn = [kind[rng.integers(len(kind), size=each)] for kind in self._marks]
        more = rng.integers(max(1, len(self._more.labels)), size=self._more_an_epoch)
        self._glyphs = np.concatenate([self._digits.pixels, self._more.pixels[more], *drawn])
        none = np.full(each * len(drawn), NO_DIGIT)
        self._labels = np.concatenate([self._digits.labels, self._more.labels[more], none])
        self._order = rng.permutation(len(self._glyphs))
        self._order = np.resize(self._order, max(len(self._order), len(self) * self._size))
