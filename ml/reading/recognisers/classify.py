"""The classifier of digits: glyphs of 28 × 28 pixels in, probabilities of 0 to 9 and of no digit out, by LiteRT."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from ml.reading.elements import GLYPH_SIDE, NO_DIGIT, Glyph
from ml.reading.recognisers.constants import BATCHES


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """A trained network, loaded once; safe to share between threads.

    Attributes:
        sha256: Hex digest of the network's file, checked against its card on loading.
    """

    sha256: str
    _interpreter: Any = field(repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    @classmethod
    def load(cls, network: Path) -> Classifier:
        """Load a network and its card (the same name with `.json`).

        Raises:
            ValueError: The file is not the one its card describes.
        """
        card = json.loads(network.with_suffix(".json").read_text("utf-8"))
        content = network.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        if sha256 != card["sha256"]:
            raise ValueError(f"{network.name} is not the network its card describes: SHA-256 {sha256}")
        interpreter = Interpreter(model_content=content, num_threads=1)
        interpreter.allocate_tensors()  # a first batch of the network's own shape would not allocate them
        return cls(sha256, interpreter)

    def classify(self, glyphs: Sequence[Glyph]) -> NDArray[np.float32]:
        """Classify glyphs, in batches of `BATCHES.glyphs`.

        Returns:
            float32, glyphs × 11, rows summing to 1: the probability of 0 to 9, and of no digit last.
        """
        probabilities = np.empty((len(glyphs), NO_DIGIT + 1), np.float32)
        size = BATCHES.glyphs
        with self._lock:
            for start in range(0, len(glyphs), size):
                batch = np.stack([glyph.pixels for glyph in glyphs[start : start + size]])
                probabilities[start : start + len(batch)] = self._run(batch[..., np.newaxis])
        return probabilities

    def _run(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """One run: float32, N × 28 × 28 × 1, ink 1.0, to float32, N × 11."""
        entry = self._interpreter.get_input_details()[0]
        if tuple(entry["shape"]) != batch.shape:
            self._interpreter.resize_tensor_input(entry["index"], (len(batch), GLYPH_SIDE, GLYPH_SIDE, 1))
            self._interpreter.allocate_tensors()
        self._interpreter.set_tensor(entry["index"], batch)
        self._interpreter.invoke()
        result: NDArray[np.float32] = self._interpreter.get_tensor(self._interpreter.get_output_details()[0]["index"])
        return result
