"""The line on which an amount stands in words: a zone in, pictures of its written line out.

Boxes are in pixels of the zone's picture.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box
from ml.reading.ink.words import lines_of
from ml.reading.ink.zones import Zone
from ml.reading.words.constants import LINE
from ml.reading.words.fractions import Standing, find_fractions, set_level


@dataclass(frozen=True, slots=True, eq=False)
class WordsLine:
    """A written line of an amount in words.

    Attributes:
        box: Around its words, without fractions that stand higher or lower.
        with_room: Around all that its pictures show.
        looks: Pictures of it with room around, each uint8, height × width × 3, RGB: as it is, and its ink alone.
        another: Another line of the zone that may be a part of the amount; None where there is none.
    """

    box: Box
    with_room: Box
    looks: tuple[NDArray[np.uint8], ...]
    another: WordsLine | None = None


def find_words_line(zone: Zone, figures: Box | None = None) -> WordsLine | None:
    """Find the line with most writing in a zone; None where there is none.

    What is printed beside the amount may be on the line: its letters are passed over when it is read.

    Args:
        zone: Around the line, with what else stands there.
        figures: Where the same amount stands in figures, in pixels of the page; it is no part of the line.
    """
    inside, _ = _whole_and_cut(zone, figures)
    line = max(lines_of(inside), key=_written, default=[])
    if not line:
        return None
    ink = _ink_alone(zone.clean, zone.per_mm)[:, :, 0] < LINE.ink
    found, left = _line_in(zone, ink, line, inside)
    other = max(lines_of(left), key=_written, default=[])
    if _written(other) < LINE.another * _written(line):
        return found
    return replace(found, another=_line_in(zone, ink, other, left)[0])


def cuts_writing(zone: Zone, figures: Box | None) -> bool:
    """Whether the upper or the lower edge of a zone cuts a line with more writing than the one that is found in it.

    Args:
        zone: Around the line of words.
        figures: As for `find_words_line`.
    """
    whole, cut = (max(map(_written, lines_of(words)), default=0) for words in _whole_and_cut(zone, figures))
    return whole < cut


def _whole_and_cut(zone: Zone, figures: Box | None) -> tuple[list[Box], list[Box]]:
    """The words of a zone that may be of the amount, and those that its edge left of another line; frames are neither.

    Args:
        zone: Around the line of words.
        figures: As for `find_words_line`.
    """
    height = zone.picture.shape[0]
    words = [word for word in zone.words if not (word.height >= LINE.tallest * height and word.width < word.height)]
    if figures is not None:
        words = [word for word in words if not _has_middle_in(zone.on_page(word), figures)]
    cut = [word for word in words if _is_of_another_line(word, height)]
    return [word for word in words if word not in cut], cut


def _line_in(zone: Zone, ink: NDArray[np.bool_], line: list[Box], inside: list[Box]) -> tuple[WordsLine, list[Box]]:
    """A line with what stands beside its words, and the words that are not on it.

    Args:
        zone: Around the line.
        ink: bool, height × width of the zone's picture, without rules.
        line: Its words, from the left.
        inside: All words that may be of the amount, these among them.
    """
    height, width = zone.picture.shape[:2]
    # A word that hangs together with another line, or with print, is higher than it is written.
    top, bottom = _level(line, [word.top for word in line]), _level(line, [word.bottom for word in line])
    beside_them = [word for word in inside if top <= (word.top + word.bottom) / 2 <= bottom]
    box = reduce(Box.union, [*line, *beside_them])
    box = Box(box.left, top, box.right, bottom)
    tall = float(np.median([word.height for word in line]))
    beside, above = round(LINE.beside * tall), round(LINE.above * tall)
    top, bottom = max(0, box.top - above), min(height, box.bottom + above)
    left, right = max(0, box.left - beside), min(width, box.right + beside)
    fractions = find_fractions(ink, inside, beside_them or line, Standing(box, tall))
    taken = [fraction.box for fraction in fractions]
    right = min(width, max([right, *(part.right + beside for part in taken)]))
    picture = set_level(zone.picture, (top, bottom), (left, right), fractions, Standing(box, tall))
    looks = picture, _ink_alone(picture, zone.per_mm)
    used = [*line, *beside_them]
    others = [word for word in inside if word not in used and not any(_has_middle_in(word, part) for part in taken)]
    return WordsLine(box, reduce(Box.union, [Box(left, top, right, bottom), *taken]), looks), others


def _written(line: list[Box]) -> int:
    """How much stands on a line: the widths of its words, in pixels."""
    return sum(word.width for word in line)


def _ink_alone(picture: NDArray[np.uint8], per_mm: float) -> NDArray[np.uint8]:
    """The picture without its paper's tint and pattern: uint8, height × width × 3, ink black on white.

    A pattern is paler than writing, in the colour that the ink takes most of. So of the darkest colour of each pixel,
    only what is much darker than the paper around it stays.

    Args:
        picture: uint8, height × width × 3, RGB.
        per_mm: Pixels a millimetre.
    """
    darkest = picture.min(axis=2).astype(np.float32)
    around = max(1, round(LINE.around * per_mm))
    depth = cv2.blur(darkest, (around, around)) - darkest
    share = depth / max(LINE.least_depth, float(np.quantile(depth, LINE.full)))
    ink = np.clip((share - LINE.paper) / (1 - LINE.paper), 0, 1)
    return np.repeat((255 * (1 - ink)).astype(np.uint8)[:, :, None], 3, axis=2)


def _has_middle_in(word: Box, other: Box) -> bool:
    across, down = (word.left + word.right) / 2, (word.top + word.bottom) / 2
    return other.left <= across <= other.right and other.top <= down <= other.bottom


def _level(line: list[Box], sides: list[int]) -> int:
    """The usual place of the upper or lower sides of words, each as often as it is wide."""
    order = np.argsort(sides)
    weight = np.cumsum([line[at].width for at in order])
    return int(sides[order[int(np.searchsorted(weight, weight[-1] / 2))]])


def _is_cut(word: Box, height: int) -> bool:
    """Whether the upper or the lower edge of a zone of this height cuts through a word."""
    return word.top <= 1 or word.bottom >= height - 1


def _is_of_another_line(word: Box, height: int) -> bool:
    """Whether a word is what an edge of a zone of this height left of a line above or below."""
    middle = (word.top + word.bottom) / 2 / height
    return _is_cut(word, height) and not LINE.near_edge <= middle <= 1 - LINE.near_edge
