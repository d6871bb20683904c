"""A network of lines, run by LiteRT: lines of one height in, for each frame of a line its scores out.

The networks of strings and of fields are such (`ml.reading.recognisers.transcribe`), the one that tells print from
handwriting, and the network of words.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

import cv2
import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from ml.reading.ink.lines import FRAME, as_line, padded_width
from ml.reading.recognisers.constants import BATCHES
from ml.reading.recognisers.ctc import LogChances, log_softmax

WORDS_HEIGHT, WIDEST_WORDS = 48, 1536
"""Height of a line for the network of words, and its most width, in pixels. A longer line is narrowed."""


@dataclass(frozen=True, slots=True, eq=False)
class LineNetwork:
    """A trained network of lines, loaded once; safe to share between threads.

    Attributes:
        sha256: Hex digest of the network's file.
    """

    sha256: str
    _interpreter: Any = field(repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    @classmethod
    def load(cls, network: Path) -> LineNetwork:
        """Load a network and its card (the same name with `.json`).

        Raises:
            ValueError: The file is not the one its card describes.
        """
        card = json.loads(network.with_suffix(".json").read_text("utf-8"))
        loaded = cls.from_bytes(network.read_bytes())
        if loaded.sha256 != card["sha256"]:
            raise ValueError(f"{network.name} is not the network its card describes: SHA-256 {loaded.sha256}")
        return loaded

    @classmethod
    def from_bytes(cls, network: bytes) -> LineNetwork:
        """Load a network without a card."""
        return cls(hashlib.sha256(network).hexdigest(), Interpreter(model_content=network, num_threads=1))

    def scores(self, lines: Sequence[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        """Run lines, in batches of similar width.

        Args:
            lines: Each float32, height × width, from `ml.reading.ink.lines`, of the height that the network takes.

        Returns:
            For each line float32, frames × classes, in the same order: a frame of paper, the line's own, and one more.
        """
        order = sorted(range(len(lines)), key=lambda index: lines[index].shape[1])
        found: dict[int, NDArray[np.float32]] = {}
        for start in range(0, len(order), BATCHES.lines):
            batch = order[start : start + BATCHES.lines]
            with self._lock:
                scores = self._run([lines[index] for index in batch])
            for index, frames in zip(batch, scores, strict=True):
                # What lies beyond the line's end is padding.
                found[index] = frames[: -(-(lines[index].shape[1] + 2 * FRAME) // FRAME)]
        return [found[index] for index in range(len(lines))]

    def _run(self, lines: list[NDArray[np.float32]]) -> NDArray[np.float32]:
        """One run: lines to float32, lines × frames × classes; a frame of paper goes before each line."""
        width = padded_width(max(line.shape[1] for line in lines) + 2 * FRAME)
        pixels = np.zeros((len(lines), len(lines[0]), width, 1), np.float32)
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


def print_chances(network: LineNetwork, lines: Sequence[NDArray[np.float32]]) -> list[float]:
    """The probability, 0 to 1, that a machine printed each line.

    Args:
        network: For each frame it gives the log-odds that the frame was printed.
        lines: Each float32, 32 × width, from `ml.reading.ink.lines`.
    """
    means = [float(frames[1:-1, 0].mean()) for frames in network.scores(lines)]
    return [float(1 / (1 + np.exp(-mean))) for mean in means]


def letters(network: LineNetwork, pictures: Sequence[NDArray[np.uint8]]) -> list[LogChances]:
    """Read lines of words, over `ml.reading.forms.signs.WORD_SIGNS`.

    Args:
        network: The network of words.
        pictures: Each uint8, height × width × 3, RGB.

    Returns:
        For each float64, frames × 39, logarithms of probabilities, the blank last.
    """
    greys = (cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.uint8) for picture in pictures)
    lines = [as_line(grey, WORDS_HEIGHT, WIDEST_WORDS) for grey in greys]
    return [log_softmax(scores) for scores in network.scores(lines)]
