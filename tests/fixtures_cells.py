"""Cells of a table as recognisers read them, made without a picture."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ml.reading.cells.writing import CellWriting
from ml.reading.elements import Hypothesis
from ml.reading.fields.interpret import FieldPosterior
from ml.reading.grids.find import GridCell
from ml.reading.tables.recognise import ReadCell
from ml.reading.tables.values import posterior_of


def written(row: int, column: int = 0, **changes: Any) -> CellWriting:
    """The writing of a cell on white paper."""
    line: Any = None  # its line plays no part here
    picture = np.full((20, 40, 3), 250, np.uint8)
    picture[5:15, 10:12] = 20
    plain = CellWriting(GridCell(row, column), line, picture, (0, 0), 16.0, 1, False, False, False, 0, False)
    return replace(plain, **changes)


def cell(value: str, row: int, *, column: int = 0, others: tuple[str, ...] = (), **changes: Any) -> ReadCell:
    """A cell in which the networks of fields read the text `value`, and the other recognisers `others`, or the same."""

    def posterior(text: str) -> FieldPosterior:
        return posterior_of([Hypothesis(text, 0.99)] if text else [], points=False)

    line: Any = None
    read = tuple(posterior(each) for each in (value, *(others or (value,))))
    return ReadCell(written(row, column, **changes), line, None, read)
