"""Measures how a number was written: slant, pen, size, spacing and colour of ink.

In go the number's strip and the boxes of its digits. Out comes a `Writing`: degrees, pixels of the page, shares of a
digit's height, and a sentence. It helps a person who looks at a scan; it does not identify the writer.
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
from ml.reading.style.constants import WRITING


def measure_writing(cutting: Cutting, boxes: Sequence[Box]) -> Writing:
    """Measures a number's style.

    Args:
        cutting: The number's strip, and where on the page it was cut out.
        boxes: Its digits, from the left, in pixels of the page; at least one.
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
        ink=_ink_colour(cutting),
    )
    return replace(writing, words=in_words(writing))


def in_words(writing: Writing) -> str:
    """Describes a style: "Slanted 12° to the right, broad blue pen, digits 46 pixels high, evenly spaced"."""
    parts = [_slant_in_words(writing.slant), f"{_pen_in_words(writing)} {colour_name(writing.ink)} pen"]
    parts.append(f"digits {writing.height:.0f} pixels high")
    if writing.spacing is not None and writing.unevenness is not None:
        parts.append(_spacing_in_words(writing.spacing, writing.unevenness))
    return ", ".join(parts)


def _slant_in_words(slant: float) -> str:
    if abs(slant) <= WRITING.upright:
        return "Upright"
    return f"Slanted {abs(slant):.0f}° to the {'right' if slant > 0 else 'left'}"


def _pen_in_words(writing: Writing) -> str:
    share = writing.pen / writing.height
    return "fine" if share < WRITING.fine else "broad" if share > WRITING.broad else "medium"


def _spacing_in_words(spacing: float, unevenness: float) -> str:
    if spacing <= WRITING.touching:
        return "touching"
    if unevenness > WRITING.even:
        return "unevenly spaced"
    return "evenly spaced, far apart" if spacing > WRITING.far_apart else "evenly spaced"


def colour_name(ink: tuple[int, int, int]) -> str:
    """Names a colour: its hue, or "black", "grey", "white".

    Args:
        ink: Red, green and blue, 0 to 255 each.
    """
    least, greatest = min(ink), max(ink)
    if greatest - least < WRITING.coloured:
        return "black" if greatest < WRITING.black else "grey" if greatest < WRITING.grey else "white"
    red, green, blue = (channel / 255 for channel in ink)
    angle = math.degrees(math.atan2(math.sqrt(3) * (green - blue), 2 * red - green - blue)) % 360
    limits = (
        (WRITING.red, "red"),
        (WRITING.brown, "brown"),
        (WRITING.yellow, "yellow"),
        (WRITING.green, "green"),
        (WRITING.turquoise, "turquoise"),
        (WRITING.blue, "blue"),
        (WRITING.purple, "purple"),
    )
    return next((name for limit, name in limits if angle <= limit), "red")


def _ink_colour(cutting: Cutting) -> tuple[int, int, int]:
    """The median colour of the darker half of the ink, because the edges of strokes are mixed with paper.

    Returns:
        Red, green and blue, 0 to 255 each.
    """
    strip, place = cutting.strip.box, cutting.place
    top, left = int(strip.top * cutting.scale) - place.top, int(strip.left * cutting.scale) - place.left
    bottom, right = (math.ceil(side * cutting.scale) for side in (strip.bottom, strip.right))
    pixels = cutting.picture[max(0, top) : max(bottom - place.top, 1), max(0, left) : max(right - place.left, 1)]
    small = cv2.resize(pixels, cutting.strip.labels.shape[::-1], interpolation=cv2.INTER_AREA)
    soft = cutting.strip.soft
    inked = cutting.strip.labels > 0
    darker = inked & (soft >= np.median(soft[inked])) if inked.any() else np.ones_like(inked)
    red, green, blue = (int(channel) for channel in np.median(small[darker], axis=0))
    return red, green, blue
