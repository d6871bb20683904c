"""Marks of a number: its digits and what recognisers with signs read in, the number as it is written out.

The recognisers of digits alone see no point, no minus and no stroke. The network of notes and the second reader do.
A value is written with a point before decimals, whatever mark stands there. Probabilities are 0 to 1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from ml.reading.elements import Hypothesis
from ml.reading.forms.constants import WRITTEN
from ml.reading.forms.signs import CURRENCY, LETTERS, STAR
from ml.reading.forms.written import AROUND, Written, as_written
from ml.reading.numbers.ask import with_notes
from ml.reading.numbers.constants import MARKS
from ml.reading.reader import Reader
from ml.reading.recognisers.combine import CombinedNumber, Number
from ml.reading.recognisers.constants import CTC
from ml.reading.recognisers.second_reader import SecondReader
from ml.reading.recognisers.transcribe import Transcript

_Chances = dict[Written, tuple[str, float]]
"""Numbers, each with its text and its probability."""

_DASH_BETWEEN = re.compile("(?<=[0-9])-(?=[0-9]+$)")


@dataclass(frozen=True, slots=True)
class MarkedNumber:
    """The marks of a number after all recognisers that know signs.

    Attributes:
        written: The likeliest number with these digits.
        text: As a recogniser read it, with all signs.
        probability: Of its marks, if the digits are right.
        but_groups: The same, whatever mark may end thousands.
        others: Other values with the same digits, likeliest first, each with its probability.
        same_digits: The least probability that a recogniser with signs gives these digits, whatever the marks.
        letters: The greatest probability that a recogniser with signs gives letters or other signs with them.
        by_notes: The probability of the number, as a whole, by the network of notes.
        by_second: The same by the second reader; 1.0 where it was not asked.
    """

    written: Written
    text: str
    probability: float
    but_groups: float
    others: tuple[tuple[str, float], ...]
    same_digits: float
    letters: float
    by_notes: float = 0.0
    by_second: float = 1.0


def marks_of(numbers: Sequence[Number], combined: Sequence[CombinedNumber], reader: Reader) -> list[MarkedNumber]:
    """The marks of numbers: by the network of notes, and by the second reader where these see any, or doubt.

    Args:
        numbers: As each recogniser read them.
        combined: The likeliest digits of each.
        reader: A reader without network of notes sees no marks but those that stand in the digits' text.
    """
    if reader.fields is None:
        return [_unmarked(one) for one in combined]
    numbers = with_notes(numbers, reader)
    seen = [number.notes.hypotheses for number in numbers if number.notes is not None]
    found = [marked(one, [hypotheses]) for one, hypotheses in zip(combined, seen, strict=True)]
    if reader.second is None:
        return found
    doubted = [at for at, (number, one) in enumerate(zip(numbers, found, strict=True)) if _is_doubted(number, one)]
    seconds = _by_second([numbers[at] for at in doubted], reader.second.reader)
    again = {at: marked(combined[at], [seen[at], second]) for at, second in zip(doubted, seconds, strict=True)}
    return [again.get(at, one) for at, one in enumerate(found)]


def _by_second(numbers: Sequence[Number], second: SecondReader) -> list[Sequence[Hypothesis]]:
    """The second reader's hypotheses with signs; a number whose digits it has read before is not looked at again."""
    known = [None if number.second is None else number.second.over_signs for number in numbers]
    new = [number.cutting.picture for number, frames in zip(numbers, known, strict=True) if frames is None]
    read = iter(second.transcribe_fields(new, CTC.n_best))
    transcripts = (next(read) if frames is None else Transcript.of(frames, CTC.n_best) for frames in known)
    return [transcript.hypotheses for transcript in transcripts]


def _is_doubted(number: Number, by_notes: MarkedNumber) -> bool:
    """Whether the second reader is asked: unless the network of notes surely read these digits, without decimals.

    In a low line a point has one or two pixels. There it is always asked.
    """
    sure = min(by_notes.but_groups, by_notes.same_digits, 1 - by_notes.letters) >= MARKS.surely_plain
    low = number.cutting.place.height < MARKS.low_line
    return low or number.second is not None or not by_notes.written.without_groups.isdigit() or not sure


def _unmarked(combined: CombinedNumber) -> MarkedNumber:
    decoded = combined.decoded
    return MarkedNumber(Written(decoded.value), decoded.text, 1.0, 1.0, (), 0.0, 0.0)


