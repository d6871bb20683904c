"""The classifiers that the student report names, beside the networks, on MNIST."""

from __future__ import annotations

import pickle
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from ml.evaluation.reports.report import Table
from ml.reading.operating_points import wilson
from ml.training.datasets import Digits

SVM_DIGITS = 20_000
"""A support vector machine's training time grows with the square of the digits: with all 60,000 it takes an hour."""


@dataclass(frozen=True, slots=True)
class Classic:
    """A classifier, and on how many digits it is trained."""

    name: str
    model: Any
    digits: int


def classics(count: int) -> list[Classic]:
    """All five, with the settings that scikit-learn has for them where the report names none."""
    return [
        Classic("SVM (RBF)", SVC(C=5, gamma="scale"), min(count, SVM_DIGITS)),
        Classic("k-nearest neighbours (k = 3)", KNeighborsClassifier(n_neighbors=3, algorithm="brute"), count),
        Classic("Gaussian naive Bayes", GaussianNB(), count),
        Classic("decision tree", DecisionTreeClassifier(random_state=1), count),
        Classic("random forest (100 trees)", RandomForestClassifier(n_estimators=100, random_state=1), count),
    ]


def classics_table(train: Digits, test: Digits, others: list[tuple[str, ...]]) -> Table:
    """Error, training time, time a digit and size.

    Args:
        train: MNIST's 60,000.
        test: MNIST's 10,000.
        others: Rows of the networks, made by the same run.
    """
    rows = [_row(classic, train, test) for classic in classics(len(train.labels))]
    head = ("classifier", "trained on", "error", "95 % interval", "training", "a digit", "size")
    note = "Raw pixels, no augmentation, as in the report; one thread; size as pickled (networks: as stored)."
    return Table("Beside the classics", head, (*others, *rows), note)


def _row(classic: Classic, train: Digits, test: Digits) -> tuple[str, ...]:
    chosen = np.random.default_rng(1).permutation(len(train.labels))[: classic.digits]
    started = time.perf_counter()
    classic.model.fit(_flat(train.pixels[chosen]), train.labels[chosen])
    trained = time.perf_counter() - started
    started = time.perf_counter()
    found = classic.model.predict(_flat(test.pixels))
    spent = (time.perf_counter() - started) / len(test.labels)
    wrong = int((found != test.labels).sum())
    size = len(pickle.dumps(classic.model))
    return row(classic.name, f"{classic.digits:,}", (wrong, len(test.labels)), f"{trained:,.0f} s", spent, size)


def row(
    name: str, trained_on: str, errors: tuple[int, int], training: str, seconds: float, size: int
) -> tuple[str, ...]:
    """A row of the table: errors of how many, seconds a digit, bytes."""
    wrong, count = errors
    low, high = wilson(wrong, count)
    share = f"{wrong / count:.2%}"
    return (
        name,
        trained_on,
        share,
        f"{low:.2%} to {high:.2%}",
        training,
        f"{seconds * 1000:.3f} ms",
        f"{size / 1e6:,.1f} MB",
    )


def _flat(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    return pixels.reshape(len(pixels), -1)
