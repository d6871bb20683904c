"""How a number was written: slant, pen, size, spacing and ink, measured on its strip.

An aid for a person who looks at a scan; it says nothing about who wrote.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np

from ml.reading.elements import Box, Writing
from ml.reading.ink.lines import Cutting

_UPRIGHT = 4
"""Degrees that nobody sees."""

_FINE, _BROAD = 0.07, 0.13
"""A pen's width, in a digit's heights."""

_TOUCHING, _WIDE_APART = 0.0, 0.35
_EVEN = 0.09
"""Spaces, in a digit's heights; and how far even ones stray."""

_COLOURED = 38
"""From the least to the greatest of red, green and blue: below, ink is black or grey."""

_HUES = ((15, "red"), (40, "brown"), (75, "yellow"), (165, "green"), (200, "turquoise"), (262, "blue"), (330, "purple"))
"""Up to which angle of the colour circle a hue has which name; red again beyond the last."""


def described(cutting: Cutting, boxes: Sequence[Box]) -> Writing:
    """Measure a number's writing.

    Args:
        cutting: Where it was cut out.
        boxes: Of its digits on the page, from the left; at least one.
    """
    height = float(np.median([box.height for box in boxes]))
    gaps = [(right.left - left.right) / height for left, right in pairwise(boxes)]
    strip = cutting.strip
    writing = Writing(
        slant=math.degrees(math.atan(strip.slant)),
        pen=strip.stroke * cutting.scale,
        height=height,
        spacing=float(np.mean(gaps)) if gaps else None,
        unevenness=float(np.std(gaps)) if gaps else None,
        ink=_ink(cutting),
    )
    return replace(writing, words=in_words(writing))


def in_words(writing: Writing) -> str:
    """A sentence: "Slanted 12° to the right, broad blue pen, digits 46 pixels high, evenly spaced"."""
    parts = [_slant_in_words(writing.slant), f"{_pen_in_words(writing)} {colour_name(writing.ink)} pen"]
    parts.append(f"digits {writing.height:.0f} pixels high")
    if writing.spacing is not None and writing.unevenness is not None:
        if writing.spacing <= _TOUCHING:
            parts.append("touching")
        elif writing.unevenness > _EVEN:
            parts.append("unevenly spaced")
        else:
            parts.append("evenly spaced, far apart" if writing.spacing > _WIDE_APART else "evenly spaced")
    return ", ".join(parts)


def _slant_in_words(slant: float) -> str:
    if abs(slant) <= _UPRIGHT:
        return "Upright"
    return f"Slanted {abs(slant):.0f}° to the {'right' if slant > 0 else 'left'}"


def _pen_in_words(writing: Writing) -> str:
    share = writing.pen / writing.height
    return "fine" if share < _FINE else "broad" if share > _BROAD else "medium"


def colour_name(ink: tuple[int, int, int]) -> str:
    """A colour's name: that of its hue, or "black", "grey", "white"."""
    least, greatest = min(ink), max(ink)
    if greatest - least < _COLOURED:
        return "black" if greatest < 110 else "grey" if greatest < 200 else "white"
    red, green, blue = (channel / 255 for channel in ink)
    angle = math.degrees(math.atan2(math.sqrt(3) * (green - blue), 2 * red - green - blue)) % 360
    return next((name for limit, name in _HUES if angle <= limit), "red")


def _ink(cutting: Cutting) -> tuple[int, int, int]:
    """Red, green and blue of the ink's darker half, 0 to 255 each: its edges are mixed with paper."""
    strip, place = cutting.strip.box, cutting.place
    top, left = int(strip.top * cutting.scale) - place.top, int(strip.left * cutting.scale) - place.left
    bottom, right = int(strip.bottom * cutting.scale) - place.top, int(strip.right * cutting.scale) - place.left
    own = cutting.picture[max(0, top) : max(bottom, 1), max(0, left) : max(right, 1)]
    small = cv2.resize(own, cutting.strip.labels.shape[::-1], interpolation=cv2.INTER_AREA)
    soft = cutting.strip.soft
    inked = cutting.strip.labels > 0
    full = inked & (soft >= np.median(soft[inked])) if inked.any() else np.ones_like(inked)
    red, green, blue = (int(channel) for channel in np.median(small[full], axis=0))
    return red, green, blue
