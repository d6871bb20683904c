"""Ruled lines and the edges of boxes taken out of the ink, the strokes that cross them kept."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.forms.layouts import Layout
from ml.reading.ink.ink import Ink

Mask = NDArray[np.uint8]

_RULE_TO_WRITING = 4
"""A straight line this many times longer than writing is high is no stroke of a digit."""

_RULE_OF_STRIP = 0.5
"""In a picture of one number alone, so is one that spans this share of the picture."""

_LONGEST_BAR = 1.4
"""But not what a digit's own bar may be long, in heights of the writing: a picture may hold a single 7."""


def without_rules(ink: Ink, layout: Layout) -> Ink:
    """Remove lines, combs and boxes that are printed for writing in or on.

    Ruled lines are straight runs far longer than the writing is high (up to 2 degrees off level), and box edges upright
    runs that reach from one ruled line to another. Frames around a single digit are found by their rectangular hole.
    """
    boxes = ink.rows
    height = _writing_height(boxes)
    if height == 0:
        return ink
    mask = _without_frames(ink.mask, height)
    length = int(_RULE_TO_WRITING * height)
    if layout.one_number:
        length = min(length, int(max(_RULE_OF_STRIP * mask.shape[1], _LONGEST_BAR * height)))
    # No run is longer than what it is a part of: on most pages there is nothing to look for.
    widest, tallest = boxes[1:, cv2.CC_STAT_WIDTH].max(), boxes[1:, cv2.CC_STAT_HEIGHT].max()
    single = layout.one_number and length > mask.shape[1]
    level = np.zeros_like(mask) if single else _straight_runs(mask, length, int(widest))
    upright = _straight_runs(mask.T, int(_RULE_TO_WRITING * height), int(tallest)).T
    if level.any():
        upright = upright | _box_edges(mask, level, height)
    elif mask is ink.mask and not upright.any():
        return ink
    cleaned = _erase(_erase(mask, level, height).T, upright.T, height).T
    gone = _grown(ink.mask * (1 - cleaned)) * (1 - _grown(cleaned))
    soft = ink.soft * (1 - gone)
    return Ink.of(soft.astype(np.uint8), np.ascontiguousarray(cleaned), ink.scale)


def _grown(mask: Mask) -> Mask:
    """A mask with its rim of one pixel, where soft edges reach."""
    return cv2.dilate(np.ascontiguousarray(mask), np.ones((3, 3), np.uint8)).astype(np.uint8)


def _writing_height(boxes: NDArray[np.int32]) -> float:
    """The usual height of what stands on the page, lines and specks left out; 0 where there is nothing."""
    width, height = boxes[1:, cv2.CC_STAT_WIDTH], boxes[1:, cv2.CC_STAT_HEIGHT]
    writing = height[(height >= 8) & (width < 12 * height) & (height < 12 * width)]
    return float(np.percentile(writing, 60)) if writing.size else 0.0


def _straight_runs(mask: Mask, length: int, widest: int) -> Mask:
    """Ink in level runs of at least `length` pixels, where a run may step by a pixel up or down.

    Args:
        mask: To look in.
        length: Of a run that is called straight; most of the mask's width is always enough.
        widest: What hangs together is nowhere wider than this.
    """
    if length >= mask.shape[1] * 1.5:
        return np.zeros_like(mask)
    length = min(length, int(mask.shape[1] * 0.9))
    if widest < length:
        return np.zeros_like(mask)
    thick = cv2.dilate(np.ascontiguousarray(mask), np.ones((3, 1), np.uint8))
    runs = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    return np.minimum(runs, mask).astype(np.uint8)


def _erase(mask: Mask, rules: Mask, height: float) -> Mask:
    """Take level rules out, except where the ink goes on above or below: there a stroke crosses.

    Rules thicker than a fifth of the writing's height are strokes or blots, and stay.
    """
    if not rules.any():
        return mask
    mask, rules = np.ascontiguousarray(mask), np.ascontiguousarray(rules)
    # A run's area over its length is its thickness.
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(rules, connectivity=8)
    thickness = boxes[:, cv2.CC_STAT_AREA] / np.maximum(boxes[:, cv2.CC_STAT_WIDTH], 1)
    thin = thickness <= max(4.0, height / 5)
    thin[0] = False
    if not thin.any():
        return mask
    reach = int(np.ceil(1.5 * thickness[thin].max())) + 2
    crossing = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((reach, 1), np.uint8))
    rule = (thin[labels] & (crossing == 0)).astype(np.uint8)
    kept: Mask = (mask * (1 - rule)).astype(np.uint8)
    return kept


def _box_edges(mask: Mask, level: Mask, height: float) -> Mask:
    """Upright runs about as high as the writing or higher that touch a level rule at both ends."""
    near = cv2.dilate(level, np.ones((7, 3), np.uint8))
    runs = _straight_runs(mask.T, max(8, int(height * 0.8)), mask.shape[0]).T
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(runs), connectivity=8)
    edges = np.zeros(len(boxes), bool)
    for number in range(1, len(boxes)):
        left, top, width, tall, area = boxes[number].tolist()
        columns = slice(left, left + width)
        at_both_ends = near[top : top + 3, columns].any() and near[top + tall - 3 : top + tall, columns].any()
        edges[number] = at_both_ends and area / tall <= max(4.0, height / 6) and tall >= 5 * width
    found: Mask = edges[labels].astype(np.uint8)
    return found


def _without_frames(mask: Mask, height: float) -> Mask:
    """Take out frames that hold something: a hole that fills its own bounding box, with ink in it."""
    contours, hierarchy = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    cleaned = mask
    for number, contour in enumerate(contours):
        parent = int(hierarchy[0][number][3])
        if parent < 0:
            continue
        left, top, width, tall = cv2.boundingRect(contour)
        if min(width, tall) < max(12, height * 0.6) or cv2.contourArea(contour) < 0.9 * (width - 1) * (tall - 1):
            continue
        outer = cv2.boundingRect(contours[parent])
        edge = max(left - outer[0], top - outer[1], 1)
        if edge > max(4, tall / 8) or not mask[top + 3 : top + tall - 3, left + 3 : left + width - 3].any():
            continue
        cleaned = cleaned.copy() if cleaned is mask else cleaned
        inside = cleaned[top + 1 : top + tall - 1, left + 1 : left + width - 1].copy()
        cleaned[outer[1] : outer[1] + outer[3], outer[0] : outer[0] + outer[2]] = 0
        cleaned[top + 1 : top + tall - 1, left + 1 : left + width - 1] = inside
    return cleaned
