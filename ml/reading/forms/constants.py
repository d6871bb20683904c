"""Constants of the room `forms`."""

from __future__ import annotations

from dataclasses import dataclass

from ml.reading.constants import Constants, by_eye, measured


@dataclass(frozen=True, slots=True)
class LayoutConstants(Constants):
    """How large a layout may be."""

    most_fields: int = by_eye(60, "fields", (45, 120), "No form has more fields, and each field costs time.")
    longest_name: int = by_eye(
        60, "characters", (45, 120), "Names of layouts and fields stand on pages and in exports."
    )
    most_digits: int = by_eye(60, "digits", (45, 120), "No field holds a longer number.")
    longest_label: int = by_eye(80, "characters", (60, 160), "A field's label is cut off here: it stands on one line.")
    most_columns: int = by_eye(60, "columns", (40, 120), "No table on a sheet has more columns of numbers.")
    most_header_rows: int = by_eye(9, "rows", (5, 20), "No table has more rows above its first value.")
    least_printed: int = by_eye(
        60, "millimetres", (45, 75), "A printed sheet's sides are this long at least: its corner marks need room."
    )
    greatest_printed: int = by_eye(
        450, "millimetres", (335, 600), "A printed sheet's sides are this long at most; A3 is 420."
    )


LAYOUT = LayoutConstants()


@dataclass(frozen=True, slots=True)
class LandmarkConstants(Constants):
    """Which printed points of a form are kept, and when a picture shows them again."""

    side: int = by_eye(1000, "pixels", (750, 1500), "A form's longer side while its landmarks are detected.")
    picture_side: int = by_eye(1500, "pixels", (1100, 2500), "A picture's longer side while it is searched for a form.")
    most: int = by_eye(500, "landmarks", (375, 800), "A form keeps its clearest landmarks, this many at most.")
    detected: int = by_eye(
        4, "points per landmark", (3, 6), "More points are detected than kept, because those in fields are dropped."
    )
    picture_most: int = by_eye(
        3000, "points", (2250, 5000), "A picture's clearest points are matched, this many at most."
    )
    contrast: float = by_eye(0.03, "SIFT's contrast", (0.02, 0.04), "Fainter points are not detected.")
    fewest: int = by_eye(24, "landmarks", (16, 32), "A form with fewer landmarks cannot be known by them.")
    rim: float = by_eye(
        0.01,
        "shares of the sheet",
        (0.005, 0.02),
        "Points this close to a field are dropped: their descriptors reach into it.",
    )
    ratio: float = measured(
        0.8,
        "share of a distance",
        (0.6, 1.0),
        "A match is kept when the next best is this much farther. Lowe (2004) counted right and wrong matches.",
    )
    fewest_matches: int = by_eye(8, "matches", (6, 12), "Fewer matches are no form; a homography needs four.")
    near: float = by_eye(
        4.0, "pixels of a form's side", (3.0, 6.0), "A landmark may lie this far off, because paper is not flat."
    )
    most_iterations: int = by_eye(5000, "iterations", (2500, 10000), "MAGSAC++ draws this many samples at most.")
    columns: int = by_eye(5, "cells", (4, 7), "The sheet's width in cells, over which matches have to be spread.")
    rows: int = by_eye(4, "cells", (3, 6), "The sheet's height in cells, over which matches have to be spread.")
    found_share: float = by_eye(0.5, "share", (0.35, 0.75), "A cell counts whole when this share of it is found again.")
    found_enough: int = by_eye(5, "landmarks", (3, 8), "A cell counts whole when this many are found again.")
    skewed: float = by_eye(2.0, "ratio", (1.5, 3.0), "Opposite sides of a sheet differ at most by this factor.")


LANDMARK = LandmarkConstants()


@dataclass(frozen=True, slots=True)
class BlankConstants(Constants):
    """Sizes of what is printed on a blank sheet. Drawn sheets and their landmarks change with them."""

    dpi: int = by_eye(300, "dots per inch", (225, 600), "Resolution of the PDF; fine enough for office printers.")
    edge: float = by_eye(
        6.0,
        "millimetres",
        (4.5, 9.0),
        "Nothing is printed closer to the sheet's edge, because printers do not reach it.",
    )
    mark: float = by_eye(9.1, "millimetres", (6.8, 12.0), "Side of a corner mark.")
    cells: int = by_eye(5, "cells", (4, 7), "Rows and columns of a corner mark's pattern.")
    side: float = by_eye(18.5, "millimetres", (16.0, 24.0), "From the sheet's left edge to title, hints and foot.")
    margin: float = by_eye(16.0, "millimetres", (12.0, 20.0), "From the sheet's left edge to labels beside fields.")
    inside: float = by_eye(
        2.5, "millimetres", (1.8, 4.0), "Between a field's zone and its boxes: a sheet is found again to about one."
    )
    inside_share: float = by_eye(
        0.25,
        "share of a zone's side",
        (0.18, 0.32),
        "`inside` is no more than this share, so that small zones keep boxes.",
    )
    rule: float = by_eye(0.25, "millimetres", (0.18, 0.4), "Width of a box's rules.")
    title: float = by_eye(6.5, "millimetres", (4.8, 8.2), "Size of the title's font.")
    hint: float = by_eye(3.6, "millimetres", (2.7, 4.5), "Size of the font of the hints on how to write.")
    label: float = by_eye(4.2, "millimetres", (3.1, 5.3), "Size of the labels' font; from this size on, text is bold.")
    letter: float = by_eye(3.0, "millimetres", (2.2, 3.8), "Size of the font of a date's letters.")
    foot: float = by_eye(2.8, "millimetres", (2.1, 3.5), "Size of the foot's font.")
    bold: float = by_eye(0.03, "share of a font's size", (0.02, 0.04), "Bold strokes are wider by this on each side.")
    title_line: float = by_eye(1.5, "sizes of the title's font", (1.1, 2.0), "From the title's top to the first hint.")
    hint_line: float = by_eye(1.4, "sizes of the hints' font", (1.0, 1.8), "From a hint's top to the next.")
    above: float = by_eye(1.8, "millimetres", (1.3, 2.4), "Between a field's zone and its label above.")
    below: float = by_eye(0.5, "millimetres", (0.3, 0.8), "Between a date's zone and the letters below.")
    before: float = by_eye(4.0, "millimetres", (3.0, 5.0), "Between a field's zone and its label to the left.")


BLANK = BlankConstants()


@dataclass(frozen=True, slots=True)
class DateConstants(Constants):
    """How a date's digits become a day."""

    century: int = by_eye(
        70, "years", (50, 90), "Two digits mean a year from 1900 on when they are this or more, else one from 2000 on."
    )


DATE = DateConstants()


@dataclass(frozen=True, slots=True)
class MoneyConstants(Constants):
    """What an amount may look like."""

    most_digits: int = by_eye(
        16,
        "digits before the cents",
        (12, 20),
        "More are no amount: noughts or strokes in a row may be read as digits.",
    )


MONEY = MoneyConstants()


@dataclass(frozen=True, slots=True)
class WrittenConstants(Constants):
    """Numbers as they are written."""

    most_strokes: int = by_eye(4, "strokes", (2, 8), "Strokes of a text that may each be a 1; their ways double.")


WRITTEN = WrittenConstants()
