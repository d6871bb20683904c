"""Amounts in figures: text in, a decimal value with its currency out, and sentences on what makes it doubtful."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from ml.reading.forms.constants import MONEY
from ml.reading.forms.signs import RAISED

NO_CENTS = "No cents were found: a decimal mark may have been lost."
CENTS_UNCLEAR = "What stands behind the decimal mark is not two digits."
MARKS_ODD = "The marks between the digits stand where neither thousands nor cents end."
MARK_AMBIGUOUS = "The last mark may be a decimal mark or end the thousands."

_OPENING = re.compile(r"^[-=*#~ ]+")
_HUNDREDTHS = re.compile(r"^(?P<whole>.*?)(?P<mark>[.,^ ]?)(?P<cents>[0-9]{2}|xx|--)/100[-=*~.,/ ]*$")
_DASHED = re.compile(r"([.,]-+|/-*|=+)$")
"""Written instead of cents: "500.-", "500,--", "500/-", "500/", "500="."""

_CLOSING = re.compile(r"[-=*~.,/ ]+$")
_MARKS = re.compile(r"[.,'^ ]")


@dataclass(frozen=True, slots=True)
class Convention:
    """How amounts are written in the country of a form.

    Attributes:
        currency: The currency's three letters of ISO 4217.
        decimal: The mark before cents, "." or ",".
        cents_always: Whether every amount has cents; otherwise whole amounts are usual.

    Raises:
        ValueError: The currency has other letters, or the decimal mark is neither a point nor a comma.
    """

    currency: str
    decimal: str
    cents_always: bool

    def __post_init__(self) -> None:
        if not re.fullmatch("[A-Z]{3}", self.currency):
            raise ValueError(f"a currency has three capital letters, not {self.currency!r}")
        if self.decimal not in (".", ","):
            raise ValueError(f"a decimal mark is a point or a comma, not {self.decimal!r}")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount: its value, its currency, and sentences on what makes it doubtful."""

    value: Decimal
    currency: str
    doubts: tuple[str, ...] = ()


def money_of(written: str, convention: Convention) -> Money | None:
    """The value of an amount in figures.

    In every convention, the last mark stands before cents when exactly two digits follow it. Other marks have to stand
    where thousands end, or hundreds of thousands as in India. A missing mark between thousands is no doubt.

    Args:
        written: Digits, "." "," "'" and spaces between them, `RAISED` before raised cents, "xx/100"; and the signs that
            fill the space before and after ("**", "/-", "=", "-"). Without the currency's sign.
        convention: The form's.

    Returns:
        None where the text is no amount: it has no digit, or a character that is neither digit nor mark.
    """
    text = _OPENING.sub("", written)
    hundredths = _HUNDREDTHS.match(text)
    if hundredths:
        cents = hundredths["cents"] if hundredths["cents"].isdigit() else "00"
        doubt = () if hundredths["mark"] else (MARK_AMBIGUOUS,)
        return _amount(hundredths["whole"], cents, convention, doubt)
    is_whole = _DASHED.search(text.rstrip("*~ ")) is not None
    text = _CLOSING.sub("", text)
    last = (_MARKS.findall(text) or [""])[-1]
    tail = text[text.rfind(last) + 1 :] if last else ""
    if last == RAISED or (last in (".", ",") and len(tail) in (1, 2)):
        doubt = () if len(tail) == 2 else (CENTS_UNCLEAR,)
        whole = text[: text.rfind(last)]
        return _amount(whole, tail, convention, doubt)
    doubts = []
    if last == convention.decimal and not is_whole:
        doubts.append(MARK_AMBIGUOUS)
    if convention.cents_always and not is_whole and not doubts:
        doubts.append(NO_CENTS)
    return _amount(text, "", convention, tuple(doubts))


def _amount(whole: str, cents: str, convention: Convention, doubts: tuple[str, ...]) -> Money | None:
    """An amount from its whole part, with marks, and its cents, digits or empty; None where it is none."""
    digits = _MARKS.sub("", whole)
    if not re.fullmatch("[0-9]+", digits + cents) or len(digits) > MONEY.most_digits:
        return None
    if not _grouped(whole):
        doubts = (*doubts, MARKS_ODD)
    value = Decimal(f"{digits or 0}.{cents}") if cents else Decimal(digits)
    return Money(value.quantize(Decimal("0.01")), convention.currency, doubts)


def _grouped(whole: str) -> bool:
    """Whether each mark ends thousands: 3, 6, 9 digits follow it, or 3, 5, 7 as in India."""
    behind, count = [], 0
    for sign in reversed(whole):
        if sign.isdigit():
            count += 1
        else:
            behind.append(count)
    western, indian = (all(count >= 3 and (count - 3) % step == 0 for count in behind) for step in (3, 2))
    return (western or indian) and len(behind) == len(set(behind)) and not whole.startswith((".", ",", "'"))
