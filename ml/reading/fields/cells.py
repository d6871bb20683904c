"""Digits one in each printed box: the row as a whole, and box by box."""

from __future__ import annotations

import heapq
from functools import reduce

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box, Glyph, Hypothesis
from ml.reading.fields.constants import CELLS
from ml.reading.fields.interpret import FieldPosterior
from ml.reading.forms.layouts import LayoutField
from ml.reading.ink.frames import Frame
from ml.reading.ink.lines import as_line
from ml.reading.ink.zones import Zone, ZoneLine
from ml.reading.reader import Reader
from ml.reading.recognisers.normalise import normalise

_DIGITS = tuple("0123456789")


def row_of(zone: Zone, frame: Frame) -> list[ZoneLine]:
    """A row of boxes as it stands, and with its rules taken out.

    Args:
        zone: Where it is.
        frame: Its cells, as far as they were found.
    """
    box = frame.box
    height, width = zone.picture.shape[:2]
    beside, above = round(CELLS.beside * box.height), round(CELLS.above * box.height)
    left, top = max(0, box.left - beside), max(0, box.top - above)
    right, bottom = min(width, box.right + beside), min(height, box.bottom + above)
    whole = Box(left, top, right, bottom)
    own = np.s_[top:bottom, left:right]
    return [ZoneLine(whole, picture[own], (left, top), box.height) for picture in (zone.picture, zone.clean)]


def in_cells(zone: Zone, field: LayoutField, reader: Reader) -> FieldPosterior:
    """What the boxes say one by one; the likeliest ways to fill them that the field allows.

    Nothing, where not all of them were found.
    """
    count = field.length[0] if field.length else 0
    frame = next((frame for frame in zone.frames if len(frame.cells) == count), None)
    if frame is None or count == 0:
        return FieldPosterior("", {}, {})
    return FieldPosterior.of(_ways(_chances([_looks(zone, cell) for cell in frame.cells], reader)), field)


def _looks(zone: Zone, cell: Box) -> list[NDArray[np.uint8]]:
    """What stands in a box: with what reaches over its edge, and as it stands within it; grey.

    Taking out rules leaves their rests where a digit crosses one, and may take a digit's own level stroke.
    """
    own = [word for word in zone.words if cell.left <= (word.left + word.right) / 2 <= cell.right]
    near = [
        word for word in own if min(word.bottom, cell.bottom) - max(word.top, cell.top) > CELLS.word_level * word.height
    ]
    box = (
        reduce(Box.union, near, cell)
        if near and all(word.width <= CELLS.widest_word * cell.width for word in near)
        else cell
    )
    looks = (
        zone.clean[box.top : box.bottom, box.left : box.right],
        zone.picture[cell.top : cell.bottom, cell.left : cell.right],
    )
    return [cv2.cvtColor(look, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False) for look in looks]


def _chances(cells: list[list[NDArray[np.uint8]]], reader: Reader) -> NDArray[np.float64]:
    """How likely each digit is in each box: float64, boxes × 10; what is left of 1 is that there is none.

    Nothing needs to be cut: all ink of a box is one digit to the network of digits, and to that of strings the box is a
    line. Their chances are pooled as logarithms; of a box's looks the surer counts.
    """
    looks = [look for cell in cells for look in cell]
    inks = [_ink(look) for look in looks]
    glyphs = [Glyph(Box(0, 0, ink.shape[1], ink.shape[0]), normalise(ink)) for ink in inks]
    digits = reader.classifier.classify(glyphs).astype(np.float64)
    lines = [as_line(_cut_out(look, ink)) for look, ink in zip(looks, inks, strict=True)]
    strings = np.exp([one.log_probabilities(_DIGITS) for one in reader.transcriber.transcribe(lines)])
    strings = np.column_stack([strings, 1 - strings.sum(axis=1)])
    pooled = np.sqrt(np.maximum(digits, CELLS.least_probability) * np.maximum(strings, CELLS.least_probability))
    chances = (pooled / pooled.sum(axis=1, keepdims=True))[:, :-1].reshape(len(cells), -1, len(_DIGITS))
    surer: NDArray[np.float64] = np.stack([own[own.max(axis=1).argmax()] for own in chances])
    return surer


def _ink(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How much of a pixel is ink: float32, height × width, 0 to 1. It may be pale, and in pieces."""
    paper, pen = float(np.percentile(grey, CELLS.paper)), float(grey.min())
    dark = (paper - grey.astype(np.float32)) / max(paper - pen, CELLS.faint * paper, 1.0)
    ink: NDArray[np.float32] = np.clip((dark - CELLS.pale) / (1 - 2 * CELLS.pale), 0, 1).astype(np.float32)
    return ink


def _cut_out(grey: NDArray[np.uint8], ink: NDArray[np.float32]) -> NDArray[np.uint8]:
    """What is written in a box, with some paper around it; specks do not widen it. All of it, where there is no ink."""
    count, _, parts, _ = cv2.connectedComponentsWithStats((ink > CELLS.ink).astype(np.uint8))
    if count == 1:
        return grey
    left, top, width, height, _ = parts[1:][parts[1:, 4] >= CELLS.speck * parts[1:, 4].max()].T
    box = np.s_[top.min() : (top + height).max(), left.min() : (left + width).max()]
    room, paper = round(CELLS.room * grey[box].shape[0]), float(np.percentile(grey, CELLS.paper))
    edged = cv2.copyMakeBorder(grey, room, room, room, room, cv2.BORDER_CONSTANT, value=paper)
    rows, columns = (slice(side.start, side.stop + 2 * room) for side in box)
    return np.ascontiguousarray(edged[rows, columns]).astype(np.uint8, copy=False)


def _ways(chances: NDArray[np.float64]) -> list[Hypothesis]:
    """The likeliest ways to fill all boxes, best first."""
    ways = [Hypothesis("", 1.0)]
    for cell in chances.tolist():
        grown = (
            Hypothesis(way.digits + digit, way.probability * chance)
            for way in ways
            for digit, chance in zip(_DIGITS, cell, strict=True)
        )
        ways = heapq.nlargest(CELLS.ways, grown, key=lambda way: way.probability)
    return ways
