"""Lines for training: a picture and its text in, packed as the networks of strings and of fields take it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.reading.ink.lines import as_line


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line as the network looks at it, with its text. Packed, since a round of training keeps a hundred thousand.

    Attributes:
        pixels: uint8, 32 × width: -0.5 to 1.2 as 0 to 255.
        text: Digits in order; for the network of fields with the signs between them.
    """

    pixels: NDArray[np.uint8]
    text: str

    @classmethod
    def of(cls, image: NDArray[np.uint8], text: str) -> Line:
        """Prepare a picture, uint8, height × width, as the reader does, and pack it."""
        return cls(((as_line(image) + 0.5) * (255 / 1.7)).round().astype(np.uint8), text)

    def unpacked(self) -> NDArray[np.float32]:
        """float32, 32 × width, paper 0.0 and ink 1.0."""
        return self.pixels.astype(np.float32) * np.float32(1.7 / 255) - np.float32(0.5)
