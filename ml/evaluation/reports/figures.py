"""Figures on classified digits: labels and scores in, shares (0 to 1) out. No network and no image is needed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class DigitFigures:
    """How well one digit is separated from all other digits.

    Attributes:
        digit: 0 to 9.
        sensitivity: Share of this digit's pictures that are read as it.
        specificity: Share of all other pictures that are not read as it.
        precision: Share of the pictures read as this digit that show it; 0 where none is read as it.
    """

    digit: int
    sensitivity: float
    specificity: float
    precision: float


def confusion(labels: NDArray[np.int64], found: NDArray[np.int64], classes: int) -> NDArray[np.int64]:
    """Count how often each digit was read as each class.

    Args:
        labels: int64, count, 0 to 9: the true digits.
        found: int64, count: the classes that were read.
        classes: How many classes there are.

    Returns:
        int64, 10 × classes: a row a digit, a column a class.
    """
    counts = np.zeros((10, classes), np.int64)
    np.add.at(counts, (labels, found), 1)
    return counts


def per_digit(counts: NDArray[np.int64]) -> list[DigitFigures]:
    """Sensitivity, specificity and precision of each digit.

    Args:
        counts: From `confusion`, with every digit at least once.
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


def auroc(positives: NDArray[np.floating], negatives: NDArray[np.floating]) -> float:
    """Area under the ROC curve: the probability that a positive scores higher than a negative; ties count half.

    Args:
        positives: Their scores.
        negatives: Their scores.

    Source: Mann and Whitney's U, by ranks.
    """
    scores = np.concatenate([positives, negatives])
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    rank_sum = float(ranks[: len(positives)].sum())
    return (rank_sum - len(positives) * (len(positives) + 1) / 2) / (len(positives) * len(negatives))
