"""Constants of the sheets: finding them, aligning them to a layout, and judging whether a picture is good enough.

The small picture is the page shrunk to `SHEETS.side` pixels, in CIE L*a*b* of 8 bits. Steps of lightness, colour and
grey are those of 8 bits. Where nothing else is written, pixels are those of the picture that a stage looks at: the
small picture, the small picture shrunk for regions, or the page halved for quality.
"""

from __future__ import annotations

from dataclasses import dataclass

from ml.reading.constants import Constants, by_eye, measured


@dataclass(frozen=True, slots=True)
class QuadrangleConstants(Constants):
    """Which quadrangles may be a sheet seen in perspective."""

    least_side: int = by_eye(12, "pixels", (9, 16), "A quadrangle with a shorter side is no sheet.")
    most_lean: float = by_eye(0.5, "cosine", (0.35, 0.7), "A corner's angle is no farther from square.")
    least_similarity: float = by_eye(0.55, "share", (0.4, 0.75), "A side is no shorter beside its opposite.")
    same_corner: float = by_eye(0.012, "share of the diagonal", (0.006, 0.02), "Corners so close are the same.")


@dataclass(frozen=True, slots=True)
class RegionConstants(Constants):
    """How the small picture is cut into masks, and which regions of a mask are kept."""

    shrinkage: int = by_eye(2, "factor", (1, 3), "The small picture is cut at this fraction of its size.")
    least_area: float = by_eye(0.04, "share of the picture", (0.02, 0.08), "Boxes and labels are smaller.")
    most_area: float = by_eye(0.96, "share of the picture", (0.7, 1.0), "A larger region is the picture itself.")
    least_contour: float = by_eye(0.5, "share of least_area", (0.3, 0.8), "A smaller contour has no sheet's hull.")

    median_radius: int = by_eye(2, "pixels", (1, 3), "The median filter that takes grain out before cutting.")
    least_lightness: int = by_eye(16, "steps of lightness", (8, 32), "Darker places count as this light for colour.")
    every: int = by_eye(2, "pixels", (1, 3), "Percentiles are taken from every second pixel, which is faster.")
    low_percentile: int = by_eye(2, "percent", (0, 5), "The levels of cutting begin here.")
    high_percentile: int = by_eye(98, "percent", (73, 100), "The levels of cutting end here.")
    levels: int = by_eye(9, "levels", (6, 12), "Lightness and colour are cut at this number of levels.")
    wide_surroundings: int = by_eye(3, "parts of the longer side", (2, 4), "Wide surroundings, for wide shadows.")
    near_surroundings: int = by_eye(8, "parts of the longer side", (6, 10), "Near surroundings, for narrow shadows.")
    local_rise: int = by_eye(3, "steps of lightness", (2, 4), "Paper is lighter than its surroundings by more.")
    closing_radius: int = by_eye(5, "pixels", (3, 7), "Closes the gap that a shadow's edge cuts into a sheet's rim.")
    faint_edge: int = by_eye(24, "gradient", (16, 32), "Canny's upper threshold for faint edges.")
    clear_edge: int = by_eye(60, "gradient", (45, 75), "Canny's upper threshold for clear edges.")
    strong_edge: int = by_eye(120, "gradient", (90, 150), "Canny's upper threshold for strong edges.")
    hysteresis: float = by_eye(0.5, "share", (0.3, 0.7), "Canny's lower threshold as a share of the upper one.")

    polygon_tolerance: float = by_eye(0.012, "share of the girth", (0.008, 0.02), "A hull's polygon is this close.")
    least_fill: float = by_eye(0.88, "share", (0.65, 1.0), "A region fills more of the quadrangle around it.")
    most_guesses: int = by_eye(32, "guesses", (16, 64), "The largest guesses are followed, and no more of them.")
    most_parts: int = by_eye(20, "guesses", (10, 40), "The largest guesses are tried as parts of one sheet.")
    farthest_parts: int = by_eye(4, "areas of both parts", (3, 5), "Squared distance of two parts' middles.")
    least_joined: float = by_eye(0.95, "areas of both parts", (0.7, 1.0), "Parts that overlap more are not joined.")
    most_joined: float = by_eye(1.05, "areas of both parts", (1.0, 1.35), "Parts with a wider gap are not joined.")
    least_joined_fill: float = by_eye(0.92, "share", (0.65, 1.0), "Two parts fill more of their joint quadrangle.")


