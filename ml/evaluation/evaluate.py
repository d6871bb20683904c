"""How well the shipped network reads, beside the student report's two: `make evaluate`.

Everything is measured in this run: the report's networks are trained anew, ours is the file that ships. What needs data
that is not there is left out, and the report says so.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
from numpy.typing import NDArray

from ml.evaluation.measures.amounts import amounts_part
from ml.evaluation.measures.cheques import cheques_part
from ml.evaluation.measures.classics import classics_table, row
from ml.evaluation.measures.copies import copies_table
from ml.evaluation.measures.damage import damage_part
from ml.evaluation.measures.forms import forms_part
from ml.evaluation.measures.other_hands import other_hands_table
from ml.evaluation.measures.pairs import pairs_table
from ml.evaluation.measures.strangers import strangers_table
from ml.evaluation.reports.figures import confusion, per_digit
from ml.evaluation.reports.report import Table, digits_table, draw_confusion, draw_errors, write_report
from ml.reading.elements import NO_DIGIT
from ml.reading.forms.layouts import ANY_NUMBER
from ml.reading.operating_points import wilson
from ml.reading.reader import SHIPPED_NETWORK, Reader
from ml.training.calibration.acceptance import counts_at
from ml.training.calibration.calibrate import outcomes_on_page
from ml.training.datasets import Digits, data_folder, load_mnist, mnist_folder
from ml.training.export.export_digits import probabilities
from ml.training.runs.networks import report_network
from ml.training.synthesis.strings import compose_strings, png

REPORT_NETWORKS = ((64, 32), (64, 32, 16))
REPORT_BATCH = 32
STRINGS, STRINGS_SEED = 2_000, 12
Part = tuple[list[Table], list[tuple[str, str]]]


@dataclass(frozen=True, slots=True, eq=False)
class Contender:
    """A network and what it says of the test digits.

    Attributes:
        name: For the table.
        weights: How many.
        trained: For how long.
        chances: float32, digits × classes.
        seconds: To read a digit, in batches of 50, one thread for ours.
        bytes: As stored.
    """

    name: str
    weights: int
    trained: str
    chances: NDArray[np.float32]
    seconds: float
    bytes: int


def ours(test: Digits) -> Contender:
    """The network that ships, run by LiteRT as the reader runs it."""
    card = json.loads(SHIPPED_NETWORK.with_suffix(".json").read_text("utf-8"))
    network = SHIPPED_NETWORK.read_bytes()
    started = time.perf_counter()
    chances = probabilities(network, test.pixels)
    spent = (time.perf_counter() - started) / len(test.labels)
    trained = f"{card['settings']['epochs']} epochs"
    return Contender("Countersign (as shipped)", card["weights"], trained, chances, spent, len(network))


def theirs(filters: tuple[int, ...], train: Digits, test: Digits, epochs: int) -> Contender:
    """One network of the student report, trained now as it was there: all 60,000 digits, plain, Adam."""
    keras.utils.set_random_seed(1)
    model = report_network(*filters)
    started = time.monotonic()
    model.fit(train.pixels[..., None], train.labels, batch_size=REPORT_BATCH, epochs=epochs, verbose=2)
    trained = f"{epochs} epochs, {time.monotonic() - started:.0f} s"
    started = time.perf_counter()
    chances = model.predict(test.pixels[..., None], batch_size=50, verbose=0)
    spent = (time.perf_counter() - started) / len(test.labels)
    return Contender(model.name, model.count_params(), trained, chances, spent, 4 * model.count_params())


def contenders_table(contenders: list[Contender], labels: NDArray[np.int64]) -> Table:
    """Errors on the test digits, with their interval."""
    rows = []
    for contender in contenders:
        wrong = int((contender.chances.argmax(axis=1) != labels).sum())
        low, high = wilson(wrong, len(labels))
        share = wrong / len(labels)
        cells = (f"{1 - share:.2%}", f"{share:.2%}", f"{low:.2%} to {high:.2%}")
        rows.append((contender.name, f"{contender.weights:,}", contender.trained, *cells))
    head = ("network", "weights", "trained", "right", "error", "95 % interval")
    note = "MNIST test set. Ours has an eleventh class: a digit that it calls no digit is an error."
    return Table("Single digits", head, tuple(rows), note)


def strings_table(test: Digits, reader: Reader) -> Table:
    """Whole numbers, composed of test digits and read from an image file's bytes on."""
    strings = compose_strings(test, STRINGS, STRINGS_SEED)
    outcomes = [outcomes_on_page(png(string.image), string.digits, reader)[1] for string in strings]
    right = sum(outcome.right for outcome in outcomes)
    threshold = reader.decision_rule.threshold(ANY_NUMBER, reader.error_rate)
    point = counts_at(outcomes, threshold)
    low, high = point.interval
    row = (str(len(outcomes)), f"{right / len(outcomes):.1%}", f"{threshold:.4f}", f"{point.read_rate:.1%}")
    head = ("strings", "right, all read", "threshold", "pass without a person", "wrong among those", "95 % interval")
    note = "Composed strings of three to eight digits on made-up paper, any number on a page: easier than scans."
    return Table("Whole numbers", head, ((*row, f"{point.error_rate:.2%}", f"{low:.2%} to {high:.2%}"),), note)


