"""Whether a picture is good enough to be read.

In goes a page, out come its faults, in plain sentences that tell what to do about them. Writing and glare are measured
on the page halved until it is small, the blur on parts of the page at full size. All pixels are the page's, except
where "halved" is written.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Page
from ml.reading.ink.ink import labelled
from ml.reading.sheets.constants import QUALITY

Grey = NDArray[np.uint8]

DARK = (
    "The picture is too dark: its paper is hardly lighter than its writing. Take it again in better light, "
    "or scan it brighter."
)
BLURRED = "The picture is blurred. Hold the camera still and let it focus, then take the picture again."
SMALL = "The picture is too small: its writing is too few pixels high. Go nearer, or scan with more dots an inch."
GLARE = "Glare hides a part of the paper. Tilt it away from the light, or switch off the flash, and take it again."
CUT_OFF = "Writing is cut off at the picture's {rim} edge. Take the picture again with all of the paper in it."


@dataclass(frozen=True, slots=True)
class QualityLimits:
    """The operator's limits, beyond which a picture is not good enough.

    Attributes:
        darkest_paper: Grey, 0 to 255. Darker paper is badly lit.
        least_contrast: Steps of grey between paper and writing, which dim paper must have.
        blur_mm: The most standard deviation of the blur in millimetres, where the picture's scale is known.
        blur_of_height: The most standard deviation of the blur as a share of the writing's height, where the scale is
            not known.
        least_per_mm: The fewest pixels a millimetre, where the scale is known. (4 are 100 dots an inch.)
        least_height: The least height of the writing in pixels, where the scale is not known.
        glare: The share of the picture that glare may cover.
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
        """Limits for sheets whose scale is known; those for an unknown scale change in proportion."""
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
    """The faults of a picture, each as a sentence that tells what to do; empty for a good picture.

    Args:
        page: A photograph or scan; best the sheet alone, upright.
        limits: Beyond which it is not good enough.
        per_mm: Pixels a millimetre; None where that is not known.
    """
    halved = _halved(page.pixels)
    writing = _Writing.on(halved, max(page.pixels.shape[:2]) / max(halved.shape[:2]))
    if writing.is_dark(limits):
        return (DARK,)  # in the dark, grain hides everything else
    blur = _blur(page.pixels, writing)
    checks = (
        (BLURRED, blur is not None and blur > _most_blur(writing, limits, per_mm)),
        (SMALL, _is_small(writing, limits, per_mm)),
        (GLARE, _glare(halved) > limits.glare),
    )
    cut_off = tuple(CUT_OFF.format(rim=rim) for rim in writing.cut_off_at(limits))
    return tuple(sentence for sentence, holds in checks if holds) + cut_off


def _most_blur(writing: _Writing, limits: QualityLimits, per_mm: float | None) -> float:
    """The greatest standard deviation of a blur that can still be read, in pixels."""
    most = limits.blur_of_height * writing.height if per_mm is None else limits.blur_mm * per_mm
    return max(most, QUALITY.sharp)


def _is_small(writing: _Writing, limits: QualityLimits, per_mm: float | None) -> bool:
    if per_mm is not None:
        return per_mm < limits.least_per_mm
    return 0 < writing.height < limits.least_height


