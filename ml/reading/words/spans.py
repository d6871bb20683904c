"""Every word of a language against every stretch of a line, at once.

A word's spellings are the paths of a tree of letters. At each of its nodes a table holds, for each first frame and each
number of frames, the best logarithm of reading the letters up to there. One letter more is two running maxima over the
number of frames: no loop goes over frames. A running maximum stands for the sum over paths (Viterbi's approximation).
A doubled letter needs no blank between, since a missing blank is a common mistake.

Source: H. Ney, "The use of a one-stage dynamic programming algorithm for connected word recognition", 1984.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.reading.words.alphabet import indices
from ml.reading.words.constants import NOISE, SEARCH
from ml.reading.words.noise import Tolerant, missing

NEVER = np.float32(-1e9)
"""In place of minus infinity, from which nothing can be subtracted."""


@dataclass(frozen=True, slots=True)
class Level:
    """All nodes of the tree at one depth.

    Attributes:
        parents: int64, for each node the place of its parent among the nodes one level above.
        letters: int64, for each node its letter's class.
        ends: For each spelling that ends here its number, and its node.
    """

    parents: NDArray[np.int64]
    letters: NDArray[np.int64]
    ends: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words with their spellings, as a tree of letters.

    Attributes:
        spellings: All, word after word.
        costs: float32, nats: what each spelling costs.
        firsts: int64, for each word the number of its first spelling.
        levels: Of the tree, the first letters first.
    """

    spellings: tuple[str, ...]
    costs: NDArray[np.float32]
    firsts: NDArray[np.int64]
    levels: tuple[Level, ...]

    @classmethod
    def of(cls, words: Sequence[Mapping[str, float]]) -> Vocabulary:
        """The tree of words, each with the costs of its spellings.

        Raises:
            ValueError: A word has no spelling, an empty one, or one with a sign outside the alphabet.
        """
        if not all(words) or any("" in word for word in words):
            raise ValueError("each word has a spelling, and no spelling is empty")
        spellings = tuple(spelling for word in words for spelling in word)
        costs = np.array([cost for word in words for cost in word.values()], np.float32)
        firsts = np.cumsum([0, *(len(word) for word in words[:-1])]).astype(np.int64)
        return cls(spellings, costs, firsts, tuple(_levels(spellings)))

    def of_word(self, word: int) -> range:
        """The numbers of a word's spellings."""
        after = self.firsts[word + 1] if word + 1 < len(self.firsts) else len(self.spellings)
        return range(int(self.firsts[word]), int(after))


def _levels(spellings: Sequence[str]) -> list[Level]:
    written = [spelling.replace(" ", "") for spelling in spellings]
    levels, above = [], {"": 0}
    for depth in range(1, max(map(len, written), default=0) + 1):
        heads = sorted({text[:depth] for text in written if len(text) >= depth})
        here = {head: node for node, head in enumerate(heads)}
        ends = tuple((number, here[text]) for number, text in enumerate(written) if len(text) == depth)
        parents = np.array([above[head[:-1]] for head in heads], np.int64)
        letters = np.array([indices(head[-1])[0] for head in heads], np.int64)
        levels.append(Level(parents, letters, ends))
        above = here
    return levels


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """What each word costs on each stretch of a line.

    Attributes:
        frames: How many the line has.
        words: float32, words × (frames + 1) × lengths: the best logarithm with which the word stands on the frames up
            to the second index, as many as the third says. Frames that are passed over before the word are in it.
        spellings: float32, the same for each spelling.
    """

    frames: int
    words: NDArray[np.float32]
    spellings: NDArray[np.float32]

    @classmethod
    def of(cls, tolerant: Tolerant, vocabulary: Vocabulary) -> Spans:
        """Hold a vocabulary against a line."""
        frames = len(tolerant.stray)
        lengths = min(SEARCH.longest, frames) + 1
        # Stretches that run over the line's end are computed too, as if no frame came; they are dropped below.
        reach = np.minimum(np.arange(frames + 1)[:, None] + np.arange(lengths), frames)
        passed = _sums(tolerant.stray[:, None])[reach][:, :, 0]
        shown = np.moveaxis(_sums(tolerant.signs)[reach], -1, 0).copy()
        begun = (passed - passed[:, :1])[None]
        by_start = np.empty((len(vocabulary.spellings), frames + 1, lengths), np.float32)
        for level in vocabulary.levels:
            begun = _one_letter_more(begun[level.parents], shown[level.letters], passed, missing()[level.letters])
            for number, node in level.ends:
                by_start[number] = begun[node]
        ends, taken = np.arange(frames + 1)[:, None], np.arange(lengths)
        spellings = by_start[:, np.maximum(ends - taken, 0), taken]
        spellings -= vocabulary.costs[:, None, None]
        spellings[:, ends < taken] = NEVER
        words = np.maximum.reduceat(spellings, vocabulary.firsts)
        np.maximum(words[:, :, 0], np.float32(-NOISE.lost), out=words[:, :, 0])
        return cls(frames, words, spellings)


def _sums(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Sums over the frames before each, frames + 1 × columns."""
    return np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0, dtype=np.float64)]).astype(
        np.float32
    )


def _one_letter_more(
    before: NDArray[np.float32],
    shown: NDArray[np.float32],
    passed: NDArray[np.float32],
    missing_letter: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Add one letter to each of some beginnings of words.

    Args:
        before: float32, nodes × starts × lengths: the best logarithms without the letter.
        shown: float32, of the same shape: sums of the letter's logarithms.
        passed: float32, starts × lengths: sums of the logarithms of frames that are passed over.
        missing_letter: float32, one for each node: the cost of a letter that no frame shows.
    """
    # The letter takes one frame or more...
    entered = np.maximum.accumulate(before - shown, axis=2)
    after = np.full_like(before, NEVER)
    np.add(entered[:, :, :-1], shown[:, :, 1:], out=after[:, :, 1:])
    # ... then frames may be passed over. Or no frame shows the letter.
    after -= passed
    np.maximum.accumulate(after, axis=2, out=after)
    after += passed
    np.maximum(after, before - missing_letter[:, None, None], out=after)
    return after
