"""Batches for the network of digits: glyphs and classes in, augmented batches of one epoch after another out."""

from __future__ import annotations

import keras
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import NO_DIGIT
from ml.training.datasets import Digits
from ml.training.synthesis.augment import augment


class Batches(keras.utils.PyDataset):  # type: ignore[misc]
    """Augmented digits and marks, drawn anew for each epoch.

    A batch follows from the seed, the epoch and the batch's number, in whichever order threads ask for batches.
    """

    def __init__(
        self, digits: Digits, more: Digits, marks: list[NDArray[np.float32]], size: int, share: float, seed: int
    ) -> None:
        """Mix digits with further digits and with marks.

        Args:
            digits: All of them are in each epoch, in a new order.
            more: Further digits; each epoch draws some of them.
            marks: Kinds of marks that are no digit, each float32, count × 28 × 28; all kinds are equally frequent.
            size: Glyphs in a batch.
            share: Marks for each digit of `digits`, and as many further digits.
            seed: Decides everything.
        """
        super().__init__(workers=1, use_multiprocessing=False, max_queue_size=16)
        self._digits, self._more, self._marks, self._size, self._seed = digits, more, marks, size, seed
        self._marks_an_epoch = int(len(digits.labels) * share) if marks else 0
        self._more_an_epoch = int(len(digits.labels) * share) if len(more.labels) else 0
        self._epoch = 0
        self._mix()

    def __len__(self) -> int:
        """Batches in an epoch; the incomplete last one is left out."""
        return (len(self._digits.labels) + self._more_an_epoch + self._marks_an_epoch) // self._size

    def __getitem__(self, index: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Glyphs, float32, size × 28 × 28 × 1, and their classes, int64, size."""
        chosen = self._order[index * self._size : (index + 1) * self._size]
        rng = np.random.default_rng((self._seed, self._epoch, index))
        return augment(self._glyphs[chosen], rng)[..., None], self._labels[chosen]

    def begin(self, epoch: int) -> None:
        """Draw the marks, the further digits and the order of an epoch; epochs count from 0."""
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
