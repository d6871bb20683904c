"""Constants of rows of boxes, one class for each stage; `ml.reading.constants` says how they are kept."""

from __future__ import annotations

from dataclasses import dataclass

from ml.reading.constants import Constants, by_eye

PIXELS = "ink pixels"
SHARE = "share"
BOX = "widths of a box"
HIGH = "heights of a box"


@dataclass(frozen=True, slots=True)
class RowConstants(Constants):
    """Rows of boxes among the rules of a page: `ml.reading.boxes.find`."""

    least_high: int = by_eye(15, PIXELS, (10, 20), "A box with a digit is no lower.")
    most_high: int = by_eye(160, PIXELS, (100, 300), "No box for a digit is higher.")
    narrowest: float = by_eye(0.4, HIGH, (0.3, 0.6), "A box for a digit is no narrower.")
    widest: float = by_eye(1.35, HIGH, (1.1, 1.6), "A box for a digit is no wider.")
    most_boxes: int = by_eye(20, "boxes", (12, 30), "A row has no more.")
    most_rules: int = by_eye(300, "rules", (150, 1000), "Among more level rules no rows are looked for.")
    long: float = by_eye(3.5, HIGH, (2.5, 6.0), "A shorter level rule may be a dash in a box, or several.")
    uneven: float = by_eye(0.07, BOX, (0.03, 0.12), "Boxes of a row differ no more in width.")
    room: int = by_eye(4, PIXELS, (2, 8), "The last wall stands so far beyond the ends of its rules.")
    rim: float = by_eye(0.04, HIGH, (0.02, 0.1), "So near its rules a wall is not looked for.")
    samples: int = by_eye(20, "rows", (12, 48), "A wall is looked for in these.")
    ink: int = by_eye(40, "steps of 255 to full ink", (26, 80), "A wall is so dark.")
    covered: float = by_eye(0.85, SHARE, (0.75, 1.0), "A wall is dark in so much of its height; strokes seldom are.")
    half_covered: float = by_eye(0.8, SHARE, (0.5, 0.9), "A wall that would make a row longer is so dark.")
    any_covered: float = by_eye(0.35, SHARE, (0.2, 0.5), "Where nothing is dark in so much of its height, no wall is.")
    faint_covered: float = by_eye(0.55, SHARE, (0.4, 0.8), "Between two walls, one that is expected there is so dark.")
    reach: int = by_eye(2, PIXELS, (1, 4), "A wall is no further from where the others say that it is.")
    lean: float = by_eye(0.06, "pixels across a pixel down", (0.02, 0.12), "A wall leans so much against its rules.")
    stray: int = by_eye(3, PIXELS, (2, 5), "Nor by more pixels than these.")
    few: float = by_eye(0.34, SHARE, (0.1, 0.5), "Where no more of a row's walls seem to go on, it is grain.")
    same_end: int = by_eye(10, PIXELS, (6, 16), "Two rows that end so near one another end at one wall.")
    thickest: int = by_eye(7, PIXELS, (4, 12), "A broader one is a bar, whose edge may be a wall.")
    broken: int = by_eye(3, PIXELS, (1, 5), "A wall's breaks are shorter.")
    dots: int = by_eye(7, PIXELS, (3, 11), "The dots of a dotted wall are no further apart.")
    fullest: float = by_eye(0.85, SHARE, (0.7, 0.95), "A box has no more ink.")
    end: float = by_eye(0.35, BOX, (0.2, 0.5), "A row's rules end so near its last wall; a table's go on.")
    beyond: float = by_eye(0.25, HIGH, (0.15, 0.5), "A row's walls end so near its rules; a table's go on.")
    least_beyond: int = by_eye(7, PIXELS, (5, 12), "The same, of low boxes.")
    least_in_table: int = by_eye(3, "boxes", (2, 4), "In a table a row has no fewer: a 1 parts a cell in two.")
    most_in_table: int = by_eye(8, "boxes", (5, 10), "In a table a row has no more.")
    aside: float = by_eye(0.12, BOX, (0.05, 0.2), "Walls of rows below one another are no further out of line.")
    most_aside: float = by_eye(0.4, BOX, (0.2, 0.45), "Nor, in a photo taken from aside, than this: they may lean.")


@dataclass(frozen=True, slots=True)
class ContentConstants(Constants):
    """What stands in a box: `ml.reading.boxes.contents`."""

    sure: float = by_eye(0.5, "probability", (0.4, 0.9), "Writing that is a digit with more than this is read as one.")
    sure_though_broken: float = by_eye(0.95, "probability", (0.8, 0.99), "The same, of writing in pieces.")
    surely_none: float = by_eye(0.9, "probability", (0.7, 0.99), "A cross or a dash is no digit with this.")
    dash_high: float = by_eye(0.45, "widths of the mark", (0.3, 0.6), "A dash is no higher.")
    inked: float = by_eye(0.4, SHARE, (0.2, 0.6), "A pixel of a glyph with more ink counts.")
    cross_narrow: float = by_eye(0.5, "width to height", (0.35, 0.7), "A cross is no narrower, nor lower.")
    least_ring: float = by_eye(
        0.5, "sizes of the mark", (0.4, 0.6), "A ring of this size or a larger one meets four arms."
    )
    most_ring: float = by_eye(
        0.7, "sizes of the mark", (0.6, 0.8), "A ring of this size or a smaller one meets four arms."
    )
    outline: float = by_eye(0.92, "sizes of the mark", (0.85, 1.0), "Along its outline a cross has ink at the corners.")
    arm_off: float = by_eye(0.1, "share of the ring", (0.06, 0.12), "An arm of a cross is no further from a corner.")
    pen_rim: float = by_eye(0.08, HIGH, (0.04, 0.15), "So near its walls a box's own pen is not looked for.")
    pen_percentile: int = by_eye(97, "percent", (94, 99), "How dark a box's own pen is.")
    full_pen: int = by_eye(230, "steps of 255 to full ink", (180, 255), "A darker pen is as dark as its neighbours.")
    pen_share: float = by_eye(0.5, SHARE, (0.35, 0.7), "Ink is this share as dark as the box's own pen at least.")
    rim: float = by_eye(0.16, HIGH, (0.08, 0.25), "So near its walls no traces of ink are looked for.")
    faintest: int = by_eye(24, "steps of 255 to full ink", (12, 60), "Ink from here on is a trace.")
    grain: float = by_eye(6.0, "times the paper's grain", (3.0, 10.0), "And darker than the grain by this.")
    trace: float = by_eye(0.35, "heights of a digit", (0.2, 0.6), "A lower trace in an empty box is dirt.")
    most_unclear: float = by_eye(
        0.5, SHARE, (0.3, 0.8), "If more of what is written in them is unclear, they are no boxes."
    )


@dataclass(frozen=True, slots=True)
class LineConstants(Constants):
    """A row written out as a line: `ml.reading.boxes.line`."""

    beside: float = by_eye(0.12, "heights of a digit", (0.05, 0.25), "Paper that is kept at both sides of a digit.")
    around: float = by_eye(1.0, "heights of a digit", (0.6, 2.0), "Paper around a line.")
    soft_rim: int = by_eye(2, PIXELS, (1, 4), "A stroke's soft edge is so wide.")
    most_gain: float = by_eye(3.0, "times", (1.5, 5.0), "A pale digit is made darker by no more.")


ROWS = RowConstants()
CONTENTS = ContentConstants()
LINES = LineConstants()
