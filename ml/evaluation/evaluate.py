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
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
from numpy.typing import NDArray

from ml.evaluation.figures import auroc, confusion, per_digit
from ml.evaluation.report import (
    Table,
    digits_table,
    draw_confusion,
    draw_errors,
    draw_operating_curve,
    draw_wrong_amounts,
    write_report,
)
from ml.reading.elements import NO_DIGIT
from ml.reading.read import SHIPPED_NETWORK, Reader
from ml.training.acceptance import operating_point, read_strings, wilson
from ml.training.calibrate import both_ways, observe
from ml.training.datasets import (
    MEASURE_ONLY,
    Digits,
    data_folder,
    load_courtesy_amounts,
    load_letters,
    load_mnist,
    mnist_folder,
)
from ml.training.export import probabilities
from ml.training.networks import report_network
from ml.training.strings import compose_strings

REPORT_NETWORKS = ((64, 32), (64, 32, 16))
REPORT_BATCH = 32
STRINGS, STRINGS_SEED = 3_000, 12


@dataclass(frozen=True, slots=True, eq=False)
class Contender:
    """A network and what it says of the test digits.

    Attributes:
        name: For the table.
        weights: How many.
        trained: On what, for how long.
        chances: float32, digits × classes.
    """

    name: str
    weights: int
    trained: str
    chances: NDArray[np.float32]


def ours(test: Digits) -> Contender:
    """The network that ships, run by LiteRT as the reader runs it."""
    card = json.loads(SHIPPED_NETWORK.with_suffix(".json").read_text("utf-8"))
    chances = probabilities(SHIPPED_NETWORK.read_bytes(), test.pixels)
    return Contender("Countersign (as shipped)", card["weights"], f"{card['settings']['epochs']} epochs", chances)


def theirs(filters: tuple[int, ...], train: Digits, test: Digits, epochs: int) -> Contender:
    """One network of the student report, trained now as it was there: all 60,000 digits, plain, Adam."""
    keras.utils.set_random_seed(1)
    model = report_network(*filters)
    started = time.monotonic()
    model.fit(train.pixels[..., None], train.labels, batch_size=REPORT_BATCH, epochs=epochs, verbose=2)
    spent = f"{epochs} epochs, {time.monotonic() - started:.0f} s"
    return Contender(model.name, model.count_params(), spent, model.predict(test.pixels[..., None], verbose=0))


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


def strangers_table(digits: Contender, folder: Path | None) -> Table:
    """How alphabets that no network was trained on are told from the test digits."""
    letters = load_letters(folder)
    head = ("alphabet", "letters", "called no digit", "AUROC")
    rows = []
    for name in MEASURE_ONLY:
        pixels = letters.pixels[letters.alphabets == name]
        if len(pixels):
            chances = probabilities(SHIPPED_NETWORK.read_bytes(), pixels)
            refused = float((chances.argmax(axis=1) == NO_DIGIT).mean())
            area = auroc(chances[:, NO_DIGIT], digits.chances[:, NO_DIGIT])
            rows.append((name.replace("_", " "), str(len(pixels)), f"{refused:.1%}", f"{area:.4f}"))
    note = "" if rows else "Left out: COUNTERSIGN_DATA holds no not-digits/ folder."
    return Table("What is no digit", head, tuple(rows), note)


def strings_table(test: Digits, reader: Reader) -> Table:
    """Whole numbers, composed of test digits and read from an image file's bytes on."""
    outcomes = read_strings(compose_strings(test, STRINGS, STRINGS_SEED), reader)
    right = sum(outcome.right for outcome in outcomes)
    point = operating_point(outcomes, reader.threshold)
    low, high = point.interval
    row = (str(len(outcomes)), f"{right / len(outcomes):.1%}", f"{reader.threshold:.4f}", f"{point.read_rate:.1%}")
    head = ("strings", "right, all read", "threshold", "pass without a person", "wrong among those", "95 % interval")
    note = "Composed strings of three to eight digits on made-up paper, any number on a page: easier than scans."
    return Table("Whole numbers", head, ((*row, f"{point.error_rate:.2%}", f"{low:.2%} to {high:.2%}"),), note)


def amounts_part(folder: Path | None, reader: Reader, output: Path) -> tuple[Table, list[tuple[str, str]]]:
    """Real amounts, which no network was trained on: each reading alone, and both together; with pictures."""
    amounts = load_courtesy_amounts(folder)
    head = ("reading", "right, all read", "pass, threshold of the other half", "wrong among those", "95 % interval")
    if not amounts:
        return Table("Real amounts", head, (), "Left out: COUNTERSIGN_DATA holds no courtesy-amounts/ folder."), []
    observed = observe(amounts, reader)
    fare = both_ways(observed, np.array([amount.first_half for amount in amounts]))
    draw_wrong_amounts(amounts, [one.value for one in observed], fare.outcomes, output / "amounts.png")
    draw_operating_curve(fare.outcomes, output / "curve.png")
    pictures = [
        ("curve.png", "Operating curve: errors among the real amounts that pass, by the share that passes"),
        ("amounts.png", "Real amounts read wrong, the surest first"),
    ]
    low, high = fare.point.interval
    shares = {
        "cut into digits": np.mean([one.by_digits for one in observed]),
        "as whole strings": np.mean([one.as_string for one in observed]),
        "both together, as shipped": np.mean([one.right for one in observed]),
    }
    rows = [[name, f"{share:.1%}", "", "", ""] for name, share in shares.items()]
    rows[-1][2:] = [f"{fare.point.read_rate:.1%}", f"{fare.point.error_rate:.2%}", f"{low:.2%} to {high:.2%}"]
    note = (
        f"{len(amounts)} courtesy amounts from real cheques, one number a picture. Confidence is calibrated, and the "
        "threshold for one error in a hundred chosen, on one half and counted on the other, both ways round. Ranked "
        f"by that confidence, {fare.read_rate_at_error:.1%} pass at just one error in a hundred."
    )
    return Table("Real amounts", head, tuple(tuple(row) for row in rows), note), pictures


def evaluate(folder: Path, epochs: int) -> Path:
    """Measure everything, print the tables, write the report; returns its page."""
    folder.mkdir(parents=True, exist_ok=True)
    data = data_folder()
    train, test = (load_mnist(part, mnist_folder(data)) for part in ("train", "t10k"))
    first = ours(test)
    contenders = [first, *(theirs(filters, train, test, epochs) for filters in REPORT_NETWORKS)]
    reader = Reader.shipped()
    tables = [contenders_table(contenders, test.labels), strangers_table(first, data)]
    real, real_pictures = amounts_part(data, reader, folder)
    tables += [strings_table(test, reader), real]
    for contender in contenders:
        counts = confusion(test.labels, contender.chances.argmax(axis=1), contender.chances.shape[1])
        tables.append(digits_table(contender.name, per_digit(counts)))
    for table in tables:
        sys.stdout.write(table.text() + "\n")
    draw_confusion(confusion(test.labels, first.chances.argmax(axis=1), NO_DIGIT + 1), folder / "confusion.png")
    draw_errors(test, first.chances, folder / "errors.png")
    pictures = [("confusion.png", "Confusion matrix, Countersign"), ("errors.png", "Worst errors, the surest first")]
    return write_report(folder, tables, [*real_pictures, *pictures])


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("var/report"))
    parser.add_argument("--epochs", type=int, default=5, help="for the student report's networks")
    options = parser.parse_args(arguments)
    sys.stdout.write(f"Report: {evaluate(options.output, options.epochs)}\n")


if __name__ == "__main__":
    main()
