"""How likely a machine printed a cell, and the cells beside it: what a form prints fills whole rows or columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ml.reading.acceptance.model import log_odds
from ml.reading.tables.recognise import ReadCell


@dataclass(frozen=True, slots=True)
class PrintEvidence:
    """Whether a machine printed what stands in a cell.

    Attributes:
        own: The log-odds of that.
        row: Their mean over the other written cells of its row; that of few is drawn towards 0.
        column: The same of its column.
    """

    own: float
    row: float
    column: float


BY_HAND = PrintEvidence(log_odds(0), log_odds(0), log_odds(0))
"""Where it is known that a person writes there."""


def print_evidence(cells: Sequence[ReadCell], chances: Sequence[float]) -> list[PrintEvidence]:
    """The evidence for each written cell of a table.

    Args:
        cells: The cells.
        chances: For each of them the probability that a machine printed it, by its own looks.
    """
    odds = [log_odds(chance) for chance in chances]
    places = [(cell.writing.cell.row, cell.writing.cell.column) for cell in cells]
    rows, columns = defaultdict[int, list[float]](list), defaultdict[int, list[float]](list)
    for (row, column), own in zip(places, odds, strict=True):
        rows[row].append(own)
        columns[column].append(own)
    return [
        PrintEvidence(own, _of_others(rows[row], own), _of_others(columns[column], own))
        for (row, column), own in zip(places, odds, strict=True)
    ]


def _of_others(odds: Sequence[float], own: float) -> float:
    """The mean of the others' log-odds, as if there were one more of 0."""
    return (sum(odds) - own) / len(odds)
