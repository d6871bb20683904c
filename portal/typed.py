"""Turn what people type into the value that they mean, and a value into what they would type.

Where nothing tells which of two meanings is right, a text is refused: a date with both, a number with its digits alone.
What most likely has one meaning, but is seldom written so on this form, or is read otherwise elsewhere, is a doubt,
which the person can set aside.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import get_args

from ml.reading.forms.dates import Order, date_of
from ml.reading.forms.layouts import Kind, LayoutField
from ml.reading.forms.money import CENTS_UNCLEAR, Convention
from ml.reading.forms.written import as_written
from ml.reading.micr.e13b import AMOUNT, DASH, ON_US, TRANSIT
from recognition.amounts import BY_LAKHS, amount_of
from recognition.values import YEARS, day_of

_DASHED = re.compile("[0-9]+(?:-[0-9]+)*")
_MARKED = re.compile("[-.,'’·]*[0-9][-.,'’·0-9]*")
_SYMBOLS = (TRANSIT, AMOUNT, ON_US, DASH)
_SYMBOL_OF = str.maketrans("ABCDabcd", 2 * "".join(_SYMBOLS))
_LETTER_OF = str.maketrans("".join(_SYMBOLS), "ABCD")
"""The letters that people type for the symbols of a MICR line."""

_AROUND = re.compile(r"^\s*(?:Rs\.?|[A-Z]{3}\b|[₹$€£])?\s*|\s*(?:[/.,][-=]*|[A-Z]{3}|[₹$€£])?\s*$", re.IGNORECASE)
"""The signs around an amount: "Rs 500/-", "500.00 INR"."""

_CENTS = re.compile(r"(?P<whole>.*[0-9])(?P<mark>[.,])(?P<cents>[0-9]{1,2})")
_PLAIN = re.compile("[0-9]+")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?P<mark>[.,'’\s])[0-9]{3}(?:(?P=mark)[0-9]{3})*")
_LAKHS = re.compile(r"[0-9]{1,2}(?P<mark>[.,'’\s])(?:[0-9]{2}(?P=mark))*[0-9]{3}")

_NUMBER_SIGNS = re.compile("[0-9.,/-]+")
_SAME_SIGNS = str.maketrans("·−–", ".--")
_SPACED_GROUPS = re.compile(r"(?<=[0-9])[ '’](?=[0-9]{3}(?![0-9]))")
"""A space or an apostrophe that ends a group of thousands."""

DIGITS_ALONE = (
    "This holds digits alone, and “{typed}” may be another number than {digits}. If {digits} stands there, type it "
    "without marks."
)
MARK_UNCLEAR = "The {mark} may stand where thousands end, or before decimals."
MARK_NAMES = {".": "point", ",": "comma"}
OTHER_MARK = "A {mark} stands before the cents, where this form has a {usual}."
THOUSANDS_MARK = "The {mark} stands where thousands end, and on this form it stands before the cents."
LAKHS_MARK = "The marks between the digits stand where they do for lakhs."

_DAYS = ("%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y")
_YEAR_FIRST = re.compile(r"[0-9]{4}(?:\s*[-/., ]\s*[0-9]{1,2}){2}|[0-9]{8}")
ORDERS: dict[Order, str] = {"dmy": "DD MM YYYY", "mdy": "MM DD YYYY", "ymd": "YYYY MM DD"}
"""The orders of a date, as pages show them."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a person means by what they typed.

    Attributes:
        value: In the form that rows keep. Any other text stands here as it was typed, and is refused later.
        doubts: Sentences on why another value may be meant.
        refusal: A sentence on why it is not taken: it has two meanings, or another order than the form's.
        shown_first: Whether the person has to see the value before it is kept, because it is written otherwise.
    """

    value: str
    doubts: tuple[str, ...] = ()
    refusal: str = ""
    shown_first: bool = False


def meaning_of(typed: str, kind: str, field: LayoutField | None = None) -> Meaning:
    """The meaning of a text that a person typed for a value.

    Args:
        typed: The text.
        kind: The value's kind.
        field: Its field in the layout, which tells the order of a date and the marks of an amount; None without one.
    """
    if kind == Kind.AMOUNT:
        return _amount(typed, field.convention if field else None)
    if kind == Kind.DATE:
        return _date(typed, field.order if field else None)
    if kind == Kind.NUMBER:
        return _number(typed)
    if kind == Kind.MICR:
        return Meaning(" ".join(typed.translate(_SYMBOL_OF).split()))
    return _digits(typed)


def typed_form(value: str, kind: str, field: LayoutField | None = None, currency: str = "") -> str:
    """A value as a person would type it on this form; `meaning_of` gives the value again, without a doubt."""
    if kind == Kind.AMOUNT:
        return amount_of(value, field.convention if field else None, currency)
    if kind == Kind.MICR:
        return value.translate(_LETTER_OF)
    day = day_of(value) if kind == Kind.DATE and field is not None else None
    if day is None or field is None or field.order is None:
        return value
    parts = {"d": f"{day.day:02}", "m": f"{day.month:02}", "y": f"{day.year:04}"}
    return " ".join(parts[unit] for unit in field.order)


def long_form(day: date) -> str:
    """A day with its weekday, "Thursday, 1 December 2016": whoever meant another notices."""
    return f"{day:%A}, {day.day} {day:%B %Y}"


def _number(typed: str) -> Meaning:
    """A number with its marks; text with other signs is returned as typed, and refused later."""
    text = _SPACED_GROUPS.sub("", typed.strip().translate(_SAME_SIGNS))
    written = as_written(text) if _NUMBER_SIGNS.fullmatch(text) else None
    return Meaning(typed) if written is None else Meaning(written.value, (written.doubt,) if written.doubt else ())


def _digits(typed: str) -> Meaning:
    """The digits without spaces, dashes between groups, and marks of thousands: no mark is lost that may count."""
    text = "".join(typed.split())
    digits, marks = re.sub("[^0-9]", "", text), re.sub("[0-9]", "", text)
    if _DASHED.fullmatch(text):
        return Meaning(digits, shown_first=bool(marks))
    if re.match("0+[.,]", text) or not (_THOUSANDS.fullmatch(text) or _LAKHS.fullmatch(text)):
        refusal = DIGITS_ALONE.format(typed=typed.strip(), digits=digits) if _MARKED.fullmatch(text) else ""
        return Meaning(typed, refusal=refusal)
    return Meaning(digits, (MARK_UNCLEAR.format(mark=MARK_NAMES[marks]),) if marks in MARK_NAMES else ())


def _amount(typed: str, convention: Convention | None) -> Meaning:
    """The amount with two decimals and no separators of thousands.

    Text is returned as typed where a mark could separate either thousands or decimals.
    """
    figures = _AROUND.sub("", typed)
    split = _CENTS.fullmatch(figures)
    whole, mark, cents = split.group("whole", "mark", "cents") if split else (figures, "", "")
    grouped = _THOUSANDS.fullmatch(whole) or _LAKHS.fullmatch(whole)
    if not _PLAIN.fullmatch(whole) and (grouped is None or grouped["mark"] == mark):
        return Meaning(typed)
    plain = re.sub("[^0-9]", "", whole).lstrip("0") or "0"
    doubts = _doubts(whole, mark, cents, convention)
    return Meaning(f"{plain}.{cents:0<2}", doubts)


def _doubts(whole: str, mark: str, cents: str, convention: Convention | None) -> tuple[str, ...]:
    """Why the marks of an amount may mean another on this form, or where no form says what they mean."""
    marks = [sign for sign in whole if not sign.isdigit()]
    if convention is None:
        is_unclear = len(marks) == 1 and marks[0] in MARK_NAMES and not mark
        return (MARK_UNCLEAR.format(mark=MARK_NAMES[marks[0]]),) if is_unclear else ()
    doubts = []
    if mark and mark != convention.decimal and not marks:
        doubts.append(OTHER_MARK.format(mark=MARK_NAMES[mark], usual=MARK_NAMES[convention.decimal]))
    if marks == [convention.decimal] and not mark:
        doubts.append(THOUSANDS_MARK.format(mark=MARK_NAMES[convention.decimal]))
    if marks and not _THOUSANDS.fullmatch(whole) and convention.currency not in BY_LAKHS:
        doubts.append(LAKHS_MARK)
    if len(cents) == 1:
        doubts.append(CENTS_UNCLEAR)
    return tuple(doubts)


def _date(typed: str, order: Order | None) -> Meaning:
    """The day, where only one can be meant: in words, with the year first, or in the form's own order."""
    text = typed.strip()
    day = _day_in_words(text) or (_day_in(text, "ymd") if _YEAR_FIRST.fullmatch(text) else None)
    days = _days_by_order(text)
    if day is None and order is not None:
        day = days.get(order)
    elif day is None and len(set(days.values())) == 1:
        day = next(iter(days.values()))
    if day is not None:
        return Meaning(day.isoformat())
    return Meaning(text, refusal=_other_orders(text, order, days) if days else "")


def _day_in_words(text: str) -> date | None:
    words = " ".join(text.replace(",", " ").replace(".", " ").split())
    for form in _DAYS:
        try:
            return datetime.strptime(words, form).date()
        except ValueError:
            continue
    return None


def _days_by_order(text: str) -> dict[Order, date]:
    """The day of a text in figures in each order in which it is one."""
    days = {order: _day_in(text, order) for order in get_args(Order)}
    return {order: day for order, day in days.items() if day is not None}


def _day_in(text: str, order: Order) -> date | None:
    day = date_of(text, order)
    return day if day is not None and day.year in YEARS else None


def _other_orders(text: str, order: Order | None, days: Mapping[Order, date]) -> str:
    meanings = " or ".join(f"{long_form(day)} ({ORDERS[other]})" for other, day in days.items())
    if order is None:
        return f"{text} may be {meanings}. Type the year first, or the month in letters."
    return (
        f"{text} is no day in this form’s order, {ORDERS[order]}. In another it is {meanings}. Type it in the form’s."
    )
