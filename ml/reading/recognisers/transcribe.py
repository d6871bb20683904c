"""What the network of whole strings makes of a line, through LiteRT: a reading without segmentation."""

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
from ml.reading.recognisers.ctc import (
    N_BEST,
    LogChances,
    digit_chances,
    log_probabilities,
    log_softmax,
    n_best,
    spans,
)

_VANISHING = 1e-200
"""Below, a probability is too near to nothing for its logarithm."""

_TOGETHER = 16
"""Lines to a run at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Transcript:
    """A line as a network of strings read it.

    Attributes:
        frames: float64, frames × classes: for each frame the logarithms of the probabilities of 0 to 9, of the other
            signs if the network knows them, and of the blank, last.
        hypotheses: The likeliest, best first; never empty, but the best may be of no digits.
    """

    frames: LogChances
    hypotheses: tuple[Hypothesis, ...]

    @classmethod
    def of(cls, frames: LogChances, count: int = N_BEST) -> Transcript:
        """What some frames say, in so many readings at most."""
        return cls(frames, tuple(n_best(frames, count)))

    @property
    def text(self) -> str:
        """Of the best reading."""
        return self.hypotheses[0].text

    @property
    def probability(self) -> float:
        """That the best reading is right as a whole, as far as the network knows."""
        return self.hypotheses[0].probability

    def log_probabilities(self, values: Sequence[str]) -> NDArray[np.float64]:
        """How likely each of some values is: float64, a logarithm each; minus infinity where the line is too short."""
        known = {own.text: math.log(own.probability) for own in self.hypotheses if own.probability > _VANISHING}
        others = [value for value in values if value not in known]
        if others:
            known.update(zip(others, log_probabilities(self.frames, others).tolist(), strict=True))
        return np.array([known[value] for value in values])

    def chances(self, value: str) -> NDArray[np.float64]:
        """For each digit of a value what may stand in its place: float64, digits × 11, nothing at all last."""
        return digit_chances(self.frames, value)

    def spans(self, value: str) -> list[tuple[int, int]]:
        """For each digit of a value its first pixel of the line and its last, exclusive.

        Raises:
            ValueError: The line is too short for the value.
        """
        # A frame of paper goes before each line.
        return [(FRAME * (first - 1), FRAME * (last - 1)) for first, last in spans(self.frames, value)]


@dataclass(frozen=True, slots=True, eq=False)
class Transcriber:
    """A trained network of strings, loaded once; safe to share between threads.

    Attributes:
        sha256: Of the network's file.
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
        """A network without a card."""
        interpreter = Interpreter(model_content=network, num_threads=1)
        return cls(hashlib.sha256(network).hexdigest(), interpreter)

    def transcribe(self, lines: Sequence[NDArray[np.float32]], count: int = N_BEST) -> list[Transcript]:
        """Read lines, those of like width together.

        Args:
            lines: Each float32, 32 × width, from `ml.reading.ink.lines`.
            count: Of readings of each, at most.
        """
        order = sorted(range(len(lines)), key=lambda index: lines[index].shape[1])
        found: list[Transcript | None] = [None] * len(lines)
        for start in range(0, len(order), _TOGETHER):
            own = order[start : start + _TOGETHER]
            with self._lock:
                scores = self._run([lines[index] for index in own])
            for index, frames in zip(own, scores, strict=True):
                # Beyond its own end a line is paper of our making.
                written = frames[: -(-(lines[index].shape[1] + 2 * FRAME) // FRAME)]
                found[index] = Transcript.of(log_softmax(written), count)
        return [transcript for transcript in found if transcript is not None]

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
