"""Marks of writing put together to words, and words to lines, by where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce

from ml.reading.elements import Box

_WORD, _LINE = 0.8, 3.0
"""Marks are one word if no further apart than this, in heights of the lower; words one line, if no further apart than
that, in heights of the taller."""

_ON_ONE_LINE, _ALIKE = 0.5, 0.25
"""They stand on one line if they overlap by this share of the lower one's height, which is at least so high."""

_NEAR = 0.5
"""A dot or a dash belongs to a word that is so near, in the word's heights."""

_MOST_WORDS = 7
"""In a field."""


def words_of(tall: list[Box], low: list[Box]) -> tuple[Box, ...]:
    """Marks that belong together, with the dots and dashes beside them."""
    return tuple(_joined(_with_low(_joined(tall, _WORD), low), _WORD))


def lines_of(words: Sequence[Box]) -> list[list[Box]]:
    """Words that stand on one line, each line from the left."""
    lines: list[list[Box]] = []
    for word in sorted(words, key=lambda box: box.left):
        # A mark between words may stand so low that the next word is level only with those before it.
        level = [line for line in lines if any(_on_one_line(own, word) for own in line[-2:])]
        near = [line for line in level if not _too_far(line[-1], word)]
        if level:
            max(near or level, key=lambda line: _alike(line[-1], word)).append(word)
        else:
            lines.append([word])
    return lines


def runs_of(line: list[Box]) -> Iterator[Box]:
    """Around every run of neighbours that are not too far apart."""
    for first in range(len(line)):
        run = [line[first]]
        yield line[first]
        for word in line[first + 1 : first + _MOST_WORDS]:
            if _too_far(run[-1], word):
                break
            run.append(word)
            yield reduce(Box.union, run)


def _joined(boxes: list[Box], gap: float) -> list[Box]:
    """Boxes that stand beside each other made one, from the left."""
    joined: list[Box] = []
    for box in sorted(boxes, key=lambda box: box.left):
        grown = box
        for other in [one for one in joined if _beside(one, grown, gap)]:
            joined.remove(other)
            grown = other.union(grown)
        joined.append(grown)
    return joined


def _beside(one: Box, other: Box, gap: float) -> bool:
    apart = max(one.left, other.left) - min(one.right, other.right)
    return _on_one_line(one, other) and apart <= gap * min(one.height, other.height)


def _on_one_line(one: Box, other: Box) -> bool:
    lower, higher = sorted((one.height, other.height))
    overlap = min(one.bottom, other.bottom) - max(one.top, other.top)
    return overlap >= _ON_ONE_LINE * lower and lower >= _ALIKE * higher


def _alike(one: Box, other: Box) -> float:
    """How much two are of one height: a label or a dot may stand on a word's line too."""
    return min(one.height, other.height) / max(one.height, other.height)


def _with_low(words: list[Box], low: list[Box]) -> list[Box]:
    """Words grown by the dots and dashes beside them."""
    grown = list(words)
    for mark in sorted(low, key=lambda box: box.left):
        for place, word in enumerate(grown):
            level = word.top - 0.1 * word.height <= (mark.top + mark.bottom) / 2 <= word.bottom + 0.25 * word.height
            apart = max(word.left, mark.left) - min(word.right, mark.right)
            if level and apart <= _NEAR * word.height:
                grown[place] = word.union(mark)
                break
    return grown


def _too_far(word: Box, behind: Box) -> bool:
    """Whether a word stands too far behind another to belong to it."""
    return behind.left - word.right > _LINE * max(word.height, behind.height)
