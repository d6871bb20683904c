"""Constants of the ink room, one class a stage: what may be turned, in which unit, how far, and what it is for."""

from __future__ import annotations

from dataclasses import dataclass

from ml.reading.constants import Constants, by_eye, measured

MM = "millimetres"
PIXELS = "pixels"
GREY = "steps of grey"
SHARE = "share"
PERCENT = "percent"
WRITING = "heights of the writing"
COUNT = "number"


@dataclass(frozen=True, slots=True)
class InkConstants(Constants):
    """Ink told from paper: `ml.reading.ink.ink`."""

    most_pixels: int = by_eye(12_000_000, PIXELS, (6_000_000, 24_000_000), "Larger pages shrink; A4 at 350 dpi fits.")
    most_marks: int = by_eye(
        250_000, COUNT, (100_000, 500_000), "More marks are a pattern; photographs on woven cloth have up to 59,000."
    )
    least_height: int = by_eye(96, PIXELS, (48, 192), "Lower pictures are enlarged, to cut strokes one pixel wide.")
    most_width: int = by_eye(1920, PIXELS, (960, 3840), "Pictures as wide as this are not enlarged.")
    enlarged_scale: float = by_eye(
        0.5, "pixels of the page", (0.25, 0.9), "A pixel of an enlarged picture has this width."
    )
    small_writing: int = measured(
        12,
        PIXELS,
        (9, 20),
        "Lower writing is enlarged: of 389 numbers of 9 to 18 pixels 215 are read right, not 164. If higher writing is "
        "too, the thick rules of a small table are taken for writing.",
    )
    speck: int = by_eye(5, PIXELS, (2, 7), "No higher marks tell how high the writing is.")
    small_page: int = by_eye(600, PIXELS, (400, 1000), "Pages with a longer side than this are not enlarged.")
    background_side: int = by_eye(480, PIXELS, (240, 960), "The paper is looked for in a picture of this long side.")
    polarity_side: int = by_eye(160, PIXELS, (80, 320), "Light writing is looked for in a picture of this long side.")
    surroundings: float = by_eye(
        0.5, "shorter sides", (0.2, 0.9), "Light writing is compared with a square of this side."
    )
    written_area: float = by_eye(0.08, "shorter sides", (0.04, 0.15), "Writing on a light area is closed over by this.")
    broad_area: float = by_eye(0.25, "shorter sides", (0.2, 0.4), "A light area as broad as this is paper, no stroke.")
    area_rim: float = by_eye(0.03, "shorter sides", (0.015, 0.06), "Where a light area ends is known to this.")
    light_grain: int = by_eye(12, GREY, (4, 40), "Brighter by less than this is grain, not light writing.")
    paper_reach: float = by_eye(0.85, SHARE, (0.5, 1.2), "Scales the neighbourhood that the paper is taken from.")
    paper_of_longer: int = by_eye(
        8, "parts of the longer side", (4, 16), "The paper's neighbourhood is no wider than one."
    )
    paper_of_shorter: float = by_eye(
        1.5, "parts of the shorter side", (1.1, 4), "The paper's neighbourhood is no wider than one."
    )
    paper_blur: int = by_eye(8, "parts of the neighbourhood", (4, 16), "The paper's brightness is smoothed by one.")
    noise_side: int = by_eye(400, PIXELS, (200, 800), "The grain is measured on about this number of rows.")
    noise_of_median: float = by_eye(1.5, "medians of darkness", (1.0, 2.0), "Estimates the grain from the median.")
    noise_to_floor: int = by_eye(5, "grains", (3, 8), "Ink is darker than this multiple of the paper's grain.")
    least_darkness: float = by_eye(0.10, SHARE, (0.05, 0.2), "Ink is darker than the paper by this share at least.")
    pen_share: float = by_eye(0.45, SHARE, (0.3, 0.7), "Ink is this share as dark as the pen nearby at least.")
    soft_rim: int = by_eye(5, PIXELS, (3, 9), "A dark stroke's soft rim lies within a square of this side.")
    pale_share: float = by_eye(0.2, SHARE, (0.1, 0.4), "A pale stroke is this share as dark as the pen at least.")
    dark_of_pale: float = by_eye(0.3, SHARE, (0.1, 0.5), "Of a pale mark no more than this share is ink without it.")
    pale_longest: float = by_eye(0.4, "shorter sides", (0.2, 0.8), "Longer pale marks are rules or shades.")
    pale_stretched: int = by_eye(12, "times", (6, 20), "Pale marks longer than wide by this are rules.")
    pen_cells: int = by_eye(4, "cells", (2, 8), "The shorter side is parted into these, to find the darkest ink.")
    least_cell: int = by_eye(8, PIXELS, (4, 16), "A cell in which the darkest ink is looked for is no smaller.")
    most_cell: int = by_eye(64, PIXELS, (32, 128), "A cell in which the darkest ink is looked for is no larger.")
    pen_reach: int = by_eye(5, "cells", (3, 9), "The pen nearby is the darkest ink of a square of this side.")
    full_ink: int = by_eye(300, GREY, (225, 400), "Ink as dark as the pen gets this; 255 is full ink, more is cut off.")