@dataclass(frozen=True, slots=True, eq=False)
class _Writing:
    """The marks on a picture, roughly.

    Attributes:
        grey: uint8, height × width: the page, halved.
        darker: uint8, same shape: steps of grey that a place is darker than the paper around it.
        rows: int32, marks × 5: OpenCV's left, top, width, height and area of each, in halved pixels.
        paper: Grey of the paper, where it is brightest.
        pen: Steps of grey that the darkest writing is below its paper; 0 where nothing is written.
        height: Height of the writing in pixels; 0 where there are too few marks to measure it.
        scale: Pixels of the page for one halved pixel.
    """

    grey: Grey
    darker: NDArray[Any]
    rows: NDArray[np.int32]
    paper: float
    pen: float
    height: float
    scale: float

    @classmethod
    def on(cls, halved: NDArray[np.uint8], scale: float) -> _Writing:
        """Finds the marks on a page that was made smaller by `scale`: uint8, height × width × 3, RGB."""
        grey = cv2.cvtColor(halved, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)
        darker = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, _square(QUALITY.surroundings_radius))
        some = np.s_[:: QUALITY.every, :: QUALITY.every]
        pen = float(np.percentile(darker[some], QUALITY.pen_percentile))
        paper = float(np.percentile(grey[some], QUALITY.paper_percentile))
        if pen < QUALITY.stands_out:
            return cls(grey, darker, np.empty((0, 5), np.int32), paper, 0.0, 0.0, scale)
        mask = (darker > max(QUALITY.least_ink * pen, QUALITY.stands_out)).astype(np.uint8)
        rows = labelled(mask)[1][1:]
        return cls(grey, darker, rows, paper, pen, scale * _height_of(rows), scale)

    def is_dark(self, limits: QualityLimits) -> bool:
        """Whether paper is badly lit, or so dimly that writing hardly stands out."""
        faint = self.paper < QUALITY.dim * limits.darkest_paper and 0 < self.pen < limits.least_contrast
        return self.paper < limits.darkest_paper or faint

    def cut_off_at(self, limits: QualityLimits) -> list[str]:
        """The rims that cut through writing: several strokes end there, on bright paper."""
        if self.height == 0:
            return []
        high, wide = self.grey.shape
        left, top, width, height, _ = self.rows.T
        usual, rim = self.height / self.scale, limits.rim / self.scale
        is_high = height > QUALITY.least_cut_height * usual
        is_wide = width > QUALITY.least_cut_width * usual
        cut = {
            "upper": (top <= rim) & is_high,
            "lower": (top + height >= high - rim) & is_high,
            "left": (left <= rim) & is_wide,
            "right": (left + width >= wide - rim) & is_wide,
        }
        bright, strokes = self._bright_rims(), self._are_strokes()
        return [
            name for name, marks in cut.items() if name in bright and (marks & strokes).sum() >= QUALITY.strokes_at_rim
        ]

    def _are_strokes(self) -> NDArray[np.bool_]:
        """Which marks may be strokes of writing, or parts of them: bool, marks."""
        _, _, width, height, area = self.rows.T
        usual = self.height / self.scale
        strokes: NDArray[np.bool_] = np.maximum(width, height) < QUALITY.longest_stroke * usual
        strokes &= np.minimum(width, height) > QUALITY.widest_hair * usual
        strokes &= area < QUALITY.most_solid * width * height
        return strokes

    def _bright_rims(self) -> set[str]:
        """The rims at which there is paper, not the ground on which it lies."""
        strip, grey = QUALITY.rim_strip, self.grey
        strips = {"upper": grey[:strip], "lower": grey[-strip:], "left": grey[:, :strip], "right": grey[:, -strip:]}
        return {name for name, rim in strips.items() if float(np.median(rim)) > QUALITY.rim_paper * self.paper}


def _height_of(rows: NDArray[np.int32]) -> float:
    """The usual height of writing among marks, without lines and specks; 0 where there are too few."""
    width, height = rows[:, cv2.CC_STAT_WIDTH], rows[:, cv2.CC_STAT_HEIGHT]
    longest = QUALITY.most_elongated
    writing = height[(height >= QUALITY.least_mark) & (width < longest * height) & (height < longest * width)]
    # A high percentile: small print may have more marks than the handwriting among it.
    return float(np.percentile(writing, QUALITY.height_percentile)) if writing.size >= QUALITY.fewest_marks else 0.0


def _blur(pixels: NDArray[np.uint8], writing: _Writing) -> float | None:
    """How far edges of ink are spread: the standard deviation in pixels; None where there are too few edges.

    An edge between paper and ink that differ by a contrast, blurred by a Gaussian, is nowhere steeper than that
    contrast over 2.5 standard deviations (√2π). So it does not matter how much is written, nor how dark.
    """
    if writing.height == 0:
        return None
    spreads = [_spread_of(tile) for tile in _tiles(pixels, writing)]
    every = np.concatenate(spreads) if spreads else np.empty(0)
    return float(np.percentile(every, QUALITY.blur_percentile)) if every.size >= QUALITY.fewest_edges else None


