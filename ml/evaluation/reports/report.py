"""The report that `make evaluate` leaves: tables and figures in, one HTML page and its PNG pictures out.

The page loads nothing from other places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import NamedTuple

import cv2
import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from ml.evaluation.reports.figures import DigitFigures
from ml.reading.elements import NO_DIGIT
from ml.reading.operating_points import wilson
from ml.training.calibration.acceptance import Outcome
from ml.training.datasets import Digits, LabelledNumber

mpl.use("agg")  # no screen on a server


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the report.

    Attributes:
        title: Stands above it.
        head: Column names.
        rows: The cells' texts.
        note: A sentence below the table.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def text(self) -> str:
        """The table as plain text, with aligned columns."""
        lines = [self.head, *self.rows]
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.head))]
        body = "\n".join("  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in lines)
        return "\n".join(part for part in (self.title, body, self.note) if part) + "\n"

    def html(self) -> str:
        """The table as HTML."""
        head = "".join(f"<th scope=col>{escape(cell)}</th>" for cell in self.head)
        rows = "".join("<tr>" + "".join(f"<td>{escape(c)}</td>" for c in row) + "</tr>\n" for row in self.rows)
        note = f"<p>{escape(self.note)}</p>" if self.note else ""
        return f"<h2>{escape(self.title)}</h2>\n<table border=1>\n<tr>{head}</tr>\n{rows}</table>\n{note}\n"


class Picture(NamedTuple):
    """A picture of the report.

    Attributes:
        file: Its name in the report's folder.
        caption: Stands above it.
    """

    file: str
    caption: str


def digits_table(name: str, figures: list[DigitFigures]) -> Table:
    """A table of sensitivity, specificity and precision, a row a digit."""
    rows = tuple((str(f.digit), f"{f.sensitivity:.2%}", f"{f.specificity:.3%}", f"{f.precision:.2%}") for f in figures)
    return Table(f"{name}, digit by digit", ("digit", "sensitivity", "specificity", "precision"), rows)


def draw_confusion(counts: NDArray[np.int64], file: Path) -> None:
    """Draw the confusion matrix. The shade follows the errors alone: beside the right counts they would not show.

    Args:
        counts: int64, 10 × classes.
        file: Where the PNG goes.
    """
    figure = Figure(figsize=(8, 7), layout="constrained")
    axes = figure.add_subplot()
    wrong = counts.copy()
    np.fill_diagonal(wrong, 0)
    axes.imshow(wrong, cmap="Oranges")
    for (row, column), count in np.ndenumerate(counts):
        if count:
            axes.text(column, row, str(count), ha="center", va="center", weight="bold" if row == column else "normal")
    names = [_name(c) for c in range(counts.shape[1])]
    axes.set(xlabel="read as", ylabel="is", xticks=range(len(names)), xticklabels=names, yticks=range(10))
    axes.set_title("Diagonal: right. Darker: more often confused")
    figure.savefig(file, dpi=110)


def draw_errors(test: Digits, probabilities: NDArray[np.float32], file: Path, count: int = 30) -> None:
    """Draw the errors of which the network was surest, the surest first.

    Args:
        test: The digits that were read.
        probabilities: float32, digits × classes.
        file: Where the PNG goes.
        count: Most errors that are drawn.
    """
    found = probabilities.argmax(axis=1)
    wrong = np.nonzero(found != test.labels)[0]
    worst = wrong[np.argsort(-probabilities[wrong, found[wrong]])][:count]
    figure = Figure(figsize=(10, 1.6 * max(1, -(-len(worst) // 6))), layout="constrained")
    for place, index in enumerate(worst):
        axes = figure.add_subplot(-(-len(worst) // 6), 6, place + 1)
        axes.imshow(1 - test.pixels[index], cmap="gray", vmin=0, vmax=1)
        confidence = float(probabilities[index, found[index]])
        axes.set_title(f"{test.labels[index]} read as {_name(int(found[index]))} ({confidence:.0%})", fontsize=8)
        axes.axis("off")
    figure.savefig(file, dpi=110)


def draw_wrong_amounts(
    amounts: list[LabelledNumber], values: list[str], outcomes: Sequence[Outcome], file: Path, count: int = 60
) -> None:
    """Draw the amounts that were read wrong, the most confident first.

    Args:
        amounts: The pictures that were read.
        values: The value read from each.
        outcomes: For each, whether the value is right, and its confidence.
        file: Where the PNG goes.
        count: Most amounts that are drawn.
    """
    wrong = [index for index, outcome in enumerate(outcomes) if not outcome.right]
    worst = sorted(wrong, key=lambda index: -outcomes[index].confidence)[:count]
    lines = max(1, -(-len(worst) // 5))
    figure = Figure(figsize=(12, 1.1 * lines), layout="constrained")
    for place, index in enumerate(worst):
        axes = figure.add_subplot(lines, 5, place + 1)
        picture = cv2.imdecode(np.frombuffer(amounts[index].data, np.uint8), cv2.IMREAD_GRAYSCALE)
        if picture is not None:
            axes.imshow(picture, cmap="gray", vmin=0, vmax=255)
        title = f"{amounts[index].digits} read as {values[index] or 'nothing'} ({outcomes[index].confidence:.0%})"
        axes.set_title(title, fontsize=8)
        axes.axis("off")
    figure.savefig(file, dpi=110)


def draw_operating_curve(outcomes: Sequence[Outcome], file: Path) -> None:
    """Draw the error rate of the amounts that pass against the read rate, with its 95 % interval (Wilson).

    Args:
        outcomes: For each amount, whether the value is right, and its confidence.
        file: Where the PNG goes.
    """
    ordered = sorted(outcomes, key=lambda outcome: -outcome.confidence)
    wrong = np.cumsum([not outcome.right for outcome in ordered]).tolist()
    passed = range(1, len(ordered) + 1)
    bounds = [wilson(errors, count) for errors, count in zip(wrong, passed, strict=True)]
    share = [100 * count / len(ordered) for count in passed]
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.add_subplot()
    axes.fill_between(share, *([100 * bound for bound in side] for side in zip(*bounds, strict=True)), alpha=0.2)
    axes.plot(share, [100 * errors / count for errors, count in zip(wrong, passed, strict=True)])
    axes.axhline(1, color="gray", linewidth=0.8, linestyle="dashed")
    axes.set(xlabel="amounts that pass, %", ylabel="wrong among those, %", xlim=(0, 100), ylim=(0, 10))
    figure.savefig(file, dpi=110)


def _name(label: int) -> str:
    return "none" if label == NO_DIGIT else str(label)


def write_report(folder: Path, tables: list[Table], pictures: list[Picture]) -> Path:
    """Write the report's page.

    Args:
        folder: Where the pictures are.
        tables: In order.
        pictures: In order; the page shows them below the tables.

    Returns:
        The page's path.
    """
    parts = [table.html() for table in tables]
    for file, caption in pictures:
        parts.append(f'<h2>{escape(caption)}</h2>\n<img src="{escape(file)}" alt="{escape(caption)}">\n')
    page = folder / "index.html"
    start = '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Countersign: evaluation</title>\n'
    page.write_text(start + "<h1>How well the digits are read</h1>\n" + "".join(parts) + "</html>\n", "utf-8")
    return page
