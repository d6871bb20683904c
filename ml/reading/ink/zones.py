"""A zone of a sheet made ready for reading: its printed boxes known, its lines of writing found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import reduce
from itertools import chain, combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box, Page
from ml.reading.ink.frames import Frame, find_frames, without_rules
from ml.reading.ink.ink import Ink, find_ink
from ml.reading.ink.words import lines_of, runs_of, words_of

_FINE = 8.0
"""Pixels a millimetre, at most: finer, a paper's printed screen is seen as dots."""

_BEYOND = 6.0
"""Millimetres to both sides of a zone that are looked at too: people write on where their room ends."""

_CALM = 0.1
"""Millimetres of blur before ink is looked for; a pen's stroke has half a millimetre."""

_TALL, _TALLEST = 1.3, 11.0
"""Millimetres: marks of writing are so tall at least and at most; lower ones are dots and dashes."""

_PALE, _ABOVE_PAPER, _WIDE = 70, 4.0, 1.4
"""Of full ink, 255, and of what the paper has: a pale pen's digit is as dark at least; and so wide at most beside its
height: bars of a code run together."""

_LONGER = 1.3
"""So many times as tall is a pale digit as the dark piece of it at least: what a soft edge adds is less."""

_PIECES, _DIGIT = 1.2, 7.0
"""Millimetres between two low marks, one above the other, that are pieces of a digit whose stroke is pale between them;
and how high that is at most: other stacks are bar codes, or print."""

_MOST_PIECES = 200
"""More low marks than that are a paper's screen."""

_ROOM = (0.3, 0.2)
"""Around a line, sideways and above and below, in its heights: kept with it for the reader."""

_HIGH, _DEEP = 1.5, 0.5
"""In heights of a line's digits: what the reader sees above and below their feet; slashes may reach further."""

_AS_TALL, _TOO_TALL, _CLOSE = 0.6, 1.8, 0.8
"""In heights of a line's digits: what is so tall, no taller, and so close to its end may belong to it."""

_LOW, _A_FEW = (0.65, 0.12), 3
"""In heights of a line's digits: a mark is low that begins no higher above their feet, and ends so far below. Fewer
marks do not tell where their feet are."""

_ANOTHER = 1.1
"""In a line's heights: room for another digit."""

_MOST_LINES = 30
"""Looked at in a zone."""


