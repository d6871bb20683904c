"""Constants of reading tables, one class for each stage; `ml.reading.constants` says how they are kept."""

from __future__ import annotations

from dataclasses import dataclass

from ml.reading.constants import Constants, by_eye

PIXELS = "ink pixels"
SHARE = "share"


@dataclass(frozen=True, slots=True)
class TableRuleConstants(Constants):
    """Rules of a table: `ml.reading.tables.rules`."""

    coarse_side: int = by_eye(
        1400, PIXELS, (900, 2400), "Grids are looked for in a picture of this long side; a larger one is pooled."
    )
    thickest: int = by_eye(9, PIXELS, (6, 14), "Ink this thick is no rule; soft edges count too.")
    faint: int = by_eye(26, "steps of 255 to full ink", (14, 60), "A light grey rule beside a black pen is so dark.")
    grain: float = by_eye(4.0, "times the paper's grain", (2.0, 8.0), "A rule is darker than the grain by this.")
    straight: int = by_eye(25, PIXELS, (17, 40), "A rule is straight for this length, up to 5 degrees askew.")
    bent: float = by_eye(0.02, "lengths of the rule", (0.005, 0.05), "A rule strays no further from an even bow.")
    stray: float = by_eye(2.5, PIXELS, (1.5, 5.0), "A short rule strays no further from an even bow.")
    breaks: int = by_eye(7, PIXELS, (3, 15), "A rule goes on after a break of this length.")
    least_long: int = by_eye(44, PIXELS, (30, 90), "A level rule is no shorter.")
    least_of_width: float = by_eye(0.06, "widths of the picture", (0.03, 0.15), "The same, in a wide picture.")
    above: float = by_eye(0.6, "lengths of the shorter", (0.3, 0.9), "Of two level rules of a table so much overlaps.")
    least_tall: int = by_eye(20, PIXELS, (14, 40), "An upright rule is no shorter.")
    most_pieces: int = by_eye(3000, "pieces", (1000, 6000), "More straight pieces are a pattern: no table is found.")
    least_apart: int = by_eye(11, PIXELS, (6, 20), "Level rules with writing between them are no nearer.")
    free_by: int = by_eye(2, PIXELS, (1, 4), "Beside a rule paper is looked for so far from its ink.")
    ink: int = by_eye(110, "steps of 255 to full ink", (70, 160), "Darker beside a rule is a stroke.")
    free: float = by_eye(0.35, SHARE, (0.2, 0.5), "Strokes touch a rule in no more of its length; print does.")
    near: int = by_eye(4, PIXELS, (1, 8), "A rule that ends so near another meets it.")


@dataclass(frozen=True, slots=True)
class GridConstants(Constants):
    """Rules made a grid: `ml.reading.tables.grids`."""

    same_boundary: float = by_eye(0.35, "usual distances", (0.15, 0.48), "Pieces of rules so near make one boundary.")
    double: int = by_eye(7, PIXELS, (4, 10), "The two lines of a double rule are no further apart.")
    least_cell: int = by_eye(12, PIXELS, (8, 20), "A cell with room for writing is no lower and no narrower.")
    wall: float = by_eye(0.5, SHARE, (0.3, 0.8), "Two cells are parted where a rule covers this share of their side.")
    wall_ends: float = by_eye(0.12, SHARE, (0.0, 0.3), "The ends of a side do not count: another rule crosses there.")
    open_side: float = by_eye(
        0.4, "usual widths of a column", (0.2, 0.8), "Rules that reach so far beyond the last wall have cells there."
    )
    stray: float = by_eye(1.3, PIXELS, (0.8, 3.0), "A short rule of a table strays no further from the longest's way.")
    bent: float = by_eye(0.03, "lengths of the rule", (0.01, 0.08), "A rule of a table strays no further.")
    thicker: float = by_eye(1.7, "times", (1.3, 2.5), "No rule of a table is thicker than another by more.")
    thicker_by: float = by_eye(1.5, PIXELS, (0.5, 3.0), "Or by more pixels: print and scan make fine rules uneven.")
    short_level: float = by_eye(0.3, "lengths of the longest", (0.1, 0.5), "A shorter level rule is none.")
    few_rows: int = by_eye(3, "rules", (2, 4), "Between so few level rules a wall may be one row high.")
    wall_rows: float = by_eye(1.6, "heights of a row", (1.2, 2.5), "Between more, a wall is no shorter.")
    wall_of_table: float = by_eye(0.3, "heights of the table", (0.15, 0.6), "Between more, a wall is no shorter.")
    digit_box: float = by_eye(
        1.4, "width to height", (1.1, 1.8), "Narrower cells in one row or one column are boxes for a digit each."
    )
    most_cells: int = by_eye(1500, "cells", (600, 4000), "A grid with more cells is a pattern; a page has no more.")
    square: float = by_eye(1.2, "width to height", (1.05, 1.4), "The squares of squared paper are no longer.")
    same_square: float = by_eye(0.15, SHARE, (0.05, 0.3), "The squares of squared paper differ by no more.")
    squares_alike: float = by_eye(0.9, SHARE, (0.7, 1.0), "So many of its squares are alike.")
    many_squares: int = by_eye(
        150, "cells", (60, 600), "Squared paper has so many squares; tables of squares have less."
    )


