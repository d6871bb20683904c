"""Printed rules in the picture of a zone: found, told from strokes, and painted over.

In goes a picture, uint8, height × width × 3, RGB, with its pixels a millimetre. Masks are uint8, height × width of the
picture, 1 where a rule or ink is.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.ink.constants import RULES

Mask = NDArray[np.uint8]

_THICKENED = 2
"""Pixels by which a run is thicker than its ink: one row above it and one below."""


def dark_masks(picture: NDArray[np.uint8], per_mm: float) -> tuple[Mask, Mask]:
    """Where a picture is darker than its surroundings: by more than the paper's grain, and with the grain.

    On paper with a printed screen, the first is looked for in a picture so blurred that the screen is grey.

    Args:
        picture: uint8, height × width × 3, RGB.
        per_mm: Pixels a millimetre.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    with_grain = darkness = _darkness(grey, RULES.soft, per_mm)
    screen = float(np.percentile(darkness, RULES.screen_percentile))
    if screen > RULES.screen:
        darkness = _darkness(grey, RULES.softer, per_mm)
        screen = float(np.percentile(darkness, RULES.screen_percentile))
    dark = darkness > max(RULES.darker, RULES.grain * screen)
    return dark.astype(np.uint8), (with_grain > RULES.darker).astype(np.uint8)


def level_rules(dark: Mask, per_mm: float) -> Mask:
    """Mask of the level rules among the dark pixels.

    A rule that ink crosses in much of its length is made of the bars or feet of digits side by side, and is left out.

    Args:
        dark: Mask from `dark_masks`.
        per_mm: Pixels a millimetre.
    """
    rules = _thin_runs(dark, round(RULES.least_long * per_mm), per_mm)
    crossing = np.ones((round(RULES.thickest * per_mm) + RULES.crossed_by, 1), np.uint8)
    tall = cv2.morphologyEx(dark, cv2.MORPH_OPEN, crossing)
    _, labels, rows, _ = cv2.connectedComponentsWithStats(rules, connectivity=8)
    kept = np.zeros(len(rows), np.uint8)
    for label, (left, top, width, height, _) in enumerate(rows[1:].tolist(), 1):
        box = np.s_[top : top + height, left : left + width]
        inside = labels[box] == label
        inked = np.count_nonzero((inside & (dark[box] > 0)).any(axis=0))
        crossed = np.count_nonzero((inside & (tall[box] > 0)).any(axis=0))
        most = RULES.crossed_long if width > RULES.short * per_mm else RULES.crossed_short
        kept[label] = crossed <= most * inked
    level: Mask = kept[labels]
    return level


def upright_rules(dark: Mask, per_mm: float) -> Mask:
    """Mask of the upright rules among the dark pixels.

    Bold writing beside a rule makes it look pale, and breaks it. Two pieces in one line become whole again.

    Args:
        dark: Mask from `dark_masks`.
        per_mm: Pixels a millimetre.
    """
    turned = np.ascontiguousarray(dark.T)
    broken = np.ascontiguousarray(_thin_runs(turned, round(RULES.least_tall * per_mm), per_mm).T)
    upright = broken.copy()
    pieces = bounds_of(broken)
    left, top, width, height = pieces.T
    middles = left + width / 2
    in_line = np.argsort(middles, kind="stable")
    aside = RULES.aside * per_mm
    for piece, middle in enumerate(middles.tolist()):
        # Only pieces in one line are compared: a screen's dots may make ten thousand.
        nearest = np.searchsorted(middles[in_line], (middle - aside - 1, middle + aside + 1))
        near = in_line[nearest[0] : nearest[1]]
        gaps = top[near] - (top[piece] + height[piece])
        goes_on = (gaps > 0) & (gaps <= RULES.broken * np.minimum(height[near], height[piece]))
        goes_on &= np.abs(middles[near] - middle) <= aside
        for other in near[goes_on].tolist():
            right = max(left[piece] + width[piece], left[other] + width[other])
            between = np.s_[top[piece] + height[piece] : top[other], min(left[piece], left[other]) : right]
            upright[between] = 1
    return upright


def bounds_of(rules: Mask) -> NDArray[np.int32]:
    """Left, top, width and height of each rule of a mask: int32, rules × 4."""
    bounds: NDArray[np.int32] = cv2.connectedComponentsWithStats(rules, connectivity=8)[2][1:, :4].astype(np.int32)
    return bounds


