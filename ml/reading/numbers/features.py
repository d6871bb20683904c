"""Features: a number as all recognisers read it, and its surroundings in, the evidence that acceptance judges out."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import permutations

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box, Digit, Page
from ml.reading.ink.ink import Ink
from ml.reading.numbers.constants import FEATURES
from ml.reading.numbers.marks import MarkedNumber
from ml.reading.recognisers.acceptance import NumberFeatures, log_odds
from ml.reading.recognisers.combine import CombinedNumber, Number

_DATE = re.compile("([0-3]?[0-9])1([0-3]?[0-9])1(?:(?:19|20)?[0-9]{2})")
"""A day's groups, with a 1 for each stroke between them."""


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
    tall_one, leaning = _inner_ones(digits)
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
        unexplained=_unexplained(number, boxes),
        beside=_beside(number, boxes, ink, FEATURES.close),
        farther=_beside(number, boxes, ink, FEATURES.far),
        rim=min(1.0, _distance_to_rim(boxes, page) / height),
        width=float(np.mean(widths)) if widths else 0.0,
        ones=sum(digit.digit == 1 for digit in digits) / len(digits),
        tall_one=tall_one,
        leaning=leaning,
        date=float(may_be_date(combined.decoded.value)),
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
    """The network of strings' probability of some digits; 0.0 where ink that is no digit stands among them."""
    return 0.0 if "?" in value else float(np.exp(number.transcript.log_probabilities([value])[0]))


def _contrast(picture: NDArray[np.uint8]) -> tuple[float, float]:
    """Contrast of a strip's ink, 0 to 1, and the grain of its paper as a share of it."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    low, middle, high = np.percentile(grey, (5, 50, 95))
    paper, ink = (high, low) if high - middle <= middle - low else (low, high)
    contrast = abs(float(paper - ink)) / 255
    ground = grey[np.abs(grey - paper) < 0.5 * abs(paper - ink)]
    return contrast, float(ground.std() / 255 / max(contrast, 1 / 255)) if ground.size else 1.0


def _inner_ones(digits: Sequence[Digit]) -> tuple[float, float]:
    """How much taller than its neighbours the tallest 1 between digits is, and how wide the widest for its height."""
    tall = wide = 0.0
    for before, one, behind in zip(digits, digits[1:], digits[2:], strict=False):
        if one.digit == 1:
            neighbours = max(before.box.height, behind.box.height)
            tall = max(tall, one.box.height / neighbours - 1)
            wide = max(wide, one.box.width / one.box.height)
    return tall, wide


def may_be_date(digits: str) -> bool:
    """Whether the digits are those of a day, with 1s for the strokes between its groups."""
    groups = _DATE.fullmatch(digits)
    return groups is not None and any(
        int(one) <= 12 and int(other) <= 31 for one, other in permutations(groups.groups())
    )


def _unexplained(number: Number, boxes: Sequence[Box]) -> float:
    """Ink of a number's strip outside of its digits' boxes, as a share of a digit's."""
    strip, scale = number.cutting.strip, number.cutting.scale
    mask = strip.labels > 0
    covered = np.zeros(mask.shape[1], bool)
    for box in boxes:
        left = box.left / scale - strip.box.left
        covered[max(0, math.floor(left) - 1) : max(0, math.ceil(left + box.width / scale) + 1)] = True
    return float(mask[:, ~covered].sum()) / _digit_ink(number, boxes)


def _beside(number: Number, boxes: Sequence[Box], ink: Ink, reach: float) -> float:
    """Ink to both sides of a number on its line, faint ink too, as a share of a digit's.

    Args:
        number: The number.
        boxes: Of its digits.
        ink: The page's.
        reach: How far is looked, in heights of a digit.
    """
    strip, scale = number.cutting.strip, number.cutting.scale
    box = strip.level_from or strip.box
    far = round(reach * float(np.median([each.height for each in boxes])) / scale)
    rows = ink.soft[box.top : box.bottom]
    sides = rows[:, max(0, box.left - far) : box.left], rows[:, box.right : box.right + far]
    found = sum(float(side[side >= FEATURES.faintest].sum()) / 255 for side in sides)
    return min(found / _digit_ink(number, boxes), FEATURES.most_beside)


def _digit_ink(number: Number, boxes: Sequence[Box]) -> float:
    """Ink pixels of a digit, on average."""
    return max(float((number.cutting.strip.labels > 0).sum()) / len(boxes), 1.0)


def _distance_to_rim(boxes: Sequence[Box], page: Page) -> int:
    height, width = page.pixels.shape[:2]
    distances = (
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        width - max(box.right for box in boxes),
        height - max(box.bottom for box in boxes),
    )
    return int(min(distances))
