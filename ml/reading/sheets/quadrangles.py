"""Geometry of polygons and quadrangles: sides, areas, and whether a quadrangle may be a sheet seen in perspective.

Corners are float64, N × 2: x to the right and y downwards, in pixels of the picture that the caller looks at. The
corners of a quadrangle run clockwise from the top left.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.sheets.constants import QUADRANGLES

Corners = NDArray[np.float64]


def lengths_of(corners: Corners) -> NDArray[np.float64]:
    """The lengths of a polygon's sides in pixels: float64, N; side i runs from corner i to the next."""
    lengths: NDArray[np.float64] = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    return lengths


def area_of(corners: Corners) -> float:
    """The area of a convex polygon, in square pixels."""
    return float(cv2.contourArea(corners.astype(np.float32)))


def same_corners(quad: Corners, other: Corners) -> bool:
    """Whether two quadrangles have the same corners, but for a small share of the first one's diagonal."""
    diagonal = float(np.linalg.norm(quad[2] - quad[0]))
    return bool(np.abs(quad - other).max() < QUADRANGLES.same_corner * diagonal)


def is_sheet_shaped(quad: Corners) -> bool:
    """Whether perspective may make this quadrangle of a rectangle.

    It is convex, none of its corners is far from square, and opposite sides have similar lengths.
    """
    ahead = np.roll(quad, -1, axis=0) - quad
    lengths = np.linalg.norm(ahead, axis=1)
    if lengths.min() < QUADRANGLES.least_side:
        return False
    unit = ahead / lengths[:, None]
    after = np.roll(unit, -1, axis=0)
    sines = unit[:, 0] * after[:, 1] - unit[:, 1] * after[:, 0]  # of the turn at each corner
    leaning = np.abs((unit * after).sum(axis=1))
    similarity = min(lengths[0] / lengths[2], lengths[2] / lengths[0], lengths[1] / lengths[3], lengths[3] / lengths[1])
    square = leaning.max() < QUADRANGLES.most_lean
    return bool(sines.min() > 0 and square and similarity > QUADRANGLES.least_similarity)


def meeting_point(a: Corners, b: Corners, c: Corners, d: Corners) -> Corners | None:
    """Where the line through a and b meets the line through c and d.

    Args:
        a: float64, 2, as the others.
        b: Another point of the first line.
        c: A point of the second line.
        d: Another point of the second line.

    Returns:
        float64, 2; None where the lines are parallel.
    """
    along, other, between = b - a, d - c, c - a
    turn = along[0] * other[1] - along[1] * other[0]
    if abs(turn) < 1e-6 * (np.linalg.norm(along) * np.linalg.norm(other) + 1e-9):
        return None
    met: Corners = a + along * (between[0] * other[1] - between[1] * other[0]) / turn
    return met


def reduced_to_four(polygon: NDArray[Any]) -> Corners | None:
    """The quadrangle around a convex polygon.

    The shortest side goes, and its neighbours are drawn out until they meet, until four sides are left. This restores
    corners that are rounded, folded or cut off.

    Args:
        polygon: Any numbers, N × 2: its corners in order.

    Returns:
        float64, 4 × 2, clockwise from the top left; None where the neighbours do not meet near by, or where the
        polygon has fewer than four corners.
    """
    points = polygon.astype(np.float64)
    if len(points) < 4:
        return None
    while len(points) > 4:
        shortest = int(lengths_of(points).argmin())
        before, first, second, after = (points[(shortest + place) % len(points)] for place in (-1, 0, 1, 2))
        met = meeting_point(before, first, second, after)
        if met is None or np.linalg.norm(met - first) > np.linalg.norm(points.max(axis=0) - points.min(axis=0)):
            return None
        points[shortest] = met
        points = np.delete(points, (shortest + 1) % len(points), axis=0)
    return _from_top_left(points)


def _from_top_left(corners: Corners) -> Corners:
    """Four corners clockwise, beginning where the side points to the right the most."""
    ahead = np.roll(corners, -1, axis=0) - corners
    after = np.roll(ahead, -1, axis=0)
    if float((ahead[:, 0] * after[:, 1] - ahead[:, 1] * after[:, 0]).sum()) < 0:
        corners = corners[::-1]
        ahead = np.roll(corners, -1, axis=0) - corners
    # Both of two opposite sides count: in perspective one of them alone may lean too much.
    unit = ahead / np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-9)
    top = int((unit[:, 0] - np.roll(unit, 2, axis=0)[:, 0]).argmax())
    return np.ascontiguousarray(np.roll(corners, -top, axis=0))
