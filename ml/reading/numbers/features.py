"""Features: a number as all recognisers read it, and its surroundings in, the evidence that acceptance judges out."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.acceptance.evidence import NumberFeatures
from ml.reading.acceptance.model import log_odds
from ml.reading.elements import Box, Digit, Page
from ml.reading.ink.ink import Ink
from ml.reading.ink.locate import Strip
from ml.reading.numbers.constants import FEATURES
from ml.reading.numbers.marks import MarkedNumber
from ml.reading.recognisers.combine import CombinedNumber, Number
from ml.reading.recognisers.decode import MARKS_UNCLEAR

_DATE, _STROKED_DATE = (
    re.compile(f"([0-3]?[0-9]){stroke}([0-3]?[0-9]){stroke}(?:(?:19|20)?[0-9]{{2}})") for stroke in "1/"
)
"""A day's groups, with a 1 for each stroke between them, and with its strokes."""


@dataclass(frozen=True, slots=True)
class Company:
    """The numbers of a page together.

    Attributes:
        usual_height: The height of a digit, in pixels of the page; 1.0 on a page without numbers.
        count: Numbers.
        clear: Of these, clear ones.
    """

    usual_height: float
    count: int
    clear: int

    @classmethod
    def of(cls, numbers: Sequence[CombinedNumber]) -> Company:
        """All numbers of a page."""
        heights = [digit_height(number) for number in numbers] or [1.0]
        return cls(float(np.median(heights)), len(numbers), sum(_is_clear(number) for number in numbers))

    def share_clear_beside(self, number: CombinedNumber) -> float:
        """The share of the others that are clear, drawn towards one half; `number` is one of them."""
        return (self.clear - _is_clear(number) + 1) / (self.count - 1 + 2)


def features_of(
    number: Number,
    combined: CombinedNumber,
    marks: MarkedNumber,
    page: Page,
    ink: Ink,
    company: Company,
    *,
    printed: float,
    one_number: bool,
) -> NumberFeatures:
    """The evidence for a number.

    Args:
        number: As each recogniser read it.
        combined: Its likeliest digits, at least one.
        marks: Its marks.
        page: The number's page.
        ink: The page's ink, without rules.
        company: All numbers of the page, this one too.
        printed: The probability that a machine printed it.
        one_number: Whether the page is one number. Then it is not asked whether a mark ends thousands, or what closes
            the number: on cheques that have amounts so, it does.
    """
    digits, value = combined.decoded.digits, combined.decoded.value
    height = digit_height(combined)
    return NumberFeatures(
        digits=log_odds(combined.decoded.confidence),
        weakest=log_odds(min(digit.confidence for digit in digits)),
        no_digit=log_odds(max(no_digit_chances(number.decoded.digits))),
        string=log_odds(_of_string(number, value)),
        signs=log_odds(marks.same_digits),
        marks=log_odds(marks.but_groups if one_number else marks.probability),
        notes=log_odds(1.0 if one_number else marks.by_notes),
        second=log_odds(1.0 if one_number else marks.by_second),
        letters=marks.letters,
        differ=float(sum(other != value for other in number.best_values)),
        odd=float(not one_number and not is_agreed(combined)),
        unclear=float(MARKS_UNCLEAR in combined.decoded.checks and marks.written.value.isdigit()),
        print=log_odds(0.0 if one_number else printed),
        others=abs(math.log2(height / company.usual_height)),
        company=company.share_clear_beside(combined),
        **_shapes(digits, value, height, stroked="/" in marks.written.value),
        **_surroundings(number, [digit.box for digit in digits], page, ink, height),
    )


def _shapes(digits: Sequence[Digit], value: str, height: float, *, stroked: bool) -> dict[str, float]:
    """The features of the digits themselves, by name.

    Args:
        digits: Of the number.
        value: The digits.
        height: Of a digit, in pixels of the page.
        stroked: Whether strokes stand between them: then what looks like a 1 there is a stroke.
    """
    tall = np.array([digit.box.height for digit in digits], float)
    widths = [abs(math.log2(digit.box.width / height / FEATURES.usual_width)) for digit in digits if digit.digit != 1]
    tall_one, leaning = (0.0, 0.0) if stroked else _inner_ones(digits)
    return {
        "height": math.log2(height),
        "uneven": float(tall.std() / height),
        "width": float(np.mean(widths)) if widths else 0.0,
        "ones": sum(digit.digit == 1 for digit in digits) / len(digits),
        "tall_one": tall_one,
        "leaning": leaning,
        "strokes": float(stroked),
        "date": float(not stroked and may_be_date(value)),
        "single": float(len(digits) == 1),
        "many": float(max(0, len(digits) - FEATURES.usual_digits)),
    }