@dataclass(frozen=True, slots=True)
class HandConstants(Constants):
    """Slant, slope and stroke of a strip: `ml.reading.ink.hand`."""

    least_shear: float = by_eye(-0.8, "pixels across a pixel up", (-1.2, -0.4), "Slants are tried from here.")
    most_shear: float = by_eye(1.5, "pixels across a pixel up", (1.0, 2.0), "Slants are tried up to here.")
    shear_step: float = by_eye(0.1, "pixels across a pixel up", (0.05, 0.2), "Slants are tried in these steps.")
    fine_shears: int = by_eye(30, "steps to 1", (20, 60), "A step between two finer slants is one of these.")
    fine_reach: int = by_eye(2, "steps", (1, 4), "Finer slants and slopes are tried within these steps.")
    rows: int = by_eye(48, PIXELS, (24, 96), "The slant is measured on a strip of this height.")
    upright_favour: float = by_eye(
        0.25, SHARE, (0.0, 0.5), "A shear of 1 has to be sharper by this; round digits fit any."
    )
    slope_reach: int = by_eye(12, "steps", (8, 16), "Slopes are tried within these steps of level.")
    slopes: int = by_eye(25, "steps to 1", (15, 40), "A step between two slopes is one of these.")
    fine_slopes: int = by_eye(60, "steps to 1", (40, 120), "A step between two finer slopes is one of these.")
    clearly: float = by_eye(1.2, "times", (0.9, 1.6), "A line that slopes is sharper by this than if it were level.")
    digit_rows: int = by_eye(32, PIXELS, (16, 64), "The slope is measured on digits of this height.")


@dataclass(frozen=True, slots=True)
class StripConstants(Constants):
    """Marks of a page gathered into strips: `ml.reading.ink.locate`."""

    least_area: int = by_eye(4, PIXELS, (2, 12), "Smaller marks are specks.")
    least_tall: int = by_eye(9, PIXELS, (5, 14), "Lower marks are no digits: dots, dashes, specks.")
    most_marks: int = by_eye(4000, COUNT, (1000, 16_000), "Only the largest marks of a page are looked at.")
    most_strips: int = by_eye(1000, COUNT, (400, 4000), "Only the first strips are read; pages of writing have 120.")
    most_in_strip: int = by_eye(60, COUNT, (30, 120), "More marks side by side are a pattern or a line of print.")
    gap: float = by_eye(0.9, "heights of the taller", (0.6, 1.4), "Marks further apart belong to different numbers.")
    reach: float = by_eye(1.0, "heights of the taller", (0.5, 2.0), "Marks so near a group's last one are its end too.")
    near: float = by_eye(0.4, "heights of the group", (0.2, 0.8), "A low mark so near a group is part of its writing.")
    like: float = by_eye(0.35, SHARE, (0.2, 0.5), "Of a digit's height, the next one has this at least.")
    overlap: float = by_eye(0.4, "heights of the lower", (0.2, 0.7), "Marks of one line overlap by this at least.")
    taller: float = by_eye(
        2.2, "heights of the mark", (1.5, 3.5), "A lone mark is part of a near group taller than this."
    )
    askew: float = by_eye(0.1, "rows a column", (0.05, 0.2), "Writing that climbs or falls by more is made level.")
    climb: float = by_eye(
        0.6, SHARE, (0.4, 0.9), "Slopes are measured if the strip's height leaves room for this much."
    )
    long: int = by_eye(2, WRITING, (1, 4), "Shorter strips are not made level.")
    edge_span: float = by_eye(0.8, "sides of the page", (0.6, 1.0), "A scanner's edge spans this of a side at least.")
    edge_filled: float = by_eye(0.6, SHARE, (0.4, 0.8), "A scanner's edge fills this share of its box at least.")
    rim: int = by_eye(1, PIXELS, (0, 4), "A mark at this distance touches the picture's rim.")
    cut_low: float = by_eye(0.25, "heights of the tallest", (0.1, 0.5), "Lower marks at the upper or lower rim go.")
    cut_narrow: float = by_eye(
        0.12, "heights of the tallest", (0.05, 0.3), "Narrower marks at the left or right rim go."
    )


