"""Where a layout's sheet lies on a page: found by its MICR line, by what it prints, else by the picture's own shape."""

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

_PRINT_PER_MM, _PRINT_SOFT = 6.0, 1.2
"""Pixels a millimetre of a sheet that we print, for its landmarks; and as soft, in pixels, as cameras see it."""

_LEVEL = 0.006
"""A sheet that is turned by fewer radians is left as it lies."""

_BAND = 0.3
"""The share of a page, at its foot, where the MICR line of an upright cheque is."""

_QUARTERS = {False: (0, 2), True: (1, 3, 0, 2)}
"""How a page may have to be turned, the likeliest first: a tall picture of a wide cheque lies on its side."""

_LEAST_SURE = 0.5
"""Product of the symbols' confidences from which a MICR line says what a document is."""

_KNOWN = 0.35
"""A form of which so much was found again is on the page."""

_ROOM = 1.25
"""A sheet is drawn so many times as large as it is seen, that its far side loses nothing; never above `_MOST`."""

_MOST = 4_000
"""Pixels of a side."""

_BEYOND = 0.015
"""A share of the picture; a place that reaches farther beyond its edge is not all in view."""

_USUAL_WIDTH = 180.0
"""Millimetres."""

_SHAPE = 0.12
"""A picture whose proportions differ by more than this share from a sheet's is no picture of that sheet alone."""


@dataclass(frozen=True, slots=True, eq=False)
class Aligned:
    """A page on which a layout's sheet lies level.

    Attributes:
        layout: Whose sheet.
        page: The page, turned where it had to be.
        origin: Where the sheet's top left corner is, x and y in pixels of the page; may be outside.
        size: The sheet's width and height, in pixels of the page.
        micr: Its MICR line, boxes in pixels of the page; None where none was found or asked for.
        fit: How sure it is that this is the layout's sheet, 0 to 1.
        view: Of a sheet that was placed by what it prints, from shares of the sheet to shares of the picture: float64,
            3 × 3; else None.
    """

    layout: Layout
    page: Page
    origin: tuple[float, float]
    size: tuple[float, float]
    micr: MicrLine | None
    fit: float
    view: NDArray[np.float64] | None = None

    @property
    def has_marks(self) -> bool:
        """Whether its layout has something that says where on a picture it lies; else the picture is cut as it says."""
        return self.layout.micr is not None or landmarks_of(self.layout) is not None

    @property
    def is_placed(self) -> bool:
        """Whether something says where its fields are."""
        return self.view is not None or self.micr is not None or not self.has_marks

    @property
    def turned_round(self) -> Aligned:
        """The same upside down."""
        return replace(self, page=_quarter_turned(self.page, 2))

    @property
    def per_mm(self) -> float:
        """Pixels of the page a millimetre; where nobody knows the sheet's size, as if it were of a cheque's width."""
        return self.size[0] / (self.layout.size[0] if self.layout.size else _USUAL_WIDTH)

    def box_of(self, place: Place) -> Box | None:
        """A place of the layout in whole pixels of the page; None where the picture does not show it."""
        if self.view is not None and not _is_in_view(place, self.view):
            return None
        height, width = self.page.pixels.shape[:2]
        left, right = (self.origin[0] + share * self.size[0] for share in (place.left, place.right))
        top, bottom = (self.origin[1] + share * self.size[1] for share in (place.top, place.bottom))
        left, top = max(0, math.floor(left)), max(0, math.floor(top))
        right, bottom = min(width, math.ceil(right)), min(height, math.ceil(bottom))
        return Box(left, top, right, bottom) if left < right and top < bottom else None


def landmarks_of(layout: Layout) -> Landmarks | None:
    """By which a layout's form is known: those of its sample, or of the sheet that we print; None where it has none."""
    return _of_print(layout) if layout.landmarks is None and layout.printable else layout.landmarks


@lru_cache(32)
def _of_print(layout: Layout) -> Landmarks | None:
    sheet = cv2.GaussianBlur(blank_sheet(layout, _PRINT_PER_MM), (0, 0), _PRINT_SOFT).astype(np.uint8, copy=False)
    return Landmarks.of(np.repeat(sheet[:, :, None], 3, axis=2), [field.place for field in layout.fields])


