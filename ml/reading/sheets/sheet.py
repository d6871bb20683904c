"""Sheets of paper in a photo or a scan: where their corners are, and each made upright."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Page
from ml.reading.sheets.outlines import MOST_AREA, Corners, Outline, area_of, find_outlines, lengths_of

_SIDE = 640
"""Pixels of the longer side of the picture in which sheets are looked for."""

_DARK = 1.35
"""Paper so many times lighter (CIE L*) than its surroundings lies on something else: printed grounds are paler."""

_CLEAR = 22.0
"""Steps of 255 in lightness: paper brighter than bare surroundings by this may be small, and fill the picture."""

_LEAST_FAINT, _MOST_FAINT = 0.08, 0.7
"""Shares of the picture that sheets cover which are set off by less than that, or darker than what is around them."""

_BARE = 0.005
"""No more than this share of bare surroundings looks like writing. (Textures of tables: up to 0.004; cheques: 0.02.)"""

_SPECK, _LONG = 4, 24
"""Pixels: the least area of a piece of writing, and its greatest side."""


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A sheet of paper on a page.

    Attributes:
        corners: float64, 4 × 2: x and y in pixels of the page, clockwise from the top left as it stands in the
            picture. A corner may lie a little outside the page, where the picture cut it off.

    Raises:
        ValueError: The corners are not float64, 4 × 2.
    """

    corners: Corners

    def __post_init__(self) -> None:
        if self.corners.dtype != np.float64 or self.corners.shape != (4, 2):
            raise ValueError(f"corners are float64, 4 × 2, not {self.corners.dtype} {self.corners.shape}")
        corners = self.corners.view()
        corners.flags.writeable = False
        object.__setattr__(self, "corners", corners)

    @property
    def width(self) -> float:
        """Mean of the upper and the lower side, in pixels of the page."""
        sides = lengths_of(self.corners)
        return float(sides[0] + sides[2]) / 2

    @property
    def height(self) -> float:
        """Mean of the left and the right side, in pixels of the page."""
        sides = lengths_of(self.corners)
        return float(sides[1] + sides[3]) / 2


def find_sheets(page: Page) -> list[Sheet]:
    """Sheets that are set off from what lies around them, in reading order.

    Found are sheets brighter than their surroundings, and others on bare ground; turned at will, seen from up to 25
    degrees aside, under shadows. One may run out of the picture on one side or two that meet. A picture that shows
    nothing but a sheet has none; nor do frames and boxes printed on a form count. A sheet as bright and as coloured as
    what it lies on is not found, so a page may show more sheets than are told.
    """
    height, width = page.pixels.shape[:2]
    if min(height, width) < 32:
        return []
    small = _small_lab(page.pixels)
    scale = np.array([width / small.shape[1], height / small.shape[0]])
    # The centre of the first pixel is half a pixel from the rim, whatever a pixel's size.
    kept = [(sheet.corners + 0.5) * scale - 0.5 for sheet in _outermost(_set_off(small, find_outlines(small)))]
    return [Sheet(corners) for corners in _reading_order(kept)]


def straightened(page: Page, sheet: Sheet, width_px: int, height_px: int) -> Page:
    """A sheet as a page of its own, upright.

    Args:
        page: On which the sheet was found.
        sheet: Its corners become the new page's corners.
        width_px: Of the new page.
        height_px: Of the new page.

    Returns:
        A page with the same number, no dpi, and the digest of its own pixels. What the old page does not show is
        its rim, continued.

    Raises:
        ValueError: The new page would have no pixels.
    """
    if width_px < 1 or height_px < 1:
        raise ValueError(f"no page is {width_px} × {height_px} pixels")
    left, top = np.maximum(np.floor(sheet.corners.min(axis=0)).astype(int) - 2, 0)
    right, bottom = np.maximum(np.ceil(sheet.corners.max(axis=0)).astype(int) + 3, (left + 1, top + 1))
    pixels, corners = page.pixels[top:bottom, left:right], sheet.corners - (left, top)
    # Warping takes single points: what would skip over pixels is averaged first, to just above the final size.
    share = max(width_px / max(sheet.width, 1.0), height_px / max(sheet.height, 1.0))
    if share < 1 and pixels.size:
        size = max(1, round(pixels.shape[1] * share)), max(1, round(pixels.shape[0] * share))
        corners = (corners + 0.5) * (size[0] / pixels.shape[1], size[1] / pixels.shape[0]) - 0.5
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    upright = np.array([(0, 0), (width_px, 0), (width_px, height_px), (0, height_px)], np.float32) - np.float32(0.5)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), upright)
    warped = cv2.warpPerspective(
        pixels, matrix, (width_px, height_px), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.uint8, copy=False)
    return Page(warped, page.number, None, hashlib.sha256(warped.data).hexdigest())