def _tiles(pixels: NDArray[np.uint8], writing: _Writing) -> list[Grey]:
    """The parts of the page with the most writing, at full size, in grey."""
    side = max(1, round(QUALITY.tile / writing.scale))
    high, wide = writing.grey.shape
    tops, lefts = (range(0, max(1, length - side // 2), side) for length in (high, wide))
    corners = list(itertools.product(tops, lefts))
    is_written = writing.darker > QUALITY.written * writing.pen
    step = QUALITY.every
    written = [float(is_written[y : y + side : step, x : x + side : step].mean()) for y, x in corners]
    best = [corners[place] for place in np.argsort(written)[::-1][: QUALITY.most_tiles] if written[place] > 0]
    tiles = []
    for y, x in best:
        top, left = round(y * writing.scale), round(x * writing.scale)
        tile = np.ascontiguousarray(pixels[top : top + QUALITY.tile, left : left + QUALITY.tile])
        tiles.append(cv2.cvtColor(tile, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False))
    return tiles


def _spread_of(tile: Grey) -> NDArray[np.float64]:
    """The blur at each edge of ink in a tile: float64, edges, standard deviations in pixels."""
    smooth = cv2.GaussianBlur(tile, (3, 3), 0)
    around = _square(QUALITY.reach)
    contrast = cv2.subtract(cv2.dilate(smooth, around), cv2.erode(smooth, around)).astype(np.float32)
    across = cv2.Scharr(smooth, cv2.CV_32F, 1, 0, scale=1 / 32)
    down = cv2.Scharr(smooth, cv2.CV_32F, 0, 1, scale=1 / 32)
    gradient = cv2.magnitude(across, down)
    # Each neighbourhood counts once, where it is steepest. Edges much paler than the tile's pen do not count.
    steepest = gradient >= cv2.dilate(gradient, np.ones((QUALITY.reach + 1, QUALITY.reach + 1), np.uint8))
    usual = QUALITY.least_edge * float(np.percentile(contrast, QUALITY.edge_percentile))
    least = max(usual, QUALITY.edge_stands_out * QUALITY.stands_out)
    edges = steepest & (gradient > QUALITY.least_gradient) & (contrast > least)
    measured = contrast[edges].astype(np.float64) / (2.5 * gradient[edges].astype(np.float64))
    spread: NDArray[np.float64] = np.sqrt(np.maximum(measured**2 - QUALITY.smoothed, 0))
    return spread


def _glare(halved: NDArray[np.uint8]) -> float:
    """The share of the picture in saturated patches that fade into darker paper."""
    small: NDArray[Any] = halved
    while max(small.shape[:2]) > QUALITY.glare_side:
        size = max(1, small.shape[1] // 2), max(1, small.shape[0] // 2)
        small = cv2.resize(small, size, interpolation=cv2.INTER_AREA)
    # Of the three channels: coloured paper is not saturated in all of them.
    darkest = np.minimum(np.minimum(small[:, :, 0], small[:, :, 1]), small[:, :, 2])
    saturated = (darkest >= QUALITY.saturated).astype(np.uint8)
    bright = cv2.morphologyEx(saturated, cv2.MORPH_OPEN, _square(QUALITY.patch_radius))
    rest = darkest[bright == 0]
    if not bright.any() or rest.size == 0:
        return 0.0
    paper = float(np.median(rest[rest >= np.median(rest)]))
    if paper > QUALITY.white:
        return 0.0
    count, labels, rows, _ = cv2.connectedComponentsWithStats(bright, connectivity=8)
    patches = (number for number in range(1, count) if _fades(darkest, labels == number, paper))
    return sum(int(rows[number, cv2.CC_STAT_AREA]) for number in patches) / float(darkest.size)


def _fades(grey: Grey, patch: NDArray[np.bool_], paper: float) -> bool:
    """Whether a saturated patch fades into the paper around it; a white box or another sheet ends at once.

    Args:
        grey: uint8, height × width.
        patch: bool, height × width.
        paper: Grey of the paper.
    """
    reach = int(max(QUALITY.least_fade, QUALITY.fade * float(np.sqrt(patch.sum())))) | 1
    near = cv2.dilate(patch.astype(np.uint8), _square(QUALITY.patch_radius))
    ring = (cv2.dilate(near, np.ones((reach, reach), np.uint8)) != 0) & (near == 0)
    least = paper + QUALITY.fade_brightness * (QUALITY.saturated - paper)
    return bool(ring.any()) and float(np.median(grey[ring])) > least


def _halved(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A page halved until it is no longer than `QUALITY.side`; this is much faster than any other averaging."""
    while max(pixels.shape[:2]) > QUALITY.side:
        size = max(1, pixels.shape[1] // 2), max(1, pixels.shape[0] // 2)
        even = pixels[: max(1, 2 * size[1]), : max(1, 2 * size[0])]
        pixels = cv2.resize(even, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    return pixels


def _square(radius: int) -> NDArray[np.uint8]:
    """A kernel of ones that reaches `radius` pixels from its middle."""
    return np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)
