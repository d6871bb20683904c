"""What each reader says of a line that may be a field: the network of fields, the readers of digits, the second one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from ml.reading.agree import Opinions
from ml.reading.ctc import hypotheses
from ml.reading.elements import Hypothesis, Page
from ml.reading.layouts import ONE_NUMBER, Kind, LayoutField
from ml.reading.lines import as_line, line_width
from ml.reading.meanings import Opinion
from ml.reading.numbers import numbers_on
from ml.reading.reader import Reader
from ml.reading.signs import SIGNS
from ml.reading.transcribe import Transcript
from ml.reading.zones import ZoneLine

_NO_DIGITS = "".join(sign for sign in SIGNS if not sign.isdigit())

_BEST = 12
"""Readings of a line that are asked what they mean."""

_ROOM = 0.15
"""Kept beside digits, in the line's heights."""

_NOTHING = Opinion("", {}, {})


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A line that may be the field, as the network of fields reads it."""

    line: ZoneLine
    transcript: Transcript
    opinion: Opinion

    @property
    def chance(self) -> float:
        """Of what it means most likely; 0.0 where it means nothing."""
        return self.opinion.chances.get(self.opinion.said, 0.0)

    @property
    def share(self) -> float:
        """Pixels of the line's picture for one that the network sees."""
        height, width = self.line.picture.shape[:2]
        return float(width / line_width(height, width))


def read_lines(lines: Sequence[ZoneLine], field: LayoutField, reader: Reader) -> list[Found]:
    """What the network of fields makes of some lines."""
    greys = [cv2.cvtColor(line.picture, cv2.COLOR_RGB2GRAY).astype(np.uint8) for line in lines]
    transcripts = reader.field_network.transcriber.transcribe([as_line(grey) for grey in greys])
    opinions = [Opinion.of(hypotheses(one.frames, _BEST), field) for one in transcripts]
    return [Found(*both) for both in zip(lines, transcripts, opinions, strict=True)]


def opinions_on(found: Found, field: LayoutField, reader: Reader, in_cells: Opinion | None) -> tuple[Opinion, ...]:
    """Everybody's opinion on a line.

    Args:
        found: What the network of fields makes of it.
        field: What it is to be.
        reader: Whom to ask.
        in_cells: What boxes say one by one, in place of the readers of digits; None where there are none.
    """
    own = found.opinion
    opinions = [own, _by_digits(found, reader) if in_cells is None else in_cells]
    if reader.second is not None:
        (other,) = reader.second.reader.transcribe_fields([found.line.picture])
        opinions.append(Opinion.of(_with_strokes(hypotheses(other.frames, _BEST), field), field))
    return tuple(opinions)


def together(opinions: Sequence[Opinion]) -> Opinions:
    """Opinions on every value that one of them proposes."""
    values = tuple(dict.fromkeys(value for one in opinions for value in one.chances))
    logs = np.stack([one.logs(values) for one in opinions], axis=1)
    return Opinions(values, logs, tuple(one.said for one in opinions))


def _with_strokes(readings: list[Hypothesis], field: LayoutField) -> list[Hypothesis]:
    """The second reader's readings; what it takes for a 1 before a closing dash may be the stroke of "/-".

    Where amounts have cents, nobody writes that behind them.
    """
    if field.kind is not Kind.AMOUNT or field.convention is None or field.convention.cents_always:
        return readings
    both: list[Hypothesis] = []
    for reading in readings:
        stroke = re.sub(r"1(-*)$", r"/\1", reading.digits)
        share = 1.0 if stroke == reading.digits else 0.5
        both.append(Hypothesis(reading.digits, share * reading.probability))
        both += [Hypothesis(stroke, 0.5 * reading.probability)] if share < 1 else []
    return both


def _by_digits(found: Found, reader: Reader) -> Opinion:
    """What the readers of digits alone make of the part of a line where its digits stand.

    They know no signs: a value is theirs if its digits are what they read.
    """
    own, picture = found.opinion, found.line.picture
    text, _ = own.texts[own.said]
    spans = found.transcript.spans(text)
    inside = [span for span, sign in zip(spans, text, strict=True) if sign.isdigit()]
    room = _ROOM * picture.shape[0]
    left = max(0, int(inside[0][0] * found.share - room))
    right = min(picture.shape[1], int(inside[-1][1] * found.share + room) + 1)
    part = np.ascontiguousarray(picture[:, left:right])
    numbers = numbers_on(Page(part, 1, None, ""), ONE_NUMBER, replace(reader, debug_directory=None))
    if not numbers:
        return _NOTHING
    settled = reader.settled(numbers[0], ONE_NUMBER)
    chances = {one.digits: one.probability for one in settled.readings}
    ways = {value: _as_digits(text) for value, (text, _) in own.texts.items()}
    known = {value: sum(chances.get(way, 0.0) for way in own_ways) for value, own_ways in ways.items()}
    best = settled.decoded.value
    said = next((value for value, own_ways in ways.items() if best in own_ways), best)
    return Opinion(said, {value: chance for value, chance in known.items() if chance}, {})


def _as_digits(text: str) -> set[str]:
    """A text as those who know digits alone may read it: without its signs, or a stroke for a 1."""
    strokes = text.strip(_NO_DIGITS).replace("/", "1")
    return {"".join(sign for sign in way if sign.isdigit()) for way in (text, strokes)}