def best_aligned(page: Page, layouts: Iterable[Layout]) -> Aligned | None:
    """The layout that a page has, by its MICR line or by what it prints, and where its sheet lies; None for none."""
    some = tuple(layouts)
    marked = [one for one in some if landmarks_of(one) is not None]
    lined = _by_line(page, [one for one in some if landmarks_of(one) is None])
    rivals = [one for one in marked if one.has_micr] if lined is not None else marked
    found = _by_landmarks(page, rivals) or lined or _by_line(page, marked)
    return found or _by_line(page, some, by_the_darkest=True)


def aligned(page: Page, layout: Layout) -> Aligned:
    """Where a chosen layout's sheet lies on a page.

    Returns:
        By what it prints, or its MICR line; where there is neither, the whole picture is taken for the sheet, and `fit`
        says how well the picture's proportions agree with that. A form whose print is not there does not fit.
    """
    found = best_aligned(page, [layout])
    if found is not None:
        return found
    height, width = page.pixels.shape[:2]
    fit = 0.5
    if landmarks_of(layout) is not None:
        fit = 0.0
    elif layout.size is not None:
        off = abs(math.log(width / height * layout.size[1] / layout.size[0]))
        fit = 0.5 * max(0.0, 1 - off / _SHAPE)
    return Aligned(layout, page, (0.0, 0.0), (float(width), float(height)), None, fit)


def _by_line(page: Page, layouts: Sequence[Layout], *, by_the_darkest: bool = False) -> Aligned | None:
    """The first layout whose MICR line a page has; `by_the_darkest` as for `find_ink`."""
    known = [(layout, layout.micr) for layout in layouts if layout.micr is not None]
    for quarters in _QUARTERS[_is_tall(page)] if known else ():
        upright = _quarter_turned(page, quarters)
        line = _line_in(upright, _BAND, by_the_darkest)
        if line is None or line.confidence < _LEAST_SURE:
            continue
        for layout, micr in known:
            if micr.parts(line.text) is not None:
                return _by_micr(upright, layout, micr, line)
    return None


def _by_landmarks(page: Page, layouts: Sequence[Layout]) -> Aligned | None:
    """The layout of whose print a page has most, if it has enough."""
    marked = [(layout, own) for layout in layouts if (own := landmarks_of(layout)) is not None]
    if not marked:
        return None
    seen = Keypoints.of(page.pixels)
    placings = [(layout, placing) for layout, own in marked if (placing := own.placed(seen)) is not None]
    layout, placing = max(placings, key=lambda both: both[1].fit, default=(None, None))
    if layout is None or placing is None or placing.fit < _KNOWN:
        return None
    return _laid_out(page, layout, placing, dict(marked)[layout].shape)


def _is_in_view(place: Place, view: NDArray[np.float64]) -> bool:
    corners = np.array([(x, y, 1) for x in (place.left, place.right) for y in (place.top, place.bottom)]) @ view.T
    shares = corners[:, :2] / corners[:, 2:]
    return bool(((shares > -_BEYOND) & (shares < 1 + _BEYOND)).all())


