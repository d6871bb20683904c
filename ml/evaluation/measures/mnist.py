"""Single digits of MNIST's test set: our network, the two networks of the student report, and classical classifiers.

The report's networks and the classical classifiers are trained anew on MNIST's training digits; our network is the file
that ships. Tables and two pictures come out.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from ml.evaluation.measures.classics import classics_table, classifier_row
from ml.evaluation.reports.figures import confusion, per_digit
from ml.evaluation.reports.report import Picture, Table, digits_table, draw_confusion, draw_errors
from ml.reading.elements import NO_DIGIT
from ml.reading.operating_points import wilson
from ml.reading.reader import SHIPPED_NETWORK
from ml.training.datasets import Digits
from ml.training.export.export_digits import probabilities
from ml.training.runs.networks import report_network

REPORT_NETWORKS = ((64, 32), (64, 32, 16))
"""Filters of each layer of convolution in the student report's networks."""

REPORT_BATCH = 32


@dataclass(frozen=True, slots=True, eq=False)
class NetworkResult:
    """A network on the test digits.

    Attributes:
        name: For the table.
        weights: How many weights it has.
        trained: How long it was trained, as the table shows it.
        probabilities: float32, digits × classes.
        seconds: To read a digit, in batches of 50; ours on one thread.
        bytes: Size as stored.
    """

    name: str
    weights: int
    trained: str
    probabilities: NDArray[np.float32]
    seconds: float
    bytes: int

    @property
    def classes(self) -> NDArray[np.int64]:
        """The likeliest class of each test digit: int64, digits."""
        classes: NDArray[np.int64] = self.probabilities.argmax(axis=1)
        return classes


def mnist_part(train: Digits, test: Digits, epochs: int, output: Path) -> tuple[list[Table], list[Picture]]:
    """Compare the classifiers, and show where the shipped network errs.

    Args:
        train: MNIST's 60,000.
        test: MNIST's 10,000.
        epochs: How long the report's networks are trained.
        output: Where the pictures of the confusion matrix and of the worst errors go.
    """
    shipped = shipped_result(test)
    results = [shipped, *(report_result(filters, train, test, epochs) for filters in REPORT_NETWORKS)]
    rows = [
        classifier_row(
            result.name,
            "55,000" if result is shipped else f"{len(train.labels):,}",
            (int((result.classes != test.labels).sum()), len(test.labels)),
            result.trained,
            result.seconds,
            result.bytes,
        )
        for result in results
    ]
    tables = [networks_table(results, test.labels), classics_table(train, test, rows)]
    for result in results:
        counts = confusion(test.labels, result.classes, result.probabilities.shape[1])
        tables.append(digits_table(result.name, per_digit(counts)))
    draw_confusion(confusion(test.labels, shipped.classes, NO_DIGIT + 1), output / "confusion.png")
    draw_errors(test, shipped.probabilities, output / "errors.png")
    return tables, [
        Picture("confusion.png", "Confusion matrix, Countersign"),
        Picture("errors.png", "Worst errors, the most confident first"),
    ]


def shipped_result(test: Digits) -> NetworkResult:
    """Run the network that ships, with LiteRT as the reader does."""
    card = json.loads(SHIPPED_NETWORK.with_suffix(".json").read_text("utf-8"))
    network = SHIPPED_NETWORK.read_bytes()
    started = time.perf_counter()
    predicted = probabilities(network, test.pixels)
    seconds = (time.perf_counter() - started) / len(test.labels)
    trained = f"{card['settings']['epochs']} epochs"
    return NetworkResult("Countersign (as shipped)", card["weights"], trained, predicted, seconds, len(network))


def report_result(filters: tuple[int, ...], train: Digits, test: Digits, epochs: int) -> NetworkResult:
    """Train one network of the student report as the report did, and run it: all training digits, unchanged, Adam.

    Args:
        filters: Of each layer of convolution.
        train: MNIST's 60,000.
        test: MNIST's 10,000.
        epochs: How long it is trained.
    """
    keras.utils.set_random_seed(1)
    model = report_network(*filters)
    started = time.monotonic()
    model.fit(train.pixels[..., None], train.labels, batch_size=REPORT_BATCH, epochs=epochs, verbose=2)
    trained = f"{epochs} epochs, {time.monotonic() - started:.0f} s"
    started = time.perf_counter()
    predicted = model.predict(test.pixels[..., None], batch_size=50, verbose=0)
    seconds = (time.perf_counter() - started) / len(test.labels)
    return NetworkResult(model.name, model.count_params(), trained, predicted, seconds, 4 * model.count_params())


def networks_table(results: list[NetworkResult], labels: NDArray[np.int64]) -> Table:
    """Errors of each network on the test digits, with their interval; `labels` is int64, digits."""
    rows = []
    for result in results:
        wrong = int((result.classes != labels).sum())
        low, high = wilson(wrong, len(labels))
        share = wrong / len(labels)
        cells = (f"{1 - share:.2%}", f"{share:.2%}", f"{low:.2%} to {high:.2%}")
        rows.append((result.name, f"{result.weights:,}", result.trained, *cells))
    head = ("network", "weights", "trained", "right", "error", "95 % interval")
    note = "MNIST test set. Ours has an eleventh class, no digit: a digit that it puts there is an error."
    return Table("Single digits", head, tuple(rows), note)
