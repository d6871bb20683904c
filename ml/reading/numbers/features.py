"""Features: a number as all recognisers read it, and its surroundings in, the evidence that acceptance judges out."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box, Page
from ml.reading.ink.ink import Ink
from ml.reading.numbers.constants import FEATURES
from ml.reading.numbers.marks import MarkedNumber
from ml.reading.recognisers.acceptance import NumberFeatures, log_odds
from ml.reading.recognisers.combine import CombinedNumber, Number


def features_of(
    number: Number, combined: CombinedNumber, marks: MarkedNumber, page: Page, ink: Ink, heights: Sequence[float]
) -> NumberFeatures:
    """The evidence for a number.

    Args:
        number: As each recogniser read it.
        combined: Its likeliest digits, at least one.
        marks: Its marks.
        page: The number's page.
        ink: The page's ink, without rules.
        heights: The height of a digit of each number on the page, in pixels of the page.
    """
    digits = combined.decoded.digits
    boxes = [digit.box for digit in digits]
    tall = np.array([box.height for box in boxes], float)
    height = float(np.median(tall))
    widths = [
        abs(math.log2(box.width / height / FEATURES.usual_width))
        for box, digit in zip(boxes, digits, strict=True)
        if digit.digit != 1
    ]
    contrast, grain = _contrast(number.cutting.picture)
    strip = number.cutting.strip
    inside, beside = _other_ink(number, boxes, ink)
    return NumberFeatures(
        digits=log_odds(combined.decoded.confidence),
        weakest=log_odds(min(digit.confidence for digit in digits)),
        no_digit=log_odds(max(_no_digit(number))),
        string=log_odds(_of_string(number, combined.decoded.value)),
        signs=log_odds(marks.same_digits),
        marks=log_odds(marks.probability),
        letters=marks.letters,
        height=math.log2(height),
        stroke=math.log2(max(strip.stroke * number.cutting.scale, 0.25)),
        contrast=contrast,
        grain=grain,
        uneven=float(tall.std() / height),
        unexplained=inside,
        beside=beside,
        rim=min(1.0, _distance_to_rim(boxes, page) / height),
        width=float(np.mean(widths)) if widths else 0.0,
        ones=sum(digit.digit == 1 for digit in digits) / len(digits),
        single=float(len(digits) == 1),
        many=float(max(0, len(digits) - FEATURES.usual_digits)),
        others=abs(math.log2(height / float(np.median(heights)))),
    )


def digit_height(combined: CombinedNumber) -> float:
    """The height of a number's digits, in pixels of the page."""
    return float(np.median([digit.box.height for digit in combined.decoded.digits]))


def _no_digit(number: Number) -> list[float]:
    """The probability of each glyph on the best path that it is no digit."""
    rows = [
        next((one.confidence for one in digit.alternatives if one.digit is None), 0.0)
        if digit.digit is not None
        else digit.confidence
        for digit in number.decoded.digits
    ]
    return rows or [1.0]


def _of_string(number: Number, value: str) -> float:
    """The network of strings' probability of some digits."""
    return float(np.exp(number.transcript.log_probabilities([value])[0]))


def _contrast(picture: NDArray[np.uint8]) -> tuple[float, float]:
    """Contrast of a strip's ink, 0 to 1, and the grain of its paper as a share of it."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    low, middle, high = np.percentile(grey, (5, 50, 95))
    paper, ink = (high, low) if high - middle <= middle - low else (low, high)
    contrast = abs(float(paper - ink)) / 255
    ground = grey[np.abs(grey - paper) < 0.5 * abs(paper - ink)]
    return contrast, float(ground.std() / 255 / max(contrast, 1 / 255)) if ground.size else 1.0


def _other_ink(number: Number, boxes: Sequence[Box], ink: Ink) -> tuple[float, float]:
    """Ink of the strip outside of the digits' boxes, and ink close beside the strip: as shares of a digit's ink."""
    strip, scale = number.cutting.strip, number.cutting.scale
    mask = strip.labels > 0
    covered = np.zeros(mask.shape[1], bool)
    for box in boxes:
        left = box.left / scale - strip.box.left
        covered[max(0, math.floor(left) - 1) : max(0, math.ceil(left + box.width / scale) + 1)] = True
    total = float(mask.sum())
    each = max(total / max(len(boxes), 1), 1.0)
    reach = round(FEATURES.around * float(np.median([box.height for box in boxes])) / scale)
    box = strip.level_from or strip.box
    rows = np.s_[box.top : box.bottom]
    around = (
        ink.mask[rows, max(0, box.left - reach) : box.left].sum() + ink.mask[rows, box.right : box.right + reach].sum()
    )
    return float(mask[:, ~covered].sum()) / each, min(float(around) / each, FEATURES.most_beside)


def _distance_to_rim(boxes: Sequence[Box], page: Page) -> int:
    height, width = page.pixels.shape[:2]
    distances = (
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        width - max(box.right for box in boxes),
        height - max(box.bottom for box in boxes),
    )
    return int(min(distances))
