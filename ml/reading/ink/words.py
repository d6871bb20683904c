"""Marks of writing put together to words, and words to lines, by their boxes alone.

In go boxes in pixels of a zone's picture. Out come boxes of words, lines of words and runs of neighbouring words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce

from ml.reading.elements import Box
from ml.reading.ink.constants import WORDS


def words_of(tall: Sequence[Box], low: Sequence[Box]) -> tuple[Box, ...]:
    """Words from the left, with the dots and dashes beside them.

    Args:
        tall: Marks as tall as writing.
        low: Dots and dashes.
    """
    return tuple(_joined(_with_low_marks(_joined(tall), low)))


def lines_of(words: Sequence[Box]) -> list[list[Box]]:
    """Words grouped by the line that they stand on, each line from the left."""
    lines: list[list[Box]] = []
    for word in sorted(words, key=lambda box: box.left):
        # A mark between words may stand so low that the next word is level only with the words before it.
        level = [line for line in lines if any(_on_one_line(last, word) for last in line[-WORDS.last_words :])]
        near = [line for line in level if not _too_far(line[-1], word)]
        if level:
            max(near or level, key=lambda line: _height_ratio(line[-1], word)).append(word)
        else:
            lines.append([word])
    return lines


def runs_of(line: list[Box]) -> Iterator[Box]:
    """A box around each run of neighbouring words of a line that are not too far apart.

    Args:
        line: Words from the left, of `lines_of`.
    """
    for first in range(len(line)):
        run = [line[first]]
        yield line[first]
        for word in line[first + 1 : first + WORDS.most_words]:
            if _too_far(run[-1], word):
                break
            run.append(word)
            yield reduce(Box.union, run)


def _joined(boxes: Sequence[Box]) -> list[Box]:
    """Boxes from the left; those that stand beside each other become one."""
    joined: list[Box] = []
    for box in sorted(boxes, key=lambda box: box.left):
        grown = box
        for neighbour in [before for before in joined if _beside(before, grown)]:
            joined.remove(neighbour)
            grown = neighbour.union(grown)
        joined.append(grown)
    return joined


def _beside(first: Box, second: Box) -> bool:
    """Whether two boxes stand on one line, with a gap no wider than within a word."""
    return _on_one_line(first, second) and _gap(first, second) <= WORDS.word_gap * min(first.height, second.height)


def _gap(first: Box, second: Box) -> int:
    """Pixels between two boxes from left to right; below 0 where they overlap."""
    return max(first.left, second.left) - min(first.right, second.right)


def _on_one_line(first: Box, second: Box) -> bool:
    lower, higher = sorted((first.height, second.height))
    overlap = min(first.bottom, second.bottom) - max(first.top, second.top)
    return overlap >= WORDS.overlap * lower and lower >= WORDS.like * higher


def _height_ratio(first: Box, second: Box) -> float:
    """The lower height over the higher one. A label or a dot on a word's line has a small one."""
    return min(first.height, second.height) / max(first.height, second.height)


def _with_low_marks(words: list[Box], low: Sequence[Box]) -> list[Box]:
    """Words grown by the dots and dashes beside them."""
    grown = list(words)
    for mark in sorted(low, key=lambda box: box.left):
        for place, word in enumerate(grown):
            if _belongs_to(mark, word):
                grown[place] = word.union(mark)
                break
    return grown


def _belongs_to(mark: Box, word: Box) -> bool:
    """Whether a dot or a dash is level with a word and near it."""
    highest, lowest = word.top - WORDS.low_above * word.height, word.bottom + WORDS.low_below * word.height
    return highest <= (mark.top + mark.bottom) / 2 <= lowest and _gap(word, mark) <= WORDS.near * word.height


def _too_far(word: Box, following: Box) -> bool:
    """Whether a word begins too far behind another to be on its line."""
    return following.left - word.right > WORDS.line_gap * max(word.height, following.height)
