"""Rules and boxes taken out of a page's ink, the strokes that cross them kept.

In goes the ink of a page. Out comes the ink without ruled lines, edges of boxes and frames around single digits. All
sizes are ink pixels.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.forms.layouts import Layout
from ml.reading.ink.constants import RULING
from ml.reading.ink.ink import Ink

Mask = NDArray[np.uint8]


def without_rules(ink: Ink, layout: Layout) -> Ink:
    """Remove the lines, combs and boxes that are printed to write in or on.

    A ruled line is a straight run far longer than the writing is high, up to 2 degrees off level. The edge of a box is
    an upright run from one ruled line to another. A frame around a single digit is known by its rectangular hole.

    Args:
        ink: The ink of a page.
        layout: With `one_number`, the page is a picture of one number: shorter runs are rules too.
    """
    height = _writing_height(ink.rows)
    if height == 0:
        return ink
    mask = _without_frames(ink, height)
    level, upright = _rules(mask, ink.rows, height, layout)
    if level.any():
        upright = upright | _box_edges(mask, level, height)
    elif mask is ink.mask and not upright.any():
        return ink
    cleaned = _erased(_erased(mask, level, height).T, upright.T, height).T
    gone = _grown(ink.mask * (1 - cleaned)) * (1 - _grown(cleaned))
    soft = ink.soft * (1 - gone)
    return Ink.of(soft.astype(np.uint8), np.ascontiguousarray(cleaned), ink.scale)


def _rules(mask: Mask, rows: NDArray[np.int32], height: float, layout: Layout) -> tuple[Mask, Mask]:
    """Level runs and upright runs that are longer than any stroke of writing of this height."""
    upright_length = length = int(RULING.rule_to_writing * height)
    if layout.one_number:
        length = min(length, int(max(RULING.rule_of_strip * mask.shape[1], RULING.longest_bar * height)))
    # No run is longer than its mark, so on most pages there is nothing to look for.
    widest, tallest = rows[1:, cv2.CC_STAT_WIDTH].max(), rows[1:, cv2.CC_STAT_HEIGHT].max()
    fits_no_rule = layout.one_number and length > mask.shape[1]
    level = np.zeros_like(mask) if fits_no_rule else _straight_runs(mask, length, int(widest))
    return level, _straight_runs(mask.T, upright_length, int(tallest)).T


def _grown(mask: Mask) -> Mask:
    """A mask with its rim of one pixel, where soft edges reach."""
    return cv2.dilate(np.ascontiguousarray(mask), np.ones((3, 3), np.uint8)).astype(np.uint8)


def _writing_height(rows: NDArray[np.int32]) -> float:
    """Typical height of the marks of a page without lines and specks; 0.0 where there are none.

    Args:
        rows: int32, labels × 5, as `Ink.rows`.
    """
    width, height = rows[1:, cv2.CC_STAT_WIDTH], rows[1:, cv2.CC_STAT_HEIGHT]
    stretched = RULING.most_stretched
    writing = height[(height >= RULING.least_writing) & (width < stretched * height) & (height < stretched * width)]
    return float(np.percentile(writing, RULING.writing_percentile)) if writing.size else 0.0


def _straight_runs(mask: Mask, length: int, widest: int) -> Mask:
    """Ink in level runs of at least `length` pixels, where a run may step up or down by a pixel.

    Args:
        mask: uint8, height × width, 1 where there is ink.
        length: Length of a run that counts as straight, in pixels. Most of the mask's width is always enough.
        widest: Width of the widest mark, in pixels.
    """
    if length >= mask.shape[1] * RULING.longest_run:
        return np.zeros_like(mask)
    length = min(length, int(mask.shape[1] * RULING.run_of_width))
    if widest < length:
        return np.zeros_like(mask)
    thick = cv2.dilate(np.ascontiguousarray(mask), np.ones((3, 1), np.uint8))
    runs = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    return np.minimum(runs, mask).astype(np.uint8)


def _erased(mask: Mask, rules: Mask, height: float) -> Mask:
    """A mask without its level rules, except where the ink goes on above or below: there a stroke crosses.

    Thick rules are strokes or blots, and stay.

    Args:
        mask: uint8, height × width, 1 where there is ink.
        rules: uint8, height × width, 1 where there is a level rule.
        height: Height of the writing in pixels.
    """
    if not rules.any():
        return mask
    mask, rules = np.ascontiguousarray(mask), np.ascontiguousarray(rules)
    # The area of a run over its length is its thickness.
    _, labels, rows, _ = cv2.connectedComponentsWithStats(rules, connectivity=8)
    thickness = rows[:, cv2.CC_STAT_AREA] / np.maximum(rows[:, cv2.CC_STAT_WIDTH], 1)
    thin = thickness <= max(RULING.thickest, height / RULING.level_parts)
    thin[0] = False
    if not thin.any():
        return mask
    reach = int(np.ceil(RULING.crossing * thickness[thin].max())) + RULING.crossing_more
    crossing = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((reach, 1), np.uint8))
    erased = (thin[labels] & (crossing == 0)).astype(np.uint8)
    kept: Mask = (mask * (1 - erased)).astype(np.uint8)
    return kept


def _box_edges(mask: Mask, level: Mask, height: float) -> Mask:
    """Upright runs about as high as the writing, or higher, that touch a level rule at both ends: uint8, 1 there."""
    near = cv2.dilate(level, np.ones((RULING.edge_reach, 3), np.uint8))
    least = max(RULING.least_edge, int(height * RULING.edge_of_writing))
    runs = _straight_runs(mask.T, least, mask.shape[0]).T
    _, labels, rows, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(runs), connectivity=8)
    edges = np.zeros(len(rows), bool)
    thickest, ends = max(RULING.thickest, height / RULING.edge_parts), RULING.edge_ends
    width, tall, area = (rows[:, column] for column in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA))
    slim = (area / np.maximum(tall, 1) <= thickest) & (tall >= RULING.edge_slim * width)
    slim[0] = False
    for label in np.flatnonzero(slim).tolist():
        left, top, width, tall, _ = rows[label].tolist()
        columns = slice(left, left + width)
        edges[label] = near[top : top + ends, columns].any() and near[top + tall - ends : top + tall, columns].any()
    edge_mask: Mask = edges[labels].astype(np.uint8)
    return edge_mask


def _without_frames(ink: Ink, height: float) -> Mask:
    """A page's mask without its frames around single digits: the ink inside of their holes stays.

    Args:
        ink: The ink of the page.
        height: Height of the writing in pixels.

    Returns:
        The ink's mask itself, where it has no frames.
    """
    mask = ink.mask
    contours, hierarchy = cv2.findContours(_with_large_holes(ink, height), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    outers: dict[int, Sequence[int]] = {}
    frames: dict[int, list[Sequence[int]]] = {}
    for number in np.flatnonzero(hierarchy[0][:, 3] >= 0).tolist() if contours else ():
        hole = cv2.boundingRect(contours[number])
        parent = int(hierarchy[0][number][3])
        if parent not in outers:  # one mark may have a hundred thousand holes
            outers[parent] = cv2.boundingRect(contours[parent])
        if _is_inside_of_frame(mask, hole, cv2.contourArea(contours[number]), height):
            frames.setdefault(parent, []).append(hole)
    # Of boxes that share walls, one alone stands at the mark's upper left.
    thin = [
        (outers[parent], holes)
        for parent, holes in frames.items()
        if any(_is_thin(hole, outers[parent]) for hole in holes)
    ]
    return _cleared(mask, thin) if thin else mask


def _cleared(mask: Mask, frames: list[tuple[Sequence[int], list[Sequence[int]]]]) -> Mask:
    """A mask without some frames: boxes that share a wall are one mark with several holes, and all of them stay.

    Args:
        mask: uint8, height × width, 1 where there is ink.
        frames: Left, top, width and height of each mark, and of its holes.
    """
    cleaned = mask.copy()
    for (x, y, wide, high), holes in frames:
        kept = np.zeros((high, wide), np.uint8)
        for left, top, width, tall in holes:
            kept[top - y + 1 : top - y + tall - 1, left - x + 1 : left - x + width - 1] = 1
        cleaned[y : y + high, x : x + wide] *= kept
    return cleaned


def _with_large_holes(ink: Ink, height: float) -> Mask:
    """The marks that may be frames. Those of a page of noise have a million holes: the small ones are filled there.

    Args:
        ink: The ink of the page.
        height: Height of the writing in pixels.
    """
    least = _least_hole(height)
    kept: Mask = _are_large(ink.rows, least)[ink.labels]
    # Every hole ends a run of paper, so there are no more holes than runs.
    if cv2.countNonZero(cv2.subtract(kept[:, 1:], kept[:, :-1])) <= RULING.most_holes:
        return kept
    _, labels, rows, _ = cv2.connectedComponentsWithStats(1 - kept, connectivity=4)
    # A hole's contour runs through the ink around it.
    paper = _are_large(rows.astype(np.int32, copy=False), least - 2)
    left, top, width, high, _ = rows[1:].T
    paper[1:] |= (left == 0) | (top == 0) | (left + width == kept.shape[1]) | (top + high == kept.shape[0])
    filled: Mask = np.uint8(1) - paper[labels]
    return filled


def _are_large(rows: NDArray[np.int32], least: float) -> Mask:
    """Which labels but the first are this wide and high at least: uint8, labels."""
    large = (rows[:, cv2.CC_STAT_WIDTH] >= least) & (rows[:, cv2.CC_STAT_HEIGHT] >= least)
    large[0] = False
    as_mask: Mask = large.astype(np.uint8)
    return as_mask


def _least_hole(height: float) -> float:
    """Least width and height of the hole of a frame around writing of this height, in pixels."""
    return max(RULING.least_hole, height * RULING.hole_of_writing)


def _is_inside_of_frame(mask: Mask, hole: Sequence[int], area: float, height: float) -> bool:
    """Whether a mark's hole may be the inside of a frame that holds ink: it is large, and fills the box around it.

    Args:
        mask: uint8, height × width, 1 where there is ink.
        hole: Left, top, width and height of the hole.
        area: Area of the hole in pixels.
        height: Height of the writing in pixels.
    """
    left, top, width, tall = hole
    if min(width, tall) < _least_hole(height):
        return False
    if area < RULING.hole_filled * (width - 1) * (tall - 1):
        return False
    rim = RULING.hole_rim
    return bool(mask[top + rim : top + tall - rim, left + rim : left + width - rim].any())


def _is_thin(hole: Sequence[int], outer: Sequence[int]) -> bool:
    """Whether a mark is thin at the upper left of a hole; both are left, top, width and height."""
    thick = max(hole[0] - outer[0], hole[1] - outer[1], 1)
    return thick <= max(RULING.thickest_frame, hole[3] / RULING.frame_parts)
