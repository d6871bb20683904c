"""Where a layout's sheet lies on a page.

In go a page and layouts, out comes an aligned sheet: the page turned, or redrawn, until the sheet lies level, and the
sheet's place on it in pixels. A sheet is placed by its MICR line, or by the landmarks that its form prints; otherwise
the whole picture is taken for the sheet.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box, Page, Place
from ml.reading.forms.blank import blank_sheet
from ml.reading.forms.landmarks import Keypoints, Landmarks, Placing
from ml.reading.forms.layouts import Layout, MicrPlace
from ml.reading.ink.ink import find_ink
from ml.reading.micr.constants import E13B
from ml.reading.micr.line import MicrLine, find_micr
from ml.reading.sheets.constants import ALIGNMENT

_QUARTERS = {False: (0, 2), True: (1, 3, 0, 2)}
"""Quarter turns that are tried on a wide and on a tall page, the likeliest first: a wide cheque in a tall picture lies
on its side."""


@dataclass(frozen=True, slots=True, eq=False)
class Aligned:
    """A page on which a layout's sheet lies level.

    Attributes:
        layout: The layout of the sheet.
        page: The page, turned or redrawn where it had to be.
        origin: The sheet's top left corner, x and y in pixels of the page; it may be outside.
        size: The sheet's width and height, in pixels of the page.
        micr: The sheet's MICR line, boxes in pixels of the page; None where none was found or looked for.
        fit: How sure it is that this is the layout's sheet, 0 to 1.
        view: Of a sheet that was placed by landmarks: from shares of the sheet to shares of the picture, float64,
            3 × 3; otherwise None.
    """

    layout: Layout
    page: Page
    origin: tuple[float, float]
    size: tuple[float, float]
    micr: MicrLine | None
    fit: float
    view: NDArray[np.float64] | None = None

    @property
    def is_placeable(self) -> bool:
        """Whether the layout has a MICR line or landmarks, by which its sheet can be placed on a picture."""
        return self.layout.micr is not None or landmarks_of(self.layout) is not None

    @property
    def is_placed(self) -> bool:
        """Whether it is known where the fields are: the sheet was placed, or its layout needs no placing."""
        return self.view is not None or self.micr is not None or not self.is_placeable

    @property
    def turned_round(self) -> Aligned:
        """The same sheet upside down."""
        return replace(self, page=_quarter_turned(self.page, 2))

    @property
    def per_mm(self) -> float:
        """Pixels of the page a millimetre; a sheet whose size is not known counts as wide as a cheque."""
        return self.size[0] / (self.layout.size[0] if self.layout.size else ALIGNMENT.usual_width)

    def box_of(self, place: Place) -> Box | None:
        """A place of the layout in whole pixels of the page; None where the picture does not show all of it."""
        if self.view is not None and not _is_in_view(place, self.view):
            return None
        height, width = self.page.pixels.shape[:2]
        left, right = (self.origin[0] + share * self.size[0] for share in (place.left, place.right))
        top, bottom = (self.origin[1] + share * self.size[1] for share in (place.top, place.bottom))
        left, top = max(0, math.floor(left)), max(0, math.floor(top))
        right, bottom = min(width, math.ceil(right)), min(height, math.ceil(bottom))
        return Box(left, top, right, bottom) if left < right and top < bottom else None


def landmarks_of(layout: Layout) -> Landmarks | None:
    """The landmarks of a layout's form: from its sample, or from the sheet that we print; None where it has neither."""
    if layout.landmarks is None and layout.printable:
        return _printed_landmarks(layout, ALIGNMENT.print_per_mm, ALIGNMENT.print_blur)
    return layout.landmarks


@lru_cache(32)
def _printed_landmarks(layout: Layout, per_mm: float, blur: float) -> Landmarks | None:
    sheet = cv2.GaussianBlur(blank_sheet(layout, per_mm), (0, 0), blur).astype(np.uint8, copy=False)
    return Landmarks.of(np.repeat(sheet[:, :, None], 3, axis=2), [field.place for field in layout.fields])


def best_aligned(page: Page, layouts: Iterable[Layout]) -> Aligned | None:
    """The layout whose sheet a page shows, and where that sheet lies; None where it shows none of them.

    Landmarks come first. Where the page's MICR line already fits a layout without landmarks, only forms that have a
    MICR line too compete with it. If nothing fits, ink is compared with the darkest of the page, since a strong pattern
    may hide the line.
    """
    candidates = tuple(layouts)
    with_landmarks = [layout for layout in candidates if landmarks_of(layout) is not None]
    by_line = _by_micr_line(page, [layout for layout in candidates if landmarks_of(layout) is None])
    rivals = with_landmarks if by_line is None else [layout for layout in with_landmarks if layout.has_micr]
    best = _by_landmarks(page, rivals) or by_line or _by_micr_line(page, with_landmarks)
    return best or _by_micr_line(page, candidates, by_the_darkest=True)


