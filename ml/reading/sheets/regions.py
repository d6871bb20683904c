"""Guesses where sheets may lie: four-sided regions of the small picture.

In goes the small picture, out come quadrangles in its pixels. The picture is cut into masks in many ways (lightness,
colour, edges), because no single way separates every sheet from every table. Whatever a mask leaves as a four-sided
region is a guess. `outlines` follows the guesses' sides and drops most of them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.sheets.constants import REGIONS
from ml.reading.sheets.quadrangles import Corners, area_of, is_sheet_shaped, reduced_to_four, same_corners

Mask = NDArray[np.uint8]


def find_regions(small: NDArray[np.uint8]) -> list[Corners]:
    """The four-sided regions that the masks leave.

    Args:
        small: uint8, height × width × 3, CIE L*a*b* of 8 bits.

    Returns:
        float64, 4 × 2 each, in pixels of `small`, clockwise from the top left. Each region comes once, the largest
        first. After them come the regions that two of them make together.
    """
    size = small.shape[1] // REGIONS.shrinkage, small.shape[0] // REGIONS.shrinkage
    shrunk = cv2.resize(small, size, interpolation=cv2.INTER_AREA)
    scale = np.array([small.shape[1] / shrunk.shape[1], small.shape[0] / shrunk.shape[0]])
    masks = _masks(shrunk.astype(np.uint8, copy=False))
    quads = [(quad + 0.5) * scale - 0.5 for mask in masks for quad in _four_sided(mask)]
    quads.sort(key=area_of, reverse=True)
    different: list[Corners] = []
    for quad in quads:
        if not any(same_corners(quad, other) for other in different):
            different.append(quad)
    different = different[: REGIONS.most_guesses]
    pairs = itertools.combinations(different[: REGIONS.most_parts], 2)
    return different + [quad for pair in pairs if (quad := _joined(*pair)) is not None]


def _joined(quad: Corners, other: Corners) -> Corners | None:
    """The region of two parts of one sheet, as a shadow's edge separates them; None where they do not fit together."""
    together = area_of(quad) + area_of(other)
    if np.abs(quad.mean(axis=0) - other.mean(axis=0)).max() ** 2 > REGIONS.farthest_parts * together:
        return None
    hull = cv2.convexHull(np.concatenate([quad, other]).astype(np.float32))
    if not REGIONS.least_joined * together < cv2.contourArea(hull) < REGIONS.most_joined * together:
        return None
    return _quadrangle_around(hull, REGIONS.least_joined_fill)


def _quadrangle_around(hull: NDArray[Any], least_fill: float) -> Corners | None:
    """The quadrangle around a convex hull; None where it is not shaped like a sheet, or where the hull fills less."""
    polygon = cv2.approxPolyDP(hull, REGIONS.polygon_tolerance * cv2.arcLength(hull, True), True)[:, 0]
    quad = reduced_to_four(polygon)
    if quad is None or not cv2.contourArea(hull) > least_fill * area_of(quad):
        return None
    return quad if is_sheet_shaped(quad) else None


def _masks(shrunk: NDArray[np.uint8]) -> Iterator[Mask]:
    """Masks, 0 or 255, in which a sheet may be a region alone."""
    smooth = cv2.medianBlur(shrunk, 2 * REGIONS.median_radius + 1).astype(np.uint8, copy=False)
    lightness = np.ascontiguousarray(smooth[:, :, 0])
    yield from _masks_by_level(lightness)
    yield from _masks_by_level(_colourfulness(smooth, lightness))
    yield from _masks_by_surroundings(lightness)
    yield from _masks_by_edges(lightness)


def _colourfulness(smooth: NDArray[np.uint8], lightness: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """How far each pixel is from grey, 0 to 255, over its lightness: both fall in the shade."""
    from_grey = np.linalg.norm(smooth[:, :, 1:].astype(np.float32) - 128, axis=2)
    colour = from_grey / np.maximum(lightness, REGIONS.least_lightness)
    stretched: NDArray[np.uint8] = (colour * (255 / max(float(colour.max()), 1e-3))).astype(np.uint8)
    return stretched


def _masks_by_level(channel: NDArray[np.uint8]) -> Iterator[Mask]:
    """What lies above each of several levels of a channel, and what does not."""
    some = channel[:: REGIONS.every, :: REGIONS.every]
    low, high = np.percentile(some, (REGIONS.low_percentile, REGIONS.high_percentile))
    for level in np.linspace(low, high, REGIONS.levels + 2)[1:-1]:
        above = _mask(channel > level)
        yield above
        yield 255 - above


def _masks_by_surroundings(lightness: NDArray[np.uint8]) -> Iterator[Mask]:
    """What is lighter than its surroundings: under a shadow, paper is still lighter than the ground beside it."""
    closing = np.ones((2 * REGIONS.closing_radius + 1, 2 * REGIONS.closing_radius + 1), np.uint8)
    for parts in (REGIONS.wide_surroundings, REGIONS.near_surroundings):
        side = int(max(lightness.shape) / parts) | 1
        lighter = _mask(lightness > cv2.blur(lightness, (side, side)).astype(np.float32) + REGIONS.local_rise)
        yield lighter
        # A shadow's edge breaks the paper's rim where it crosses it.
        yield cv2.morphologyEx(lighter, cv2.MORPH_CLOSE, closing).astype(np.uint8)


def _masks_by_edges(lightness: NDArray[np.uint8]) -> Iterator[Mask]:
    """What lies between edges, for faint, clear and strong ones."""
    for threshold in (REGIONS.faint_edge, REGIONS.clear_edge, REGIONS.strong_edge):
        edges = cv2.Canny(lightness, threshold * REGIONS.hysteresis, threshold)
        yield 255 - cv2.dilate(edges, np.ones((3, 3), np.uint8)).astype(np.uint8)


def _mask(where: NDArray[np.bool_]) -> Mask:
    return where.astype(np.uint8) * np.uint8(255)


def _four_sided(mask: Mask) -> Iterator[Corners]:
    """The regions of a mask that fill a quadrangle: float64, 4 × 2, clockwise from the top left."""
    opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    contours, _ = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    picture = mask.shape[0] * mask.shape[1]
    least, most = REGIONS.least_area * picture, REGIONS.most_area * picture
    for contour in contours:
        if cv2.contourArea(contour) < REGIONS.least_contour * least:
            continue
        hull = cv2.convexHull(contour)
        if not least <= cv2.contourArea(hull) <= most:
            continue
        quad = _quadrangle_around(hull, REGIONS.least_fill)
        if quad is not None:
            yield quad
