"""Constants of the recognisers, one class for each stage: cutting, lattice, glyphs, decoding, networks, combination.

Lengths are mostly in heights of the writing: the usual height of a digit in the strip (`ink.locate.usual_height`).
"""

from __future__ import annotations

from dataclasses import dataclass

from ml.reading.constants import Constants, by_eye, measured


@dataclass(frozen=True, slots=True)
class AtomConstants(Constants):
    """Cutting a strip's marks into atoms."""

    wide: float = by_eye(
        0.7, "heights of the writing", (0.4, 1.0), "A mark that is wider may be two digits, and is cut."
    )
    widest: float = by_eye(
        20.0, "heights of the writing", (10.0, 40.0), "A mark that is wider is no row of digits, and is not cut."
    )
    smallest_area: float = by_eye(
        0.4, "squares of the stroke", (0.1, 1.0), "A mark with less ink is noise, and is left out."
    )
    most_atoms: int = by_eye(
        400, "atoms", (100, 1000), "A strip with more is a pattern or a scribble; classifying all would take seconds."
    )
    soft_rim: float = by_eye(
        1.0, "pixels", (0.0, 2.0), "The stroke's soft edges, which are added to the width of its dark core."
    )
    thickest_stroke: float = by_eye(
        0.5, "heights of the writing", (0.2, 0.8), "The stroke's width counts as no more than this."
    )
    narrowest_pixels: float = by_eye(
        2.0, "pixels", (1.0, 4.0), "Two cuts, or a cut and a mark's edge, are at least this far apart."
    )
    narrowest: float = by_eye(
        0.15, "heights of the writing", (0.05, 0.3), "The same distance where the writing is large."
    )
    cut_strokes: float = by_eye(
        2.6, "widths of the stroke", (1.5, 4.0), "A column with more ink is too thick to be where two digits touch."
    )
    cut_rim: float = by_eye(1.0, "pixels", (0.0, 3.0), "Ink that a column may have beyond `cut_strokes`.")
    cut_height: float = by_eye(
        0.6, "heights of the writing", (0.3, 0.9), "A column with more ink is never cut, however wide the stroke is."
    )


@dataclass(frozen=True, slots=True)
class LatticeConstants(Constants):
    """Which runs of atoms may be one digit, and which of them the classifier is asked about."""

    most_atoms: int = by_eye(7, "atoms", (4, 12), "A digit has no more atoms, unless all of them are one whole mark.")
    most_width: float = by_eye(
        1.5, "heights of the writing", (1.0, 2.5), "Several atoms that are wider together are no single digit."
    )
    most_gap: float = by_eye(
        0.3, "heights of the writing", (0.1, 0.6), "Atoms that stand farther apart are not parts of one digit."
    )
    baseline_height: float = by_eye(
        0.6, "heights of the writing", (0.4, 0.8), "Marks at least this tall show where the line of writing is."
    )
    small: float = by_eye(
        0.42, "heights of the writing", (0.25, 0.6), "A lower run of atoms is a separator or a speck."
    )
    hanging_top: float = by_eye(
        0.45, "heights of the writing", (0.2, 0.7), "The top of a hanging comma is no higher above the line of writing."
    )
    hanging_foot: float = by_eye(
        0.05, "heights of the writing", (0.0, 0.2), "The foot of a hanging comma is farther below the line of writing."
    )
    sure: float = by_eye(
        0.97, "probability", (0.7, 0.999), "A whole mark with this for one digit is neither cut nor joined to another."
    )
    sure_height: float = by_eye(0.7, "heights of the writing", (0.5, 0.9), "The least height of a sure mark.")
    sure_width: float = by_eye(1.1, "heights of the writing", (0.8, 1.5), "A sure mark is narrower than this.")
    clear_gap: float = by_eye(
        0.15,
        "heights of the writing",
        (0.0, 0.4),
        "A sure mark is clear of a doubtful neighbour that is at least this far away.",
    )
    clear_overlap: float = by_eye(
        0.25,
        "heights of the writing",
        (0.0, 0.5),
        "A sure mark is clear of a sure neighbour that overlaps it by no more.",
    )


