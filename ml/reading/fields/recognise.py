"""Ask all recognisers about a line: a candidate line in, a posterior of the field's values from each recogniser out.

Three are asked: the networks of fields, the recognisers of digits alone (the classifier on the segmentation lattice and
the network of strings), and the second reader. In boxes, the digits are read box by box (`cells`) instead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Hypothesis, Page
from ml.reading.fields.candidate_lines import CandidateLine, read_lines, transcribe_lines
from ml.reading.fields.constants import RECOGNITION
from ml.reading.fields.interpret import FieldPosterior, discount_odd, interpret, likeliest
from ml.reading.fields.strokes import digit_strings_in, with_strokes
from ml.reading.forms.layouts import ONE_NUMBER, Kind, LayoutField
from ml.reading.forms.money import NO_CENTS
from ml.reading.forms.signs import CURRENCY, LETTERS
from ml.reading.ink.zones import ZoneLine
from ml.reading.numbers.ask import numbers_on
from ml.reading.reader import Reader
from ml.reading.recognisers.second_reader import SecondReader

_ENDS = LETTERS + CURRENCY
"""Signs behind a number's digits where another word begins. Strokes, dashes and stars close the number, or are one of
its digits that was misread."""

_STROKES = "-/"
"""Signs before a number's digits that may be one of them."""


def recogniser_posteriors(
    line: CandidateLine, field: LayoutField, reader: Reader, cells: FieldPosterior | None
) -> tuple[FieldPosterior, ...]:
    """Ask every recogniser about a line.

    Args:
        line: The field's line; it must have a value.
        field: The field.
        reader: Its networks are asked.
        cells: What was read box by box, in place of the recognisers of digits; None where there are no boxes.

    Returns:
        The posteriors of the networks of fields, of the digits, and of the second reader if there is one.
    """
    fields = FieldPosterior.mean(_looks(line, field, reader))
    second = []
    if reader.second is not None:
        second.append(_with_marks(_second_reading(line, field, reader.second.reader), fields))
    digits = cells if cells is not None else _digits_alone(line, field, [fields, *second], reader)
    return (fields, digits, *second)


def _looks(line: CandidateLine, field: LayoutField, reader: Reader) -> list[FieldPosterior]:
    """The posteriors of both networks of fields, after several looks at the line.

    What a network hardly knows changes with the look. What it is right about does not.
    """
    variants = () if field.boxed else line.variants  # a row of boxes is looked at where it reads best
    lines = [line.line, *_varied(line.line), *variants]
    later = [look.posterior for look in read_lines(lines[1:], field, reader)]
    earlier = transcribe_lines(lines, reader.field_network.earlier)
    return [line.posterior, *later, *(FieldPosterior.of(transcript.hypotheses, field) for transcript in earlier)]


def _varied(line: ZoneLine) -> list[ZoneLine]:
    """The same line narrower, wider, and cut closer."""
    picture = line.picture
    height, width = picture.shape[:2]
    stretched = [
        cv2.resize(picture, (max(1, round(share * width)), height), interpolation=cv2.INTER_LINEAR)
        for share in (RECOGNITION.narrower, RECOGNITION.wider)
    ]
    rim = round(RECOGNITION.closer * height)
    looks = (*stretched, picture[rim : height - rim])
    return [replace(line, picture=look.astype(np.uint8, copy=False)) for look in looks]


def _second_reading(line: CandidateLine, field: LayoutField, second: SecondReader) -> FieldPosterior:
    """The second reader's posterior, of the picture that it reads most surely."""
    pictures = [each.picture for each in (line.line, *line.variants)]
    if not line.text[0].isdigit():  # it stumbles over a sign or a word, and the room behind it
        pictures.append(np.ascontiguousarray(_digits_picture(line, line.text)))
    digits_alone = field.boxed and field.kind is not Kind.AMOUNT
    transcribe = second.transcribe if digits_alone else second.transcribe_fields
    transcripts = transcribe(pictures, RECOGNITION.hypotheses)
    looks = [FieldPosterior.of(with_strokes(transcript.hypotheses, field), field) for transcript in transcripts]
    return max(looks, key=lambda look: look.probability_of(look.best))


