"""Ink told from paper.

In goes a page in RGB. Out comes a mask of its ink, with soft edges and labels, in pixels of the page or of a smaller or
larger copy. Uneven light is evened out first, and light writing on a dark ground is inverted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Page
from ml.reading.ink.constants import INK

Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """The ink of a page. Its pixels are called ink pixels: they may be larger or smaller than the page's.

    Attributes:
        soft: uint8, height × width, paper 0 to full ink 255.
        mask: uint8, height × width, 1 where there is ink.
        labels: uint16 or int32, height × width: the number of each pixel's mark, 0 for paper. A mark is ink that hangs
            together, also over corners.
        rows: int32, labels × 5: left, top, width, height and area of each mark, as OpenCV gives them. Row 0 is paper.
        scale: Pixels of the page to one ink pixel: above 1 where a large page was shrunk.
        is_crowded: Whether there were more than `INK.most_marks` marks. They are a pattern, and none of them is here.
    """

    soft: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    labels: NDArray[Any]
    rows: NDArray[np.int32]
    scale: float
    is_crowded: bool = False

    @classmethod
    def of(cls, soft: Grey, mask: Grey, scale: float) -> Ink:
        """Ink whose marks are labelled.

        Args:
            soft: uint8, height × width, paper 0 to full ink 255.
            mask: uint8, height × width, 1 where there is ink.
            scale: Pixels of the page to one ink pixel.
        """
        labels, rows = labelled(mask)
        if len(rows) > INK.most_marks:
            blank = np.zeros_like(mask)
            return cls(blank, blank, blank, np.array([(0, 0, *mask.shape[::-1], mask.size)], np.int32), scale, True)
        return cls(soft, mask, labels, rows, scale)


def labelled(mask: Grey) -> tuple[NDArray[Any], NDArray[np.int32]]:
    """The marks of a mask, which may touch at corners.

    Args:
        mask: uint8, height × width, 1 where there is ink.

    Returns:
        Labels and rows, as those of `Ink`.
    """
    try:
        # On a page, labels of 16 bits take a third of the time.
        _, labels, rows, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_16U)
    except cv2.error:  # more than 65,534 specks
        _, labels, rows, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_32S)
    return np.asarray(labels), rows.astype(np.int32, copy=False)


def find_ink(page: Page, *, by_the_darkest: bool = False, of_any_page: bool = False) -> Ink:
    """Tell ink from paper.

    The brightness of the paper is estimated around each place, so shadows and vignettes do not count as ink. The
    writing may be darker or lighter than the paper. A pixel is ink where it is dark compared with the pen nearby, so
    pencil beside print is found too.

    Args:
        page: The page to look at.
        by_the_darkest: Compare with the darkest pen of the page instead. Where nobody wrote, the darkest ink nearby is
            the paper's pattern.
        of_any_page: Nothing is known of the page. Find strokes as well that are pale beside a darker one nearby, as a
            light hand leaves them, and look at small writing in pixels of half the size.
    """
    scale = _scale(*page.pixels.shape[:2])
    ink = _ink_at(scale, page, by_the_darkest=by_the_darkest, pale_too=of_any_page)
    is_small = of_any_page and scale == 1 and max(page.pixels.shape[:2]) < INK.small_page
    if is_small and 0 < _usual_height(ink.rows) < INK.small_writing:
        return _ink_at(INK.enlarged_scale, page, by_the_darkest=by_the_darkest, pale_too=True)
    return ink


def _usual_height(rows: NDArray[np.int32]) -> float:
    """Median height of the marks but specks, each weighted by its height; 0.0 where there is none.

    Args:
        rows: Those of `Ink`.
    """
    heights = np.sort(rows[1:, cv2.CC_STAT_HEIGHT])
    heights = heights[heights > INK.speck]
    weight = np.cumsum(heights)
    return float(heights[np.searchsorted(weight, weight[-1] / 2)]) if len(heights) else 0.0


def _ink_at(scale: float, page: Page, *, by_the_darkest: bool, pale_too: bool) -> Ink:
    """The ink of a page, its pixels `scale` of the page's; other arguments as of `find_ink`."""
    grey = _grey(page, scale)
    small = _shrunk(grey, INK.background_side)
    if _is_light_on_dark(small):
        grey = _with_dark_writing(grey, small)
        small = _shrunk(grey, INK.background_side)
    paper = _paper(small)
    # A large page has millions of pixels. From here on its darkness is in whole steps of grey below the paper.
    darkness = _as_grey(cv2.subtract(_enlarged(paper, grey), grey))
    brightness = paper.astype(np.float32) + 1
    floor = _floor(darkness, brightness)
    pen = np.maximum(_pen_nearby(darkness, brightness), floor)
    if by_the_darkest:
        pen[:] = pen.max()
    threshold = _enlarged((brightness * np.maximum(INK.pen_share * pen, floor)).astype(np.uint8), grey)
    mask = _as_grey(cv2.compare(darkness, threshold, cv2.CMP_GT)) & np.uint8(1)
    if pale_too:
        least = _enlarged((brightness * np.maximum(INK.pale_share * pen, floor)).astype(np.uint8), grey)
        mask = _with_pale(mask, _as_grey(cv2.compare(darkness, least, cv2.CMP_GT)) & np.uint8(1))
    soft = cv2.divide(darkness, _enlarged(np.rint(brightness * pen).astype(np.uint8), grey), scale=INK.full_ink)
    return Ink.of(_as_grey(soft), mask, scale)


