"""Draws digits that look handwritten, from splines: for the sample scan, the bench and the tests.

Text in, a picture out: uint8, height × width, paper 0 and ink 255. No real handwriting is in here. Each digit is a few
strokes through points that were set by hand, moved and slanted at random, drawn with a round pen.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

_STROKES = {
    "0": "55,2 20,15 8,50 22,90 50,99 82,82 92,45 78,10 50,2",
    "1": "30,24 55,2 / 55,2 53,50 50,100",
    "2": "10,24 30,3 65,2 84,22 70,50 38,78 8,97 / 8,97 50,95 94,96",
    "3": "12,12 45,1 78,14 70,38 40,47 / 40,47 78,55 85,80 50,99 10,88",
    "4": "45,2 25,40 6,68 / 6,68 50,66 96,65 / 72,30 70,65 68,100",
    "5": "86,3 28,4 / 28,4 20,44 / 20,44 55,38 84,60 72,90 40,100 8,90",
    "6": "70,2 35,25 12,65 25,95 60,98 82,75 62,54 32,60 16,78",
    "7": "6,6 50,5 92,4 / 92,4 62,50 42,100",
    "8": "76,16 50,1 22,14 30,38 65,58 82,82 50,100 16,84 32,58 68,38 78,16",
    "9": "80,22 52,2 18,20 24,46 56,50 80,24 / 80,24 76,60 62,100",
    ",": "60,84 58,100 35,122",
    ".": "50,96 52,98",
    "-": "10,50 90,49",
}
"""Points in a box of 100 × 100, x to the right and y down; a slash begins the next stroke."""

_WIDTHS = {"1": 0.45, ",": 0.2, ".": 0.15, "-": 0.45}
_USUAL_WIDTH = 0.62
"""Width of a sign as a share of a digit's height."""


def draw_digit(
    sign: str, height: int, rng: np.random.Generator, *, pen: float = 0.09, slant: float = 0.0, jitter: float = 0.012
) -> NDArray[np.uint8]:
    """Draw one sign.

    Args:
        sign: A digit, or one of ",.-".
        height: A digit's height in pixels.
        rng: Decides how each point is moved.
        pen: The stroke's thickness as a share of the height.
        slant: Pixels to the right for each pixel up.
        jitter: Standard deviation of each point's displacement, as a share of the height.

    Returns:
        uint8, with a margin around: paper 0, ink 255. The digit's top lies `margin(height)` pixels
        below the upper edge.
    """
    width = height * _WIDTHS.get(sign, _USUAL_WIDTH)
    edge = margin(height)
    picture = np.zeros((height + 2 * edge, int(width + abs(slant) * height) + 2 * edge), np.uint8)
    for stroke in _points(sign):
        points = stroke + rng.normal(0, jitter, (len(stroke), 2))
        curve = _spline(points) * [width, height]
        curve[:, 0] += slant * (height - curve[:, 1]) + max(0.0, -slant) * height
        thickness = max(1, round(pen * height))
        cv2.polylines(picture, [np.round((curve + edge) * 16).astype(np.int32)], False, 255, thickness, cv2.LINE_AA, 4)
    return picture


def _points(sign: str) -> list[NDArray[np.float64]]:
    """The strokes of a sign: each float64, points × 2, in a box of 1 × 1."""
    return [
        np.array([[float(part) for part in point.split(",")] for point in stroke.split()]) / 100
        for stroke in _STROKES[sign].split("/")
    ]


def margin(height: int) -> int:
    """Pixels that stay free around a digit of this height, for the pen's thickness and a comma's tail."""
    return round(height * 0.3) + 2


def draw_number(
    text: str, height: int, rng: np.random.Generator, *, gap: float = 0.12, pen: float = 0.09, slant: float = 0.0
) -> NDArray[np.uint8]:
    """Draw signs side by side.

    Args:
        text: Digits and ",.-"; a space leaves half a digit's height free.
        height: A digit's height in pixels.
        rng: Decides how each point is moved.
        gap: Paper between neighbours as a share of the height; below 0 they overlap.
        pen: As in `draw_digit`.
        slant: As in `draw_digit`.

    Returns:
        uint8, paper 0, ink 255, margins as in `draw_digit`.
    """
    edge = margin(height)
    signs = [draw_digit(sign, height, rng, pen=pen, slant=slant) for sign in text if sign != " "]
    canvas = np.zeros((height + 2 * edge, sum(sign.shape[1] + height for sign in signs) + height), np.uint8)
    right, end = edge, 0
    drawn = iter(signs)
    for sign in text:
        if sign == " ":
            right += height // 2
            continue
        picture = next(drawn)
        columns = np.flatnonzero(picture.max(axis=0))
        left = right - int(columns[0])
        start = max(left, 0)
        part = canvas[:, start : left + picture.shape[1]]
        np.maximum(part, picture[:, start - left :], out=part)
        end = left + int(columns[-1]) + 1
        right = end + round(gap * height)
    return canvas[:, : end + edge]


def _spline(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """A smooth curve through points: float64, points × 2, in and out.

    Source: Catmull and Rom, 1974 (uniform, tension one half).
    """
    if len(points) == 2:
        return np.linspace(points[0], points[1], 16)
    ends = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    steps = np.linspace(0, 1, 16)[:, np.newaxis]
    spans = []
    for before, start, stop, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        linear = (stop - before) * steps
        square = (2 * before - 5 * start + 4 * stop - after) * steps**2
        cube = (3 * start - before - 3 * stop + after) * steps**3
        spans.append((2 * start + linear + square + cube) / 2)
    return np.vstack(spans)
