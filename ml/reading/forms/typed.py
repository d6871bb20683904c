"""Typed text of a PDF: the readings of a page's lines in, the same ones out, but with the values that are typed there.

What a PDF holds as text need not be recognised. Where a line is typed, and is no number on its own, it does not pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ml.reading.elements import Box, Digit, Reading, TypedText
from ml.reading.forms.money import MARK_AMBIGUOUS

NO_NUMBER = "This is typed, and no number on its own: {text}"
PARTLY_TYPED = "Only a part of this is a typed number: {text}"

_NUMBER = re.compile(r"(?P<sign>[-+\u2212]?)(?P<body>[0-9]+(?:[.,'\u2019][0-9]+)*|[.,][0-9]+)")
_GROUPS = re.compile(r"[0-9]{1,3}(?P<mark>[.,'\u2019])[0-9]{3}(?:(?P=mark)[0-9]{3})*")
_LAST_MARK = re.compile(r"(?P<whole>.*)(?P<mark>[.,])(?P<rest>[0-9]+)")


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """The number that a text is.

    Attributes:
        value: With a point before decimals, "-" before a negative one, and no marks between thousands.
        doubt: A sentence where it may be another number; else empty. The value then has its marks as they are typed.
    """

    value: str
    doubt: str = ""


def typed_number(text: str) -> TypedNumber | None:
    """The number that a typed text is; None where it is none, or more than a number."""
    found = _NUMBER.fullmatch(text)
    number = None if found is None else _unsigned(found["body"])
    if found is None or number is None:
        return None
    return number if found["sign"] in ("", "+") else replace(number, value=f"-{number.value}")


def _unsigned(body: str) -> TypedNumber | None:
    if body.isdigit():
        return TypedNumber(body)
    groups = _GROUPS.fullmatch(body)
    if groups and groups["mark"] in ".," and body.count(groups["mark"]) == 1 and not body.startswith("0"):
        return TypedNumber(body, MARK_AMBIGUOUS)
    if groups and not body.startswith("0"):
        return TypedNumber(body.replace(groups["mark"], ""))
    last = _LAST_MARK.fullmatch(body)
    if last is None:
        return None
    whole = _GROUPS.fullmatch(last["whole"])
    if whole and whole["mark"] != last["mark"]:
        return TypedNumber(f"{last['whole'].replace(whole['mark'], '')}.{last['rest']}")
    return TypedNumber(f"{last['whole']}.{last['rest']}") if last["whole"].isdigit() or not last["whole"] else None


def with_typed(readings: Sequence[Reading], typed: Sequence[TypedText]) -> tuple[Reading, ...]:
    """The readings of a page; those on typed text with its value, and sure, if the text is a number on its own.

    A number that was read in several pieces becomes one reading. Lines that are typed in part, or are no number on
    their own, are not accepted. What lies beside typed text stays as it was read.

    Args:
        readings: As the recognisers read the page.
        typed: What is typed on the page.
    """
    return tuple(_told(readings, typed)) if typed else tuple(readings)


def _told(readings: Sequence[Reading], typed: Sequence[TypedText]) -> Iterator[Reading]:
    done = set()
    for reading in readings:
        places = [_word_at(box, typed) for box in [digit.box for digit in reading.digits] or [reading.box]]
        words = list(dict.fromkeys(word for word in places if word is not None))
        if not words:
            yield reading
        elif len(words) > 1 or None in places:
            yield _doubted(reading, PARTLY_TYPED.format(text=" ".join(word.text for word in words)))
        elif (number := typed_number(words[0].text)) is None:
            yield _doubted(reading, NO_NUMBER.format(text=words[0].text))
        elif words[0] not in done:
            done.add(words[0])
            yield _typed(reading, words[0], number)


def _word_at(box: Box, typed: Sequence[TypedText]) -> TypedText | None:
    """The typed word on which the middle of a box lies; None beside all of them."""
    across, down = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return next((word for word in typed if _holds(word.box, across, down)), None)


def _holds(box: Box, across: float, down: float) -> bool:
    return box.left <= across <= box.right and box.top <= down <= box.bottom


def _doubted(reading: Reading, check: str) -> Reading:
    return replace(reading, accepted=False, checks=(*reading.checks, check))


def _typed(reading: Reading, word: TypedText, number: TypedNumber) -> Reading:
    """A reading with the value that is typed. Its glyphs stay where there are as many as the text has digits."""
    signs = [sign for sign in word.text if sign.isdigit()]
    digits = tuple(
        Digit(int(sign), 1.0, (), digit.box)
        for sign, digit in zip(signs, reading.digits, strict=False)
        if len(signs) == len(reading.digits)
    )
    return replace(
        reading,
        text=word.text,
        value=number.value,
        confidence=0.5 if number.doubt else 1.0,  # it has two meanings, or one
        accepted=not number.doubt,
        digits=digits,
        box=word.box,
        checks=(number.doubt,) if number.doubt else (),
        hypotheses=(),
        writing=None,
        typed=True,
    )