def _with_pale(mask: Grey, pale: Grey) -> Grey:
    """Ink, and the pale marks of which little is ink yet: a dark mark's soft rim stays outside, and so do pale rules.

    Args:
        mask: uint8, height × width, 1 where there is ink.
        pale: The same with a lower threshold.
    """
    around = cv2.dilate(mask, np.ones((INK.soft_rim, INK.soft_rim), np.uint8))
    if not cv2.countNonZero(cv2.compare(pale, around, cv2.CMP_GT)):
        return mask
    labels, rows = labelled(pale)
    dark = np.bincount(labels[mask > 0], minlength=len(rows))
    width, height = rows[:, cv2.CC_STAT_WIDTH], rows[:, cv2.CC_STAT_HEIGHT]
    longer, shorter = np.maximum(width, height), np.minimum(width, height)
    is_written = (longer < INK.pale_longest * min(mask.shape)) & (longer < INK.pale_stretched * shorter)
    added = is_written & (dark < INK.dark_of_pale * rows[:, cv2.CC_STAT_AREA])
    if not added.any():
        return mask
    found = mask.copy()
    places = pale > 0
    found[places] |= added[labels[places]]
    return found


def _enlarged(small: Grey, whole: Grey) -> Grey:
    """A small picture enlarged to the size of the whole one."""
    return _as_grey(cv2.resize(small, whole.shape[::-1], interpolation=cv2.INTER_LINEAR))


def _as_grey(picture: NDArray[Any]) -> Grey:
    """OpenCV's result with its type."""
    return picture.astype(np.uint8, copy=False)


def _grey(page: Page, scale: float) -> Grey:
    """The page in grey, in ink pixels: uint8, height × width."""
    grey = cv2.cvtColor(page.pixels, cv2.COLOR_RGB2GRAY)
    if scale != 1:
        size = max(1, round(grey.shape[1] / scale)), max(1, round(grey.shape[0] / scale))
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA if scale > 1 else cv2.INTER_CUBIC)
    return grey.astype(np.uint8)


def _scale(height: int, width: int) -> float:
    """Pixels of the page to one ink pixel."""
    if height * width > INK.most_pixels:
        return math.sqrt(height * width / INK.most_pixels)
    return INK.enlarged_scale if height < INK.least_height and width < INK.most_width else 1.0


def _shrunk(grey: Grey, side: int) -> Grey:
    """A picture no longer than `side`; specks of single pixels vanish where it has to shrink."""
    share = min(1.0, side / max(grey.shape))
    size = max(1, round(grey.shape[1] * share)), max(1, round(grey.shape[0] * share))
    return cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype(np.uint8)


def _odd(side: float) -> int:
    return max(3, int(side) | 1)


def _is_light_on_dark(grey: Grey) -> bool:
    """Whether the writing is brighter than its surroundings."""
    small = _shrunk(grey, INK.polarity_side)
    # OpenCV's median takes no larger side than 255.
    surroundings = cv2.medianBlur(small, min(255, _odd(min(small.shape) * INK.surroundings)))
    brighter, darker = cv2.subtract(small, surroundings), cv2.subtract(surroundings, small)
    return bool(brighter.max() >= INK.light_grain and cv2.norm(brighter, cv2.NORM_L2) > cv2.norm(darker, cv2.NORM_L2))