@dataclass(frozen=True, slots=True)
class OutlineConstants(Constants):
    """How a quadrangle's sides are followed in the small picture, and when they are set off."""

    samples: int = by_eye(40, "places", (30, 60), "Places along a side that are looked at.")
    margin: float = by_eye(0.04, "share of the side", (0.02, 0.08), "The places begin and end this far inside.")
    step: float = by_eye(0.5, "pixels", (0.25, 1.0), "Between two samples across a side.")
    inside: float = by_eye(24.0, "pixels", (16.0, 32.0), "Samples reach this far to the inside of a side.")
    outside: float = by_eye(12.0, "pixels", (8.0, 18.0), "Samples reach this far to the outside of a side.")
    most_inside: float = by_eye(0.3, "share of the shortest side", (0.2, 0.45), "Samples reach no farther inside.")
    edge_width: float = by_eye(2.5, "pixels", (1.5, 4.0), "Nearer to a side, colours may be mixed by the edge.")
    every: int = by_eye(2, "samples", (1, 3), "Every second sample will do for a median.")
    least_shown: float = by_eye(0.4, "share of the side", (0.25, 0.6), "A side in the picture shows more places.")

    first_reach: float = by_eye(7.0, "pixels", (5.0, 10.0), "An edge is no farther from a guessed side.")
    second_reach: float = by_eye(3.0, "pixels", (2.0, 5.0), "An edge is no farther from a side fitted once.")
    least_rise: float = by_eye(1.0, "steps of colour", (0.5, 2.0), "The rise to the paper counts as at least this.")
    overshoot: float = by_eye(0.25, "rises to the paper", (0.15, 0.4), "What rises above the paper is cut here.")
    blur_across: float = by_eye(1.0, "pixels", (0.5, 2.0), "Standard deviation of the smoothing across a side.")
    blur_along: float = by_eye(1.0, "places", (0.5, 2.0), "Standard deviation of the smoothing along a side.")
    least_steepness: float = by_eye(0.5, "share of the steepest", (0.3, 0.7), "The outermost edge is this steep.")
    edge_window: int = by_eye(3, "pixels", (2, 4), "The edge is the steepest place in this window.")
    least_distance: int = by_eye(8, "places", (6, 10), "Two places so far apart give a slope.")
    line_tolerance: float = by_eye(1.5, "pixels", (1.0, 2.5), "A place agrees with a line that is nearer than this.")
    least_support: float = by_eye(0.6, "share of the places", (0.4, 0.8), "This share agrees on one line.")

    least_contrast: float = by_eye(5.0, "steps of colour", (3.0, 8.0), "A side with less contrast is not seen.")
    least_strength: float = by_eye(0.35, "share of the usual", (0.2, 0.5), "A place with less is not set off.")
    least_set_off: float = by_eye(
        0.8, "share of the side", (0.6, 1.0), "This share is set off; printed bars and fingers hide the rest."
    )
    least_ground: float = by_eye(8.0, "steps of lightness", (4.0, 16.0), "A darker ground counts as this light.")


@dataclass(frozen=True, slots=True)
class SheetConstants(Constants):
    """Which outlines are sheets, and how a sheet is made upright."""

    side: int = by_eye(640, "pixels", (480, 960), "The longer side of the small picture.")
    least_page: int = by_eye(32, "pixels", (16, 64), "A page with a shorter side shows no sheets.")
    rim: int = by_eye(2, "pixels", (1, 3), "Kept around a sheet, for the interpolation at its edges.")

    least_ratio: float = by_eye(
        1.35, "ratio of lightness", (1.0, 1.8), "Paper lighter by this lies on something; printed grounds are paler."
    )
    clear: float = by_eye(22.0, "steps of lightness", (15.0, 30.0), "Paper brighter than bare ground by this is clear.")
    least_faint: float = by_eye(0.08, "share of the picture", (0.05, 0.12), "A sheet that is not clear is larger.")
    most_faint: float = by_eye(0.7, "share of the picture", (0.5, 0.9), "A sheet that is not clear is smaller.")

    apart: float = by_eye(0.1, "share", (0.05, 0.2), "An outline that overlaps less lies apart.")
    shadow_radius: int = by_eye(6, "pixels", (4, 9), "A sheet's shadow reaches this far.")
    near: float = by_eye(0.6, "share of the shorter side", (0.4, 0.9), "The ground near a sheet is this wide.")
    stroke_radius: int = by_eye(4, "pixels", (3, 6), "Writing is thinner than twice this.")
    least_darker: float = by_eye(8.0, "steps of lightness", (5.0, 12.0), "Writing is darker than its ground by more.")
    as_ink: float = by_eye(
        60.0, "steps of lightness", (40.0, 90.0), "A ground's texture is seldom so much darker than it."
    )
    texture_factor: int = by_eye(3, "factor", (2, 4), "Writing is darker than the ground's texture by this.")
    texture_percentile: int = by_eye(75, "percent", (55, 95), "How dark a ground's texture is.")
    speck: int = by_eye(4, "pixels", (3, 6), "The least area of a piece of writing.")
    longest: int = by_eye(24, "pixels", (16, 32), "The greatest side of a piece of writing.")
    longest_number: int = by_eye(96, "pixels", (48, 160), "The greatest side of a number whose digits touch.")
    most_elongated: int = by_eye(4, "factor", (3, 6), "A piece of writing is less long than this times its width.")
    bare: float = measured(
        0.005, "share of the ground", (0.003, 0.008), "Tables show up to 0.004 that looks like writing, cheques 0.02."
    )

    most_overlap: float = by_eye(0.3, "share", (0.2, 0.45), "An outline that overlaps a larger sheet more is none.")
    within: float = by_eye(0.9, "share", (0.65, 1.0), "An outline of which more overlaps lies within the other.")
    end_contrast: float = by_eye(0.7, "share", (0.5, 0.9), "A whole outline with more contrast ends the longer one.")
    part_brighter: float = by_eye(0.5, "share", (0.3, 0.7), "A sheet within an outline is brighter than this of it.")
    least_filled: float = by_eye(0.7, "share", (0.5, 0.9), "Sheets side by side fill this much of their outline.")


