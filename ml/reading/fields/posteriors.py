"""What each reader says of a line that may be a field: the network of fields, the readers of digits, the second one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Hypothesis, Page
from ml.reading.fields.constants import RECOGNITION, STROKES
from ml.reading.fields.interpret import FieldPosterior, as_digits, interpret, odd_discounted
from ml.reading.fields.numbers import numbers_on
from ml.reading.forms.layouts import ONE_NUMBER, Kind, LayoutField
from ml.reading.forms.money import NO_CENTS
from ml.reading.forms.signs import CURRENCY, LETTERS
from ml.reading.ink.lines import as_line, line_width
from ml.reading.ink.zones import ZoneLine
from ml.reading.reader import Reader
from ml.reading.recognisers.combine import CandidateScores
from ml.reading.recognisers.transcribe import Transcriber, Transcript

_ENDS = LETTERS + CURRENCY
"""Behind a number's digits: where others begin. Strokes, dashes and stars close it, or are a digit read wrong."""

_STROKES = "-/"
"""Before a number's digits: what may be one of them."""

_GROUPS = re.compile("([0-9]{1,2})[1/]([0-9]{1,2})[1/]([0-9]{4}|[0-9]{2}|[0-9]{3}/)")
"""Of a date, between strokes that may have been taken for 1s."""

_NOTHING = FieldPosterior("", {}, {})


@dataclass(frozen=True, slots=True, eq=False)
class CandidateLine:
    """A line that may be the field, as the network of fields reads it.

    Attributes:
        line: Where it is read best.
        transcript: What the network reads there.
        opinion: What that means.
        others: Other pictures of the same: a row of boxes without its rules, a line without what lies on one.
    """

    line: ZoneLine
    transcript: Transcript
    posterior: FieldPosterior
    others: tuple[ZoneLine, ...] = ()

    @property
    def chance(self) -> float:
        """Of what it means most likely; 0.0 where it means nothing."""
        return self.posterior.chances.get(self.posterior.best, 0.0)

    @property
    def share(self) -> float:
        """Pixels of the line's picture for one that the network sees."""
        height, width = self.line.picture.shape[:2]
        return float(width / line_width(height, width))


def read_lines(lines: Sequence[ZoneLine], field: LayoutField, reader: Reader) -> list[CandidateLine]:
    """What the network of fields makes of some lines."""
    transcripts = _transcribed(lines, reader.field_network.transcriber)
    return [CandidateLine(line, one, _posterior(one, field)) for line, one in zip(lines, transcripts, strict=True)]


def _transcribed(lines: Sequence[ZoneLine], network: Transcriber) -> list[Transcript]:
    greys = [cv2.cvtColor(line.picture, cv2.COLOR_RGB2GRAY).astype(np.uint8) for line in lines]
    return network.transcribe([as_line(grey) for grey in greys], RECOGNITION.hypotheses)


def _posterior(transcript: Transcript, field: LayoutField) -> FieldPosterior:
    return FieldPosterior.of(transcript.hypotheses, field)


def recogniser_posteriors(
    found: CandidateLine, field: LayoutField, reader: Reader, in_cells: FieldPosterior | None
) -> tuple[FieldPosterior, ...]:
    """Everybody's opinion on a line.

    Args:
        found: What the network of fields makes of it.
        field: What it is to be.
        reader: Whom to ask.
        in_cells: What boxes say one by one, in place of the readers of digits; None where there are none.
    """
    own, others = FieldPosterior.mean(_looks(found, field, reader)), []
    if reader.second is not None:
        pictures = [line.picture for line in (found.line, *found.others)]
        text, _ = found.posterior.texts[found.posterior.best]
        if not text[0].isdigit():  # it stumbles over a sign or a word, and the room behind it
            pictures.append(np.ascontiguousarray(_figures(found, text)))
        second, digits_alone = reader.second.reader, field.boxed and field.kind is not Kind.AMOUNT
        read = (
            second.transcribe(pictures, RECOGNITION.hypotheses)
            if digits_alone
            else second.transcribe_fields(pictures, RECOGNITION.hypotheses)
        )
        looks = [FieldPosterior.of(_with_strokes(one.hypotheses, field), field) for one in read]
        surest = max(looks, key=lambda one: one.chances.get(one.best, 0.0))
        others.append(_marks_aside(surest, own))
    by_digits = in_cells or _by_digits(found, field, [own, *others], reader)
    return (own, by_digits, *others)


def _marks_aside(posterior: FieldPosterior, own: FieldPosterior) -> FieldPosterior:
    """What the second reader says, which overlooks fine points: where it saw too few marks for cents, its digits.

    An amount that lacks its cents is then the likeliest of those that the network of fields reads with all that the
    second reader saw, and more marks.
    """

    def marked(value: str) -> str:
        text, interpretation = posterior.texts[value]
        if NO_CENTS not in interpretation.doubts:
            return value
        seen = text.strip(f"{CURRENCY}{LETTERS}")
        with_marks = [one for one, (other, _) in own.texts.items() if _is_without_marks(seen, other)]
        return max(with_marks, key=lambda one: own.chances.get(one, 0.0), default=value)

    chances: dict[str, float] = {}
    texts = {**posterior.texts, **own.texts}
    for value, chance in posterior.chances.items():
        home = marked(value)
        chances[home] = chances.get(home, 0.0) + chance
    best = max(chances, key=lambda value: chances[value], default="")
    return FieldPosterior(best, chances, {value: texts[value] for value in chances})


def _is_without_marks(text: str, whole: str) -> bool:
    """Whether a text has the digits of another, and of its signs none that the other lacks."""
    signs = iter(whole)
    return re.sub("[^0-9]", "", text) == re.sub("[^0-9]", "", whole) and all(sign in signs for sign in text)


