"""Digits one in each printed box: the row as a whole, and box by box."""

from __future__ import annotations

import heapq
from dataclasses import replace
from functools import reduce

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box, Glyph, Hypothesis, Page
from ml.reading.frames import Frame
from ml.reading.layouts import ONE_DIGIT, LayoutField
from ml.reading.meanings import Opinion
from ml.reading.normalise import normalise
from ml.reading.numbers import read_numbers
from ml.reading.reader import Reader
from ml.reading.zones import Zone, ZoneLine

_BESIDE, _ABOVE = 0.1, 0.12
"""Kept beside, and above and below a row of boxes, in its heights."""

_AROUND = 0.5
"""In a box's heights: paper put around what stands in it."""

_KEPT = 200
"""Ways to fill all boxes that are followed up."""

_HARDLY = 0.5
"""Where no digit is so likely in a box, all its ink is looked at as one."""

_FAINT = 0.25
"""Of the paper's brightness: the darkest ink in a box counts as so much darker at least, or grain would be ink."""

_PALE = 0.25
"""Of the darkest ink in a box: what is paler is paper, and what is so near to it all ink."""

_EMPTY = 0.02
"""The probability of a digit where none was found."""


def row_of(zone: Zone, frame: Frame) -> list[ZoneLine]:
    """A row of boxes as it stands, and with its rules taken out.

    Args:
        zone: Where it is.
        frame: Its cells, as far as they were found.
    """
    box = frame.box
    height, width = zone.picture.shape[:2]
    beside, above = round(_BESIDE * box.height), round(_ABOVE * box.height)
    left, top = max(0, box.left - beside), max(0, box.top - above)
    right, bottom = min(width, box.right + beside), min(height, box.bottom + above)
    whole = Box(left, top, right, bottom)
    own = np.s_[top:bottom, left:right]
    return [ZoneLine(whole, picture[own], (left, top), box.height) for picture in (zone.picture, zone.clean)]


def in_cells(zone: Zone, field: LayoutField, reader: Reader) -> Opinion:
    """What the boxes say one by one; the likeliest ways to fill them that the field allows.

    Nothing, where not all of them were found.
    """
    count = field.length[0] if field.length else 0
    frame = next((frame for frame in zone.frames if len(frame.cells) == count), None)
    if frame is None or count == 0:
        return Opinion("", {}, {})
    cells = [_in_cell(zone, cell, reader) for cell in frame.cells]
    return Opinion.of(_ways(cells), field)


def _in_cell(zone: Zone, cell: Box, reader: Reader) -> list[Hypothesis]:
    """How likely each digit is: with what reaches over the box's edge, and as it stands within it.

    Taking out rules leaves their rests where a digit crosses one, and may take a digit's own level stroke.
    """
    own = [word for word in zone.words if cell.left <= (word.left + word.right) / 2 <= cell.right]
    near = [word for word in own if min(word.bottom, cell.bottom) - max(word.top, cell.top) > 0.5 * word.height]
    box = reduce(Box.union, near, cell) if near and all(word.width <= 1.6 * cell.width for word in near) else cell
    looks = [zone.clean[box.top : box.bottom, box.left : box.right]]
    looks.append(zone.picture[cell.top : cell.bottom, cell.left : cell.right])
    chances = np.mean([_chances(_with_paper(look), reader) for look in looks], axis=0)
    if chances.max() < _HARDLY:
        chances = _as_one(looks[-1], reader)
    return [Hypothesis(str(digit), float(chance)) for digit, chance in enumerate(chances)]


def _chances(picture: NDArray[np.uint8], reader: Reader) -> NDArray[np.float64]:
    """Of each digit: float64, 10."""
    read = read_numbers(Page(picture, 1, None, ""), ONE_DIGIT, replace(reader, debug_directory=None, second=None))
    if not read:
        return np.full(10, _EMPTY)
    digit = read[0].digits[0]
    known = {alternative.digit: alternative.confidence for alternative in digit.alternatives}
    known[digit.digit] = digit.confidence
    return np.array([max(known.get(one, 0.0), _EMPTY / 4) for one in range(10)])


def _as_one(picture: NDArray[np.uint8], reader: Reader) -> NDArray[np.float64]:
    """Of each digit, if all ink is one: float64, 10. It may be pale, and in pieces."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    paper, pen = np.percentile(grey, 75), grey.min()
    dark = (paper - grey) / max(float(paper - pen), _FAINT * float(paper), 1.0)
    glyph = normalise(np.clip((dark - _PALE) / (1 - 2 * _PALE), 0, 1).astype(np.float32))
    height, width = picture.shape[:2]
    chances = reader.classifier.classify([Glyph(Box(0, 0, width, height), glyph)])[0, :10]
    likely: NDArray[np.float64] = np.maximum(chances, _EMPTY / 4).astype(np.float64)
    return likely


def _with_paper(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture with paper of its own brightness around it: a bold digit alone in its box may pass for the paper."""
    rim = round(_AROUND * picture.shape[0])
    paper = np.percentile(picture.reshape(-1, 3), 75, axis=0).tolist()
    return cv2.copyMakeBorder(
        np.ascontiguousarray(picture), rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=paper
    ).astype(np.uint8, copy=False)


def _ways(cells: list[list[Hypothesis]]) -> list[Hypothesis]:
    """The likeliest ways to fill all boxes, best first."""
    ways = [Hypothesis("", 1.0)]
    for cell in cells:
        grown = (Hypothesis(w.digits + c.digits, w.probability * c.probability) for w in ways for c in cell)
        ways = heapq.nlargest(_KEPT, grown, key=lambda way: way.probability)
    return ways
