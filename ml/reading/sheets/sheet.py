"""Sheets of paper in a photograph or a scan: where their corners are, and each of them made upright.

In goes a page, out come sheets in its pixels, or pages that show one sheet each. Sheets are looked for in the small
picture: the page shrunk, in CIE L*a*b* of 8 bits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Page
from ml.reading.sheets.constants import QUADRANGLES, REGIONS, SHEETS
from ml.reading.sheets.outlines import Outline, find_outlines
from ml.reading.sheets.quadrangles import Corners, area_of, lengths_of


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
    """The sheets that are set off from what lies around them, in reading order.

    A sheet is found where it is brighter than its surroundings, or where it lies on bare ground. It may be turned, seen
    from up to 25 degrees aside, lie under shadows, and run out of the picture on one side or on two that meet.

    A picture that shows nothing but a sheet has none. Frames and boxes printed on a form do not count. A sheet as
    bright and as coloured as its ground is not found, so a page may show more sheets than are returned.
    """
    height, width = page.pixels.shape[:2]
    if min(height, width) < SHEETS.least_page:
        return []
    small = _small_lab(page.pixels)
    if min(small.shape[:2]) < QUADRANGLES.least_side:
        return []
    scale = np.array([width / small.shape[1], height / small.shape[0]])
    outlines = _outermost(_set_off(small, find_outlines(small)))
    # The centre of the first pixel is half a pixel from the rim, whatever a pixel's size.
    quads = [(outline.corners + 0.5) * scale - 0.5 for outline in outlines]
    return [Sheet(corners) for corners in _reading_order(quads)]


def is_ground_bare(page: Page, sheets: Sequence[Sheet]) -> bool:
    """Whether nothing is written beside the sheets, dark or light: what lies there is no part of a larger sheet.

    A texture has many faint pieces. A single piece as dark as ink may be a digit, however large the ground is.
    """
    small = _small_lab(page.pixels)
    lightness = np.ascontiguousarray(small[:, :, 0])
    scale = np.array([small.shape[1] / page.pixels.shape[1], small.shape[0] / page.pixels.shape[0]])
    outside = _outside([(sheet.corners + 0.5) * scale - 0.5 for sheet in sheets], lightness.shape)
    stroke = np.ones((2 * SHEETS.stroke_radius + 1,) * 2, np.uint8)
    darker, lighter = (cv2.morphologyEx(lightness, kind, stroke) for kind in (cv2.MORPH_BLACKHAT, cv2.MORPH_TOPHAT))
    inked = outside & (darker > SHEETS.as_ink)
    is_written = any(_is_written_on(each, outside) for each in (darker, lighter)) or bool(
        _pieces(inked, SHEETS.longest_number).any()
    )
    return bool(sheets) and not is_written


def straightened(page: Page, sheet: Sheet, width_px: int, height_px: int) -> Page:
    """A sheet cut out of its page, upright and seen from straight above.

    Args:
        page: On which the sheet was found.
        sheet: Its corners become the new page's corners.
        width_px: Of the new page.
        height_px: Of the new page.

    Returns:
        A page with the same number, no dpi, and the digest of its pixels. Where the sheet runs out of the old page, the
        old page's rim is continued.

    Raises:
        ValueError: The new page would have no pixels.
    """
    if width_px < 1 or height_px < 1:
        raise ValueError(f"no page is {width_px} × {height_px} pixels")
    pixels, corners = _averaged(*_cropped(page.pixels, sheet.corners), sheet, width_px, height_px)
    upright = np.array([(0, 0), (width_px, 0), (width_px, height_px), (0, height_px)], np.float32) - np.float32(0.5)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), upright)
    warped = cv2.warpPerspective(
        pixels, matrix, (width_px, height_px), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.uint8, copy=False)
    return Page(warped, page.number, None, hashlib.sha256(warped.data).hexdigest())


def _cropped(pixels: NDArray[np.uint8], corners: Corners) -> tuple[NDArray[np.uint8], Corners]:
    """The part of a page around a sheet, and the sheet's corners in that part."""
    left, top = np.maximum(np.floor(corners.min(axis=0)).astype(int) - SHEETS.rim, 0)
    right, bottom = np.maximum(np.ceil(corners.max(axis=0)).astype(int) + SHEETS.rim + 1, (left + 1, top + 1))
    return pixels[top:bottom, left:right], corners - (left, top)


