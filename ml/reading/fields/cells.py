"""Cells: a zone with a box for each digit in, the posterior of the field's values out, read box by box.

The row as a whole is cut out here too, as a line for the other recognisers. Boxes are in pixels of the zone's picture;
probabilities are 0 to 1.
"""

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


def row_lines(zone: Zone, frame: Frame) -> list[ZoneLine]:
    """Cut out a row of boxes, with its rules and without them.

    Args:
        zone: The zone in which it stands.
        frame: The row: its cells, as far as they were found.
    """
    box = frame.box
    height, width = zone.picture.shape[:2]
    beside, above = round(CELLS.beside * box.height), round(CELLS.above * box.height)
    left, top = max(0, box.left - beside), max(0, box.top - above)
    right, bottom = min(width, box.right + beside), min(height, box.bottom + above)
    row = Box(left, top, right, bottom)
    inside = np.s_[top:bottom, left:right]
    return [ZoneLine(row, picture[inside], (left, top), box.height) for picture in (zone.picture, zone.clean)]


def read_cells(zone: Zone, field: LayoutField, reader: Reader) -> FieldPosterior:
    """Read each box by itself, and find the likeliest ways to fill all of them that the field allows.

    Returns:
        A posterior without values if not all boxes were found.
    """
    count = field.length[0] if field.length else 0
    frame = next((frame for frame in zone.frames if len(frame.cells) == count), None)
    if frame is None or count == 0:
        return FieldPosterior("", {}, {})
    probabilities = _digit_probabilities([_looks(zone, cell) for cell in frame.cells], reader)
    return FieldPosterior.of(_likeliest_ways(probabilities), field)


def _looks(zone: Zone, cell: Box) -> list[NDArray[np.uint8]]:
    """Two pictures of a box: with the ink that reaches over its edge but no rules, and the box alone with its rules.

    Where a digit crosses a rule, remains of the rule are left, or a level stroke of the digit goes with it.

    Returns:
        Each uint8, height × width, grey.
    """
    inside = [word for word in zone.words if cell.left <= (word.left + word.right) / 2 <= cell.right]
    level = [
        word
        for word in inside
        if min(word.bottom, cell.bottom) - max(word.top, cell.top) > CELLS.word_level * word.height
    ]
    box = cell
    if level and all(word.width <= CELLS.widest_word * cell.width for word in level):
        box = reduce(Box.union, level, cell)
    looks = (
        zone.clean[box.top : box.bottom, box.left : box.right],
        zone.picture[cell.top : cell.bottom, cell.left : cell.right],
    )
    return [cv2.cvtColor(look, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False) for look in looks]


def _digit_probabilities(cells: list[list[NDArray[np.uint8]]], reader: Reader) -> NDArray[np.float64]:
    """Find the probability of each digit in each box.

    Nothing is cut. To the classifier of digits all ink of a box is one glyph; to the network of strings the box is a
    line. Their probabilities are combined as logarithms, and of a box's looks the surer counts.

    Args:
        cells: For each box its looks.
        reader: Its networks are asked.

    Returns:
        float64, boxes × 10; what a row lacks to 1 is the probability of no digit.
    """
    looks = [look for cell in cells for look in cell]
    inks = [_ink(look) for look in looks]
    glyphs = [Glyph(Box(0, 0, ink.shape[1], ink.shape[0]), normalise(ink)) for ink in inks]
    digits = reader.classifier.classify(glyphs).astype(np.float64)
    lines = [as_line(_cut_out(look, ink)) for look, ink in zip(looks, inks, strict=True)]
    strings = np.exp([transcript.log_probabilities(_DIGITS) for transcript in reader.transcriber.transcribe(lines)])
    strings = np.column_stack([strings, 1 - strings.sum(axis=1)])
    least = CELLS.least_probability
    combined = np.sqrt(np.maximum(digits, least) * np.maximum(strings, least))
    probabilities = (combined / combined.sum(axis=1, keepdims=True))[:, :-1].reshape(len(cells), -1, len(_DIGITS))
    surer: NDArray[np.float64] = np.stack([cell[cell.max(axis=1).argmax()] for cell in probabilities])
    return surer


def _ink(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The share of ink in each pixel of a box, whose ink may be pale and in pieces.

    Returns:
        float32, height × width, 0 to 1.
    """
    paper, pen = float(np.percentile(grey, CELLS.paper)), float(grey.min())
    dark = (paper - grey.astype(np.float32)) / max(paper - pen, CELLS.faint * paper, 1.0)
    ink: NDArray[np.float32] = np.clip((dark - CELLS.pale) / (1 - 2 * CELLS.pale), 0, 1).astype(np.float32)
    return ink


def _cut_out(grey: NDArray[np.uint8], ink: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Cut out the writing in a box, with some paper around it. Specks do not widen the cut.

    Returns:
        uint8, height × width; the whole box if it has no ink.
    """
    count, _, pieces, _ = cv2.connectedComponentsWithStats((ink > CELLS.ink).astype(np.uint8))
    if count == 1:
        return grey
    left, top, width, height, _ = pieces[1:][pieces[1:, 4] >= CELLS.speck * pieces[1:, 4].max()].T
    box = np.s_[top.min() : (top + height).max(), left.min() : (left + width).max()]
    room, paper = round(CELLS.room * grey[box].shape[0]), float(np.percentile(grey, CELLS.paper))
    edged = cv2.copyMakeBorder(grey, room, room, room, room, cv2.BORDER_CONSTANT, value=paper)
    rows, columns = (slice(side.start, side.stop + 2 * room) for side in box)
    return np.ascontiguousarray(edged[rows, columns]).astype(np.uint8, copy=False)


def _likeliest_ways(probabilities: NDArray[np.float64]) -> list[Hypothesis]:
    """The likeliest ways to fill all boxes, best first; those of some boxes grow box by box."""
    ways = [Hypothesis("", 1.0)]
    for cell in probabilities.tolist():
        grown = (
            Hypothesis(way.text + digit, way.probability * probability)
            for way in ways
            for digit, probability in zip(_DIGITS, cell, strict=True)
        )
        ways = heapq.nlargest(CELLS.ways, grown, key=lambda way: way.probability)
    return ways
