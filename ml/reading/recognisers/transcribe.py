"""The networks of strings: lines of 32 pixels' height in, transcripts without segmentation out, by LiteRT."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from ml.reading.elements import Hypothesis
from ml.reading.ink.lines import FRAME, LINE_HEIGHT, padded_width
from ml.reading.recognisers.constants import BATCHES
from ml.reading.recognisers.ctc import LogChances, digit_chances, log_probabilities, log_softmax, n_best, spans

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
    """A trained network of strings, loaded once; safe to share between threads.

    Attributes:
        sha256: Hex digest of the network's file.
    """

    sha256: str
    _interpreter: Any = field(repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    @classmethod
    def load(cls, network: Path) -> Transcriber:
        """Load a network and its card (the same name with `.json`).

        Raises:
            ValueError: The file is not the one its card describes.
        """
        card = json.loads(network.with_suffix(".json").read_text("utf-8"))
        transcriber = cls.from_bytes(network.read_bytes())
        if transcriber.sha256 != card["sha256"]:
            raise ValueError(f"{network.name} is not the network its card describes: SHA-256 {transcriber.sha256}")
        return transcriber

    @classmethod
    def from_bytes(cls, network: bytes) -> Transcriber:
        """Load a network without a card."""
        interpreter = Interpreter(model_content=network, num_threads=1)
        return cls(hashlib.sha256(network).hexdigest(), interpreter)

    def transcribe(self, lines: Sequence[NDArray[np.float32]], count: int | None = None) -> list[Transcript]:
        """Read lines, in batches of similar width.

        Args:
            lines: Each float32, 32 × width, from `ml.reading.ink.lines`.
            count: Hypotheses of each, at most; None for `CTC.n_best`.

        Returns:
            One transcript for each line, in the same order.
        """
        order = sorted(range(len(lines)), key=lambda index: lines[index].shape[1])
        transcripts: dict[int, Transcript] = {}
        size = BATCHES.lines
        for start in range(0, len(order), size):
            batch = order[start : start + size]
            with self._lock:
                scores = self._run([lines[index] for index in batch])
            for index, frames in zip(batch, scores, strict=True):
                # What lies beyond the line's end is padding.
                written = frames[: -(-(lines[index].shape[1] + 2 * FRAME) // FRAME)]
                transcripts[index] = Transcript.of(log_softmax(written), count)
        return [transcripts[index] for index in range(len(lines))]

    def _run(self, lines: list[NDArray[np.float32]]) -> NDArray[np.float32]:
        """One run: lines to float32, lines × frames × classes; a frame of paper goes before each line."""
        width = padded_width(max(line.shape[1] for line in lines) + 2 * FRAME)
        pixels = np.zeros((len(lines), LINE_HEIGHT, width, 1), np.float32)
        for row, line in enumerate(lines):
            pixels[row, :, FRAME : FRAME + line.shape[1], 0] = line
        entry = self._interpreter.get_input_details()[0]
        if tuple(entry["shape"]) != pixels.shape:
            self._interpreter.resize_tensor_input(entry["index"], pixels.shape)
            self._interpreter.allocate_tensors()
        self._interpreter.set_tensor(entry["index"], pixels)
        self._interpreter.invoke()
        scores: NDArray[np.float32] = self._interpreter.get_tensor(self._interpreter.get_output_details()[0]["index"])
        return scores[:, 0].copy()