@dataclass(frozen=True, slots=True, eq=False)
class ZoneLine:
    """A line of writing, or a part of one.

    Attributes:
        box: Around its ink, in pixels of the zone's picture.
        picture: uint8, height × width × 3, RGB: the zone there with some room, without rules, or with the feet on them.
        offset: Where that picture begins, x and y in pixels of the zone's picture.
        usual: How high its digits are, in the same.
    """

    box: Box
    picture: NDArray[np.uint8]
    offset: tuple[int, int]
    usual: float


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """A zone.

    Attributes:
        place: In pixels of the page.
        picture: uint8, height × width × 3, RGB: made smaller where the page is very fine.
        clean: The same without rules: marks are looked for here.
        footed: The same, but where a stroke touches a rule: the foot of a digit that stands on it may be there.
        scale: Pixels of the page for one of the picture's.
        frames: Printed boxes, in pixels of the picture, those with most cells first.
        marks: Ink that hangs together, as tall as writing, in pixels of the picture.
        words: Marks that belong together.
        page: On which it is.
        per_mm: The picture's pixels a millimetre.
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

    @classmethod
    def of(cls, page: Page, place: Box, per_mm: float) -> Zone:
        """A zone of a page.

        Args:
            page: On which it is.
            place: Where.
            per_mm: The page's pixels a millimetre.
        """
        scale = max(1.0, per_mm / _FINE)
        picture = _seen(page, place, scale)
        fine = per_mm / scale
        ruled = find_frames(picture, fine)
        clean = without_rules(picture, ruled.rules, fine)
        footed = clean if np.array_equal(ruled.rules, ruled.free) else without_rules(picture, ruled.free, fine)
        tall, low = _marks(clean, fine)
        words = words_of(tall, low)
        return cls(place, picture, clean, footed, scale, ruled.frames, tuple(tall), words, page, fine)

    def on_page(self, box: Box) -> Box:
        """Where on the page something is that stands in the zone's picture."""
        left, top = (int(side * self.scale) for side in (box.left, box.top))
        right, bottom = (round(side * self.scale) for side in (box.right, box.bottom))
        return Box(
            self.place.left + left,
            self.place.top + top,
            self.place.left + max(left + 1, right),
            self.place.top + max(top + 1, bottom),
        )

    def line(self, box: Box) -> ZoneLine:
        """What stands in a box of the picture, with its room; strokes that reach far beyond its digits are cut off."""
        height, width = self.clean.shape[:2]
        own = [mark for mark in self.marks if _share_inside(mark, box) > 0.5]
        usual, foot = _usual(own) if own else (box.height, box.bottom)
        beside, above = (round(share * usual) for share in _ROOM)
        left, right = max(0, box.left - beside), min(width, box.right + beside)
        top = max(0, box.top - above, round(foot - _HIGH * usual))
        bottom = min(height, box.bottom + above, round(foot + _DEEP * usual))
        return ZoneLine(box, self.footed[top:bottom, left:right], (left, top), usual)

    def without_feet(self, line: ZoneLine) -> ZoneLine | None:
        """A line less all that lies on a rule, the feet of digits too; None where nothing does."""
        (left, top), (height, width) = line.offset, line.picture.shape[:2]
        picture = self.clean[top : top + height, left : left + width]
        return None if np.array_equal(picture, line.picture) else replace(line, picture=picture)

    def wider(self, line: ZoneLine, *, left: bool, right: bool) -> ZoneLine:
        """A line with room for another digit at its ends, or one of them; no mark there is cut through."""
        beside, box = round(_ANOTHER * line.usual), line.box
        first = max(0, box.left - beside) if left else box.left
        last = min(self.clean.shape[1], box.right + beside) if right else box.right
        level = [mark for mark in self.marks if min(mark.bottom, box.bottom) > max(mark.top, box.top)]
        first = min([first, *(mark.left for mark in level if left and mark.left < first < mark.right)])
        last = max([last, *(mark.right for mark in level if right and mark.left < last < mark.right)])
        return self.line(Box(first, box.top, last, box.bottom))

    def goes_on(self, line: ZoneLine) -> bool:
        """Whether something as tall as a line's digits stands close to its left or right end, and is not part of it.

        Of what stands beyond the zone, print is no writing: a box's edge, a bar code.
        """
        inside = (mark for mark in self.marks if _share_inside(mark, line.box) < 0.5)
        if any(_is_at(line.box, line.usual, mark) for mark in inside):
            return True
        home, usual = self.on_page(line.box), line.usual * self.scale
        return any(_is_at(home, usual, mark) for mark in self._beyond() if mark.height <= _TOO_TALL * usual)

    def is_low(self, line: ZoneLine, across: float) -> bool:
        """Whether what stands at a place of a line begins below the tops of its digits, and ends below their feet.

        Args:
            line: With digits.
            across: Where, x in pixels of the picture.
        """
        own = [mark for mark in self.marks if _share_inside(mark, line.box) > 0.5]
        here = [mark for mark in own if mark.left <= across <= mark.right]
        if len(here) != 1 or len(own) < _A_FEW:
            return False
        others = [mark for mark in own if mark is not here[0]]
        usual, foot = _usual(others)
        foot = max(foot, _foot_at(across, others, usual))
        return here[0].top > foot - _LOW[0] * usual and here[0].bottom > foot + _LOW[1] * usual

    def _beyond(self) -> Iterator[Box]:
        """Marks on both sides of the zone, in pixels of the page."""
        place, width, page_mm = self.place, self.page.pixels.shape[1], self.per_mm * self.scale
        reach = round(_BEYOND * page_mm)
        ends = (max(0, place.left - reach), place.left), (place.right, min(width, place.right + reach))
        for left, right in ends:
            if right - left < page_mm:
                continue
            side = Box(left, place.top, right, place.bottom)
            tall, _ = _marks(_seen(self.page, side, self.scale), self.per_mm)
            for mark in tall:
                own = _scaled(mark.left, mark.top, mark.right, mark.bottom, self.scale)
                yield Box(left + own.left, place.top + own.top, left + own.right, place.top + own.bottom)

    def lines(self) -> list[ZoneLine]:
        """Every run of neighbouring words of every line, the longest first."""
        runs = {run.xywh: run for line in lines_of(self.words) for run in runs_of(line)}
        longest = sorted(runs.values(), key=lambda box: -box.width)[:_MOST_LINES]
        return [self.line(box) for box in longest]

    def within(self, cell: Box) -> ZoneLine | None:
        """The writing that stands in a box, with what reaches out of it; None where the box is empty."""
        own = [word for word in self.words if _share_inside(word, cell) > 0.5]
        return self.line(reduce(Box.union, own)) if own else None


def _is_at(line: Box, usual: float, mark: Box) -> bool:
    """Whether a mark as tall as a line's digits usually are stands close to one of its ends, level with it."""
    level = min(mark.bottom, line.bottom) - max(mark.top, line.top) >= 0.5 * mark.height
    apart = max(mark.left - line.right, line.left - mark.right)
    return level and apart <= _CLOSE * usual and mark.height >= _AS_TALL * usual