@dataclass(frozen=True, slots=True)
class ColumnConstants(Constants):
    """Columns by how the writing stands: `ml.reading.tables.columns`."""

    least_rules: int = by_eye(3, "rules", (3, 6), "Fewer level rules without walls are no table.")
    alike: float = by_eye(0.8, "lengths of the longer", (0.6, 0.95), "Of two rules of a table so much overlaps.")
    uneven: float = by_eye(1.6, "usual heights of a row", (1.2, 3.0), "Rules of one table are no further apart.")
    high: float = by_eye(0.5, "lengths of a rule", (0.25, 1.0), "Nor further apart than this.")
    least_tall: float = by_eye(0.2, "heights of a row", (0.1, 0.35), "Lower marks do not tell where columns are.")
    widest: float = by_eye(8.0, "heights of the mark", (4.0, 12.0), "A wider one is what is left of a rule.")
    gap: float = by_eye(0.85, "heights of a digit", (0.6, 2.0), "Two columns are further apart, in each row.")
    filled: float = by_eye(0.4, SHARE, (0.2, 0.7), "A column has writing in so many of its rows.")


@dataclass(frozen=True, slots=True)
class CleaningConstants(Constants):
    """A table without its rules: `ml.reading.tables.clean`."""

    room: float = by_eye(0.5, "heights of a row", (0.2, 1.0), "Cut out around a table.")
    beyond: int = by_eye(6, PIXELS, (2, 15), "A rule goes on so far beyond the last one that it crosses.")
    reach: int = by_eye(4, PIXELS, (3, 8), "A rule's ink is no further from where the rule is supposed to be.")
    smooth: int = by_eye(15, PIXELS, (7, 31), "A rule's place is the same for so many pixels.")
    edge: float = by_eye(0.3, "darkness of the rule", (0.15, 0.5), "Its edge is as dark as this at least.")


@dataclass(frozen=True, slots=True)
class WritingConstants(Constants):
    """The writing in each cell: `ml.reading.tables.marks` and `ml.reading.tables.writing`."""

    least_area: int = by_eye(4, PIXELS, (2, 12), "Smaller marks are specks.")
    least_tall: int = by_eye(7, PIXELS, (5, 14), "A cell whose marks are lower and narrower is empty.")
    tall: float = by_eye(0.4, "usual heights of a digit", (0.2, 0.6), "The same, beside taller writing in the table.")
    near: float = by_eye(0.6, "heights of a digit", (0.3, 1.0), "A point so near a cell's digits belongs to them.")
    line: float = by_eye(0.6, "heights of a digit", (0.4, 0.8), "Lower marks make no line of writing of their own.")
    whole: float = by_eye(0.8, SHARE, (0.6, 0.95), "A mark is its cell's if this much of it stands there.")
    part: float = by_eye(0.1, SHARE, (0.03, 0.2), "Less of a torn mark in a cell is no writing there.")
    rest_thin: int = by_eye(3, PIXELS, (1, 6), "What is left of a rule is no thicker.")
    rest_near: int = by_eye(2, PIXELS, (1, 5), "What is left of a rule is no further from it.")
    rest_beside: float = by_eye(0.8, SHARE, (0.5, 1.0), "So much of what is left of a rule is near it.")
    gap: float = by_eye(0.9, "heights of a digit", (0.6, 1.4), "Two numbers are further apart.")
    small: float = by_eye(0.4, "heights of a digit", (0.25, 0.6), "A mark that is lower is no digit.")
    beside: float = by_eye(0.5, "widths of the mark", (0.2, 0.9), "A mark beside a digit shares no more with it.")
    point_wide: float = by_eye(0.3, "heights of a digit", (0.15, 0.45), "A point is no wider; a dash is.")
    point_round: float = by_eye(1.8, "times its height", (1.3, 2.5), "A point is no wider; a dash is.")
    along: float = by_eye(0.5, "heights of a digit", (0.3, 0.8), "A stroke that crosses a rule touches it for less.")
    soft_rim: int = by_eye(2, PIXELS, (1, 4), "The soft edge of a neighbour's ink is painted over too.")


@dataclass(frozen=True, slots=True)
class CellConstants(Constants):
    """What is read in a table's cells: `ml.reading.tables.read` and `ml.reading.tables.recognise`."""

    no_number: float = by_eye(
        0.3, "probability", (0.1, 0.5), "If the networks of fields give all numbers together less, words stand there."
    )
    fullest: float = by_eye(
        0.5, "share", (0.2, 0.9), "If more of the written cells hold several lines, the grid is no table."
    )
    words: float = by_eye(
        0.5,
        "share",
        (0.2, 0.8),
        "If fewer of a column's other cells hold a number that all read alike, it holds words.",
    )
    least_others: int = by_eye(3, "cells", (2, 6), "Fewer other cells do not tell what a column holds.")
    digits_column: float = by_eye(
        0.7, "share", (0.5, 0.95), "A digit alone passes if so many of its column's other cells hold such a number."
    )
    least_digits: int = by_eye(2, "cells", (1, 6), "A digit alone passes beside so many other cells at least.")
    torn: float = by_eye(
        0.3, "share", (0.1, 0.6), "If more of the written cells have torn marks, the grid is paper and no table."
    )
    open_numbers: float = by_eye(
        0.4,
        "share",
        (0.2, 0.8),
        "Without walls it is a table if so many written cells hold a number read alike by all.",
    )
    few_torn: int = by_eye(3, "cells", (1, 8), "Or more than so many, in a table with few.")
    rim: int = by_eye(3, PIXELS, (1, 8), "Around a table so much is taken out with it: the edge of its rules.")


TABLE_RULES = TableRuleConstants()
GRIDS = GridConstants()
COLUMNS = ColumnConstants()
CLEANING = CleaningConstants()
WRITING = WritingConstants()
CELLS = CellConstants()
