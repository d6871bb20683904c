"""Single digits in one hand: drawn by the hand's strokes, or taken from a data set and adapted to the hand.

A digit leaves as ink: float32, height × width in pixels, paper 0.0 and ink 1.0, no paper around it.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.training.datasets import Digits
from ml.training.synthesis.hands import Hand
from ml.training.synthesis.marks import crop_to_ink

Ink = NDArray[np.float32]

DIGIT_HEIGHT = 44
"""Height of the tallest digit on the paper, in pixels, before the scanner. All that is composed is measured by it."""


class Writers:
    """Digits of real writers, sorted by digit, from which a composed field is written."""

    def __init__(self, digits: Digits) -> None:
        self._samples = [
            [crop_to_ink(pixels) for pixels in digits.pixels[digits.labels == digit]] for digit in range(10)
        ]

    def sample(self, digit: int, rng: Generator) -> Ink:
        """One writer's digit, unchanged: float32, height × width, no paper around it."""
        samples = self._samples[digit]
        return samples[rng.integers(len(samples))]


def write_digit(digit: int, height: int, hand: Hand, drawn: float, writers: Writers, rng: Generator) -> Ink:
    """Write one digit in a hand: by its strokes, or as a real writer's digit in about its width and pen.

    Args:
        digit: 0 to 9.
        height: About how high the digit becomes, in pixels.
        hand: The hand to write in.
        drawn: How likely the hand's strokes draw it, 0 to 1.
        writers: The real digits to choose from otherwise.
        rng: Decides everything.

    Returns:
        float32, about `height` × its width, paper 0.0 and ink 1.0, upright.
    """
    # A 1 with an upstroke and a crossed 7 belong together, so a hand that has them always draws both.
    has_habit = hand.upstroke and drawn > 0 and digit in (1, 7)
    if has_habit or rng.random() < drawn:
        return hand.write(digit, height, rng)
    body = writers.sample(digit, rng)
    scale = height / max(body.shape[0], 0.6 * body.shape[1])
    stretch = hand.stretch * rng.uniform(0.9, 1.1)
    large = cv2.resize(body, None, fx=scale * stretch, fy=scale, interpolation=cv2.INTER_CUBIC)
    # The resized strokes are brought to about this hand's pen and sharpened.
    pen = round(height * hand.pen - 0.11 * height)
    if pen < 0:
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (1 - pen, 1 - pen))
        thin = cv2.erode(large, kernel)
        large = thin if thin.sum() > 0.45 * large.sum() else large
    elif pen > 0:
        large = cv2.dilate(large, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (1 + pen, 1 + pen)))
    sharp: Ink = np.clip((large - 0.5) * 2.5 + 0.5, 0, 1)
    return sharp


def slant(body: Ink, lean: float, turn: float) -> Ink:
    """Slant and turn a digit.

    Args:
        body: float32, height × width.
        lean: To the right, in widths a height.
        turn: In radians.

    Returns:
        float32, height × width, no paper around it.
    """
    height, width = body.shape
    wider = int(abs(lean) * height) + 1
    taller = int(abs(turn) * width) + 1
    matrix = np.array([[1, -lean, wider if lean < 0 else lean * height], [turn, 1, 0 if turn > 0 else taller]], float)
    if lean < 0:
        matrix[0, 2] = 0
    moved = cv2.warpAffine(body, matrix, (width + wider, height + taller)).astype(np.float32)
    return crop_to_ink(moved)
