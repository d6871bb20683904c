"""Fractions of a written line set level: cents that stand over a stroke, or above the line, come to stand on it.

A recogniser of lines reads from left to right. Of "50" over "100" it sees a blot, and what is raised above a line is
cut off its picture. Boxes are in pixels of the zone's picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box
from ml.reading.ink.words import lines_of
from ml.reading.words.constants import FRACTIONS


@dataclass(frozen=True, slots=True)
class Fraction:
    """A fraction on a line.

    Attributes:
        box: The part of the line that it takes, from top to bottom.
        parts: Around the cents, and around the whole where that stands below a stroke.
    """

    box: Box
    parts: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the writing of a line stands.

    Attributes:
        box: Around its words, from their usual top to their usual bottom.
        tall: Usual height of a word.
    """

    box: Box
    tall: float

    @property
    def end(self) -> float:
        """Where a fraction behind the last word begins at the latest, in pixels."""
        return self.box.right + FRACTIONS.behind * self.tall


def find_fractions(
    ink: NDArray[np.bool_], words: Sequence[Box], level: Sequence[Box], line: Standing
) -> list[Fraction]:
    """Fractions of a line, or behind it, from the left; none overlaps another.

    Args:
        ink: bool, height × width of the zone's picture, without rules.
        words: All words of the zone that may be of the amount.
        level: Those of them that stand on the line; at least one.
        line: The line.
    """
    found: list[Fraction] = []
    high = [word for word in words if word not in level]
    for fraction in [*_stacked(ink, line), *_raised(ink, high, level, line)]:
        if all(fraction.box.right <= one.box.left or one.box.right <= fraction.box.left for one in found):
            found.append(fraction)
    return sorted(found, key=lambda one: one.box.left)