def _with_marks(second: FieldPosterior, fields: FieldPosterior) -> FieldPosterior:
    """Restore marks that the second reader overlooked: it often misses fine points.

    Where it saw no mark before cents, its digits count for another amount. That is the likeliest amount that the
    networks of fields read with the same digits, all the signs that the second reader saw, and more marks.

    Args:
        second: The second reader's posterior.
        fields: The posterior of the networks of fields.
    """

    def marked(value: str) -> str:
        text, interpretation = second.texts[value]
        if NO_CENTS not in interpretation.doubts:
            return value
        seen = text.strip(f"{CURRENCY}{LETTERS}")
        with_marks = [amount for amount, (whole, _) in fields.texts.items() if _is_without_marks(seen, whole)]
        return max(with_marks, key=fields.probability_of, default=value)

    probabilities: dict[str, float] = {}
    texts = {**second.texts, **fields.texts}
    for value, probability in second.probabilities.items():
        restored = marked(value)
        probabilities[restored] = probabilities.get(restored, 0.0) + probability
    return FieldPosterior(likeliest(probabilities), probabilities, {value: texts[value] for value in probabilities})


def _is_without_marks(text: str, whole: str) -> bool:
    """Whether a text has the same digits as a whole one, and no sign that the whole one lacks."""
    signs = iter(whole)
    return re.sub("[^0-9]", "", text) == re.sub("[^0-9]", "", whole) and all(sign in signs for sign in text)


def _digits_alone(
    line: CandidateLine, field: LayoutField, proposed: Sequence[FieldPosterior], reader: Reader
) -> FieldPosterior:
    """The posterior of the recognisers of digits alone, of the part of a line where its digits may stand.

    They know no signs. So each value that another recogniser proposes has the probability of its digits.

    Args:
        line: The field's line.
        field: The field.
        proposed: The posteriors of the other recognisers.
        reader: Its networks are asked.
    """
    part = np.ascontiguousarray(_digits_picture(line, line.text))
    numbers = numbers_on(Page(part, 1, None, ""), ONE_NUMBER, replace(reader, debug_directory=None))
    if not numbers:
        return FieldPosterior("", {}, {})
    combined = reader.combined(numbers[0], ONE_NUMBER)
    strings: dict[str, set[str]] = {}
    for posterior in proposed:
        for value, (text, _) in posterior.texts.items():
            strings.setdefault(value, set()).update(digit_strings_in(text, field))
    probabilities = _discounted_digits(combined.hypotheses, field, set().union(*strings.values()))
    known = {value: sum(probabilities.get(each, 0.0) for each in ways) for value, ways in strings.items()}
    best_digits = likeliest(probabilities) if probabilities else combined.decoded.value
    fitting = [value for value, ways in strings.items() if best_digits in ways]
    # Several values may have these digits: the recognisers that know signs tell them apart.
    best = max(fitting, key=lambda value: sum(each.probability_of(value) for each in proposed), default=best_digits)
    return FieldPosterior(best, {value: probability for value, probability in known.items() if probability}, {})


def _discounted_digits(hypotheses: Sequence[Hypothesis], field: LayoutField, proposed: set[str]) -> dict[str, float]:
    """The probabilities of strings of digits, lowered for those that have no value in the field.

    Args:
        hypotheses: Digits alone.
        field: The field in which they stand.
        proposed: The strings that stand for the other recognisers' values.
    """
    odd = [each.text not in proposed and interpret(each.text, field) is None for each in hypotheses]
    return dict(zip((each.text for each in hypotheses), discount_odd(hypotheses, odd), strict=True))


def _digits_picture(line: CandidateLine, text: str) -> NDArray[np.uint8]:
    """The part of a line's picture where its digits may stand: without the signs before them, and a word behind them.

    Two kinds of sign stay in view. A stroke before the digits may be one of them: a 7 is easily taken for a dash, and a
    crossed one for "/-". A closing sign is known to the recognisers of digits: they learned what closes a number.

    Returns:
        uint8, height × width × 3, RGB; a view of the line's picture.
    """
    height, width = line.line.picture.shape[:2]
    middles = line.sign_middles(text)
    digits = [place for place, sign in enumerate(text) if sign.isdigit()]
    first, last = digits[0], digits[-1]
    while first > 0 and text[first - 1] in _STROKES:
        first -= 1
    left, right = middles[first] - RECOGNITION.room_before * height, width
    if first > 0:
        left = max(left, (middles[first - 1] + middles[first]) / 2)
    behind = next((place for place in range(last + 1, len(text)) if text[place] in _ENDS), None)
    if behind is not None:
        right = (middles[behind - 1] + middles[behind]) / 2
    return line.line.picture[:, max(0, int(left)) : min(width, int(right) + 1)]
