"""A zone of a page made ready for reading: its printed boxes and its lines of writing.

In goes a page with a box on it, in pixels of the page. Out come pictures with and without rules, boxes of marks and
words, and lines, in pixels of the zone's picture.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import reduce
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box, Page
from ml.reading.ink.constants import ZONES
from ml.reading.ink.frames import Frame, find_frames
from ml.reading.ink.words import lines_of, runs_of, words_of
from ml.reading.ink.zone_marks import marks_of, scaled
from ml.reading.ink.zone_rules import paint_over


@dataclass(frozen=True, slots=True, eq=False)
class ZoneLine:
    """A line of writing, or a part of one.

    Attributes:
        box: Around its ink, in pixels of the zone's picture.
        picture: uint8, height × width × 3, RGB: that part of the zone with some room. Its rules are painted over; the
            feet of digits that stand on them are there or not.
        offset: Left and top of that picture, in pixels of the zone's picture.
        digit_height: Typical height of its digits, in pixels of the zone's picture.
    """

    box: Box
    picture: NDArray[np.uint8]
    offset: tuple[int, int]
    digit_height: float


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """A part of a page where the reader looks for a field.

    Attributes:
        place: In pixels of the page.
        picture: uint8, height × width × 3, RGB: that part of the page, shrunk where the page is very fine.
        clean: The same picture with all rules painted over. Marks are looked for here.
        footed: The same picture with rules painted over except where a stroke touches one: the foot of a digit that
            stands on the rule may be there.
        scale: Pixels of the page to one of the picture.
        frames: Printed boxes, those with most cells first, in pixels of the picture.
        marks: Marks as tall as writing, in pixels of the picture.
        words: Marks that belong together, in pixels of the picture.
        page: The page.
        per_mm: Pixels of the picture a millimetre.
        is_crowded: Whether it has more marks than any field; none of them is given then.
    """

    place: Box
    picture: NDArray[np.uint8]
    clean: NDArray[np.uint8]
    footed: NDArray[np.uint8]
    scale: float
    frames: tuple[Frame, ...]
    marks: tuple[Box, ...]
    words: tuple[Box, ...]
    page: Page
    per_mm: float
    is_crowded: bool

    @classmethod
    def of(cls, page: Page, place: Box, per_mm: float) -> Zone:
        """The zone of a page.

        Args:
            page: The page.
            place: The zone, in pixels of the page.
            per_mm: Pixels of the page a millimetre.
        """
        scale = max(1.0, per_mm / ZONES.finest, math.sqrt(place.width * place.height / ZONES.most_pixels))
        picture = _shrunk(page, place, scale)
        fine = per_mm / scale
        ruled = find_frames(picture, fine)
        clean = paint_over(picture, ruled.rules, fine)
        footed = clean if np.array_equal(ruled.rules, ruled.free) else paint_over(picture, ruled.free, fine)
        marks = marks_of(clean, fine)
        words = words_of(marks.tall, marks.low)
        frames = ruled.frames
        return cls(place, picture, clean, footed, scale, frames, marks.tall, words, page, fine, marks.is_crowded)

    def on_page(self, box: Box) -> Box:
        """A box of the zone's picture, in pixels of the page."""
        left, top = (int(side * self.scale) for side in (box.left, box.top))
        right, bottom = (round(side * self.scale) for side in (box.right, box.bottom))
        return Box(
            self.place.left + left,
            self.place.top + top,
            self.place.left + max(left + 1, right),
            self.place.top + max(top + 1, bottom),
        )

    def lines(self) -> list[ZoneLine]:
        """Each run of neighbouring words of each line, the longest first."""
        runs = {run.xywh: run for line in lines_of(self.words) for run in runs_of(line)}
        longest = sorted(runs.values(), key=lambda box: -box.width)[: ZONES.most_lines]
        return [self.line(box) for box in longest]

    def within(self, cell: Box) -> ZoneLine | None:
        """The writing that stands in a printed box, with all that reaches out of it; None where the box is empty."""
        inside = [word for word in self.words if _share_inside(word, cell) > ZONES.inside]
        return self.line(reduce(Box.union, inside)) if inside else None

    def line(self, box: Box) -> ZoneLine:
        """The line in a box of the picture, with room. Strokes that reach far beyond its digits are cut off."""
        height, width = self.clean.shape[:2]
        inside = self._marks_in(box)
        digit_height, foot = _height_and_foot(inside) if inside else (box.height, box.bottom)
        beside, above = round(ZONES.room_beside * digit_height), round(ZONES.room_above * digit_height)
        left, right = max(0, box.left - beside), min(width, box.right + beside)
        top = max(0, box.top - above, round(foot - ZONES.high * digit_height))
        bottom = min(height, box.bottom + above, round(foot + ZONES.deep * digit_height))
        return ZoneLine(box, self.footed[top:bottom, left:right], (left, top), digit_height)

    def without_feet(self, line: ZoneLine) -> ZoneLine | None:
        """A line without all that lies on a rule, the feet of digits too; None where nothing lies on one."""
        (left, top), (height, width) = line.offset, line.picture.shape[:2]
        picture = self.clean[top : top + height, left : left + width]
        return None if np.array_equal(picture, line.picture) else replace(line, picture=picture)

    def wider(self, line: ZoneLine, *, left: bool, right: bool) -> ZoneLine:
        """A line with room for another digit at its left end, its right end or both; no mark there is cut through."""
        beside, box = round(ZONES.another * line.digit_height), line.box
        first = max(0, box.left - beside) if left else box.left
        last = min(self.clean.shape[1], box.right + beside) if right else box.right
        level = [mark for mark in self.marks if min(mark.bottom, box.bottom) > max(mark.top, box.top)]
        first = min([first, *(mark.left for mark in level if left and mark.left < first < mark.right)])
        last = max([last, *(mark.right for mark in level if right and mark.left < last < mark.right)])
        return self.line(Box(first, box.top, last, box.bottom))

    def goes_on(self, line: ZoneLine) -> bool:
        """Whether a mark as tall as a line's digits stands close to its left or right end, and is not part of it.

        Beyond the zone, taller marks are print and no writing: a box's edge, a bar code. Where more marks stand there
        than any writing has, a line that comes close to them may go on among them.
        """
        outside = (mark for mark in self.marks if _share_inside(mark, line.box) < ZONES.inside)
        if any(_is_at_end(line.box, line.digit_height, mark) for mark in outside):
            return True
        box, digit_height = self.on_page(line.box), line.digit_height * self.scale
        tallest = ZONES.too_tall * digit_height
        beyond = self._beyond(Box(box.left, box.bottom - round(digit_height), box.right, box.bottom))
        return any(_is_at_end(box, digit_height, mark) for mark in beyond if mark.height <= tallest)

    def is_low(self, line: ZoneLine, across: float) -> bool:
        """Whether the mark at a place of a line begins below the tops of its digits, and ends below their feet.

        Args:
            line: A line with digits.
            across: The place, x in pixels of the picture.
        """
        inside = self._marks_in(line.box)
        here = [mark for mark in inside if mark.left <= across <= mark.right]
        if len(here) != 1 or len(inside) < ZONES.least_feet:
            return False
        (low,) = here
        digits = [mark for mark in inside if mark is not low]
        height, foot = _height_and_foot(digits)
        foot = max(foot, _foot_at(across, digits, height))
        return low.top > foot - ZONES.low_top * height and low.bottom > foot + ZONES.low_foot * height

    def _marks_in(self, box: Box) -> list[Box]:
        """Marks that stand mostly in a box."""
        return [mark for mark in self.marks if _share_inside(mark, box) > ZONES.inside]

    def _beyond(self, digits: Box) -> Iterator[Box]:
        """Marks to the left and right of the zone; in place of too many, one that is level with a line's digits.

        Args:
            digits: Around the line's digits; this and the marks in pixels of the page.
        """
        place, width, page_mm = self.place, self.page.pixels.shape[1], self.per_mm * self.scale
        reach = round(ZONES.beyond * page_mm)
        ends = (max(0, place.left - reach), place.left), (place.right, min(width, place.right + reach))
        for left, right in ends:
            if right - left < ZONES.least_beyond * page_mm:
                continue
            side = Box(left, place.top, right, place.bottom)
            marks = marks_of(_shrunk(self.page, side, self.scale), self.per_mm)
            if marks.is_crowded:
                yield Box(left, digits.top, right, digits.bottom)
            for mark in marks.tall:
                box = scaled(mark, self.scale)
                yield Box(left + box.left, place.top + box.top, left + box.right, place.top + box.bottom)