def _with_dark_writing(grey: Grey, small: Grey) -> Grey:
    """A picture with light writing, inverted where it stands: not on broad light areas, which are paper.

    Args:
        grey: uint8, height × width.
        small: The same, shrunk.
    """
    inner, outer = _broad_light(_shrunk(small, INK.polarity_side))
    if not inner.any():
        return _as_grey(255 - grey)
    level = _between(grey, inner, outer)
    inner, outer = (_as_grey(cv2.resize(part, grey.shape[::-1])) for part in (inner, outer))
    paper = (inner > 127) | ((outer > 127) & (grey > level))
    rest = np.where(outer > 127, np.uint8(np.median(grey[outer <= 127])), grey)
    light = _is_light_on_dark(_shrunk(_as_grey(rest), INK.background_side))
    return _as_grey(np.where(paper, grey, 255 - grey)) if light else grey


def _broad_light(small: Grey) -> tuple[Grey, Grey]:
    """Light areas broader than any stroke, without their rim and with what is just beyond it: uint8, 255 there."""
    lightest = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1]
    written, broad, rim = (
        np.ones((_odd(share * min(small.shape)),) * 2, np.uint8)
        for share in (INK.written_area, INK.broad_area, INK.area_rim)
    )
    areas = cv2.morphologyEx(cv2.morphologyEx(lightest, cv2.MORPH_CLOSE, written), cv2.MORPH_OPEN, broad)
    outer = _as_grey(cv2.dilate(areas, rim))
    inner = np.zeros_like(outer) if outer.all() else _as_grey(cv2.erode(areas, rim))
    return inner, outer


def _between(grey: Grey, inner: Grey, outer: Grey) -> float:
    """The grey half way between light areas and what is around them."""
    small = cv2.resize(grey, inner.shape[::-1], interpolation=cv2.INTER_AREA)
    return (float(np.median(small[inner > 0])) + float(np.median(small[outer == 0]))) / 2


def _paper(small: Grey) -> Grey:
    """Brightness of the paper at each place of a small picture: uint8, height × width.

    It is a closing: the brightest, then the darkest of a neighbourhood wider than any stroke. It keeps the edge of a
    shadow in its place, and skips thin dark strokes.
    """
    longer, shorter = max(small.shape), min(small.shape)
    side = _odd(INK.paper_reach * min(longer / INK.paper_of_longer, shorter / INK.paper_of_shorter))
    bordered = cv2.copyMakeBorder(small, side, side, side, side, cv2.BORDER_REPLICATE)
    # A square: a disc takes thirty times as long.
    paper = cv2.morphologyEx(bordered, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))[side:-side, side:-side]
    return cv2.GaussianBlur(paper, (0, 0), max(1.0, side / INK.paper_blur)).astype(np.uint8)


def _floor(darkness: Grey, brightness: NDArray[np.float32]) -> float:
    """The least darkness of ink, above the grain of the paper: a share of the paper's brightness, 0 to 1."""
    height, width = darkness.shape
    sample = np.s_[:: max(1, height // INK.noise_side), :: max(1, width // INK.noise_side)]
    noise = float(np.median(darkness[sample])) / float(np.median(brightness)) * INK.noise_of_median
    least = INK.least_darkness
    return max(least, INK.noise_to_floor * noise) if noise < least else least


def _pen_nearby(darkness: Grey, brightness: NDArray[np.float32]) -> NDArray[np.float32]:
    """Darkness of the pen around each place of the small picture.

    It is the darkest ink of the cells around.

    Args:
        darkness: uint8, height × width, steps of grey below the paper, in ink pixels.
        brightness: float32, height × width of the small picture: the grey of the paper, plus one.

    Returns:
        float32, height × width of the small picture: shares of the paper's brightness, 0 to 1.
    """
    height, width = darkness.shape
    cell = int(np.clip(min(height, width) / INK.pen_cells, INK.least_cell, INK.most_cell))
    rows, columns = -(-height // cell), -(-width // cell)
    padded = np.zeros((rows * cell, columns * cell), np.uint8)
    cv2.GaussianBlur(darkness, (3, 3), 0, dst=padded[:height, :width])
    darkest = padded.reshape(rows, cell, columns * cell).max(axis=1).reshape(rows, columns, cell).max(axis=2)
    paper = cv2.resize(brightness, (columns, rows), interpolation=cv2.INTER_AREA)
    share = cv2.dilate(darkest / paper, np.ones((INK.pen_reach, INK.pen_reach), np.uint8))
    # The last cells may reach beyond the picture.
    reach = brightness.shape[1] * columns * cell / width, brightness.shape[0] * rows * cell / height
    spread = cv2.resize(share, (round(reach[0]), round(reach[1])), interpolation=cv2.INTER_LINEAR)
    return spread[: brightness.shape[0], : brightness.shape[1]].astype(np.float32, copy=False)