def continued(level: Mask, with_grain: Mask) -> Mask:
    """Level rules with all that continues them once the paper's grain counts as ink. The grain may hide a part.

    Args:
        level: Level rules of the picture without grain.
        with_grain: Level rules of the picture with grain.
    """
    whole = level.copy()
    for _, top, _, height in bounds_of(level).tolist():
        band = np.s_[max(0, top - 1) : top + height + 1]
        _, labels = cv2.connectedComponents(with_grain[band], connectivity=8)
        same = np.zeros(int(labels.max()) + 1, np.uint8)
        same[labels[level[band] > 0]] = 1
        same[0] = 0
        whole[band] |= same[labels]
    return whole


def without_strokes(level: Mask, dark: Mask, edges: Mask, per_mm: float) -> Mask:
    """Level rules without the places where ink goes on above or below: a stroke crosses there, or a digit's foot lies.

    Args:
        level: Level rules.
        dark: Mask from `dark_masks`.
        edges: Upright rules; they are no strokes.
        per_mm: Pixels a millimetre.
    """
    free = level.copy()
    reach, side = round(RULES.thickest * per_mm), 2 * round(RULES.stroke_rim * per_mm) + 1
    printed = cv2.dilate(edges, np.ones((1, 2 * reach + 1), np.uint8))
    for left, top, width, height in bounds_of(level).tolist():
        box = np.s_[max(0, top - reach) : top + height + reach, left : left + width]
        usual = np.percentile(np.count_nonzero(dark[box], axis=0), RULES.usual_percentile)
        measured = np.count_nonzero(level[box]) / width - _THICKENED
        thick = round(max(float(usual), measured))
        strokes = cv2.morphologyEx(dark[box], cv2.MORPH_OPEN, np.ones((thick + RULES.stroke_more, 1), np.uint8))
        strokes = cv2.dilate(strokes, np.ones((1, side), np.uint8))
        free[box] &= (strokes == 0) | (printed[box] > 0)
    return free


def paint_over(picture: NDArray[np.uint8], rules: Mask, per_mm: float) -> NDArray[np.uint8]:
    """A picture whose rules are painted over with the colours around them; strokes that cross them go on.

    Args:
        picture: uint8, height × width × 3, RGB.
        rules: Rules to paint over.
        per_mm: Pixels a millimetre.
    """
    if not rules.any():
        return picture
    side = 2 * max(1, round(RULES.paint_rim * per_mm)) + 1
    mask = cv2.dilate(rules, np.ones((side, side), np.uint8))
    painted: NDArray[np.uint8] = cv2.inpaint(picture, mask, RULES.paint_reach, cv2.INPAINT_TELEA).astype(np.uint8)
    return painted


def _darkness(grey: NDArray[np.float32], soft: float, per_mm: float) -> NDArray[np.float32]:
    """How much darker each pixel is than its surroundings, as a share of their brightness: float32, height × width.

    Args:
        grey: float32, height × width, 0 to 255.
        soft: Blur in millimetres.
        per_mm: Pixels a millimetre.
    """
    calm = cv2.GaussianBlur(grey, (0, 0), soft * per_mm)
    side = round(RULES.around * per_mm) | 1
    around = cv2.blur(calm, (side, side))
    darkness: NDArray[np.float32] = ((around - calm) / np.maximum(around, 1)).astype(np.float32)
    return darkness


def _thin_runs(dark: Mask, length: int, per_mm: float) -> Mask:
    """Level runs of ink of at least this length in pixels, small holes closed, no thicker than a rule.

    A run is thicker than its ink by `_THICKENED`.
    """
    holes = np.ones((1, max(3, round(RULES.breaks * per_mm) | 1)), np.uint8)
    # A rule that is not quite level steps up or down by a pixel.
    thick = cv2.dilate(dark, np.ones((1 + _THICKENED, 1), np.uint8))
    closed = cv2.morphologyEx(thick, cv2.MORPH_CLOSE, holes)
    runs = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    _, labels, rows, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    thickness = rows[:, cv2.CC_STAT_AREA] / np.maximum(rows[:, cv2.CC_STAT_WIDTH], 1)
    thin = thickness <= RULES.thickest * per_mm + _THICKENED
    thin[0] = False
    rules: Mask = thin[labels].astype(np.uint8)
    return rules