def _surroundings(number: Number, boxes: Sequence[Box], page: Page, ink: Ink, height: float) -> dict[str, float]:
    """The features of a number's ink and of what is around it, by name.

    Args:
        number: The number.
        boxes: Of its digits.
        page: Its page.
        ink: The page's ink, without rules.
        height: Of a digit, in pixels of the page.
    """
    strip, scale = number.cutting.strip, number.cutting.scale
    contrast, grain = contrast_and_grain(number.cutting.picture)
    digit_ink = max(float((strip.labels > 0).sum()) / len(boxes), 1.0)
    close, far = (round(reach * height / scale) for reach in (FEATURES.close, FEATURES.far))
    return {
        "stroke": math.log2(max(strip.stroke * scale, 0.25)),
        "contrast": contrast,
        "grain": grain,
        "unexplained": _unexplained(number, boxes) / digit_ink,
        "beside": min(_beside(strip, ink, close) / digit_ink, FEATURES.most_beside),
        "farther": min(_beside(strip, ink, far) / digit_ink, FEATURES.most_beside),
        "rim": min(1.0, _distance_to_rim(boxes, page) / height),
        "cut": min(_cut_off(strip, ink, round(height / scale)) / digit_ink, FEATURES.most_beside),
    }


def is_agreed(combined: CombinedNumber) -> bool:
    """Whether a number reads the same digit by digit: on a page that alone can tell a digit from other marks."""
    return combined.best_values[:1] == (combined.decoded.value,)


def digit_height(combined: CombinedNumber) -> float:
    """The height of a number's digits, in pixels of the page."""
    return float(np.median([digit.box.height for digit in combined.decoded.digits]))


def _is_clear(number: CombinedNumber) -> bool:
    """Whether all recognisers read the same digits, and are sure of them."""
    same = set(number.best_values) <= {number.decoded.value}
    return same and number.decoded.confidence >= FEATURES.clear and "?" not in number.decoded.value


def no_digit_chances(digits: Sequence[Digit]) -> list[float]:
    """The probability of each glyph that was classified that it is no digit; a sure one where there is none."""
    rows = [
        next((one.confidence for one in digit.alternatives if one.digit is None), 0.0)
        if digit.digit is not None
        else digit.confidence
        for digit in digits
    ]
    return rows or [1.0]


def _of_string(number: Number, value: str) -> float:
    """The network of strings' probability of some digits; 0.0 where ink that is no digit stands among them."""
    return 0.0 if "?" in value else float(np.exp(number.transcript.log_probabilities([value])[0]))


def contrast_and_grain(picture: NDArray[np.uint8]) -> tuple[float, float]:
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
    return _is_day(_DATE.fullmatch(digits))


def lacks_a_stroke(value: str) -> bool:
    """Whether a number with one stroke is a day if one of its 1s is a stroke too: "16/10195" may be 16/10/95."""
    ones = (at for at, sign in enumerate(value) if sign == "1") if value.count("/") == 1 else ()
    return any(_is_day(_STROKED_DATE.fullmatch(f"{value[:at]}/{value[at + 1 :]}")) for at in ones)


def _is_day(groups: re.Match[str] | None) -> bool:
    return groups is not None and any(
        int(one) <= 12 and int(other) <= 31 for one, other in permutations(groups.groups())
    )


def _unexplained(number: Number, boxes: Sequence[Box]) -> float:
    """Ink of a number's strip outside of its digits' boxes, in ink pixels."""
    strip, scale = number.cutting.strip, number.cutting.scale
    mask = strip.labels > 0
    covered = np.zeros(mask.shape[1], bool)
    for box in boxes:
        left = box.left / scale - strip.box.left
        covered[max(0, math.floor(left) - 1) : max(0, math.ceil(left + box.width / scale) + 1)] = True
    return float(mask[:, ~covered].sum())


def _beside(strip: Strip, ink: Ink, far: int) -> float:
    """Ink to both sides of a number on its line, faint ink too, in ink pixels.

    Args:
        strip: The number's.
        ink: The page's.
        far: How far is looked, in ink pixels.
    """
    box = strip.level_from or strip.box
    rows = ink.soft[box.top : box.bottom]
    sides = rows[:, max(0, box.left - far) : box.left], rows[:, box.right : box.right + far]
    return _ink_of(sides)


def _cut_off(strip: Strip, ink: Ink, far: int) -> float:
    """Ink on the rim of the picture, no further than `far` from a number, in ink pixels; arguments as of `_beside`."""
    box = strip.level_from or strip.box
    height, width = ink.soft.shape
    left, right = max(0, box.left - far), min(width, box.right + far)
    top, bottom = max(0, box.top - far), min(height, box.bottom + far)
    rim = FEATURES.rim
    sides = []
    if left == 0:
        sides.append(ink.soft[top:bottom, :rim])
    if right == width:
        sides.append(ink.soft[top:bottom, width - rim :])
    if top == 0:
        sides.append(ink.soft[:rim, left:right])
    if bottom == height:
        sides.append(ink.soft[height - rim :, left:right])
    return _ink_of(sides)


def _ink_of(parts: Iterable[NDArray[np.uint8]]) -> float:
    """The ink of some parts of a page's soft ink, faint ink too, in ink pixels."""
    return sum(float(part[part >= FEATURES.faintest].sum()) / 255 for part in parts)


def _distance_to_rim(boxes: Sequence[Box], page: Page) -> int:
    height, width = page.pixels.shape[:2]
    distances = (
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        width - max(box.right for box in boxes),
        height - max(box.bottom for box in boxes),
    )
    return int(min(distances))