def mnist_part(train: Digits, test: Digits, epochs: int, output: Path) -> Part:
    """Our network, the report's and the classics on MNIST's test digits; the confusion and the worst errors."""
    first = ours(test)
    contenders = [first, *(theirs(filters, train, test, epochs) for filters in REPORT_NETWORKS)]
    beside = [
        row(
            one.name,
            "55,000" if one is first else f"{len(train.labels):,}",
            (int((one.chances.argmax(axis=1) != test.labels).sum()), len(test.labels)),
            one.trained,
            one.seconds,
            one.bytes,
        )
        for one in contenders
    ]
    tables = [contenders_table(contenders, test.labels), classics_table(train, test, beside)]
    for contender in contenders:
        counts = confusion(test.labels, contender.chances.argmax(axis=1), contender.chances.shape[1])
        tables.append(digits_table(contender.name, per_digit(counts)))
    draw_confusion(confusion(test.labels, first.chances.argmax(axis=1), NO_DIGIT + 1), output / "confusion.png")
    draw_errors(test, first.chances, output / "errors.png")
    return tables, [
        ("confusion.png", "Confusion matrix, Countersign"),
        ("errors.png", "Worst errors, the surest first"),
    ]


def parts(output: Path, epochs: int) -> dict[str, Callable[[], Part]]:
    """What is measured, by name, in the report's order."""
    data = data_folder()
    train, test = (load_mnist(part, mnist_folder(data)) for part in ("train", "t10k"))
    reader = Reader.shipped()

    def one(table: Callable[[], Table]) -> Callable[[], Part]:
        return lambda: ([table()], [])

    def damage() -> Part:
        table, pictures = damage_part(test, reader, output)
        return [table], pictures

    return {
        "amounts": lambda: amounts_part(data, reader, output),
        "cheques": lambda: (cheques_part(data, reader), []),
        "forms": lambda: (forms_part(test, reader), []),
        "pages": one(lambda: strings_table(test, reader)),
        "hands": one(lambda: other_hands_table(data, reader)),
        "pairs": one(lambda: pairs_table(test)),
        "strangers": one(lambda: strangers_table(test.pixels, data, reader)),
        "damage": damage,
        "copies": one(lambda: copies_table(data)),
        "mnist": lambda: mnist_part(train, test, epochs, output),
    }


def evaluate(folder: Path, epochs: int, only: list[str]) -> Path:
    """Measure, print each table as it is there, write the report; returns its page."""
    folder.mkdir(parents=True, exist_ok=True)
    tables: list[Table] = []
    pictures: list[tuple[str, str]] = []
    for name, measure in parts(folder, epochs).items():
        if only and name not in only:
            continue
        started = time.monotonic()
        own_tables, own_pictures = measure()
        for table in own_tables:
            sys.stdout.write(table.text() + "\n")
        sys.stderr.write(f"{name}: {time.monotonic() - started:.0f} s\n")
        tables += own_tables
        pictures += own_pictures
    return write_report(folder, tables, pictures)


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("var/report"))
    parser.add_argument("--epochs", type=int, default=5, help="for the student report's networks")
    parser.add_argument("--only", nargs="*", default=[], metavar="PART", help="amounts, cheques, pages, hands, ...")
    options = parser.parse_args(arguments)
    sys.stdout.write(f"Report: {evaluate(options.output, options.epochs, options.only)}\n")


if __name__ == "__main__":
    main()