@dataclass(frozen=True, slots=True)
class RulingConstants(Constants):
    """Rules and boxes taken out of a page's ink: `ml.reading.ink.ruling`."""

    least_writing: int = by_eye(8, PIXELS, (4, 12), "Lower marks do not count for the height of the writing.")
    most_stretched: int = by_eye(12, "times", (6, 24), "Longer or wider marks do not count for the writing either.")
    writing_percentile: int = by_eye(60, PERCENT, (40, 80), "The writing's height is this one of its marks' heights.")
    rule_to_writing: int = by_eye(4, WRITING, (2, 8), "A straight run of this length is no stroke of a digit.")
    rule_of_strip: float = by_eye(
        0.5,
        "widths of the picture",
        (0.3, 0.8),
        "A straight run of this length is no stroke in a picture of one number.",
    )
    longest_bar: float = by_eye(
        1.4, WRITING, (1.0, 2.0), "A digit's bar is no longer, where a picture holds a single 7."
    )
    longest_run: float = by_eye(1.5, "widths of the picture", (1.0, 2.5), "Longer runs are not looked for.")
    run_of_width: float = by_eye(0.9, "widths of the picture", (0.6, 1.0), "A run of this length is always straight.")
    thickest: float = by_eye(4.0, PIXELS, (2.0, 8.0), "A run this thin is a rule, however low the writing.")
    level_parts: int = by_eye(
        5, "parts of the writing's height", (3, 8), "A level rule is no thicker than one of them."
    )
    edge_parts: int = by_eye(6, "parts of the writing's height", (4, 9), "A box's edge is no thicker than one of them.")
    crossing: float = by_eye(
        1.5, "thicknesses of the rule", (1.0, 2.5), "A stroke that crosses a rule is longer by this factor."
    )
    crossing_more: int = by_eye(2, PIXELS, (0, 5), "A stroke that crosses a rule is longer by this, too.")
    edge_reach: int = by_eye(7, PIXELS, (3, 13), "A level rule widened to this touches the ends of an edge.")
    edge_ends: int = by_eye(3, PIXELS, (1, 6), "Rows at an edge's end that have to touch a level rule.")
    least_edge: int = by_eye(8, PIXELS, (4, 16), "Shorter upright runs are no edges.")
    edge_of_writing: float = by_eye(0.8, WRITING, (0.5, 1.2), "Upright runs shorter than this are no edges.")
    edge_slim: int = by_eye(5, "times", (3, 8), "An edge is at least this multiple of its width tall.")
    least_hole: int = by_eye(12, PIXELS, (6, 24), "A frame around a digit has a hole of this width and height.")
    hole_of_writing: float = by_eye(0.6, WRITING, (0.3, 1.0), "The hole of a frame around a digit is so wide and high.")
    most_holes: int = by_eye(100_000, "holes", (10_000, 300_000), "If there may be more, small ones are filled first.")
    hole_filled: float = by_eye(0.9, SHARE, (0.7, 1.0), "A frame's hole fills this share of its box at least.")
    thickest_frame: int = by_eye(4, PIXELS, (2, 8), "A frame this thin counts, however low its hole.")
    frame_parts: int = by_eye(8, "parts of the hole's height", (5, 14), "A frame is no thicker than one of them.")
    hole_rim: int = by_eye(3, PIXELS, (1, 6), "A frame holds something if there is ink so far from its edge.")