def aligned(page: Page, layout: Layout) -> Aligned:
    """Where a chosen layout's sheet lies on a page.

    Returns:
        The sheet placed by its landmarks or its MICR line. Where neither is found, the whole picture is taken for the
        sheet; `fit` then tells how well the picture's proportions agree with the sheet's, and is 0 for a form whose
        landmarks are missing.
    """
    placed = best_aligned(page, [layout])
    if placed is not None:
        return placed
    height, width = page.pixels.shape[:2]
    fit = ALIGNMENT.unplaced_fit
    if landmarks_of(layout) is not None:
        fit = 0.0
    elif layout.size is not None:
        off = abs(math.log(width / height * layout.size[1] / layout.size[0]))
        fit = ALIGNMENT.unplaced_fit * max(0.0, 1 - off / ALIGNMENT.most_misshapen)
    return Aligned(layout, page, (0.0, 0.0), (float(width), float(height)), None, fit)


def micr_in(page: Page, share: float) -> MicrLine | None:
    """The MICR line in the lower part of a page, boxes in pixels of the page; None where there is none.

    Args:
        page: The page, upright.
        share: The height of its lower part, as a share of the page's height.
    """
    line = _micr_line(page.pixels, share, by_the_darkest=False)
    if line is None or line.confidence == 0:  # a pattern's marks may be many, and lie in rows; print is darker
        line = _micr_line(page.pixels, share, by_the_darkest=True) or line
    return line


def _micr_line(pixels: NDArray[np.uint8], share: float, by_the_darkest: bool) -> MicrLine | None:
    """As `micr_in`, for pixels that may be a view of a turned page: only the part that is looked at is copied."""
    top = int((1 - share) * pixels.shape[0])
    part = Page(np.ascontiguousarray(pixels[top:]), 1, None, "")
    line = find_micr(find_ink(part, by_the_darkest=by_the_darkest))
    return None if line is None else line.mapped(np.array([[1.0, 0, 0], [0, 1.0, top]]))


def _by_landmarks(page: Page, layouts: Sequence[Layout]) -> Aligned | None:
    """The layout whose form was found again the most, if that is enough."""
    with_landmarks = [(layout, landmarks) for layout in layouts if (landmarks := landmarks_of(layout)) is not None]
    if not with_landmarks:
        return None
    seen = Keypoints.of(page.pixels)
    tried = [(layout, landmarks.placed(seen)) for layout, landmarks in with_landmarks]
    placings = [(layout, placing) for layout, placing in tried if placing is not None]
    layout, placing = max(placings, key=lambda both: both[1].fit, default=(None, None))
    if layout is None or placing is None or placing.fit < ALIGNMENT.least_found:
        return None
    return _redrawn(page, layout, placing, dict(with_landmarks)[layout].shape)