def _small_lab(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The page no longer than `_SIDE`, in CIE L*a*b* of 8 bits."""
    small: NDArray[Any] = pixels
    # Halving is several times as fast as any other averaging.
    while max(small.shape[:2]) >= 2 * _SIDE:
        small = cv2.resize(small, (small.shape[1] // 2, small.shape[0] // 2), interpolation=cv2.INTER_AREA)
    share = min(1.0, _SIDE / max(small.shape[:2]))
    size = max(1, round(small.shape[1] * share)), max(1, round(small.shape[0] * share))
    small = cv2.resize(small, size, interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(small, cv2.COLOR_RGB2LAB).astype(np.uint8, copy=False)


def _set_off(small: NDArray[np.uint8], outlines: list[Outline]) -> list[Outline]:
    """Those far brighter than what lies around them, and others where that is bare."""
    picture = small.shape[0] * small.shape[1]
    sheets = []
    for outline in outlines:
        share = area_of(outline.corners) / picture
        if share > MOST_AREA:
            continue
        by_far = outline.ratio >= _DARK
        may_be = outline.whole and (outline.brighter >= _CLEAR or _LEAST_FAINT <= share <= _MOST_FAINT)
        if by_far or (may_be and _is_on_bare_ground(small, outline, outlines)):
            sheets.append(outline)
    return sheets


def _is_on_bare_ground(small: NDArray[np.uint8], outline: Outline, outlines: list[Outline]) -> bool:
    """Whether nothing is written around an outline, near by and anywhere: else it is a box on a page.

    What lies within other outlines, apart from this one, may be written.
    """
    lightness = np.ascontiguousarray(small[:, :, 0])
    apart = [other for other in outlines if _overlap(other, outline) < 0.1]
    # Shadows lie close around sheets.
    outside = cv2.dilate(_filled([outline, *apart], lightness.shape), np.ones((13, 13), np.uint8)) == 0
    reach = int(0.6 * lengths_of(outline.corners).min()) | 1
    near = outside & (cv2.dilate(_filled([outline], lightness.shape), np.ones((reach, reach), np.uint8)) != 0)
    darker = cv2.morphologyEx(lightness, cv2.MORPH_BLACKHAT, np.ones((9, 9), np.uint8))
    return not any(_is_written_on(darker, ground) for ground in (outside, near))


def _filled(outlines: list[Outline], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """A mask, 1 within the outlines."""
    inside = np.zeros(shape, np.uint8)
    for outline in outlines:
        cv2.fillConvexPoly(inside, np.rint(outline.corners).astype(np.int32), 1)
    return inside


def _is_written_on(darker: NDArray[Any], ground: NDArray[np.bool_]) -> bool:
    """Whether there is writing on a part of the picture.

    Writing stands out from the ground's own texture, in pieces that are neither long nor large: the grain of wood is
    long.

    Args:
        darker: uint8, height × width: how much darker a place is than its surroundings, in steps of lightness.
        ground: Same shape, where to look.
    """
    if not ground.any():
        return False
    marks = ground & (darker > max(8.0, 3 * float(np.percentile(darker[ground], 75))))
    _, _, rows, _ = cv2.connectedComponentsWithStats(marks.astype(np.uint8), connectivity=8)
    sides = np.sort(rows[1:, cv2.CC_STAT_WIDTH : cv2.CC_STAT_HEIGHT + 1], axis=1)
    area = rows[1:, cv2.CC_STAT_AREA]
    pieces = (sides[:, 1] <= _LONG) & (sides[:, 1] < 4 * sides[:, 0]) & (area >= _SPECK)
    return float(area[pieces].sum()) > _BARE * float(ground.sum())


def _outermost(outlines: list[Outline]) -> list[Outline]:
    """Outlines that lie in no other; but where several fill another one, they are the sheets, side by side."""
    kept: list[Outline] = []
    ordered = sorted(outlines, key=lambda outline: area_of(outline.corners), reverse=True)
    for place, outline in enumerate(ordered):
        if any(_overlap(outline, other) > 0.3 for other in kept):
            continue
        # Where one runs out of the picture along the grain of the table, another one ends where the sheet does.
        ends = [other for other in ordered[place + 1 :] if other.whole and other.contrast > 0.7 * outline.contrast]
        if not outline.whole and any(_overlap(other, outline) > 0.9 for other in ends):
            continue
        # A part in the shade is darker than the part beside it, where a sheet would be brighter than the ground.
        clear = [other for other in ordered[place + 1 :] if other.brighter > 0.5 * outline.brighter]
        within = _outermost([other for other in clear if _overlap(other, outline) > 0.9])
        filled = sum(area_of(other.corners) for other in within) / area_of(outline.corners)
        if len(within) < 2 or filled < 0.7:
            kept.append(outline)
    return kept


def _overlap(outline: Outline, other: Outline) -> float:
    """Share of the first that lies in the second."""
    common, _ = cv2.intersectConvexConvex(outline.corners.astype(np.float32), other.corners.astype(np.float32))
    return float(common) / area_of(outline.corners)


def _reading_order(quads: list[Corners]) -> list[Corners]:
    """Lines from the top, each from the left; two share a line where the middle of one is level with the other."""
    lines: list[list[Corners]] = []
    for quad in sorted(quads, key=lambda quad: float(quad[:, 1].mean())):
        middle = float(quad[:, 1].mean())
        for line in lines:
            top, upper, lower, bottom = np.sort(line[0][:, 1])
            if (top + upper) / 2 < middle < (lower + bottom) / 2:
                line.append(quad)
                break
        else:
            lines.append([quad])
    return [quad for line in lines for quad in sorted(line, key=lambda quad: float(quad[:, 0].mean()))]