def _averaged(
    pixels: NDArray[np.uint8], corners: Corners, sheet: Sheet, width_px: int, height_px: int
) -> tuple[NDArray[np.uint8], Corners]:
    """A picture shrunk to just above the final size, and the corners in it; a picture that is small enough stays.

    Warping takes single points, so it would skip pixels of a larger picture.
    """
    share = max(width_px / max(sheet.width, 1.0), height_px / max(sheet.height, 1.0))
    if share >= 1 or not pixels.size:
        return pixels, corners
    size = max(1, round(pixels.shape[1] * share)), max(1, round(pixels.shape[0] * share))
    corners = (corners + 0.5) * (size[0] / pixels.shape[1], size[1] / pixels.shape[0]) - 0.5
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False), corners


def _small_lab(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The small picture: the page no longer than `SHEETS.side`, in CIE L*a*b* of 8 bits."""
    small: NDArray[Any] = pixels
    # Halving is several times as fast as any other averaging.
    while max(small.shape[:2]) >= 2 * SHEETS.side:
        size = max(1, small.shape[1] // 2), max(1, small.shape[0] // 2)
        small = cv2.resize(small, size, interpolation=cv2.INTER_AREA)
    share = min(1.0, SHEETS.side / max(small.shape[:2]))
    size = max(1, round(small.shape[1] * share)), max(1, round(small.shape[0] * share))
    small = cv2.resize(small, size, interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(small, cv2.COLOR_RGB2LAB).astype(np.uint8, copy=False)


def _set_off(small: NDArray[np.uint8], outlines: list[Outline]) -> list[Outline]:
    """The outlines much lighter than their surroundings, and those that lie on bare ground."""
    picture = small.shape[0] * small.shape[1]
    sheets = []
    for outline in outlines:
        share = area_of(outline.corners) / picture
        if share > REGIONS.most_area:
            continue
        is_clear = outline.brighter >= SHEETS.clear
        may_be = outline.whole and (is_clear or SHEETS.least_faint <= share <= SHEETS.most_faint)
        by_far = outline.ratio >= SHEETS.least_ratio
        if by_far or (may_be and _is_on_bare_ground(small, outline, outlines)):
            sheets.append(outline)
    return sheets


def _is_on_bare_ground(small: NDArray[np.uint8], outline: Outline, outlines: list[Outline]) -> bool:
    """Whether nothing is written around an outline, near it and anywhere; a box on a form has writing around it.

    Outlines that lie apart from this one are other sheets, so what is written in them does not count.
    """
    lightness = np.ascontiguousarray(small[:, :, 0])
    apart = [other for other in outlines if _overlap(other, outline) < SHEETS.apart]
    outside = _outside([each.corners for each in (outline, *apart)], lightness.shape)
    reach = int(SHEETS.near * lengths_of(outline.corners).min()) | 1
    near = outside & (cv2.dilate(_filled([outline.corners], lightness.shape), np.ones((reach, reach), np.uint8)) != 0)
    stroke = 2 * SHEETS.stroke_radius + 1
    darker = cv2.morphologyEx(lightness, cv2.MORPH_BLACKHAT, np.ones((stroke, stroke), np.uint8))
    return not any(_is_written_on(darker, ground) for ground in (outside, near))


def _outside(sheets: Sequence[Corners], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """What lies beside sheets, and not in their shadow: bool, height × width."""
    shadow = 2 * SHEETS.shadow_radius + 1
    outside: NDArray[np.bool_] = cv2.dilate(_filled(sheets, shape), np.ones((shadow, shadow), np.uint8)) == 0
    return outside


def _filled(sheets: Sequence[Corners], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """A mask, 1 within the sheets' corners."""
    mask = np.zeros(shape, np.uint8)
    for corners in sheets:
        cv2.fillConvexPoly(mask, np.rint(corners).astype(np.int32), 1)
    return mask


def _is_written_on(darker: NDArray[Any], ground: NDArray[np.bool_]) -> bool:
    """Whether a part of the picture shows writing.

    Writing stands out from the ground's texture, in pieces that are neither long nor large. The grain of wood is long.

    Args:
        darker: uint8, height × width: how much darker a place is than its surroundings, in steps of lightness.
        ground: bool, height × width: where to look.
    """
    if not ground.any():
        return False
    texture = float(np.percentile(darker[ground], SHEETS.texture_percentile))
    marks = ground & (darker > max(SHEETS.least_darker, SHEETS.texture_factor * texture))
    return float(_pieces(marks, SHEETS.longest).sum()) > SHEETS.bare * float(ground.sum())


def _pieces(marks: NDArray[np.bool_], longest: int) -> NDArray[np.int32]:
    """The areas of the pieces of a mask that may be writing: no longer than this, not elongated, no specks; int32."""
    _, _, rows, _ = cv2.connectedComponentsWithStats(marks.astype(np.uint8), connectivity=8)
    sides = np.sort(rows[1:, cv2.CC_STAT_WIDTH : cv2.CC_STAT_HEIGHT + 1], axis=1)
    areas = rows[1:, cv2.CC_STAT_AREA].astype(np.int32, copy=False)
    is_piece = (sides[:, 1] <= longest) & (sides[:, 1] < SHEETS.most_elongated * sides[:, 0])
    return areas[is_piece & (areas >= SHEETS.speck)]


def _outermost(outlines: list[Outline]) -> list[Outline]:
    """The outlines that are sheets: those that lie in no other, or those that fill another one side by side."""
    sheets: list[Outline] = []
    ordered = sorted(outlines, key=lambda outline: area_of(outline.corners), reverse=True)
    for place, outline in enumerate(ordered):
        if any(_overlap(outline, sheet) > SHEETS.most_overlap for sheet in sheets):
            continue
        within = [other for other in ordered[place + 1 :] if _overlap(other, outline) > SHEETS.within]
        if not _ends_within(outline, within) and not _is_filled_by(outline, within):
            sheets.append(outline)
    return sheets


def _ends_within(outline: Outline, within: list[Outline]) -> bool:
    """Whether an outline runs on along the grain of the table, where one within it ends with the sheet."""
    least = SHEETS.end_contrast * outline.contrast
    return not outline.whole and any(other.whole and other.contrast > least for other in within)


def _is_filled_by(outline: Outline, within: list[Outline]) -> bool:
    """Whether several sheets within an outline fill it, side by side.

    A part in the shade is darker than the part beside it, where a sheet would be brighter than the ground.
    """
    clear = [other for other in within if other.brighter > SHEETS.part_brighter * outline.brighter]
    sheets = _outermost(clear)
    filled = sum(area_of(sheet.corners) for sheet in sheets) / area_of(outline.corners)
    return len(sheets) >= 2 and filled >= SHEETS.least_filled


def _overlap(outline: Outline, other: Outline) -> float:
    """The share of the first outline that lies in the second."""
    common, _ = cv2.intersectConvexConvex(outline.corners.astype(np.float32), other.corners.astype(np.float32))
    return float(common) / area_of(outline.corners)


def _reading_order(quads: list[Corners]) -> list[Corners]:
    """Quadrangles in rows from the top, each row from the left.

    A quadrangle belongs to a row where its middle is level with the row's first one.
    """
    rows: list[list[Corners]] = []
    for quad in sorted(quads, key=lambda quad: float(quad[:, 1].mean())):
        middle = float(quad[:, 1].mean())
        for row in rows:
            top, upper, lower, bottom = np.sort(row[0][:, 1])
            if (top + upper) / 2 < middle < (lower + bottom) / 2:
                row.append(quad)
                break
        else:
            rows.append([quad])
    return [quad for row in rows for quad in sorted(row, key=lambda quad: float(quad[:, 0].mean()))]
