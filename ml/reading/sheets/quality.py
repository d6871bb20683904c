"""Whether a picture is good enough to be read, in plain words with the way out."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Page

Grey = NDArray[np.uint8]

DARK = (
    "The picture is too dark: its paper is hardly lighter than its writing. Take it again in better light, "
    "or scan it brighter."
)
BLURRED = "The picture is blurred. Hold the camera still and let it focus, then take the picture again."
SMALL = "The picture is too small: its writing is too few pixels high. Go nearer, or scan with more dots an inch."
GLARE = "Glare hides a part of the paper. Tilt it away from the light, or switch off the flash, and take it again."
CUT_OFF = "Writing is cut off at the picture's {rim} edge. Take the picture again with all of the paper in it."

_SIDE = 1280
"""Pixels of the longer side of the picture in which marks are looked for, at most."""

_NEARBY = 41
"""Pixels of that picture: wider than strokes, so that their surroundings are paper."""

_STANDS_OUT = 14
"""Steps of grey: what is darker than its surroundings by less is grain."""

_TILE, _MOST_TILES = 256, 10
"""Pixels of the page: where edges are looked at as they are, and how many such places at most."""

_REACH = 12
"""Pixels to either side of an edge in which its paper and its ink are looked for."""

_FEWEST_EDGES = 60
"""Fewer places at edges than this do not tell how sharp a picture is."""

_SMOOTHED = 0.9
"""Variance, in square pixels, that measuring adds: smoothing by 3 × 3, and the gradient's own 3 × 3."""

_SHARP = 1.5
"""Pixels: the edges of what a camera or a scanner made smaller, or sharpened, are spread by up to this much."""

_SATURATED = 250
_WHITE = 232
"""Paper brighter than this is white: what saturates on it is no glare."""

_STROKES_AT_RIM = 4
"""So many marks at one rim are a line of writing that it cuts."""


@dataclass(frozen=True, slots=True)
class QualityLimits:
    """From where on a picture is not good enough.

    Attributes:
        darkest_paper: Grey, 0 to 255: paper that is darker is badly lit.
        least_contrast: Steps of grey between paper and writing, on paper less than twice as bright as that.
        blur_mm: Standard deviation of the blur, in millimetres, where the picture's scale is known.
        blur_of_height: Likewise, as a share of the writing's height, where the scale is not known.
        least_per_mm: Pixels a millimetre, where that is known. (4 are 100 dots an inch.)
        least_height: Pixels that the writing is high, where the scale is not known.
        glare: Share of the picture that may be saturated.
        rim: Pixels from the picture's edge within which a mark counts as cut off.
    """

    darkest_paper: float = 64.0
    least_contrast: float = 24.0
    blur_mm: float = 0.32
    blur_of_height: float = 0.08
    least_per_mm: float = 4.0
    least_height: float = 10.0
    glare: float = 0.004
    rim: float = 1.0

    @classmethod
    def of_sheets(
        cls, *, darkest_paper: float, blur_mm: float, least_per_mm: float, glare: float, rim: float
    ) -> QualityLimits:
        """Limits told for sheets whose scale is known; where it is not, the same share of the usual holds."""
        usual = cls()
        return cls(
            darkest_paper=darkest_paper,
            blur_mm=blur_mm,
            blur_of_height=usual.blur_of_height * blur_mm / usual.blur_mm,
            least_per_mm=least_per_mm,
            least_height=usual.least_height * least_per_mm / usual.least_per_mm,
            glare=glare,
            rim=rim,
        )


def faults(page: Page, limits: QualityLimits, *, per_mm: float | None = None) -> tuple[str, ...]:
    """What is wrong with a picture, each as a sentence that says what to do; nothing for a good one.

    Args:
        page: A photo or scan; best the sheet alone, upright.
        limits: From where on it is not good enough.
        per_mm: Pixels a millimetre, where that is known.
    """
    picture = _halved(page.pixels)
    marks = _Marks.on(picture, max(page.pixels.shape[:2]) / max(picture.shape[:2]))
    if marks.is_dark(limits):
        return (DARK,)  # in the dark, grain hides everything else
    blur = _blur(page.pixels, marks)
    checks = (
        (BLURRED, blur is not None and blur > _most_blur(marks, limits, per_mm)),
        (SMALL, _is_small(marks, limits, per_mm)),
        (GLARE, _glare(picture) > limits.glare),
    )
    cut_off = tuple(CUT_OFF.format(rim=rim) for rim in marks.cut_off_at(limits))
    return tuple(sentence for sentence, holds in checks if holds) + cut_off