@dataclass(frozen=True, slots=True)
class RuleConstants(Constants):
    """Printed rules in the picture of a zone: `ml.reading.ink.zone_rules`."""

    soft: float = by_eye(0.08, MM, (0.04, 0.12), "The picture is blurred by this: a rule may be so fine.")
    softer: float = by_eye(0.2, MM, (0.13, 0.3), "On paper with a printed screen, by this: the screen turns grey.")
    screen: float = by_eye(0.02, SHARE, (0.01, 0.04), "The paper's darkness varies by more if it has a screen.")
    screen_percentile: int = by_eye(75, PERCENT, (50, 94), "That darkness is measured here, beyond most paper.")
    around: float = by_eye(5.0, MM, (3.0, 8.0), "A rule is darker than the mean of a square of this side.")
    darker: float = by_eye(0.1, SHARE, (0.05, 0.2), "A rule is darker than its surroundings by this.")
    grain: float = by_eye(
        3.0, "times the paper's darkness", (2.0, 5.0), "A rule is darker than its surroundings by this."
    )
    least_long: float = by_eye(9.0, MM, (5.0, 13.0), "A level rule is no shorter.")
    least_tall: float = by_eye(3.4, MM, (2.4, 4.4), "An upright rule is no shorter.")
    thickest: float = by_eye(0.7, MM, (0.4, 1.0), "A thicker one is a bar, or writing.")
    breaks: float = by_eye(0.5, MM, (0.2, 1.0), "Dots and dashes with smaller holes make a rule.")
    most_rules: int = by_eye(10, COUNT, (6, 20), "More level rules are the rows of a screen's dots.")
    short: float = by_eye(15.0, MM, (10.0, 20.0), "A shorter level rule may be the bars of digits side by side.")
    crossed_short: float = by_eye(0.15, SHARE, (0.05, 0.3), "Ink crosses a short level rule in no more of its length.")
    crossed_long: float = by_eye(0.6, SHARE, (0.4, 0.9), "Ink crosses a long level rule in no more of its length.")
    crossed_by: int = by_eye(2, PIXELS, (0, 4), "Ink that crosses a rule is taller than the thickest rule by this.")
    broken: float = by_eye(0.6, "heights of the shorter piece", (0.3, 1.0), "An upright rule's break is no longer.")
    aside: float = by_eye(0.15, MM, (0.05, 0.3), "The pieces of an upright rule are no further out of line.")
    usual_percentile: int = by_eye(40, PERCENT, (20, 60), "A rule's thickness is this percentile over its columns.")
    stroke_more: int = by_eye(3, PIXELS, (1, 6), "Ink thicker than a rule by this is a stroke that touches it.")
    stroke_rim: float = by_eye(0.12, MM, (0.05, 0.25), "A stroke's soft edge beside it is kept too.")
    paint_rim: float = by_eye(0.12, MM, (0.05, 0.25), "A rule's soft edge is painted over too.")
    paint_reach: int = by_eye(2, PIXELS, (1, 5), "A rule is painted over with what lies so far around it.")


@dataclass(frozen=True, slots=True)
class FrameConstants(Constants):
    """Printed boxes between the rules of a zone: `ml.reading.ink.frames`."""

    least_apart: float = by_eye(3.6, MM, (2.5, 4.6), "A box's upper and lower rule are no nearer.")
    most_apart: float = by_eye(17.0, MM, (12.0, 25.0), "A box's upper and lower rule are no further apart.")
    spans: float = by_eye(0.8, "heights of the box", (0.6, 1.0), "A box's edge spans this of its height at least.")
    wide: float = by_eye(0.8, SHARE, (0.6, 1.0), "A box fills this share of what its two level rules have in common.")
    near: float = by_eye(1.0, MM, (0.5, 2.0), "A box's edge is no further beyond the ends of its level rules.")
    beyond: float = by_eye(1.5, MM, (0.8, 3.0), "A box's edge reaches no further up or down, as a pen's stroke may.")
    corner: float = by_eye(1.5, MM, (0.8, 3.0), "An edge so near the end of a level rule may reach further up or down.")
    at_cut: int = by_eye(1, PIXELS, (0, 4), "The zone cuts a box whose level rules end so near the zone's side.")
    few: int = by_eye(4, COUNT, (3, 6), "More edges than these make a row of cells.")
    regular: float = by_eye(0.75, "usual widths of a cell", (0.5, 0.95), "A cell of a row is no narrower.")
    sign_cell: float = by_eye(14.0, MM, (10.0, 18.0), "A cell for the currency's sign is no wider.")
    least_cell: float = by_eye(2.2, MM, (1.5, 3.0), "No cell is narrower.")
    most_rules: int = by_eye(100, COUNT, (40, 200), "Between more level rules no boxes are looked for; cheques have 8.")
    overlap: float = by_eye(0.5, SHARE, (0.2, 0.8), "Of two boxes that share more than this, one goes.")