def _stacked(ink: NDArray[np.bool_], line: Standing) -> Iterator[Fraction]:
    """Fractions with a level stroke between their parts."""
    tall, box = line.tall, line.box
    shortest = max(3, round(FRACTIONS.shortest * tall)) | 1  # an even kernel would move what it leaves
    strokes = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_OPEN, np.ones((1, shortest), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(strokes)
    beside, reach = round(FRACTIONS.beside * tall), round(FRACTIONS.reach * tall)
    for left, top, width, height, _ in stats[1:count].tolist():
        is_stroke = height <= FRACTIONS.thickest * tall and width <= FRACTIONS.longest * tall
        if not is_stroke or not box.top <= top + height / 2 <= box.bottom or not box.left < left <= line.end:
            continue
        first, last, bottom = max(0, left - beside), min(ink.shape[1], left + width + beside), top + height
        upper = _nearest(ink[max(0, top - reach) : top, first:last][::-1], tall)
        lower = _nearest(ink[bottom : bottom + reach, first:last], tall)
        if upper is None or lower is None:
            continue
        # A pale digit may be missing from the ink, so the parts are as wide as the stroke.
        above = Box(first, top - upper[1], last, top - upper[0])
        below = Box(first, bottom + lower[0], last, bottom + lower[1])
        whole = above.union(below)
        if whole.height >= FRACTIONS.least_high * tall and _is_apart(ink, whole, line):
            yield Fraction(whole, (above, below))


def _nearest(ink: NDArray[np.bool_], tall: float) -> tuple[int, int] | None:
    """The first row of the digits that stand nearest to a stroke, and the row behind their last.

    Args:
        ink: bool, height × width: what is on one side of the stroke, the rows next to it first.
        tall: Usual height of a word.

    Returns:
        None where nothing is there that is as high and as wide as digits, or where its ink goes on beside: there it
        would be cut.
    """
    rows = np.flatnonzero(ink.any(axis=1))
    if not len(rows) or rows[0] > FRACTIONS.near * tall:
        return None
    apart = np.flatnonzero(np.diff(rows) > max(1, FRACTIONS.line_gap * tall))
    first, last = int(rows[0]), int(rows[apart[0]] if len(apart) else rows[-1]) + 1
    columns = np.flatnonzero(ink[first:last].any(axis=0))
    is_cut = columns[0] == 0 or columns[-1] == ink.shape[1] - 1
    wide = columns[-1] + 1 - columns[0]
    is_number = last - first >= FRACTIONS.lowest * tall and wide >= FRACTIONS.narrowest * ink.shape[1]
    return (first, last) if is_number and not is_cut else None


def _is_apart(ink: NDArray[np.bool_], fraction: Box, line: Standing) -> bool:
    """Whether no letter stands right beside a fraction: it is a word of its own."""
    gap = max(2, round(FRACTIONS.apart * line.tall))
    level = ink[line.box.top : line.box.bottom]
    beside = level[:, max(0, fraction.left - gap) : fraction.left], level[:, fraction.right : fraction.right + gap]
    return all(side.any(axis=1).sum() < FRACTIONS.lowest * line.tall for side in beside)  # a speck is no letter


def _raised(ink: NDArray[np.bool_], words: Sequence[Box], level: Sequence[Box], line: Standing) -> Iterator[Fraction]:
    """Short pieces of writing that stand in a gap of a line or behind it, higher than the line.

    Args:
        ink: bool, height × width of the zone's picture, without rules.
        words: Those that do not stand on the line.
        level: Those that do.
        line: The line.
    """
    tall, top = line.tall, line.box.top
    for pieces in lines_of(words):
        box = reduce(Box.union, pieces)
        is_high = (box.top + box.bottom) / 2 < top and box.bottom >= top - FRACTIONS.drop * tall
        is_short = box.height <= FRACTIONS.highest * tall and box.width <= FRACTIONS.widest * tall
        is_behind = min(word.right for word in level) < box.left <= line.end
        is_free = all(min(box.right, word.right) <= max(box.left, word.left) for word in level)
        if is_high and is_short and is_behind and is_free and ink[box.top : box.bottom, box.left : box.right].any():
            yield Fraction(box, (_digits(ink, box),))


def _digits(ink: NDArray[np.bool_], word: Box) -> Box:
    """The rows of a word, in pixels of the zone, in which most of its ink stands: a slash reaches beyond its digits."""
    covered = ink[word.top : word.bottom, word.left : word.right].sum(axis=1)
    rows = np.flatnonzero(covered >= FRACTIONS.covered * covered.max())
    return Box(word.left, word.top + int(rows[0]), word.right, word.top + int(rows[-1]) + 1)


def set_level(
    picture: NDArray[np.uint8],
    rows: tuple[int, int],
    columns: tuple[int, int],
    fractions: Sequence[Fraction],
    line: Standing,
) -> NDArray[np.uint8]:
    """A part of the zone's picture, with its fractions on the line, each "50/100".

    Args:
        picture: uint8, height × width × 3, RGB: the zone's.
        rows: The part's first row, and the one behind its last.
        columns: The same of its columns.
        fractions: From the left; none overlaps another. One that leaves the columns is left as it is.
        line: The line.

    Returns:
        uint8, of the part's height, and as wide as it becomes.
    """
    pieces, at = list[NDArray[np.uint8]](), columns[0]
    strip = picture[rows[0] : rows[1]]
    for fraction in fractions:
        if fraction.box.left < columns[0] or fraction.box.right > columns[1]:
            continue
        pieces += [strip[:, at : fraction.box.left], _written_level(picture, rows, fraction, line)]
        at = fraction.box.right
    return np.ascontiguousarray(np.concatenate([*pieces, strip[:, at : columns[1]]], axis=1))


def _written_level(
    picture: NDArray[np.uint8], rows: tuple[int, int], fraction: Fraction, line: Standing
) -> NDArray[np.uint8]:
    """A fraction as it would stand on the line: uint8, height of the rows × its width × 3."""
    box = fraction.box
    around = picture[rows[0] : rows[1], max(0, box.left - round(2 * line.tall)) : box.right + round(2 * line.tall)]
    paper = np.median(around.reshape(-1, 3), axis=0).astype(np.uint8)
    high = max(4, round(FRACTIONS.written * line.tall))
    parts = [_scaled(picture, part, high) for part in fraction.parts]
    gap = round(FRACTIONS.gap * line.tall)
    wide = sum(part.shape[1] for part in parts) + gap * (len(parts) + 1)
    level = np.broadcast_to(paper, (rows[1] - rows[0], wide, 3)).copy()
    foot, at = min(line.box.bottom - rows[0], len(level)), gap
    for number, part in enumerate(parts):
        if number:
            ink = tuple(int(value) for value in np.percentile(parts[0].reshape(-1, 3), FRACTIONS.darkness, axis=0))
            pen = max(1, round(FRACTIONS.pen * line.tall))
            cv2.line(level, (at - gap, foot), (at, max(0, foot - high)), ink, pen, cv2.LINE_AA)
        seen = part[-min(foot, high) :]
        area = level[foot - len(seen) : foot, at : at + part.shape[1]]
        np.minimum(area, seen, out=area)
        at += part.shape[1] + gap
    return level


def _scaled(picture: NDArray[np.uint8], part: Box, high: int) -> NDArray[np.uint8]:
    """A part of a picture, so many pixels high: uint8, `high` × width × 3."""
    body = picture[part.top : part.bottom, part.left : part.right]
    size = max(1, round(body.shape[1] * high / body.shape[0])), high
    return cv2.resize(body, size, interpolation=cv2.INTER_AREA if body.shape[0] > high else cv2.INTER_CUBIC).astype(
        np.uint8
    )