def _halved(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The page halved until it is no longer than `_SIDE`: much faster than any other averaging."""
    while max(pixels.shape[:2]) > _SIDE:
        size = max(1, pixels.shape[1] // 2), max(1, pixels.shape[0] // 2)
        even = pixels[: max(1, 2 * size[1]), : max(1, 2 * size[0])]
        pixels = cv2.resize(even, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    return pixels


def _most_blur(marks: _Marks, limits: QualityLimits, per_mm: float | None) -> float:
    """Standard deviation of a blur that can still be read, in pixels of the page."""
    most = limits.blur_of_height * marks.height if per_mm is None else limits.blur_mm * per_mm
    return max(most, _SHARP)


def _is_small(marks: _Marks, limits: QualityLimits, per_mm: float | None) -> bool:
    if per_mm is not None:
        return per_mm < limits.least_per_mm
    return 0 < marks.height < limits.least_height


@dataclass(frozen=True, slots=True, eq=False)
class _Marks:
    """What is written, roughly.

    Attributes:
        grey: uint8, height × width: the picture, halved.
        darker: uint8, same shape: steps of grey that a place is darker than the paper around it.
        rows: int32, marks × 5: OpenCV's left, top, width, height and area of each.
        paper: Grey of the paper, where it is brightest.
        pen: Steps of grey that the darkest writing is below its paper; 0 where nothing is written.
        height: Of the writing, in pixels of the page; 0 where there are too few marks to tell.
        scale: Pixels of the page for one of these.
    """

    grey: Grey
    darker: NDArray[Any]
    rows: NDArray[np.int32]
    paper: float
    pen: float
    height: float
    scale: float

    @classmethod
    def on(cls, picture: NDArray[np.uint8], scale: float) -> _Marks:
        """Find them on a picture, which is the page made smaller by `scale`."""
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)
        darker = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones((_NEARBY, _NEARBY), np.uint8))
        pen = float(np.percentile(darker[::2, ::2], 99.5))
        paper = float(np.percentile(grey[::2, ::2], 99))
        if pen < _STANDS_OUT:
            return cls(grey, darker, np.empty((0, 5), np.int32), paper, 0.0, 0.0, scale)
        mask = (darker > max(0.45 * pen, _STANDS_OUT)).astype(np.uint8)
        _, _, found, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
        rows = found[1:].astype(np.int32, copy=False)
        return cls(grey, darker, rows, paper, pen, scale * _height_of(rows), scale)

    def is_dark(self, limits: QualityLimits) -> bool:
        """Whether paper is badly lit, or so dimly that writing hardly stands out."""
        dim = self.paper < 2 * limits.darkest_paper and 0 < self.pen < limits.least_contrast
        return self.paper < limits.darkest_paper or dim

    def cut_off_at(self, limits: QualityLimits) -> list[str]:
        """The rims that cut through writing: several marks as high as writing end there, on bright paper."""
        if self.height == 0:
            return []
        high, wide = self.grey.shape
        left, top, width, height, area = self.rows.T
        usual, rim = self.height / self.scale, limits.rim / self.scale
        strokes = (np.maximum(width, height) < 3 * usual) & (np.minimum(width, height) > 0.25 * usual)
        strokes &= area < 0.7 * width * height
        ends = {
            "upper": (top <= rim) & (height > 0.4 * usual),
            "lower": (top + height >= high - rim) & (height > 0.4 * usual),
            "left": (left <= rim) & (width > 0.25 * usual),
            "right": (left + width >= wide - rim) & (width > 0.25 * usual),
        }
        strips = dict(zip(ends, (self.grey[:4], self.grey[-4:], self.grey[:, :4], self.grey[:, -4:]), strict=True))
        on_paper = {rim for rim, strip in strips.items() if float(np.median(strip)) > 0.7 * self.paper}
        return [rim for rim, there in ends.items() if rim in on_paper and (there & strokes).sum() >= _STROKES_AT_RIM]


def _height_of(rows: NDArray[np.int32]) -> float:
    """The usual height of writing among marks, lines and specks left out; 0 where there are too few."""
    width, height = rows[:, cv2.CC_STAT_WIDTH], rows[:, cv2.CC_STAT_HEIGHT]
    # Print counts as often as it stands there, and handwriting among it is larger.
    writing = height[(height >= 4) & (width < 8 * height) & (height < 8 * width)]
    return float(np.percentile(writing, 75)) if writing.size >= 3 else 0.0


def _blur(pixels: NDArray[np.uint8], marks: _Marks) -> float | None:
    """How far edges of ink are spread: the standard deviation in pixels of the page; None where there are too few.

    An edge between paper and ink that differ by a contrast, blurred by a Gaussian, is nowhere steeper than that
    contrast over 2.5 standard deviations (√2π). So it does not matter how much is written, nor how dark.
    """
    if marks.height == 0:
        return None
    spread = [_spread_of(tile) for tile in _tiles(pixels, marks)]
    every = np.concatenate(spread) if spread else np.empty(0)
    return float(np.percentile(every, 40)) if every.size >= _FEWEST_EDGES else None


def _tiles(pixels: NDArray[np.uint8], marks: _Marks) -> list[Grey]:
    """The places of the page with the most writing, as they are, in grey."""
    side = max(1, round(_TILE / marks.scale))
    high, wide = marks.grey.shape
    corners = list(
        itertools.product(range(0, max(1, high - side // 2), side), range(0, max(1, wide - side // 2), side))
    )
    written = [float((marks.darker[y : y + side : 2, x : x + side : 2] > 0.6 * marks.pen).mean()) for y, x in corners]
    best = [corners[place] for place in np.argsort(written)[::-1][:_MOST_TILES] if written[place] > 0]
    tiles = []
    for y, x in best:
        top, left = round(y * marks.scale), round(x * marks.scale)
        tile = np.ascontiguousarray(pixels[top : top + _TILE, left : left + _TILE])
        tiles.append(cv2.cvtColor(tile, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False))
    return tiles


def _spread_of(tile: Grey) -> NDArray[np.float64]:
    """The blur at each edge of ink in a tile, in pixels."""
    around = np.ones((2 * _REACH + 1, 2 * _REACH + 1), np.uint8)
    smooth = cv2.GaussianBlur(tile, (3, 3), 0)
    contrast = cv2.subtract(cv2.dilate(smooth, around), cv2.erode(smooth, around)).astype(np.float32)
    across = cv2.Scharr(smooth, cv2.CV_32F, 1, 0, scale=1 / 32)
    down = cv2.Scharr(smooth, cv2.CV_32F, 0, 1, scale=1 / 32)
    steep = cv2.magnitude(across, down)
    # Only the steepest place of each neighbourhood, and of the tile only what stands out as far as its pen.
    ridge = steep >= cv2.dilate(steep, np.ones((_REACH + 1, _REACH + 1), np.uint8))
    edges = ridge & (steep > 1) & (contrast > max(0.6 * float(np.percentile(contrast, 95)), 2 * _STANDS_OUT))
    seen = contrast[edges].astype(np.float64) / (2.5 * steep[edges].astype(np.float64))
    spread: NDArray[np.float64] = np.sqrt(np.maximum(seen**2 - _SMOOTHED, 0))
    return spread


def _glare(picture: NDArray[np.uint8]) -> float:
    """Share of the picture in saturated patches that fade into darker paper."""
    small: NDArray[Any] = picture
    while max(small.shape[:2]) > 480:
        small = cv2.resize(small, (small.shape[1] // 2, small.shape[0] // 2), interpolation=cv2.INTER_AREA)
    least = small.min(axis=2)
    bright = cv2.morphologyEx((least >= _SATURATED).astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    rest = least[bright == 0]
    if not bright.any() or rest.size == 0:
        return 0.0
    paper = float(np.median(rest[rest >= np.median(rest)]))
    if paper > _WHITE:
        return 0.0
    count, labels, rows, _ = cv2.connectedComponentsWithStats(bright, connectivity=8)
    areas = [
        int(rows[number, cv2.CC_STAT_AREA]) for number in range(1, count) if _fades(least, labels == number, paper)
    ]
    return sum(areas) / float(least.size)


def _fades(grey: NDArray[np.uint8], patch: NDArray[np.bool_], paper: float) -> bool:
    """Whether a saturated patch fades into the paper around it; a white box or another sheet ends at once."""
    reach = int(max(5, 0.2 * float(np.sqrt(patch.sum())))) | 1
    near = cv2.dilate(patch.astype(np.uint8), np.ones((5, 5), np.uint8))
    ring = (cv2.dilate(near, np.ones((reach, reach), np.uint8)) != 0) & (near == 0)
    return bool(ring.any()) and float(np.median(grey[ring])) > paper + 0.3 * (_SATURATED - paper)
