"""Figures on classified digits: plain arithmetic on labels, without a network or an image."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class DigitFigures:
    """How one digit is told from all others.

    Attributes:
        digit: 0 to 9.
        sensitivity: Share of this digit's pictures that are read as it.
        specificity: Share of all other pictures that are not read as it.
        precision: Share of what is read as it that is it; 0 where nothing is.
    """

    digit: int
    sensitivity: float
    specificity: float
    precision: float


def confusion(labels: NDArray[np.int64], found: NDArray[np.int64], classes: int) -> NDArray[np.int64]:
    """How often each digit (row) was read as each class (column): int64, 10 × classes."""
    counts = np.zeros((10, classes), np.int64)
    np.add.at(counts, (labels, found), 1)
    return counts


def per_digit(counts: NDArray[np.int64]) -> list[DigitFigures]:
    """Sensitivity, specificity and precision of each digit.

    Args:
        counts: From `confusion`; every digit stands in it at least once.
    """
    total = counts.sum()
    rows, columns, right = counts.sum(axis=1), counts.sum(axis=0), np.diag(counts)
    return [
        DigitFigures(
            digit,
            float(right[digit] / rows[digit]),
            float(1 - (columns[digit] - right[digit]) / (total - rows[digit])),
            float(right[digit] / columns[digit]) if columns[digit] else 0.0,
        )
        for digit in range(10)
    ]


def auroc(strangers: NDArray[np.floating], digits: NDArray[np.floating]) -> float:
    """The chance that a stranger scores higher than a digit; ties count half.

    Args:
        strangers: Scores of what is no digit; higher means less like a digit.
        digits: Scores of digits.

    Source: Mann and Whitney's U, by ranks.
    """
    scores = np.concatenate([strangers, digits])
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    ours = float(ranks[: len(strangers)].sum())
    return (ours - len(strangers) * (len(strangers) + 1) / 2) / (len(strangers) * len(digits))