@dataclass(frozen=True, slots=True)
class GroundConstants(Constants):
    """How the ground under a sheet is painted over."""

    look_side: int = by_eye(96, "pixels", (48, 192), "A quick look for ground is taken in a picture of this side.")
    look_darker: float = by_eye(0.9, "share", (0.7, 0.97), "Ground is darker than this of the brightest part.")
    look_percentile: int = by_eye(90, "percent", (75, 98), "How bright the brightest part of a picture is.")
    edge: float = by_eye(0.0025, "longer sides", (0.001, 0.006), "So much of a sheet's rim is mixed with the ground.")
    room: float = by_eye(0.25, "heights of the number", (0.1, 0.6), "A number nearer to the edge may be cut.")
    paper_side: int = by_eye(240, "pixels", (120, 480), "The paper's colour is taken from a picture of this side.")
    stroke: float = by_eye(0.04, "longer sides", (0.02, 0.08), "The paper is the brightest within this: no stroke is.")
    smooth: float = by_eye(0.05, "longer sides", (0.02, 0.1), "The paper's colour is smoothed by this.")
    least_weight: float = by_eye(1e-3, "weight", (1e-5, 1e-2), "Of the usual paper, where none is near.")


@dataclass(frozen=True, slots=True)
class AlignmentConstants(Constants):
    """Where a layout's sheet lies on a page."""

    print_per_mm: float = by_eye(6.0, "pixels a millimetre", (4.0, 8.0), "A printed sheet's landmarks are drawn so.")
    print_blur: float = by_eye(1.2, "pixels", (0.8, 2.0), "A printed sheet is drawn as soft as cameras see it.")
    level: float = by_eye(0.006, "radians", (0.003, 0.01), "A sheet turned by less is left.")
    foot: float = by_eye(0.3, "share of the height", (0.2, 0.4), "An upright cheque's MICR line is in this foot.")
    least_confidence: float = by_eye(0.5, "probability", (0.3, 0.7), "A surer MICR line tells the layout.")
    least_found: float = by_eye(0.35, "share", (0.25, 0.5), "A form of which this was found again is on the page.")
    enlargement: float = by_eye(1.25, "factor", (0.9, 1.6), "A sheet is drawn larger, so its far side loses nothing.")
    most_side: int = by_eye(4_000, "pixels", (3_000, 5_000), "A sheet's longer side is drawn no longer.")
    beyond: float = by_eye(0.015, "share of the picture", (0.0, 0.03), "A place in view reaches no farther out.")
    usual_width: float = by_eye(180.0, "millimetres", (135.0, 225.0), "The width of a sheet whose size is not known.")
    unplaced_fit: float = by_eye(0.5, "fit", (0.35, 0.65), "The fit of a whole picture that is taken for the sheet.")
    most_misshapen: float = by_eye(0.12, "logarithm of a ratio", (0.08, 0.16), "A picture farther off does not fit.")
    far_pair: float = by_eye(0.4, "share of the line", (0.25, 0.55), "Two symbols so far apart give a slope.")
    widest_step: float = by_eye(1.5, "least steps", (1.1, 1.9), "A wider step is not between neighbours.")


