"""Constants of the room `micr`. A module is the unit of E-13B's grid: 0.013 inch."""

from __future__ import annotations

from dataclasses import dataclass

from ml.reading.constants import Constants, by_eye, measured, standard


@dataclass(frozen=True, slots=True)
class E13bConstants(Constants):
    """How far apart E-13B's characters stand, from one right edge to the next."""

    pitch: float = standard(0.125 / 0.013, "modules", (7.2, 12.1), "ANSI X9.27 and ISO 1004-1: 0.125 inch.")
    pitch_mm: float = standard(3.175, "millimetres", (2.38, 3.97), "ANSI X9.27 and ISO 1004-1: 0.125 inch.")


E13B = E13bConstants()


@dataclass(frozen=True, slots=True)
class MicrRowConstants(Constants):
    """Which marks form a row that may be a MICR line."""

    least_height: int = by_eye(10, "pixels", (7, 13), "Lower marks are too small for their symbol to be read.")
    widest: float = by_eye(1.1, "heights of the mark", (0.8, 1.4), "A wider mark is no digit.")
    narrowest: float = by_eye(0.25, "heights of the mark", (0.18, 0.32), "A narrower mark is no digit.")
    height_stray: float = by_eye(0.09, "heights of the mark", (0.06, 0.12), "How far heights stray within a row.")
    height_stray_pixels: float = by_eye(
        0.5, "pixels", (0.25, 1.0), "Added to `height_stray`, because heights are whole pixels."
    )
    foot_stray: float = by_eye(0.2, "heights of the mark", (0.15, 0.25), "How far feet stray within a row.")
    steepest: float = by_eye(
        0.02, "pixels per pixel", (0.015, 0.03), "Added to `foot_stray` for each pixel between two marks."
    )
    fewest_marks: int = by_eye(4, "marks", (3, 6), "Fewer marks are no row, and give no slope.")
    most_rows: int = by_eye(4, "rows", (2, 8), "The rows with the most marks are tried, this many at most.")
    most_marks: int = by_eye(
        10_000,
        "marks",
        (3_000, 20_000),
        "More marks are a pattern. Cheques have up to 400 of a digit's shape, photographs on woven cloth 2,300.",
    )


MICR_ROW = MicrRowConstants()


@dataclass(frozen=True, slots=True)
class MicrLineConstants(Constants):
    """How a row of marks is compared with the shapes of E-13B, and which symbols are kept."""

    pixels_a_module: int = by_eye(4, "pixels", (3, 6), "Resolution at which shapes are compared.")
    room: int = by_eye(3, "modules", (2, 5), "Added above and below the row, because its place is not exact.")
    side_room: int = by_eye(
        40, "modules", (30, 60), "Added on each side of the row: symbols are lower than digits, and no marks of it."
    )
    frame: int = by_eye(1, "modules", (0, 2), "This much paper on each side belongs to a symbol's shape.")
    scale: float = by_eye(
        0.965,
        "ninths of a digit's height",
        (0.72, 1.21),
        "A module on paper: ink spreads, so digits are a little higher.",
    )
    small_scale: float = by_eye(0.92, "ninths of a digit's height", (0.69, 1.15), "A module where ink spread further.")
    large_scale: float = by_eye(0.99, "ninths of a digit's height", (0.74, 1.24), "A module where a threshold ate ink.")
    shrink_from: float = by_eye(
        1.4,
        "pixels of the ink per compared pixel",
        (1.05, 1.75),
        "A row that shrinks more is blurred first, against aliasing.",
    )
    shrink_blur: float = by_eye(0.35, "compared pixels", (0.26, 0.44), "The standard deviation of that blur.")
    shape_blur: float = by_eye(0.4, "modules", (0.3, 0.5), "A blur of this deviation rounds a shape as printers do.")
    row_blur: float = by_eye(
        0.25, "modules", (0.18, 0.32), "A blur of this deviation evens out rough edges in the row."
    )
    full_ink: float = by_eye(
        0.4,
        "share",
        (0.3, 0.5),
        "Print has this share of full ink where its shape has ink; print shining through has less.",
    )
    least_like: float = by_eye(
        0.72, "correlation", (0.54, 0.9), "Ink is a symbol from here on; print, letters and handwriting stay below."
    )
    sharpness: float = measured(
        22.0, "per unit of correlation", (16.0, 28.0), "Turns correlations into probabilities. Chosen on drawn lines."
    )
    search: float = by_eye(0.6, "modules", (0.45, 0.75), "Each symbol may begin this far beside the best column.")
    most_symbols: int = by_eye(
        4, "symbols", (2, 6), "The likeliest symbols are kept for each place, this many at most."
    )
    closest: float = by_eye(0.9, "pitches", (0.67, 1.13), "No two symbols begin closer to one another.")
    space: float = by_eye(1.45, "pitches", (1.08, 1.82), "Symbols that begin further apart have a space between them.")
    space_end: float = by_eye(0.25, "modules", (0.18, 0.32), "A space ends this far before the next symbol.")
    dark: int = by_eye(
        135, "steps of ink, 0 to 255", (101, 169), "Ink in a space counts when it is darker: paler is pattern."
    )
    specks: int = by_eye(5, "square modules", (3, 8), "Less dark ink in a space is specks, more is an unknown symbol.")
    unknown_cost: float = by_eye(1.0, "symbols", (0.5, 2.0), "An unknown symbol lowers a line's score by this much.")
    fewest_symbols: int = by_eye(5, "symbols", (4, 8), "Fewer symbols are no MICR line.")
    sure_likeness: float = by_eye(
        0.85, "correlation", (0.64, 1.0), "A line that is as like its shapes, and as sure as `sure`, ends the search."
    )
    sure: float = by_eye(0.95, "probability", (0.71, 1.0), "The confidence of a line that ends the search.")


MICR_LINE = MicrLineConstants()
