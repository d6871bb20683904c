"""The networks of strings: lines of 32 pixels' height in, transcripts without segmentation out, by LiteRT."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Hypothesis
from ml.reading.ink.lines import FRAME
from ml.reading.recognisers.ctc import LogChances, digit_chances, log_probabilities, log_softmax, n_best, spans
from ml.reading.recognisers.line_network import LineNetwork

_VANISHING = 1e-200
"""The logarithm of a smaller probability would not be exact."""


@dataclass(frozen=True, slots=True, eq=False)
class Transcript:
    """What a recogniser made of a line.

    Attributes:
        frames: float64, frames × classes: for each frame the logarithms of the probabilities of 0 to 9, of the other
            signs if the network knows them, and of the blank, last.
        hypotheses: The n-best; never empty, but the text of the best may be.
        over_signs: Of the second reader's transcript over digits alone: its frames over the signs of fields.
    """

    frames: LogChances
    hypotheses: tuple[Hypothesis, ...]
    over_signs: LogChances | None = None

    @classmethod
    def of(cls, frames: LogChances, count: int | None = None) -> Transcript:
        """Decode frames into `count` hypotheses at most; None for `CTC.n_best`."""
        return cls(frames, tuple(n_best(frames, count)))

    @property
    def text(self) -> str:
        """The best hypothesis' text."""
        return self.hypotheses[0].text

    @property
    def probability(self) -> float:
        """The network's probability, 0 to 1, that the best hypothesis is right as a whole."""
        return self.hypotheses[0].probability

    def log_probabilities(self, values: Sequence[str]) -> NDArray[np.float64]:
        """The probability of each of some values: float64, logarithms; minus infinity where the line is too short."""
        known = {one.text: math.log(one.probability) for one in self.hypotheses if one.probability > _VANISHING}
        unknown = [value for value in values if value not in known]
        if unknown:
            known.update(zip(unknown, log_probabilities(self.frames, unknown).tolist(), strict=True))
        return np.array([known[value] for value in values])

    def chances(self, value: str) -> NDArray[np.float64]:
        """For each digit of a value the probability of 0 to 9 in its place, and of nothing: float64, digits × 11."""
        return digit_chances(self.frames, value)

    def spans(self, value: str) -> list[tuple[int, int]]:
        """For each sign of a value its first pixel of the line and its last, exclusive.

        Raises:
            ValueError: The line is too short for the value.
        """
        # A frame of paper goes before each line.
        return [(FRAME * (first - 1), FRAME * (last - 1)) for first, last in spans(self.frames, value)]


@dataclass(frozen=True, slots=True, eq=False)
class Transcriber:
    """A network of strings or of fields.

    Attributes:
        network: For each frame of a line it gives the scores of all signs, and of the blank.
    """

    network: LineNetwork

    @classmethod
    def load(cls, network: Path) -> Transcriber:
        """Load a network and its card (the same name with `.json`).

        Raises:
            ValueError: The file is not the one its card describes.
        """
        return cls(LineNetwork.load(network))

    @classmethod
    def from_bytes(cls, network: bytes) -> Transcriber:
        """Load a network without a card."""
        return cls(LineNetwork.from_bytes(network))

    @property
    def sha256(self) -> str:
        """Hex digest of the network's file."""
        return self.network.sha256

    def transcribe(self, lines: Sequence[NDArray[np.float32]], count: int | None = None) -> list[Transcript]:
        """Read lines.

        Args:
            lines: Each float32, 32 × width, from `ml.reading.ink.lines`.
            count: Hypotheses of each, at most; None for `CTC.n_best`.

        Returns:
            One transcript for each line, in the same order.
        """
        return [Transcript.of(log_softmax(frames), count) for frames in self.network.scores(lines)]
