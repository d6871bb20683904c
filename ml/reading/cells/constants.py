"""Constants of the writing in cells; `ml.reading.constants` says how they are kept."""

from __future__ import annotations

from dataclasses import dataclass

from ml.reading.constants import Constants, by_eye

PIXELS = "ink pixels"
SHARE = "share"


@dataclass(frozen=True, slots=True)
class CleaningConstants(Constants):
    """A table without its rules: `ml.reading.cells.clean`."""

    room: float = by_eye(0.5, "heights of a row", (0.2, 1.0), "Cut out around a table.")
    beyond: int = by_eye(6, PIXELS, (2, 15), "A rule goes on so far beyond the last one that it crosses.")
    reach: int = by_eye(4, PIXELS, (3, 8), "A rule's ink is no further from where the rule is supposed to be.")
    smooth: int = by_eye(15, PIXELS, (7, 31), "A rule's place is the same for so many pixels.")
    edge: float = by_eye(0.3, "darkness of the rule", (0.15, 0.5), "Its edge is as dark as this at least.")


@dataclass(frozen=True, slots=True)
class ShadeConstants(Constants):
    """Cells that stand on grey or on a colour: `ml.reading.cells.shade`."""

    least: int = by_eye(30, "steps of 255 to full ink", (20, 60), "A cell whose ground is darker is shaded.")
    pen_percentile: float = by_eye(98.0, "percent", (95.0, 99.5), "Its pen is as dark as this share of it is at most.")
    pen_share: float = by_eye(0.45, SHARE, (0.3, 0.7), "Ink is this share as dark as its pen, without the ground.")
    grain: int = by_eye(60, "steps of 255 to full ink", (30, 100), "Paler ink is the grain of the ground.")


@dataclass(frozen=True, slots=True)
class WritingConstants(Constants):
    """The writing in each cell: `ml.reading.cells.marks` and `ml.reading.cells.writing`."""

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
class RingConstants(Constants):
    """Rings around digits: `ml.reading.cells.rings`."""

    rim: float = by_eye(0.7, "half a mark's sides", (0.55, 0.85), "A ring's stroke is so far from its middle.")
    sectors: int = by_eye(24, "sectors", (12, 36), "So many directions are looked in.")
    around: float = by_eye(0.85, SHARE, (0.65, 0.95), "In so many of them a ring has ink.")
    middle: float = by_eye(0.5, "half a mark's sides", (0.3, 0.6), "Nearer is the middle of a ring.")
    filled: float = by_eye(0.05, SHARE, (0.02, 0.15), "A middle with more ink has a digit in it, or a part of one.")
    digit: float = by_eye(0.35, "heights of the ring", (0.2, 0.5), "What is lower in a ring is no digit.")
    large: float = by_eye(1.15, "usual heights of a digit", (1.0, 1.5), "A ring around a digit is no smaller.")


CLEANING = CleaningConstants()
SHADE = ShadeConstants()
WRITING = WritingConstants()
RINGS = RingConstants()