@dataclass(frozen=True, slots=True)
class GlyphConstants(Constants):
    """The pixels of a glyph, before they are brought to the network's size."""

    faint: float = by_eye(0.05, "share of full ink", (0.01, 0.2), "Fainter pixels are paper.")
    most_side: int = by_eye(80, "pixels", (40, 160), "Larger glyphs are first shrunk to this.")
    peak: float = by_eye(
        0.9, "share of the inked pixels", (0.65, 0.99), "After shrinking, the ink at this rank becomes full ink."
    )
    thinnest_stroke: float = by_eye(
        2.2, "pixels of a body of 20", (1.0, 4.0), "Thinner strokes are thickened: the network would lose fine pens."
    )


@dataclass(frozen=True, slots=True)
class DecodeConstants(Constants):
    """The costs of a path through the lattice, and when the number on it is rejected."""

    no_digit_cost: float = by_eye(
        1.0, "nats", (0.0, 3.0), "Added where a glyph is no digit: two joined digits are none either."
    )
    small_cost: float = by_eye(0.5, "nats", (0.1, 2.0), "The cost of a small mark; a run of them costs its square.")
    piece_cost: float = by_eye(1.0, "nats", (0.0, 3.0), "The cost of each glyph, so that cutting a digit does not pay.")
    gap_cost: float = by_eye(2.0, "nats", (0.5, 4.0), "The cost of each gap between the parts of one glyph.")
    gap: float = by_eye(0.03, "heights of the writing", (0.0, 0.1), "A narrower space between two parts is no gap.")
    low_cost: float = by_eye(3.0, "nats a height", (1.0, 6.0), "The cost of a digit that is too low.")
    lowest: float = by_eye(0.7, "heights of the writing", (0.4, 0.9), "A digit is too low below this.")
    width_cost: float = by_eye(
        5.0, "nats a height", (2.0, 10.0), "The cost of a 1 that is too wide, or of another digit that is too narrow."
    )
    widest_one: float = by_eye(0.6, "heights of the writing", (0.4, 1.0), "A 1 is too wide above this.")
    narrowest: float = by_eye(0.4, "heights of the mark", (0.2, 0.6), "A digit other than 1 is too narrow below this.")
    least_probability: float = by_eye(
        1e-6, "probability", (1e-9, 1e-3), "Less is raised to this, so that no single glyph rules a path out."
    )
    runners_up: int = by_eye(3, "digits", (1, 9), "Other classes that are kept for each digit.")
    fewest_digits: float = by_eye(
        0.75, "share of the glyphs", (0.5, 1.0), "A strip with fewer digits is a word or a drawing."
    )
    hardly_any: float = by_eye(
        0.3, "share of the glyphs", (0.1, 0.5), "A strip with fewer digits is not looked at as a whole either."
    )
    least_sure: float = by_eye(
        0.6, "mean probability", (0.4, 0.9), "A strip on a page is no number if its digits are less sure."
    )
    no_digit: float = by_eye(
        0.5, "probability", (0.3, 0.8), "A whole mark with more than this for no digit may be a letter."
    )
    word: float = by_eye(0.5, "share of the whole marks", (0.3, 0.8), "A strip with more letters than this is a word.")
    line_marks: int = by_eye(2, "marks", (1, 4), "A line of writing has at least this number of tall marks.")
    line_mark_height: float = by_eye(0.6, "heights of the writing", (0.4, 0.9), "The least height of a tall mark.")
    lines_apart: float = by_eye(
        0.75, "heights of the writing", (0.4, 1.2), "Lines of writing are farther apart, from middle to middle."
    )


@dataclass(frozen=True, slots=True)
class SmallMarkConstants(Constants):
    """Which sign a small mark is: a point, a comma, a dash, or a speck."""

    raised: float = by_eye(
        0.2, "heights of the writing", (0.05, 0.5), "A speck's foot is farther above the line of writing."
    )
    speck_area: float = by_eye(1.2, "squares of the stroke", (0.5, 2.5), "A raised mark with a smaller box is a speck.")
    dash_shape: float = by_eye(1.8, "heights of the mark", (1.3, 3.0), "A dash is at least this wide.")
    dash_raised: float = by_eye(
        0.15, "heights of the writing", (0.0, 0.4), "A dash's middle is farther above the line of writing."
    )
    off_line: float = by_eye(
        0.25, "heights of the writing", (0.1, 0.5), "A mark farther above the line is no point and no comma."
    )
    largest_speck: float = by_eye(
        0.15, "heights of the writing", (0.05, 0.3), "A mark off the line is a speck if both its sides are no longer."
    )
    widest_comma: float = by_eye(0.35, "heights of the writing", (0.2, 0.6), "A point or a comma is no wider.")
    tallest_comma: float = by_eye(0.5, "heights of the writing", (0.3, 0.8), "A point or a comma is no taller.")
    comma_strokes: float = by_eye(
        1.5, "widths of the stroke", (1.0, 3.0), "A comma is taller than this; a point is not."
    )
    comma_rim: float = by_eye(1.0, "pixels", (0.0, 3.0), "What a comma's height must have beyond `comma_strokes`.")
    comma_foot: float = by_eye(
        0.06, "heights of the writing", (0.0, 0.2), "A comma's foot is farther below the line of writing."
    )