def _laid_out(page: Page, layout: Layout, placing: Placing, shape: float) -> Aligned:
    """The sheet alone, seen from straight above, in its own proportions, whatever the camera made of them."""
    corners = np.array([(0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)], float) @ placing.matrix.T
    sides = np.hypot(*np.diff(corners[[0, 1, 2, 3, 0], :2] / corners[[0, 1, 2, 3, 0], 2:], axis=0).T)
    width, height = max(sides[0], sides[2]), max(sides[1], sides[3])
    width, height = max(width, height / shape), max(height, width * shape)
    scale = min(_ROOM, _MOST / max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    matrix = placing.matrix @ np.diag([1 / size[0], 1 / size[1], 1.0])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    pixels = cv2.warpPerspective(page.pixels, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    sheet = _page(page, pixels.astype(np.uint8, copy=False))
    line = micr_in(sheet, _BAND) if layout.has_micr else None
    view = np.diag([1 / page.pixels.shape[1], 1 / page.pixels.shape[0], 1.0]) @ placing.matrix
    return Aligned(layout, sheet, (0.0, 0.0), (float(size[0]), float(size[1])), line, placing.fit, view)


def micr_in(page: Page, share: float) -> MicrLine | None:
    """The MICR line in the lower part of a page, boxes in pixels of the page; None where there is none.

    Args:
        page: To look on.
        share: Of its height, from the foot.
    """
    line = _line_in(page, share, by_the_darkest=False)
    if line is None or line.confidence == 0:  # a pattern's marks may be many, and lie in rows; print is darker
        line = _line_in(page, share, by_the_darkest=True) or line
    return line


def _line_in(page: Page, share: float, by_the_darkest: bool) -> MicrLine | None:
    top = int((1 - share) * page.pixels.shape[0])
    part = Page(np.ascontiguousarray(page.pixels[top:]), page.number, page.dpi, "")
    line = find_micr(find_ink(part, by_the_darkest=by_the_darkest))
    return None if line is None else line.mapped(np.array([[1.0, 0, 0], [0, 1.0, top]]))


def _is_tall(page: Page) -> bool:
    height, width = page.pixels.shape[:2]
    return bool(height > width)


def _quarter_turned(page: Page, quarters: int) -> Page:
    """A page turned to the left by quarters."""
    return _page(page, np.ascontiguousarray(np.rot90(page.pixels, quarters))) if quarters else page


def _page(page: Page, pixels: NDArray[np.uint8]) -> Page:
    return Page(pixels, page.number, page.dpi, hashlib.sha256(pixels.data).hexdigest())


def _by_micr(page: Page, layout: Layout, micr: MicrPlace, line: MicrLine) -> Aligned:
    """The sheet by its line: where that begins, its direction, and how far apart its symbols stand."""
    sheet = layout.size or (_USUAL_WIDTH, _USUAL_WIDTH)  # a layout with a MICR line says it
    lefts = np.array([symbol.box.left for symbol in line.symbols], np.float64)
    feet = np.array([symbol.box.bottom for symbol in line.symbols], np.float64)
    angle = math.atan(_slope(lefts, feet))
    per_mm = _pitch(lefts) / math.cos(angle) / E13B.pitch_mm
    anchor = next(symbol for symbol in line.symbols if symbol.symbol == micr.anchor).box
    at = float(anchor.left), float(anchor.bottom)
    if abs(angle) > _LEVEL:
        page, line, at = _turned(page, line, angle, at)
    origin = at[0] - micr.at[0] * per_mm, at[1] - micr.at[1] * per_mm
    size = sheet[0] * per_mm, sheet[1] * per_mm
    return Aligned(layout, page, origin, size, line, min(1.0, line.likeness * _in_view(page, origin, size)))


def _in_view(page: Page, origin: tuple[float, float], size: tuple[float, float]) -> float:
    """The share of a sheet that the picture shows."""
    height, width = page.pixels.shape[:2]
    across = min(width, origin[0] + size[0]) - max(0.0, origin[0])
    down = min(height, origin[1] + size[1]) - max(0.0, origin[1])
    return float(max(0.0, across / size[0]) * max(0.0, down / size[1]))


def _slope(lefts: NDArray[np.float64], feet: NDArray[np.float64]) -> float:
    """Of the line through the symbols' feet, outliers aside: the median over all pairs that stand apart."""
    across = lefts[:, None] - lefts
    far = across > 0.4 * np.ptp(lefts)
    return float(np.median(((feet[:, None] - feet)[far]) / across[far]))


def _pitch(lefts: NDArray[np.float64]) -> float:
    """Pixels from symbol to symbol: first between neighbours, then over the whole line."""
    steps = np.diff(lefts)
    pitch = float(np.median(steps[steps < 1.5 * steps.min()]))
    places = np.concatenate([[0.0], np.cumsum(np.rint(steps / pitch))])
    return float(np.polyfit(places, lefts, 1)[0])


def _turned(
    page: Page, line: MicrLine, angle: float, at: tuple[float, float]
) -> tuple[Page, MicrLine, tuple[float, float]]:
    """A page turned until its MICR line is level, the picture made large enough to keep all of it."""
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
    return _page(page, pixels.astype(np.uint8, copy=False)), line.mapped(matrix), (float(x), float(y))