@dataclass(frozen=True, slots=True)
class MarkConstants(Constants):
    """Marks of writing in the picture of a zone: `ml.reading.ink.zone_marks`."""

    calm: float = by_eye(0.1, MM, (0.05, 0.2), "The picture is blurred by this; a pen's stroke has half a millimetre.")
    least_area: int = by_eye(4, PIXELS, (2, 12), "Smaller marks are specks.")
    least_tall: float = by_eye(1.3, MM, (0.9, 1.8), "Lower marks are dots and dashes.")
    most_tall: float = by_eye(11.0, MM, (8.0, 15.0), "Taller marks are no writing.")
    pale: int = by_eye(70, "steps of 255 to full ink", (40, 110), "A pale pen's digit is as dark as this at least.")
    above_paper: float = by_eye(
        4.0, "times the paper's median", (2.0, 8.0), "A pale pen's digit is as dark as this at least."
    )
    pale_wide: float = by_eye(
        1.4, "heights of the mark", (1.0, 2.0), "Wider pale marks are bars of a code run together."
    )
    pale_longer: float = by_eye(
        1.3, "heights of its dark piece", (0.9, 1.7), "A soft edge makes a mark taller by less."
    )
    least_piece: float = by_eye(0.3, MM, (0.15, 0.6), "Low marks are no shorter and narrower.")
    pieces_apart: float = by_eye(1.2, MM, (0.6, 2.0), "Pieces of one digit, one above the other, are no further apart.")
    pieces_over: float = by_eye(
        0.5, "widths of the narrower", (0.3, 0.8), "Pieces of one digit, one above the other, overlap by this."
    )
    stacked_tall: float = by_eye(7.0, MM, (5.0, 9.0), "A digit made of pieces is no taller; bar codes and print are.")
    most_marks: int = by_eye(
        5000, COUNT, (2000, 20_000), "More marks are a pattern, and nothing is read there; cheques' fields have 100."
    )
    most_tall_marks: int = by_eye(500, COUNT, (200, 1000), "The same for marks as tall as writing; fields have 60.")
    most_pieces: int = by_eye(200, COUNT, (100, 400), "More low marks are a paper's screen.")


@dataclass(frozen=True, slots=True)
class WordConstants(Constants):
    """Marks put together to words and lines: `ml.reading.ink.words`."""

    word_gap: float = by_eye(0.8, "heights of the lower", (0.5, 1.2), "Marks further apart are different words.")
    line_gap: float = by_eye(3.0, "heights of the taller", (2.0, 5.0), "Words further apart are different lines.")
    overlap: float = by_eye(0.5, "heights of the lower", (0.3, 0.8), "Marks of one line overlap by this at least.")
    like: float = by_eye(0.25, SHARE, (0.15, 0.5), "Of the taller one's height, the lower one has this at least.")
    near: float = by_eye(0.5, "heights of the word", (0.3, 0.8), "A dot or a dash so near belongs to a word.")
    low_above: float = by_eye(
        0.1, "heights of the word", (0.0, 0.3), "The middle of a word's dot or dash is no higher above it."
    )
    low_below: float = by_eye(
        0.25, "heights of the word", (0.1, 0.5), "The middle of a word's dot or dash is no further below it."
    )
    last_words: int = by_eye(2, COUNT, (1, 4), "A word is compared with these last words of a line.")
    most_words: int = by_eye(7, COUNT, (4, 12), "A field has no more words.")


