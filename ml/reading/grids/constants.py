"""Constants of finding grids; `ml.reading.constants` says how they are kept."""

from __future__ import annotations

from dataclasses import dataclass

from ml.reading.constants import Constants, by_eye

PIXELS = "ink pixels"
SHARE = "share"


@dataclass(frozen=True, slots=True)
class TableRuleConstants(Constants):
    """Rules of a table: `ml.reading.grids.rules`."""

    coarse_side: int = by_eye(
        1400, PIXELS, (900, 2400), "Grids are looked for in a picture of this long side; a larger one is pooled."
    )
    thickest: int = by_eye(9, PIXELS, (6, 14), "Ink this thick is no rule; soft edges count too.")
    faint: int = by_eye(26, "steps of 255 to full ink", (14, 60), "A light grey rule beside a black pen is so dark.")
    grain: float = by_eye(4.0, "times the paper's grain", (2.0, 8.0), "A rule is darker than the grain by this.")
    straight: int = by_eye(25, PIXELS, (17, 40), "A rule is straight for this length, up to 5 degrees askew.")
    hangs: int = by_eye(4, PIXELS, (2, 8), "Where a rule is thicker than usual by more, a stroke hangs on it.")
    unclear: float = by_eye(0.05, SHARE, (0.02, 0.15), "If strokes hang on more of it, a rule is looked for again.")
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
class BandConstants(Constants):
    """Shaded bands taken out of a picture: `ml.reading.grids.bands`."""

    least: int = by_eye(60, "steps of 255 to full ink", (25, 90), "A paler ground hides no rule.")
    high: int = by_eye(11, PIXELS, (10, 16), "A band is no lower; a rule is.")
    part: int = by_eye(48, PIXELS, (30, 80), "Of so long a part of a row in a band more than half is bare ground.")
    parts: int = by_eye(4, "parts", (3, 12), "A band has so many parts at least; a word and a number have fewer.")
    least_parts: int = by_eye(12, "parts", (6, 16), "In a smaller picture a number is as large as a band.")
    stroke: int = by_eye(9, PIXELS, (5, 13), "Light print on a band is no thicker.")
    border: int = by_eye(5, PIXELS, (3, 6), "Within so many rows and columns its border stays, as thin as a rule.")


@dataclass(frozen=True, slots=True)
class GridConstants(Constants):
    """Rules made a grid: `ml.reading.grids.find`."""

    same_boundary: float = by_eye(0.35, "usual distances", (0.15, 0.48), "Pieces of rules so near make one boundary.")
    double: int = by_eye(7, PIXELS, (4, 10), "The two lines of a double rule are no further apart.")
    least_cell: int = by_eye(12, PIXELS, (8, 20), "A cell with room for writing is no lower and no narrower.")
    wall: float = by_eye(0.5, SHARE, (0.3, 0.8), "Two cells are parted where a rule covers this share of their side.")
    wall_ends: float = by_eye(0.12, SHARE, (0.0, 0.3), "The ends of a side do not count: another rule crosses there.")
    beyond: int = by_eye(7, PIXELS, (4, 12), "A fold goes on so far above and below a table; its walls do not.")
    most_folds: int = by_eye(2, "folds", (1, 3), "If more lines do, the table goes on there.")
    around: int = by_eye(7, "pixels of the pooled page", (7, 30), "Around a table so much is looked at, for folds.")
    folded: float = by_eye(1.5, "usual widths", (1.2, 1.8), "Without a fold its two columns are one, no wider.")
    open_side: float = by_eye(
        0.4, "usual widths of a column", (0.2, 0.8), "Rules that reach so far beyond the last wall have cells there."
    )
    stray: float = by_eye(1.3, PIXELS, (0.8, 3.0), "A short rule of a table strays no further from the longest's way.")
    bent: float = by_eye(0.03, "lengths of the rule", (0.01, 0.08), "A rule of a table strays no further.")
    thicker: float = by_eye(1.7, "times", (1.3, 2.5), "No rule of a table is thicker than another by more.")
    thicker_by: float = by_eye(1.5, PIXELS, (0.5, 3.0), "Or by more pixels: print and scan make fine rules uneven.")
    long_rule: float = by_eye(0.5, "lengths of the longest", (0.4, 0.8), "Unless it is level and so long.")
    least_long: int = by_eye(384, PIXELS, (200, 600), "And so long: the border of a shaded band beside fine rules.")
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
    names: float = by_eye(2.4, "usual widths", (2.2, 3.5), "A column for names is so wide; a missed line makes two.")
    to_edge: float = by_eye(
        0.03, "widths", (0.005, 0.06), "Lines that end so near both sides of the page go on beyond them."
    )
    lines_to_edge: float = by_eye(
        0.4, "of the rows", (0.2, 0.8), "So many lines of lined paper are found to its sides."
    )
    many_squares: int = by_eye(
        150, "cells", (60, 600), "Squared paper has so many squares; tables of squares have less."
    )


@dataclass(frozen=True, slots=True)
class ColumnConstants(Constants):
    """Columns by how the writing stands: `ml.reading.grids.columns`."""

    least_rules: int = by_eye(3, "rules", (3, 6), "Fewer level rules without walls are no table.")
    alike: float = by_eye(0.8, "lengths of the longer", (0.6, 0.95), "Of two rules of a table so much overlaps.")
    uneven: float = by_eye(1.6, "usual heights of a row", (1.2, 3.0), "Rules of one table are no further apart.")
    high: float = by_eye(0.5, "lengths of a rule", (0.25, 1.0), "Nor further apart than this.")
    least_tall: float = by_eye(0.2, "heights of a row", (0.1, 0.35), "Lower marks do not tell where columns are.")
    widest: float = by_eye(8.0, "heights of the mark", (4.0, 12.0), "A wider one is what is left of a rule.")
    gap: float = by_eye(0.85, "heights of a digit", (0.6, 2.0), "Two columns are further apart, in each row.")
    filled: float = by_eye(0.2, SHARE, (0.1, 0.7), "A column has writing in so many of its rows.")


TABLE_RULES = TableRuleConstants()
BANDS = BandConstants()
GRIDS = GridConstants()
COLUMNS = ColumnConstants()
