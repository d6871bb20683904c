"""The detector: a page in, boxes around its lines of text out, whatever they say.

RapidOCR's wheel brings it beside the second reader (PP-OCRv6 small, Apache-2.0). For each pixel it gives the
probability that it is in the core of a line (M. Liao et al., "Real-time scene text detection with differentiable
binarization", 2020). Cores are grown by as much as they were shrunk in training.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box
from ml.reading.numbers.constants import DETECTOR
from ml.reading.recognisers.second_reader import load_from_wheel

_NETWORK = "PP-OCRv6_det_small.onnx"
_STEP = 32
"""The network takes pictures whose sides are multiples of this."""


@dataclass(frozen=True, slots=True, eq=False)
class Detector:
    """The detector, loaded once; safe to share between threads.

    Attributes:
        sha256: Hex digest of the network's file.
    """

    sha256: str
    _session: Any = field(repr=False)

    @classmethod
    @functools.cache
    def load(cls) -> Detector | None:
        """Load the detector, once for each process; None where the extra `second-reader` is not installed."""
        loaded = load_from_wheel(_NETWORK)
        return None if loaded is None else cls(*loaded)

    def lines(self, pixels: NDArray[np.uint8]) -> list[Box]:
        """Boxes around the lines of text on a page, from the top.

        Args:
            pixels: uint8, height × width × 3, RGB.
        """
        chances = self._chances(pixels)
        cores = cv2.dilate((chances > DETECTOR.text).astype(np.uint8), np.ones((2, 2), np.uint8))
        outlines, _ = cv2.findContours(cores, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        scale = pixels.shape[1] / chances.shape[1], pixels.shape[0] / chances.shape[0]
        found = (_grown(np.asarray(outline), chances, scale, pixels.shape[:2]) for outline in outlines)
        return sorted((box for box in found if box is not None), key=lambda box: (box.top, box.left))

    def _chances(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """For each pixel of the network's picture the probability that it is in a line: float32, height × width."""
        height, width = pixels.shape[:2]
        enlarged = max(1.0, DETECTOR.least_side / min(height, width))
        scale = min(enlarged, math.sqrt(DETECTOR.most_pixels / (height * width)))
        size = tuple(max(_STEP, round(side * scale / _STEP) * _STEP) for side in (width, height))
        # The network was made for blue, green and red.
        picture = cv2.resize(np.ascontiguousarray(pixels[:, :, ::-1]), size).astype(np.float32)
        entry = (picture.transpose(2, 0, 1) / np.float32(127.5) - 1)[None]
        (output,) = self._session.run(None, {self._session.get_inputs()[0].name: entry})
        chances: NDArray[np.float32] = output[0, 0]
        return chances


def _grown(
    outline: NDArray[np.int32], chances: NDArray[np.float32], scale: tuple[float, float], size: tuple[int, ...]
) -> Box | None:
    """The box on the page around a line; None where its core is too small or too improbable.

    Args:
        outline: Of the core, in pixels of the network's picture.
        chances: The network's output.
        scale: Pixels of the page to one of the network's picture, across and down.
        size: Height and width of the page.
    """
    left, top, width, height = cv2.boundingRect(outline)
    around = cv2.minAreaRect(outline)  # a line that is askew does not fill its upright box
    core = np.zeros((height, width), np.uint8)
    cv2.fillPoly(core, [np.rint(cv2.boxPoints(around) - (left, top)).astype(np.int32)], 1)
    is_line = cv2.mean(chances[top : top + height, left : left + width], core)[0] >= DETECTOR.line
    if min(around[1]) < DETECTOR.thinnest or not is_line:
        return None
    more = DETECTOR.grown * width * height / (2 * (width + height))
    first, second = max(0, int((left - more) * scale[0])), max(0, int((top - more) * scale[1]))
    right = min(size[1], math.ceil((left + width + more) * scale[0]))
    bottom = min(size[0], math.ceil((top + height + more) * scale[1]))
    return Box(min(first, size[1] - 1), min(second, size[0] - 1), max(right, first + 1), max(bottom, second + 1))
