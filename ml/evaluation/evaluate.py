"""How well the reader reads: `make evaluate`, or `python -m ml.evaluation.evaluate --only PART ...`.

The report has parts, and `PARTS` lists them all: what each counts, which data it needs, and what it costs. Each part
measures anew what ships. Data sets come from the folder in `COUNTERSIGN_DATA`; MNIST is downloaded where it is missing.
A part without its data says so in its table. Each table is printed once it is there; the whole report, one HTML page
with pictures, goes to the folder `--output`.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from ml.evaluation.measures.amounts import amounts_as_shipped, amounts_part
from ml.evaluation.measures.cheques import cheques_part
from ml.evaluation.measures.copies import copies_table
from ml.evaluation.measures.damage import damage_part
from ml.evaluation.measures.drawn_cheques import drawn_cheques_part
from ml.evaluation.measures.forms import forms_part
from ml.evaluation.measures.mnist import mnist_part
from ml.evaluation.measures.non_digits import non_digits_table
from ml.evaluation.measures.other_hands import other_hands_table
from ml.evaluation.measures.pages import pages_part, pages_report_part
from ml.evaluation.measures.pairs import pairs_table
from ml.evaluation.reports.report import Picture, Table, write_report
from ml.evaluation.sensitivity.table import sensitivity_table
from ml.reading.reader import Reader
from ml.training.datasets import Digits, data_folder, load_mnist, mnist_folder

Results = tuple[list[Table], list[Picture]]


@dataclass(frozen=True)
class Inputs:
    """What parts measure with; each is loaded when a part first asks for it.

    Attributes:
        output: The report's folder, where pictures go.
        epochs: How long the student report's networks are trained.
    """

    output: Path
    epochs: int

    @cached_property
    def data(self) -> Path | None:
        """The folder of data sets; None where there is none."""
        return data_folder()

    @cached_property
    def train(self) -> Digits:
        """MNIST's 60,000 training digits."""
        return load_mnist("train", mnist_folder(self.data))

    @cached_property
    def test(self) -> Digits:
        """MNIST's 10,000 test digits."""
        return load_mnist("t10k", mnist_folder(self.data))

    @cached_property
    def reader(self) -> Reader:
        """The reader as shipped."""
        return Reader.shipped()


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the report.

    Attributes:
        name: For `--only`.
        counts: What it counts.
        data: Which data it needs: MNIST, or folders in `COUNTERSIGN_DATA`.
        cost: About how many minutes of one processor core; a slow or busy machine needs a multiple.
        measure: Does it.
        only_if_named: Whether it is left out of a report for which `--only` names no part.
    """

    name: str
    counts: str
    data: str
    cost: int
    measure: Callable[[Inputs], Results]
    only_if_named: bool = False


def _one_table(table: Callable[[Inputs], Table]) -> Callable[[Inputs], Results]:
    return lambda inputs: ([table(inputs)], [])


def _damage(inputs: Inputs) -> Results:
    table, pictures = damage_part(inputs.test, inputs.reader, inputs.output)
    return [table], pictures


def _cheques_report(inputs: Inputs) -> Results:
    folder = inputs.data / "report" if inputs.data else None
    tables, pictures = cheques_part(folder, inputs.reader, inputs.output / "cheques-report.png")
    return [*tables, amounts_as_shipped(folder, inputs.reader)], pictures


# In the report's order. A new part gets its entry here, and its own module in `measures`.
PARTS = (
    Part(
        "amounts",
        "688 amounts from real cheques, beside RapidOCR",
        "courtesy-amounts",
        2,
        lambda inputs: amounts_part(inputs.data, inputs.reader, inputs.output),
    ),
    Part(
        "cheques",
        "fields of 45 whole real cheques, beside RapidOCR",
        "cheques-us, cheques-india",
        4,
        lambda inputs: cheques_part(inputs.data, inputs.reader, inputs.output / "cheques.png"),
    ),
    Part(
        "cheques-report",
        "real cheques and amounts that nothing was chosen by: at the end of an issue, twice at most",
        "report/cheques-us, report/cheques-india, report/courtesy-amounts",
        4,
        _cheques_report,
        only_if_named=True,
    ),
    Part(
        "drawn-cheques",
        "drawn cheques with words, and 2,000 that contradict themselves",
        "MNIST; fonts of handwriting in COUNTERSIGN_FONTS",
        60,
        lambda inputs: drawn_cheques_part(inputs.test, inputs.reader, inputs.output),
    ),
    Part(
        "forms",
        "fields of 2,640 drawn sheets of all layouts, clean and damaged",
        "MNIST",
        70,
        lambda inputs: (forms_part(inputs.test, inputs.reader), []),
    ),
    Part(
        "pages",
        "drawn pages of each kind, patches without writing, real pages to build on; beside RapidOCR",
        "MNIST; pages, cheques-us, cheques-india for real paper",
        40,
        lambda inputs: pages_part(inputs.data, inputs.test, inputs.reader, inputs.output),
    ),
    Part(
        "pages-report",
        "real pages that nothing was chosen by, beside RapidOCR: at the end of an issue, twice at most",
        "pages",
        5,
        lambda inputs: pages_report_part(inputs.data, inputs.reader, inputs.output),
        only_if_named=True,
    ),
    Part(
        "hands",
        "single digits of hands that no network learned from",
        "ardis, usps, pens, church-records",
        2,
        _one_table(lambda inputs: other_hands_table(inputs.data, inputs.reader)),
    ),
    Part(
        "pairs",
        "5,000 pairs of digits that touch or overlap",
        "MNIST",
        2,
        _one_table(lambda inputs: pairs_table(inputs.test)),
    ),
    Part(
        "non-digits",
        "letters and marks that the network of digits should reject",
        "MNIST, not-digits, courtesy-amounts",
        2,
        _one_table(lambda inputs: non_digits_table(inputs.test.pixels, inputs.data, inputs.reader)),
    ),
    Part(
        "damage",
        "60 numbers with 13 damages at 3 levels",
        "MNIST",
        5,
        _damage,
    ),
    Part(
        "copies",
        "pairs of numbers that are copies of one another, or are not",
        "none; courtesy-amounts for real pairs",
        1,
        _one_table(lambda inputs: copies_table(inputs.data)),
    ),
    Part(
        "sensitivity",
        "how many values hang on each constant of the reader that was set by eye",
        "none; cheques-us, cheques-india, courtesy-amounts, pages for real files",
        150,
        _one_table(lambda inputs: sensitivity_table(inputs.data)),
        only_if_named=True,
    ),
    Part(
        "mnist",
        "single test digits, beside the student report's networks and classical classifiers, all trained anew",
        "MNIST",
        30,
        lambda inputs: mnist_part(inputs.train, inputs.test, inputs.epochs, inputs.output),
    ),
)


def evaluate(folder: Path, epochs: int, only: list[str]) -> Path:
    """Measure, print each table once it is there, and write the report.

    Args:
        folder: Where the report goes; it is made where it is missing.
        epochs: How long the student report's networks are trained.
        only: Names of parts; empty: all parts but those that are measured only if named.

    Returns:
        The report's page.
    """
    folder.mkdir(parents=True, exist_ok=True)
    inputs = Inputs(folder, epochs)
    tables: list[Table] = []
    pictures: list[Picture] = []
    for part in PARTS:
        if part.name not in only if only else part.only_if_named:
            continue
        started = time.monotonic()
        part_tables, part_pictures = part.measure(inputs)
        for table in part_tables:
            sys.stdout.write(table.text() + "\n")
        sys.stderr.write(f"{part.name}: {time.monotonic() - started:.0f} s\n")
        tables += part_tables
        pictures += part_pictures
    return write_report(folder, tables, pictures)


def parts_text() -> str:
    """All parts as a table for `--help`."""
    rows = tuple((part.name, f"{part.cost} min", part.data, part.counts) for part in PARTS)
    named = ", ".join(part.name for part in PARTS if part.only_if_named)
    note = (
        "Cost: minutes of one processor core. Data: folders in COUNTERSIGN_DATA. "
        f"Measured only where `--only` names it: {named}."
    )
    return Table("Parts", ("part", "cost", "data", "what it counts"), rows, note).text()


def main(arguments: list[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=parts_text(), formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--output", type=Path, default=Path("var/report"), help="the report's folder")
    parser.add_argument("--epochs", type=int, default=5, help="for the student report's networks")
    parser.add_argument(
        "--only",
        nargs="*",
        default=[],
        metavar="PART",
        choices=[part.name for part in PARTS],
        help="see the list below",
    )
    options = parser.parse_args(arguments)
    sys.stdout.write(f"Report: {evaluate(options.output, options.epochs, options.only)}\n")


if __name__ == "__main__":
    main()