@dataclass(frozen=True, slots=True)
class ZoneConstants(Constants):
    """Lines of writing in a zone: `ml.reading.ink.zones`."""

    finest: float = by_eye(8.0, "pixels a millimetre", (6.0, 12.0), "Finer, a paper's screen is seen as dots.")
    most_pixels: int = by_eye(
        4_000_000, PIXELS, (2_000_000, 12_000_000), "A larger zone is shrunk to this; cheques' zones have 110,000."
    )
    room_beside: float = by_eye(0.3, WRITING, (0.1, 0.6), "Kept to the left and right of a line, for the reader.")
    room_above: float = by_eye(0.2, WRITING, (0.1, 0.4), "Kept above and below a line.")
    high: float = by_eye(
        1.5, WRITING, (1.1, 2.2), "No more is kept above the digits' feet, also where slashes reach further."
    )
    deep: float = by_eye(0.5, WRITING, (0.2, 0.8), "No more is kept below the digits' feet.")
    inside: float = by_eye(0.5, SHARE, (0.3, 0.7), "A mark with more of its box in a line's or a cell's belongs there.")
    least_like: float = by_eye(0.6, WRITING, (0.4, 0.8), "A digit by which the feet are measured is no lower.")
    most_like: float = by_eye(1.4, WRITING, (1.05, 1.8), "A digit by which the feet are measured is no taller.")
    another: float = by_eye(1.1, WRITING, (0.8, 1.6), "Room for another digit at a line's end.")
    beyond: float = by_eye(6.0, MM, (3.0, 10.0), "Looked at on both sides of a zone: people write on beyond it.")
    least_beyond: float = by_eye(1.0, MM, (0.5, 2.0), "A narrower part of the page beyond a zone is not looked at.")
    as_tall: float = by_eye(0.6, WRITING, (0.4, 0.8), "A mark beside a line that may belong to it is no lower.")
    too_tall: float = by_eye(1.8, WRITING, (1.3, 2.5), "A mark beyond the zone that may belong to a line is no taller.")
    close: float = by_eye(
        0.8, WRITING, (0.5, 1.2), "A mark beside a line that may belong to it is no further from its end."
    )
    level: float = by_eye(
        0.5, "heights of the mark", (0.3, 0.8), "A mark beside a line that may belong to it is level with it by this."
    )
    low_top: float = by_eye(0.65, WRITING, (0.45, 0.85), "A low mark begins no higher above the digits' feet.")
    low_foot: float = by_eye(0.12, WRITING, (0.05, 0.25), "A low mark ends further below the digits' feet.")
    least_feet: int = by_eye(3, COUNT, (2, 5), "Fewer marks, or slopes between them, do not tell where the feet are.")
    most_lines: int = by_eye(30, COUNT, (15, 60), "No more lines are looked at in a zone.")


@dataclass(frozen=True, slots=True)
class LineConstants(Constants):
    """Strips made ready for the network of strings: `ml.reading.ink.lines`."""

    narrowest: int = by_eye(24, PIXELS, (16, 32), "A line is no narrower.")
    widest: int = by_eye(320, PIXELS, (240, 480), "A longer line is narrowed to this.")
    width_step: int = by_eye(4, "frames", (1, 16), "Lines are padded in these steps: a new width costs time.")
    extremes: int = by_eye(1, PERCENT, (0, 5), "Darkest and lightest pixels that do not count.")
    paper_percentile: int = by_eye(70, PERCENT, (50, 90), "Most of a line is paper; its grey is taken here.")
    least_contrast: float = by_eye(8.0, GREY, (4.0, 16.0), "Ink that differs by less is not brought to full contrast.")
    lightest: float = by_eye(-0.5, "paper 0 to ink 1", (-0.8, -0.2), "Lighter pixels get this.")
    darkest: float = by_eye(1.2, "paper 0 to ink 1", (0.85, 1.6), "Darker pixels get this.")
    room: float = by_eye(0.12, "heights of the strip", (0.05, 0.25), "Kept around a strip.")
    much_room: float = by_eye(0.35, "heights of the strip", (0.2, 0.6), "Kept where the whole picture is one number.")
    end_reach: float = by_eye(
        0.5, "heights of the place", (0.3, 0.8), "The outer digits' boxes reach so far from them."
    )


INK = InkConstants()
HAND = HandConstants()
STRIPS = StripConstants()
RULING = RulingConstants()
RULES = RuleConstants()
FRAMES = FrameConstants()
MARKS = MarkConstants()
WORDS = WordConstants()
ZONES = ZoneConstants()
LINES = LineConstants()