def marked(combined: CombinedNumber, readings: Sequence[Sequence[Hypothesis]]) -> MarkedNumber:
    """Find the marks of a number.

    Args:
        combined: Its likeliest digits. With "?" for ink that is no digit, it has no marks.
        readings: The hypotheses of the network of notes, and of the second reader if it was asked, over the alphabet
            of `ml.reading.forms.signs`.
    """
    digits = combined.decoded.value
    by_notes, *by_second = [_with_digits(digits, hypotheses) for hypotheses in readings]
    by_reader = [by_notes, *(_with_strokes(each, by_notes) for each in by_second)]
    texts = {Written(digits): digits} | {one: text for each in by_reader for one, (text, _) in each.items()}
    weights = (1.0,) if len(by_reader) == 1 else (MARKS.fields_beside_second, 1.0)
    chances = {
        one: float(np.prod([_share(one, each) ** weight for each, weight in zip(by_reader, weights, strict=True)]))
        for one in texts
    }
    total = sum(chances.values())
    best, *others = sorted(chances, key=lambda one: -chances[one])
    return MarkedNumber(
        best,
        decoded_text(combined, texts[best]),
        chances[best] / total,
        sum(chance for one, chance in chances.items() if one.without_groups == best.without_groups) / total,
        tuple((one.value, chances[one] / total) for one in others),
        min(1.0, *(sum(chance for _, chance in each.values()) for each in by_reader)),
        max(_of_letters(hypotheses) for hypotheses in readings),
        *(_as_a_whole(best, hypotheses) for hypotheses in readings),
    )


def decoded_text(combined: CombinedNumber, text: str) -> str:
    """The text that people see: with "?" for ink that is no digit, else as the recognisers with signs read it."""
    return combined.decoded.text if "?" in combined.decoded.value else text


def _share(written: Written, chances: _Chances) -> float:
    """The probability of marks after one recogniser, if the digits are right; no recogniser rules one out."""
    least = MARKS.least_probability
    total = sum(chance for _, chance in chances.values())
    return (chances.get(written, ("", 0.0))[1] + least) / (total + least)


def _with_digits(digits: str, hypotheses: Sequence[Hypothesis]) -> _Chances:
    """The numbers that a recogniser proposes where others see these digits, each with its text and its probability.

    The recognisers of digits alone take a stroke between digits for a 1. So a number with strokes is proposed too, if
    it has these digits with 1s in their place.
    """
    chances: _Chances = {}
    for hypothesis in hypotheses:
        for text, share in _shares(hypothesis.text, digits):
            one = as_written(text)
            if one is not None:
                first, chance = chances.get(one, (_shown(text), 0.0))
                chances[one] = first, chance + share * hypothesis.probability
    return chances


def _with_strokes(by_second: _Chances, by_notes: _Chances) -> _Chances:
    """What the second reader proposes, and of the numbers with strokes those that it may have read with 1s for them.

    It takes a stroke between digits for a 1 as often as not, and the network of notes seldom do.
    """
    chances = dict(by_second)
    for one, (text, _) in by_notes.items():
        taken = sum(chance for other, (_, chance) in by_second.items() if _has_ones_for_strokes(other, one))
        if taken:
            chances[one] = text, chances.get(one, (text, 0.0))[1] + MARKS.stroke_as_one * taken
    return chances


def _has_ones_for_strokes(other: Written, one: Written) -> bool:
    fewer = other.value.count("/") < one.value.count("/")
    return fewer and other.value.replace("/", "1") == one.value.replace("/", "1")


def _shown(text: str) -> str:
    """A text for people: without what surrounds a number, or closes it."""
    return text.strip(AROUND).lstrip("/").rstrip("-.,/")


def _shares(text: str, digits: str) -> list[tuple[str, float]]:
    """The ways to take a text's strokes and dashes that have these digits, each with its share of the probability."""
    ways = [way for way in _strokes_as_ones(text) if re.sub("[^0-9]", "", way) == digits]
    if not ways:
        return []
    if text not in ways and re.search("[0-9]/[0-9]", text):
        stroke = MARKS.stroke_is_stroke
        return [(text, stroke), *((way, (1 - stroke) / len(ways)) for way in ways)]
    # A raised point looks like a short dash.
    ways += [pointed for way in ways if (pointed := _DASH_BETWEEN.sub(".", way)) != way]
    return [(way, 1 / len(ways)) for way in ways]


def _strokes_as_ones(text: str) -> list[str]:
    """The text itself, and with each of its first strokes as a 1: in many hands the two look the same."""
    head, *rest = text.split("/")
    ways = product("/1", repeat=min(len(rest), WRITTEN.most_strokes))
    more = rest[WRITTEN.most_strokes :]
    return ["/".join([head + "".join(a + b for a, b in zip(way, rest, strict=False)), *more]) for way in ways]


def _as_a_whole(written: Written, hypotheses: Sequence[Hypothesis]) -> float:
    """The probability of texts that are just this number. After an open mark, as in "33.", a digit was left out."""
    return sum(one.probability for one in hypotheses if one.text[-1:].isdigit() and as_written(one.text) == written)


def _of_letters(hypotheses: Sequence[Hypothesis]) -> float:
    """The probability of texts with letters or other signs that no number has."""
    return sum(one.probability for one in hypotheses if re.search(f"[{LETTERS}{CURRENCY}{re.escape(STAR)}]", one.text))
