"""What stands in each box of a row: a row without its rules in, for each box its writing and what it is out.

Ink pixels, of the page unless a docstring says otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.boxes.constants import CONTENTS, LINES
from ml.reading.cells.clean import CleanTable, clean_table
from ml.reading.cells.writing import CellWriting, writing_in
from ml.reading.elements import NO_DIGIT, Box, Glyph
from ml.reading.grids.find import Grid, GridCell
from ml.reading.ink.ink import Ink
from ml.reading.reader import Reader
from ml.reading.recognisers.normalise import normalise


class Content(Enum):
    """What stands in a box."""

    EMPTY = "empty"
    FILLER = "filler"
    DIGIT = "digit"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, eq=False)
class BoxContent:
    """A box and what stands in it.

    Attributes:
        content: What it is.
        writing: Its writing; None where there is none, or only traces.
        digit: The likeliest digit; None where there is no writing.
    """

    content: Content
    writing: CellWriting | None
    digit: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class RowContents:
    """A row of boxes with what stands in each.

    Attributes:
        grid: The row.
        boxes: From the left.
    """

    grid: Grid
    boxes: tuple[BoxContent, ...]

    @property
    def is_row(self) -> bool:
        """Whether most of what stands in the boxes is what people write in boxes; words and tallies are not."""
        written = [box for box in self.boxes if box.content is not Content.EMPTY]
        unclear = sum(box.content is Content.UNCLEAR for box in written)
        return unclear <= CONTENTS.most_unclear * len(written)

    @property
    def number(self) -> tuple[BoxContent, ...]:
        """The boxes from the first one that may be a digit to the last; none where no digit stands."""
        places = [at for at, box in enumerate(self.boxes) if box.content in (Content.DIGIT, Content.UNCLEAR)]
        has_digit = any(box.content is Content.DIGIT for box in self.boxes)
        return self.boxes[places[0] : places[-1] + 1] if has_digit else ()

    @property
    def value(self) -> str:
        """The number box by box, with "?" for a box in which no digit is sure."""
        return "".join(str(box.digit) if box.content is Content.DIGIT else "?" for box in self.number)

    @property
    def is_clear(self) -> bool:
        """Whether each box of the number surely holds a digit, untouched by rules, and all others surely none."""
        unclear = any(box.content is Content.UNCLEAR for box in self.boxes)
        return not unclear and all(
            box.content is Content.DIGIT
            and box.writing is not None
            and not box.writing.is_torn
            and not box.writing.is_on_rule
            for box in self.number
        )


def contents_of(grids: Sequence[Grid], picture: NDArray[np.uint8], ink: Ink, reader: Reader) -> list[RowContents]:
    """Tell for each box of some rows what stands in it.

    Args:
        grids: The rows, in ink pixels.
        picture: uint8, height × width × 3, RGB: the page in ink pixels.
        ink: The page's ink.
        reader: Its network of digits is asked.
    """
    tables = [_by_own_pens(clean_table(picture, ink, grid)) for grid in grids]
    written = [{each.cell: each for each in writing_in(table, ink.scale)} for table in tables]
    looked_at = [writing for row in written for writing in row.values()]
    glyphs = [_glyph(writing) for writing in looked_at]
    probabilities = reader.classifier.classify(glyphs) if glyphs else np.zeros((0, NO_DIGIT + 1), np.float32)
    seen = {
        id(writing): BoxContent(_content(writing, glyph, row), writing, int(row[:NO_DIGIT].argmax()))
        for writing, glyph, row in zip(looked_at, glyphs, probabilities, strict=True)
    }
    rows = []
    for table, row in zip(tables, written, strict=True):
        height = float(np.median([writing.digit_height for writing in row.values()])) if row else 0.0
        boxes = [
            seen[id(row[cell])] if cell in row else BoxContent(_blank(table, cell, height), None)
            for cell in table.grid.cells
        ]
        rows.append(RowContents(table.grid.moved(table.left, table.top), tuple(boxes)))
    return rows


def _by_own_pens(table: CleanTable) -> CleanTable:
    """A row in whose boxes ink is compared with the darkest of the same box: a digit may be paler than its neighbours.

    Args:
        table: The row without its rules.
    """
    soft, mask, faintest = table.ink.soft, table.ink.mask.copy(), _faintest(table)
    for cell in table.grid.cells:
        inside = _inside(table, cell, CONTENTS.pen_rim)
        if not soft[inside].size:
            continue
        pen = float(np.percentile(soft[inside], CONTENTS.pen_percentile))
        if faintest <= pen < CONTENTS.full_pen:
            mask[inside] = soft[inside] >= max(faintest, CONTENTS.pen_share * pen)
    return replace(table, ink=Ink.of(soft, mask, table.ink.scale))


def _faintest(table: CleanTable) -> float:
    """The palest ink that is no grain of the paper, in steps of 255 to full ink."""
    inside = [table.ink.soft[_inside(table, cell, CONTENTS.pen_rim)].ravel() for cell in table.grid.cells]
    return max(float(CONTENTS.faintest), CONTENTS.grain * float(np.median(np.concatenate(inside))))


def _inside(table: CleanTable, cell: GridCell, rim: float) -> tuple[slice, slice]:
    """The rows and columns of a box without its rim, a share of its height, in pixels of the table's part."""
    left, top = table.grid.corners(cell).min(axis=0)
    right, bottom = table.grid.corners(cell).max(axis=0)
    edge = rim * (bottom - top)
    rows = slice(max(0, round(top + edge)), max(0, round(bottom - edge)))
    return rows, slice(max(0, round(left + edge)), max(0, round(right - edge)))