def _seen(page: Page, place: Box, scale: float) -> NDArray[np.uint8]:
    """A part of a page, as many times smaller as the scale says."""
    part = page.pixels[place.top : place.bottom, place.left : place.right]
    if scale > 1:
        size = max(1, round(place.width / scale)), max(1, round(place.height / scale))
        part = cv2.resize(part, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
    return np.ascontiguousarray(part)


def _share_inside(box: Box, cell: Box) -> float:
    across = min(box.right, cell.right) - max(box.left, cell.left)
    down = min(box.bottom, cell.bottom) - max(box.top, cell.top)
    return max(0, across) * max(0, down) / (box.width * box.height)


def _usual(marks: list[Box]) -> tuple[float, float]:
    """How high the digits of some marks are, the larger ones counting more, and where they stand."""
    heights = sorted(mark.height for mark in marks)
    weight = np.cumsum(heights)
    usual = float(heights[int(np.searchsorted(weight, weight[-1] / 2))])
    similar = [mark.bottom for mark in marks if 0.6 * usual <= mark.height <= 1.4 * usual]
    return usual, float(np.median(similar))


def _foot_at(across: float, marks: list[Box], usual: float) -> float:
    """Where a digit would stand at a place of a line, which may slope.

    Args:
        across: The place, x in pixels.
        marks: The line's others.
        usual: How high their digits are.

    Source: H. Theil, "A rank-invariant method of linear and polynomial regression analysis", 1950; P. Sen, 1968.
    """
    similar = [mark for mark in marks if 0.6 * usual <= mark.height <= 1.4 * usual]
    feet = [((mark.left + mark.right) / 2, mark.bottom) for mark in similar]
    slopes = [(low - high) / (right - left) for (left, high), (right, low) in combinations(feet, 2) if right != left]
    slope = float(np.median(slopes)) if len(slopes) >= _A_FEW else 0.0
    return float(np.median([foot + slope * (across - at) for at, foot in feet]))


def _marks(clean: NDArray[np.uint8], per_mm: float) -> tuple[list[Box], list[Box]]:
    """Boxes around ink that hangs together, in pixels of the picture: as tall as writing, and dots and dashes."""
    calm = cv2.GaussianBlur(clean, (0, 0), _CALM * per_mm).astype(np.uint8)
    ink = find_ink(Page(calm, 1, None, ""))
    marks = []
    for left, top, width, height, area in chain(ink.rows[1:].tolist(), _pale(ink, per_mm)):
        if area >= 4 and height * ink.scale <= _TALLEST * per_mm:
            marks.append(_scaled(left, top, left + width, top + height, ink.scale))
    pieces = [mark for mark in marks if mark.height < _TALL * per_mm and max(mark.width, mark.height) >= 0.3 * per_mm]
    whole = [mark for mark in marks if mark.height >= _TALL * per_mm] + _stacked(
        pieces, _PIECES * per_mm, _DIGIT * per_mm
    )
    return [one for one in whole if one.height >= _TALL * per_mm], [one for one in whole if one.height < _TALL * per_mm]


def _pale(ink: Ink, per_mm: float) -> list[list[int]]:
    """Rows as `Ink.rows` has them: what is as tall as writing once ink that is but half as dark counts too.

    Only where a part of it is ink, and it reaches well beyond that: beside dark print, of a pale pen's digit a piece is
    left, or specks.
    """
    pale = np.where(ink.soft > max(_PALE, _ABOVE_PAPER * float(np.median(ink.soft))), np.uint8(1), np.uint8(0))
    _, labels, rows, _ = cv2.connectedComponentsWithStats(pale, connectivity=8)
    dark = np.zeros(len(rows), np.int32)
    both = (ink.mask > 0) & (pale > 0)
    np.maximum.at(dark, labels[both].astype(np.int32), ink.rows[ink.labels[both], cv2.CC_STAT_HEIGHT])
    at_most = np.maximum(_TALL * per_mm / ink.scale, rows[:, cv2.CC_STAT_HEIGHT] / _LONGER)
    high, wide = rows[:, cv2.CC_STAT_HEIGHT] * ink.scale, rows[:, cv2.CC_STAT_WIDTH] * ink.scale
    own = (
        (dark > 0) & (dark < at_most) & (high >= _TALL * per_mm) & (high <= _TALLEST * per_mm) & (wide <= _WIDE * high)
    )
    own[0] = False
    found: list[list[int]] = rows[own].tolist()
    return found


def _stacked(pieces: list[Box], gap: float, tallest: float) -> list[Box]:
    """Low marks, those that stand above one another and may be a digit made one."""
    if len(pieces) > _MOST_PIECES:
        return pieces
    stacks: list[list[Box]] = []
    for piece in sorted(pieces, key=lambda box: box.top):
        own = [stack for stack in stacks if any(_above(one, piece, gap) for one in stack)]
        stacks = [stack for stack in stacks if stack not in own] + [[*chain.from_iterable(own), piece]]
    whole = [(reduce(Box.union, stack), stack) for stack in stacks]
    return [one for union, stack in whole for one in ([union] if union.height <= tallest else stack)]


def _above(one: Box, other: Box, gap: float) -> bool:
    across = min(one.right, other.right) - max(one.left, other.left)
    apart = max(one.top, other.top) - min(one.bottom, other.bottom)
    return across >= 0.5 * min(one.width, other.width) and apart <= gap


def _scaled(left: int, top: int, right: int, bottom: int, scale: float) -> Box:
    x, y = int(left * scale), int(top * scale)
    return Box(x, y, max(x + 1, int(right * scale)), max(y + 1, int(bottom * scale)))