def _is_at_end(line: Box, digit_height: float, mark: Box) -> bool:
    """Whether a mark as tall as a line's digits stands close to one of its ends, level with it."""
    level = min(mark.bottom, line.bottom) - max(mark.top, line.top) >= ZONES.level * mark.height
    apart = max(mark.left - line.right, line.left - mark.right)
    return level and apart <= ZONES.close * digit_height and mark.height >= ZONES.as_tall * digit_height


def _shrunk(page: Page, place: Box, scale: float) -> NDArray[np.uint8]:
    """A part of a page, shrunk by the scale: uint8, height × width × 3."""
    part = page.pixels[place.top : place.bottom, place.left : place.right]
    if scale > 1:
        size = max(1, round(place.width / scale)), max(1, round(place.height / scale))
        part = cv2.resize(part, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
    return np.ascontiguousarray(part)


def _share_inside(box: Box, cell: Box) -> float:
    """The share of a box's area that lies in a cell, 0 to 1."""
    across = min(box.right, cell.right) - max(box.left, cell.left)
    down = min(box.bottom, cell.bottom) - max(box.top, cell.top)
    return max(0, across) * max(0, down) / (box.width * box.height)


def _height_and_foot(marks: list[Box]) -> tuple[float, float]:
    """Typical height of the digits among some marks, and the row where they stand. Larger marks count more."""
    heights = sorted(mark.height for mark in marks)
    weight = np.cumsum(heights)
    height = float(heights[int(np.searchsorted(weight, weight[-1] / 2))])
    return height, float(np.median([mark.bottom for mark in _digits(marks, height)]))


def _digits(marks: list[Box], height: float) -> list[Box]:
    """Marks about as tall as a digit of this height."""
    least, most = ZONES.least_like * height, ZONES.most_like * height
    return [mark for mark in marks if least <= mark.height <= most]


def _foot_at(across: float, marks: list[Box], height: float) -> float:
    """The row where a digit would stand at a place of a line, which may slope.

    Args:
        across: The place, x in pixels.
        marks: Marks of the line, without the one at that place.
        height: Typical height of its digits, in pixels.

    Source: H. Theil, "A rank-invariant method of linear and polynomial regression analysis", 1950; P. Sen, 1968.
    """
    feet = [((mark.left + mark.right) / 2, mark.bottom) for mark in _digits(marks, height)]
    slopes = [(low - high) / (right - left) for (left, high), (right, low) in combinations(feet, 2) if right != left]
    slope = float(np.median(slopes)) if len(slopes) >= ZONES.least_feet else 0.0
    return float(np.median([foot + slope * (across - at) for at, foot in feet]))