def _glyph(writing: CellWriting) -> Glyph:
    """All the writing of a box as one glyph, without what is printed pale on the paper beside its strokes."""
    strip, side = writing.cutting.strip, 2 * LINES.soft_rim + 1
    own = cv2.dilate((strip.labels > 0).astype(np.uint8), np.ones((side, side), np.uint8))
    soft = strip.soft * own
    return Glyph(Box(0, 0, soft.shape[1], soft.shape[0]), normalise(soft.astype(np.float32) / np.float32(255)))


def _content(writing: CellWriting, glyph: Glyph, probabilities: NDArray[np.float32]) -> Content:
    """What the writing of a box is.

    Args:
        writing: The writing.
        glyph: The same as a glyph.
        probabilities: float32, 11: of each digit, and of none.
    """
    is_broken = writing.line_count > 1 or writing.is_parted
    if float(probabilities[:NO_DIGIT].max()) >= (CONTENTS.sure_though_broken if is_broken else CONTENTS.sure):
        return Content.DIGIT
    if is_broken:
        return Content.UNCLEAR
    # A crossed 7 that hangs together with a rule may look like a cross.
    is_clear_cross = not writing.is_torn and not writing.is_on_rule and is_cross(glyph.pixels)
    is_none = float(probabilities[NO_DIGIT]) >= CONTENTS.surely_none
    return Content.FILLER if is_none and (is_clear_cross or _is_dash(writing)) else Content.UNCLEAR


def _is_dash(writing: CellWriting) -> bool:
    """Whether the writing is one level stroke."""
    box = writing.box
    return box.height <= CONTENTS.dash_high * box.width and len(writing.cutting.strip.marks) == 1


def is_cross(glyph: NDArray[np.float32]) -> bool:
    """Whether a glyph is two strokes from corner to corner.

    A ring around its middle meets ink four times, towards the corners; between the corners its outline has none.

    Args:
        glyph: float32, 28 × 28, paper 0.0 and ink 1.0.
    """
    inked = (glyph >= CONTENTS.inked).astype(np.uint8)
    left, top, width, height = cv2.boundingRect(inked)
    if not width or not CONTENTS.cross_narrow <= width / height <= 1 / CONTENTS.cross_narrow:
        return False
    body = cv2.resize(inked[top : top + height, left : left + width] * np.uint8(255), (_SIDE, _SIDE)) > 127
    middle = slice(_SIDE // 2 - _SIDE // 8, _SIDE // 2 + _SIDE // 8 + 1)
    outline = _ring(body, CONTENTS.outline)
    sides = [outline[round(len(outline) * side) + np.arange(-2, 3)].any() for side in _CORNERS + 1 / 8]
    has_arms = any(
        _has_four_arms(_ring(body, share)) for share in np.linspace(CONTENTS.least_ring, CONTENTS.most_ring, 3)
    )
    return has_arms and sum(sides) <= 1 and bool(body[middle, middle].any())


_SIDE = 41
"""Height and width in pixels to which a glyph's ink is stretched before it is looked at along a ring."""
_CORNERS = np.arange(4) / 4
"""Where the corners are along a ring, as shares of it from its top left, clockwise."""


def _has_four_arms(ring: NDArray[np.bool_]) -> bool:
    """Whether a ring meets ink four times, towards the corners."""
    arms = _runs(ring)
    if len(arms) != len(_CORNERS):
        return False
    turned = (np.roll(_CORNERS, turn) for turn in range(len(_CORNERS)))
    return min(float(np.abs((arms - corners + 0.5) % 1 - 0.5).max()) for corners in turned) <= CONTENTS.arm_off


def _ring(body: NDArray[np.bool_], share: float) -> NDArray[np.bool_]:
    """What is inked along a square around the middle.

    Args:
        body: bool, side × side.
        share: The square's size as a share of the body's.

    Returns:
        bool, 80: from the top left, clockwise.
    """
    along = np.arange(80) / 20
    x = np.interp(along, np.arange(5), [-1, 1, 1, -1, -1])
    y = np.interp(along, np.arange(5), [-1, -1, 1, 1, -1])
    half = (len(body) - 1) / 2
    inked: NDArray[np.bool_] = body[
        np.rint(half * (1 + share * y)).astype(int), np.rint(half * (1 + share * x)).astype(int)
    ]
    return inked


def _runs(ring: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The middle of each run of ink along a ring, as shares of it, rising."""
    starts, ends = np.flatnonzero(ring & ~np.roll(ring, 1)), np.flatnonzero(ring & ~np.roll(ring, -1))
    if not len(starts):
        return np.zeros(0)
    ends = np.roll(ends, -1) if ends[0] < starts[0] else ends
    return np.sort((starts + (ends - starts) % len(ring) / 2) / len(ring) % 1)


def _blank(table: CleanTable, cell: GridCell, height: float) -> Content:
    """Whether a box without marks is empty: a pale or broken digit leaves traces as high as a part of a digit.

    Args:
        table: The row without its rules.
        cell: The box.
        height: Height of the digits in the row, in pixels; 0.0 where there are none.
    """
    traces = np.uint8(1) * (table.ink.soft[_inside(table, cell, CONTENTS.rim)] >= _faintest(table))
    count, _, rows, _ = cv2.connectedComponentsWithStats(traces, connectivity=8)
    tallest = int(rows[1:, cv2.CC_STAT_HEIGHT].max()) if count > 1 else 0
    return Content.UNCLEAR if height and tallest > CONTENTS.trace * height else Content.EMPTY