def _looks(found: CandidateLine, field: LayoutField, reader: Reader) -> list[FieldPosterior]:
    """What both networks of fields say of the line, also wider, narrower and cut closer, and of its other pictures."""
    others = () if field.boxed else found.others  # a row of boxes is looked at where it reads best
    lines = [found.line, *_varied(found.line), *others]
    later = [one.posterior for one in read_lines(lines[1:], field, reader)]
    earlier = _transcribed(lines, reader.field_network.earlier)
    return [found.posterior, *later, *(_posterior(one, field) for one in earlier)]


def _varied(line: ZoneLine) -> list[ZoneLine]:
    picture = line.picture
    height, width = picture.shape[:2]
    stretched = [
        cv2.resize(picture, (max(1, round(share * width)), height), interpolation=cv2.INTER_LINEAR)
        for share in (RECOGNITION.narrower, RECOGNITION.wider)
    ]
    rim = round(RECOGNITION.closer * height)
    looks = (*stretched, picture[rim : height - rim])
    return [replace(line, picture=look.astype(np.uint8, copy=False)) for look in looks]


def together(posteriors: Sequence[FieldPosterior]) -> CandidateScores:
    """Opinions on every value that one of them proposes, and on there being another, or none."""
    values = tuple(dict.fromkeys(value for one in posteriors for value in one.chances))
    logs = np.stack([one.logs(("", *values)) for one in posteriors], axis=1)
    return CandidateScores(("", *values), logs, tuple(one.best for one in posteriors))


def _with_strokes(readings: Sequence[Hypothesis], field: LayoutField) -> list[Hypothesis]:
    """The second reader's readings; what it takes for a 1 where only a stroke makes sense is likelier that."""
    both: list[Hypothesis] = []
    for reading in readings:
        stroke = as_stroked(reading.digits, field)
        share = 0.0 if stroke == reading.digits else STROKES.closing_stroke
        both.append(Hypothesis(reading.digits, (1 - share) * reading.probability))
        both += [Hypothesis(stroke, share * reading.probability)] if share else []
    return both


def as_stroked(text: str, field: LayoutField) -> str:
    """A text with strokes for 1s: before a closing dash, and between the groups of a date that is none without."""
    if _may_close_with_stroke(field):
        return re.sub("1(-+)$", r"/\1", text)
    if field.kind is Kind.DATE and not field.boxed and interpret(text, field) is None:
        groups = _GROUPS.fullmatch(text.strip(LETTERS))
        return re.sub("/$", "1", "/".join(groups.groups())) if groups else text
    return text


def _may_close_with_stroke(field: LayoutField) -> bool:
    """Whether "/-" is to be expected: where amounts have cents, nobody writes it behind them."""
    return field.kind is Kind.AMOUNT and field.convention is not None and not field.convention.cents_always


def _by_digits(
    found: CandidateLine, field: LayoutField, proposed: Sequence[FieldPosterior], reader: Reader
) -> FieldPosterior:
    """What the readers of digits alone make of the part of a line where its digits may stand.

    They know no signs: a value that others propose is theirs if its digits are what they read.
    """
    text, _ = found.posterior.texts[found.posterior.best]
    part = np.ascontiguousarray(_figures(found, text))
    numbers = numbers_on(Page(part, 1, None, ""), ONE_NUMBER, replace(reader, debug_directory=None))
    if not numbers:
        return _NOTHING
    combined = reader.combined(numbers[0], ONE_NUMBER)
    texts = [(value, text) for one in proposed for value, (text, _) in one.texts.items()]
    ways: dict[str, set[str]] = {}
    for value, text in texts:
        ways.setdefault(value, set()).update(to_digits_alone(text, field))
    chances = _by_sense(combined.hypotheses, field, set().union(*ways.values()))
    known = {value: sum(chances.get(way, 0.0) for way in own_ways) for value, own_ways in ways.items()}
    best_digits = max(chances, key=lambda digits: chances[digits], default=combined.decoded.value)
    fitting = [value for value, own_ways in ways.items() if best_digits in own_ways]
    # Marks are for others to tell: of values with the same digits, whichever they hold likeliest.
    best = max(fitting, key=lambda value: sum(one.chances.get(value, 0.0) for one in proposed), default=best_digits)
    return FieldPosterior(best, {value: chance for value, chance in known.items() if chance}, {})


def _by_sense(readings: Sequence[Hypothesis], field: LayoutField, ways: set[str]) -> dict[str, float]:
    """What digits alone may be, where they are known to be a field's: what means nothing there is seldom written.

    Args:
        readings: Of digits alone.
        field: What they are to be.
        ways: What others propose, as digits alone.
    """
    odd = [one.digits not in ways and interpret(one.digits, field) is None for one in readings]
    return dict(zip((one.digits for one in readings), odd_discounted(readings, odd), strict=True))


def to_digits_alone(text: str, field: LayoutField) -> set[str]:
    """What a text may be to those who know digits alone: the stroke of a closing "/-" is a 1 to them, or nothing."""
    ways = as_digits(text)
    stroke = _may_close_with_stroke(field) and re.search("/-*$", text)
    return ways | {f"{way}1" for way in ways} if stroke else ways


def _figures(found: CandidateLine, text: str) -> NDArray[np.uint8]:
    """The part of a line's picture where its digits may stand: all but the signs before them, and a word behind them.

    What was read as a closing sign stays in view, and a stroke before the digits: a 7 is easily taken for a dash, and a
    crossed one for "/-". Whoever knows digits alone knows what closes a number.
    """
    height, width = found.line.picture.shape[:2]
    middles = [(first + last) / 2 * found.share for first, last in found.transcript.spans(text)]
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
    return found.line.picture[:, max(0, int(left)) : min(width, int(right) + 1)]
