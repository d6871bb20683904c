"""The classical classifiers that the student report names, on MNIST, in one table with the networks.

MNIST's digits go in as float32, count × 28 × 28; each classifier is trained anew.
"""

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
"""How many digits the support vector machine is trained on. Its training time grows with their square: an hour for
60,000."""


@dataclass(frozen=True, slots=True)
class Classic:
    """A classifier of scikit-learn.

    Attributes:
        name: For the table.
        model: Not yet trained.
        digits: How many digits it is trained on.
    """

    name: str
    model: Any
    digits: int


def classics(count: int) -> list[Classic]:
    """The five classifiers, not yet trained; where the report names no setting, scikit-learn's default.

    Args:
        count: How many training digits there are.
    """
    return [
        Classic("SVM (RBF)", SVC(C=5, gamma="scale"), min(count, SVM_DIGITS)),
        Classic("k-nearest neighbours (k = 3)", KNeighborsClassifier(n_neighbors=3, algorithm="brute"), count),
        Classic("Gaussian naive Bayes", GaussianNB(), count),
        Classic("decision tree", DecisionTreeClassifier(random_state=1), count),
        Classic("random forest (100 trees)", RandomForestClassifier(n_estimators=100, random_state=1), count),
    ]


def classics_table(train: Digits, test: Digits, networks: list[tuple[str, ...]]) -> Table:
    """Train and test each classifier: error rate, training time, time a digit and size.

    Args:
        train: MNIST's 60,000.
        test: MNIST's 10,000.
        networks: Rows of the networks, from `classifier_row`.
    """
    rows = [_row(classic, train, test) for classic in classics(len(train.labels))]
    head = ("classifier", "trained on", "error", "95 % interval", "training", "a digit", "size")
    note = "Raw pixels, no augmentation, as in the report; one thread; size as pickled (networks: as stored)."
    return Table("Beside classical classifiers", head, (*networks, *rows), note)


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
    errors = wrong, len(test.labels)
    return classifier_row(classic.name, f"{classic.digits:,}", errors, f"{trained:,.0f} s", spent, size)


def classifier_row(
    name: str, trained_on: str, errors: tuple[int, int], training: str, seconds: float, size: int
) -> tuple[str, ...]:
    """A row of the table.

    Args:
        name: The classifier's.
        trained_on: How many digits.
        errors: How many test digits were wrong, and of how many.
        training: How long training took.
        seconds: To classify a digit.
        size: Of the classifier, in bytes.
    """
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