@dataclass(frozen=True, slots=True)
class QualityConstants(Constants):
    """How a picture's writing, blur and glare are measured; the limits are the operator's `QualityLimits`."""

    side: int = by_eye(1280, "pixels", (960, 1600), "The page is halved until it is no longer.")
    every: int = by_eye(2, "pixels", (1, 3), "Percentiles are taken from every second pixel, which is faster.")
    surroundings_radius: int = by_eye(20, "pixels", (15, 30), "Wider than a stroke, so that it reaches paper.")
    stands_out: int = by_eye(14, "steps of grey", (10, 20), "What is darker than its surroundings by less is grain.")
    pen_percentile: float = by_eye(99.5, "percent", (98.0, 100.0), "How dark the darkest writing is.")
    paper_percentile: int = by_eye(99, "percent", (74, 100), "How bright the brightest paper is.")
    least_ink: float = by_eye(0.45, "share of the pen", (0.3, 0.6), "Ink is darker than its paper by more.")
    dim: int = by_eye(2, "limits of darkest paper", (1, 3), "Darker paper is dim, and its contrast counts.")

    least_mark: int = by_eye(4, "pixels", (3, 6), "Lower marks are specks.")
    most_elongated: int = by_eye(8, "factor", (6, 10), "Marks that are longer beside their width are lines.")
    height_percentile: int = by_eye(75, "percent", (55, 95), "The height of writing: print is lower and more often.")
    fewest_marks: int = by_eye(3, "marks", (2, 5), "Fewer do not tell how high writing is.")

    longest_stroke: int = by_eye(3, "heights of the writing", (2, 4), "A stroke that a rim cuts is shorter.")
    widest_hair: float = by_eye(0.25, "heights of the writing", (0.15, 0.4), "A stroke that a rim cuts is wider.")
    most_solid: float = by_eye(0.7, "share of its box", (0.5, 0.9), "A stroke that a rim cuts fills less.")
    least_cut_height: float = by_eye(0.4, "heights of the writing", (0.25, 0.6), "Cut above or below, it is higher.")
    least_cut_width: float = by_eye(0.25, "heights of the writing", (0.15, 0.4), "Cut left or right, it is wider.")
    rim_strip: int = by_eye(4, "pixels", (3, 6), "The strip at a rim that shows whether paper ends there.")
    rim_paper: float = by_eye(0.7, "share of the paper's grey", (0.5, 0.9), "A rim with paper is brighter.")
    strokes_at_rim: int = by_eye(4, "strokes", (3, 6), "At one rim, these are a line of writing that it cuts.")

    tile: int = by_eye(256, "pixels of the page", (192, 320), "Side of the tiles in which edges are measured.")
    most_tiles: int = by_eye(10, "tiles", (7, 14), "The tiles with the most writing are measured.")
    written: float = by_eye(0.6, "share of the pen", (0.4, 0.8), "What is darker counts as a tile's writing.")
    reach: int = by_eye(12, "pixels of the page", (9, 16), "Paper and ink of an edge are looked for this far away.")
    least_gradient: int = by_eye(1, "steps of grey a pixel", (0, 2), "An edge is steeper.")
    edge_percentile: int = by_eye(95, "percent", (72, 100), "How far a tile's writing stands out.")
    least_edge: float = by_eye(0.6, "share of the tile's contrast", (0.4, 0.8), "An edge has more contrast.")
    edge_stands_out: int = by_eye(2, "times stands_out", (1, 3), "An edge has more contrast.")
    smoothed: float = by_eye(0.9, "square pixels", (0.6, 1.2), "Variance that smoothing and gradient add, 3 × 3 each.")
    fewest_edges: int = by_eye(60, "edges", (45, 80), "Fewer do not tell how sharp a picture is.")
    blur_percentile: int = by_eye(40, "percent", (30, 50), "The blur of a picture among those of its edges.")
    sharp: float = by_eye(1.5, "pixels of the page", (1.0, 2.0), "A shrunk or sharpened picture may be this soft.")

    glare_side: int = by_eye(480, "pixels", (360, 640), "The picture is halved for glare until it is no longer.")
    saturated: int = by_eye(
        250, "steps of grey", (240, 255), "A place whose darkest channel is no darker is saturated."
    )
    patch_radius: int = by_eye(2, "pixels", (1, 3), "Smaller saturated specks are no glare; its rim is this wide.")
    white: int = by_eye(232, "steps of grey", (200, 249), "What saturates on brighter paper is no glare.")
    least_fade: int = by_eye(5, "pixels", (3, 7), "Glare fades over at least this.")
    fade: float = by_eye(0.2, "sides of the patch", (0.1, 0.3), "Glare fades over this.")
    fade_brightness: float = by_eye(0.3, "share", (0.2, 0.45), "Around glare, so much of its brightness is left.")


QUADRANGLES = QuadrangleConstants()
REGIONS = RegionConstants()
OUTLINES = OutlineConstants()
SHEETS = SheetConstants()
GROUNDS = GroundConstants()
ALIGNMENT = AlignmentConstants()
QUALITY = QualityConstants()
