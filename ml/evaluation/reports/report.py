"""The report that `make evaluate` leaves: one HTML page and its pictures, nothing loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

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
        rows: Cells as they are printed.
        note: A sentence below it.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def text(self) -> str:
        """For a terminal, columns aligned."""
        lines = [self.head, *self.rows]
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.head))]
        body = "\n".join("  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in lines)
        return "\n".join(part for part in (self.title, body, self.note) if part) + "\n"

    def html(self) -> str:
        """For the page."""
        head = "".join(f"<th scope=col>{escape(cell)}</th>" for cell in self.head)
        rows = "".join("<tr>" + "".join(f"<td>{escape(c)}</td>" for c in row) + "</tr>\n" for row in self.rows)
        note = f"<p>{escape(self.note)}</p>" if self.note else ""
        return f"<h2>{escape(self.title)}</h2>\n<table border=1>\n<tr>{head}</tr>\n{rows}</table>\n{note}\n"


def digits_table(name: str, figures: list[DigitFigures]) -> Table:
    """Sensitivity, specificity and precision, a row a digit."""
    rows = tuple((str(f.digit), f"{f.sensitivity:.2%}", f"{f.specificity:.3%}", f"{f.precision:.2%}") for f in figures)
    return Table(f"{name}, digit by digit", ("digit", "sensitivity", "specificity", "precision"), rows)


def draw_confusion(counts: NDArray[np.int64], file: Path) -> None:
    """The confusion matrix as a picture; the shade follows the errors alone, or they would not be seen.

    Args:
        counts: int64, 10 × classes.
        file: A PNG.
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


def draw_errors(test: Digits, chances: NDArray[np.float32], file: Path, count: int = 30) -> None:
    """The worst errors: those the network was surest of, the surest first.

    Args:
        test: What was read.
        chances: float32, count × classes.
        file: A PNG.
        count: At most so many.
    """
    found = chances.argmax(axis=1)
    wrong = np.nonzero(found != test.labels)[0]
    worst = wrong[np.argsort(-chances[wrong, found[wrong]])][:count]
    figure = Figure(figsize=(10, 1.6 * max(1, -(-len(worst) // 6))), layout="constrained")
    for place, index in enumerate(worst):
        axes = figure.add_subplot(-(-len(worst) // 6), 6, place + 1)
        axes.imshow(1 - test.pixels[index], cmap="gray", vmin=0, vmax=1)
        sure = float(chances[index, found[index]])
        axes.set_title(f"{test.labels[index]} read as {_name(int(found[index]))} ({sure:.0%})", fontsize=8)
        axes.axis("off")
    figure.savefig(file, dpi=110)


def draw_wrong_amounts(
    amounts: list[LabelledNumber], values: list[str], outcomes: Sequence[Outcome], file: Path, count: int = 60
) -> None:
    """Amounts that were read wrong, the surest first.

    Args:
        amounts: What was read.
        values: As it was read.
        outcomes: How sure of each.
        file: A PNG.
        count: At most so many.
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
    """The share of errors among what passes, by the share that passes, with its 95 % interval (Wilson)."""
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


def write_report(folder: Path, tables: list[Table], pictures: list[tuple[str, str]]) -> Path:
    """Write the page.

    Args:
        folder: Where the pictures are.
        tables: In order.
        pictures: File name and description of each.

    Returns:
        The page's path.
    """
    parts = [table.html() for table in tables]
    parts += [f'<h2>{escape(what)}</h2>\n<img src="{escape(name)}" alt="{escape(what)}">\n' for name, what in pictures]
    page = folder / "index.html"
    start = '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Countersign: evaluation</title>\n'
    page.write_text(start + "<h1>How well the digits are read</h1>\n" + "".join(parts) + "</html>\n", "utf-8")
    return page