@dataclass(frozen=True, slots=True)
class CtcConstants(Constants):
    """The search for the n-best hypotheses of a line."""

    least_probability: float = by_eye(
        1e-3, "probability", (1e-5, 1e-2), "A sign that is less likely in a frame is not followed up in the search."
    )
    beams: int = by_eye(12, "prefixes", (4, 64), "Prefixes that the search keeps from frame to frame.")
    n_best: int = by_eye(5, "hypotheses", (1, 12), "Hypotheses of a line, where the caller names no number.")
    blank_doubt: float = by_eye(
        1e-5, "probability", (1e-8, 1e-3), "A frame that is blank but for this doubt is skipped after another like it."
    )


@dataclass(frozen=True, slots=True)
class BatchConstants(Constants):
    """How much a network is given in one run: larger runs need more memory."""

    glyphs: int = by_eye(64, "glyphs", (16, 256), "Glyphs in one run of the classifier, so that memory stays level.")
    lines: int = by_eye(16, "lines", (1, 64), "Lines in one run of a network of strings.")


@dataclass(frozen=True, slots=True)
class SecondReaderConstants(Constants):
    """The picture of a line that the second reader is given; its height, 48 pixels, is the network's."""

    least_width: int = measured(
        320,
        "pixels",
        (160, 480),
        "Narrower lines are filled up: without, 86 % of real amounts were right instead of 89 %.",
    )
    most_width: int = by_eye(960, "pixels", (640, 1920), "Longer lines are narrowed to this.")


@dataclass(frozen=True, slots=True)
class CalibrationConstants(Constants):
    """The evidence for a value as the logistic regression takes it."""

    least_doubt: float = by_eye(
        1e-4, "probability", (1e-6, 1e-2), "The pooled probability is kept this far from 0 and from 1."
    )


@dataclass(frozen=True, slots=True)
class CombineConstants(Constants):
    """Combining what all recognisers read."""

    least_by_digits: float = by_eye(
        1e-2, "probability", (1e-4, 1e-1), "The reading digit by digit gives every other value this much."
    )
    least_by_string: float = by_eye(
        1e-6, "probability", (1e-9, 1e-3), "A network of strings gives every value at least this much."
    )
    no_digits: float = by_eye(
        0.5,
        "share of the confidence",
        (0.2, 1.0),
        "A glyph that is no digit is shown where the string's probability is below this share of the reading by "
        "digits' confidence.",
    )
    n_best: int = by_eye(5, "values", (1, 12), "Values that a combined number keeps.")
    runners_up: int = by_eye(3, "digits", (1, 9), "Other digits that each digit of a combined number keeps.")


@dataclass(frozen=True, slots=True)
class PrintedConstants(Constants):
    """Print told from handwriting: `ml.reading.recognisers.line_network`."""

    surely: float = by_eye(
        0.9, "probability", (0.6, 0.99), "Below this a number is an answer: a hand's must not be taken for the form's."
    )
    no_answer: float = measured(
        0.98,
        "probability",
        (0.9, 0.999),
        "From here on a number never passes: of 931 right numbers in cells 4 are held back, of 46 printed or misread "
        "ones 16.",
    )


ATOMS = AtomConstants()
LATTICE = LatticeConstants()
GLYPHS = GlyphConstants()
DECODING = DecodeConstants()
SMALL_MARKS = SmallMarkConstants()
CTC = CtcConstants()
BATCHES = BatchConstants()
SECOND_READER = SecondReaderConstants()
CALIBRATION = CalibrationConstants()
COMBINATION = CombineConstants()
PRINTED = PrintedConstants()
