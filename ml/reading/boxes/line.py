"""Rows of boxes written out as lines: the digits of each row in, a page on which they stand as people write them out.

The recognisers know digits that stand side by side, and what is known of a number on any page holds for such lines too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.boxes.constants import LINES
from ml.reading.cells.writing import CellWriting
from ml.reading.elements import Box, Page


@dataclass(frozen=True, slots=True)
class _Piece:
    """A digit's place in a line.

    Attributes:
        first, last: Its first column in the line's page, and the first one behind it.
        across, down: How far it was moved, in pixels.
    """

    first: int
    last: int
    across: int
    down: int


@dataclass(frozen=True, slots=True)
class Band:
    """A line's place on the page of lines.

    Attributes:
        top, bottom: Its first row, and the first one below it.
        pieces: Its digits, from the left.
    """

    top: int
    bottom: int
    pieces: tuple[_Piece, ...]

    def moved_back(self, box: Box) -> Box:
        """A box on the page of lines where it is on the page that they come from, in ink pixels."""
        piece = min(self.pieces, key=lambda piece: abs(piece.first + piece.last - box.left - box.right))
        left, top = max(0, box.left - piece.across), max(0, box.top - piece.down)
        return Box(left, top, left + box.width, top + box.height)

    def holds_each(self, boxes: Sequence[Box]) -> bool:
        """Whether each digit of the line is in one of some boxes, and no two in the same."""
        places = [sum(2 * piece.last <= box.left + box.right for piece in self.pieces) for box in boxes]
        return places == list(range(len(self.pieces)))


def written_out(rows: Sequence[Sequence[CellWriting]]) -> tuple[Page, list[Band]]:
    """Write rows of digits out, each as a line, one below the other.

    Args:
        rows: Of each row its digits, from the left; at least one digit a row.

    Returns:
        The page of lines, in ink pixels of the page that they come from, and the place of each line on it.
    """
    lines = [_line(row) for row in rows]
    width = max(picture.shape[1] for picture, _ in lines)
    bands, pictures, top = [], [], 0
    for picture, pieces in lines:
        paper = np.median(picture[:, :1], axis=(0, 1))
        padded = np.empty((picture.shape[0], width, 3), np.uint8)
        padded[:] = paper.astype(np.uint8)
        padded[:, : picture.shape[1]] = picture
        placed = tuple(_Piece(each.first, each.last, each.across, each.down + top) for each in pieces)
        bands.append(Band(top, top + picture.shape[0], placed))
        pictures.append(padded)
        top += picture.shape[0]
    return Page(np.concatenate(pictures), 1, None, ""), bands


def _line(row: Sequence[CellWriting]) -> tuple[NDArray[np.uint8], list[_Piece]]:
    """One line: uint8, height × width × 3, RGB, with paper around it; and where each digit stands on it."""
    height = float(np.median([writing.digit_height for writing in row]))
    beside, around = max(1, round(LINES.beside * height)), max(2, round(LINES.around * height))
    first, last = min(writing.box.top for writing in row), max(writing.box.bottom for writing in row)
    digits = [_darkness(writing) for writing in row]
    darkest = max(float(dark.max()) for dark, _ in digits)
    paper = np.median([colour for _, colour in digits], axis=0)
    shape = (last - first + 2 * around, sum(writing.box.width + 2 * beside for writing in row) + 2 * around, 3)
    line = np.empty(shape, np.float32)
    line[:] = paper
    pieces, at = [], around
    for writing, (dark, _) in zip(row, digits, strict=True):
        box, gain = writing.box, min(LINES.most_gain, darkest / max(float(dark.max()), 1.0))
        top, left = around + box.top - first, at + beside
        line[top : top + box.height, left : left + box.width] -= dark * gain
        pieces.append(_Piece(at, left + box.width + beside, left - box.left, around - first))
        at = left + box.width + beside
    return np.clip(line, 0, 255).astype(np.uint8), pieces


def _darkness(writing: CellWriting) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How much darker than its paper a digit is, and the paper's colour.

    Returns:
        float32, height × width × 3 of the digit's box: steps of red, green and blue, 0 beside its strokes; float32, 3.
    """
    box, corner, side = writing.box, writing.corner, 2 * LINES.soft_rim + 1
    rows = slice(box.top - corner[1], box.bottom - corner[1])
    part = writing.picture[rows, box.left - corner[0] : box.right - corner[0]].astype(np.float32)
    own = cv2.dilate((writing.cutting.strip.labels > 0).astype(np.uint8), np.ones((side, side), np.uint8)) > 0
    paper = np.median(part[~own] if not own.all() else writing.picture.reshape(-1, 3), axis=0).astype(np.float32)
    return np.where(own[:, :, None], np.maximum(paper - part, 0), 0).astype(np.float32), paper