def _redrawn(page: Page, layout: Layout, placing: Placing, shape: float) -> Aligned:
    """The sheet alone, seen from straight above; `shape` is its height over its width."""
    size = _redrawn_size(placing, shape)
    matrix = placing.matrix @ np.diag([1 / size[0], 1 / size[1], 1.0])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    pixels = cv2.warpPerspective(page.pixels, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    sheet = _with_pixels(page, pixels.astype(np.uint8, copy=False))
    line = micr_in(sheet, ALIGNMENT.foot) if layout.has_micr else None
    view = np.diag([1 / page.pixels.shape[1], 1 / page.pixels.shape[0], 1.0]) @ placing.matrix
    return Aligned(layout, sheet, (0.0, 0.0), (float(size[0]), float(size[1])), line, placing.fit, view)


def _redrawn_size(placing: Placing, shape: float) -> tuple[int, int]:
    """Width and height in pixels that keep the longest sides' detail, in the sheet's proportions."""
    corners = np.array([(0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)], float) @ placing.matrix.T
    sides = np.hypot(*np.diff(corners[[0, 1, 2, 3, 0], :2] / corners[[0, 1, 2, 3, 0], 2:], axis=0).T)
    width, height = max(sides[0], sides[2]), max(sides[1], sides[3])
    width, height = max(width, height / shape), max(height, width * shape)
    scale = min(ALIGNMENT.enlargement, ALIGNMENT.most_side / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _is_in_view(place: Place, view: NDArray[np.float64]) -> bool:
    """Whether all corners of a place lie in the picture, or hardly outside."""
    corners = np.array([(x, y, 1) for x in (place.left, place.right) for y in (place.top, place.bottom)]) @ view.T
    shares = corners[:, :2] / corners[:, 2:]
    return bool(((shares > -ALIGNMENT.beyond) & (shares < 1 + ALIGNMENT.beyond)).all())


def _by_micr_line(page: Page, layouts: Sequence[Layout], *, by_the_darkest: bool = False) -> Aligned | None:
    """The first layout whose MICR line a page shows; `by_the_darkest` as for `find_ink`."""
    with_line = [(layout, layout.micr) for layout in layouts if layout.micr is not None]
    for quarters in _QUARTERS[_is_tall(page)] if with_line else ():
        line = _micr_line(np.rot90(page.pixels, quarters), ALIGNMENT.foot, by_the_darkest)
        if line is None or line.confidence < ALIGNMENT.least_confidence:
            continue
        for layout, micr in with_line:
            if micr.parts(line.text) is not None:
                return _placed_on_line(_quarter_turned(page, quarters), layout, micr, line)
    return None


def _placed_on_line(page: Page, layout: Layout, micr: MicrPlace, line: MicrLine) -> Aligned:
    """The sheet placed by its line: by one symbol's place, the line's direction, and the distance of its symbols."""
    sheet = layout.size or (ALIGNMENT.usual_width, ALIGNMENT.usual_width)  # every layout with a MICR line has a size
    lefts = np.array([symbol.box.left for symbol in line.symbols], np.float64)
    feet = np.array([symbol.box.bottom for symbol in line.symbols], np.float64)
    angle = math.atan(_slope(lefts, feet))
    per_mm = _pitch(lefts) / math.cos(angle) / E13B.pitch_mm
    anchor = next(symbol for symbol in line.symbols if symbol.symbol == micr.anchor).box
    at = float(anchor.left), float(anchor.bottom)
    if abs(angle) > ALIGNMENT.level:
        page, line, at = _levelled(page, line, angle, at)
    origin = at[0] - micr.at[0] * per_mm, at[1] - micr.at[1] * per_mm
    size = sheet[0] * per_mm, sheet[1] * per_mm
    return Aligned(layout, page, origin, size, line, min(1.0, line.likeness * _share_in_view(page, origin, size)))


def _share_in_view(page: Page, origin: tuple[float, float], size: tuple[float, float]) -> float:
    """The share of a sheet that the picture shows."""
    height, width = page.pixels.shape[:2]
    across = min(width, origin[0] + size[0]) - max(0.0, origin[0])
    down = min(height, origin[1] + size[1]) - max(0.0, origin[1])
    return float(max(0.0, across / size[0]) * max(0.0, down / size[1]))


def _slope(lefts: NDArray[np.float64], feet: NDArray[np.float64]) -> float:
    """The slope of the line through the symbols' feet.

    It is the median over all pairs that stand far apart, so outliers do not count.
    """
    across = lefts[:, None] - lefts
    far = across > ALIGNMENT.far_pair * np.ptp(lefts)
    return float(np.median(((feet[:, None] - feet)[far]) / across[far]))


def _pitch(lefts: NDArray[np.float64]) -> float:
    """Pixels from symbol to symbol: first between neighbours, then over the whole line."""
    steps = np.diff(lefts)
    pitch = float(np.median(steps[steps < ALIGNMENT.widest_step * steps.min()]))
    places = np.concatenate([[0.0], np.cumsum(np.rint(steps / pitch))])
    return float(np.polyfit(places, lefts, 1)[0])


def _levelled(
    page: Page, line: MicrLine, angle: float, at: tuple[float, float]
) -> tuple[Page, MicrLine, tuple[float, float]]:
    """A page turned by `angle` radians, so that its MICR line is level, and large enough to keep all of the picture.

    Returns:
        The page; the line and the point `at`, both in its pixels.
    """
    height, width = page.pixels.shape[:2]
    cosine, sine = math.cos(angle), math.sin(angle)
    matrix = np.array([[cosine, sine, 0.0], [-sine, cosine, 0.0]])
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]]) @ matrix[:, :2].T
    matrix[:, 2] = -corners.min(axis=0)
    size = np.ceil(np.ptp(corners, axis=0)).astype(int)
    pixels = cv2.warpAffine(
        page.pixels, matrix, (int(size[0]), int(size[1])), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    x, y = matrix @ (*at, 1.0)
    return _with_pixels(page, pixels.astype(np.uint8, copy=False)), line.mapped(matrix), (float(x), float(y))


def _is_tall(page: Page) -> bool:
    height, width = page.pixels.shape[:2]
    return bool(height > width)


def _quarter_turned(page: Page, quarters: int) -> Page:
    """A page turned to the left by quarters."""
    return _with_pixels(page, np.ascontiguousarray(np.rot90(page.pixels, quarters))) if quarters else page


def _with_pixels(page: Page, pixels: NDArray[np.uint8]) -> Page:
    """A page's number and dpi with other pixels."""
    return Page(pixels, page.number, page.dpi, hashlib.sha256(pixels.data).hexdigest())
