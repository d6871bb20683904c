"""Constants of reading tables, one class for each stage; `ml.reading.constants` says how they are kept."""

from __future__ import annotations

from dataclasses import dataclass

from ml.reading.constants import Constants, by_eye

PIXELS = "ink pixels"
SHARE = "share"


@dataclass(frozen=True, slots=True)
class CellConstants(Constants):
    """What is read in a table's cells: `ml.reading.tables.read`, `.recognise` and `.evidence`."""

    no_number: float = by_eye(
        0.3, "probability", (0.1, 0.5), "If the network of notes gives all numbers together less, words stand there."
    )
    fullest: float = by_eye(
        0.5, "share", (0.2, 0.9), "If more of the written cells hold several lines, the grid is no table."
    )
    most_small: int = by_eye(3, "marks", (1, 6), "More small marks that nothing explains make no difference.")
    farthest: float = by_eye(6.0, "logarithm", (3.0, 10.0), "A value further from its column's makes no difference.")
    run: int = by_eye(3, "numbers", (3, 4), "So many numbers of a column with the same step run on from row to row.")
    sums: int = by_eye(2, "rows", (2, 5), "If fewer rows add up to their last number, these are no sums.")
    sum_alone: int = by_eye(4, "numbers", (3, 8), "So many numbers hardly add up to another by chance.")
    settle: int = by_eye(2, "numbers", (2, 5), "So many numbers of a column show what a mark between digits means.")
    torn: float = by_eye(
        0.3, "share", (0.1, 0.6), "If more of the written cells have torn marks, the grid is paper and no table."
    )
    open_numbers: float = by_eye(
        0.4,
        "share",
        (0.2, 0.8),
        "Without walls it is a table if so many written cells hold a number read alike by all.",
    )
    next_digit: float = by_eye(
        0.3, "heights of a digit", (0.15, 0.5), "Writing in two cells that is no further apart may be one number."
    )
    over: float = by_eye(0.4, "share", (0.2, 0.7), "If more neighbours are so near on squares, they are squared paper.")
    few_over: int = by_eye(1, "pairs of cells", (0, 4), "Or more than so many.")
    few_torn: int = by_eye(3, "cells", (1, 8), "Or more than so many, in a table with few.")
    least_boxes: int = by_eye(2, "columns", (2, 4), "So many columns may be the digits of one number.")
    most_boxes: int = by_eye(8, "columns", (5, 10), "More are not.")
    boxes_alike: float = by_eye(0.15, SHARE, (0.08, 0.25), "Such columns differ in width by no more.")
    long_run: int = by_eye(6, "columns", (5, 8), "Of so many columns one may be missing in another row.")
    run_shared: float = by_eye(0.7, SHARE, (0.6, 0.9), "Two rows have the same columns if they share so many.")
    box_wide: float = by_eye(2.5, "heights of a row", (1.5, 3.5), "Such a column is no wider.")
    rim: int = by_eye(3, PIXELS, (1, 8), "Around a table so much is taken out with it: the edge of its rules.")


@dataclass(frozen=True, slots=True)
class NamedTableConstants(Constants):
    """Tables that a layout names: `ml.reading.tables.of_layout`."""

    room: float = by_eye(
        0.01, "longer sides of the page", (0.004, 0.02), "A sheet is aligned, and a box drawn, so exactly at least."
    )
    filled: float = by_eye(0.7, SHARE, (0.5, 0.9), "Of the width and the height of its place a table fills so much.")
    beside: float = by_eye(
        0.35, "heights of a row", (0.25, 0.45), "What reaches out of a cell does so by less; a row beside it by more."
    )
    tall: float = by_eye(0.25, "heights of a row", (0.15, 0.4), "Lower things beside a table are specks and strokes.")


CELLS = CellConstants()
NAMED = NamedTableConstants()
