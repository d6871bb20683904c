"""How well a network of words reads lines: greedy texts beside the true ones."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.reading.ink.lines import FRAME
from ml.reading.recognisers.line_network import WORDS_HEIGHT, LineNetwork
from ml.reading.words.alphabet import SIGNS
from ml.training.words.lines import WordLine

_LONG = 1280
"""Pixels of the line by which the time is told."""


@dataclass(frozen=True, slots=True)
class Errors:
    """What was counted.

    Attributes:
        letters: Signs of the true texts.
        letters_wrong: Signs to put in, take out or change until the texts are the true ones.
        right: Lines without an error.
        milliseconds: Time for a line of 1,280 pixels, one thread.
    """

    letters: int
    letters_wrong: int
    right: int
    milliseconds: float


class Greedy:
    """A network that names the likeliest sign of each frame."""

    def __init__(self, network: bytes) -> None:
        self._network = LineNetwork.from_bytes(network)

    def scores(self, line: NDArray[np.float32]) -> NDArray[np.float32]:
        """A line, float32, 48 × width, to its frames' scores, float32, frames × classes."""
        return self._network.scores([line])[0]

    def text(self, line: NDArray[np.float32], *, spaced: bool = False) -> str:
        """The text of a line; `spaced`: with a space where nothing is written for more than eight frames."""
        text, before, since = "", len(SIGNS), 0
        for best in self.scores(line).argmax(axis=-1).tolist():
            since += 1
            if best not in (before, len(SIGNS)):
                text += (" " if spaced and text and since > 8 else "") + SIGNS[best]
            if best != len(SIGNS):
                since = 0
            before = best
        return text


def errors(network: bytes, lines: Sequence[WordLine]) -> Errors:
    """Count errors on lines."""
    reader, letters, wrong, right = Greedy(network), 0, 0, 0
    for line in lines:
        lost = distance(reader.text(line.unpacked()), line.text)
        letters, wrong, right = letters + len(line.text), wrong + lost, right + (lost == 0)
    empty = np.zeros((WORDS_HEIGHT, _LONG - 2 * FRAME), np.float32)
    reader.scores(empty)
    started = time.perf_counter()
    for _ in range(10):
        reader.scores(empty)
    return Errors(letters, wrong, right, 100 * (time.perf_counter() - started))


def distance(text: str, truth: str) -> int:
    """The least number of signs to put in, take out or change (Levenshtein)."""
    row = list(range(len(truth) + 1))
    for at, sign in enumerate(text, 1):
        before, row[0] = row[0], at
        for place, other in enumerate(truth, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (sign != other))
    return row[-1]
