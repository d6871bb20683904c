"""Numbers as they are written: a text with its marks in, the value with a point before its decimals out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product

from ml.reading.forms.constants import WRITTEN
from ml.reading.forms.signs import CURRENCY, LETTERS, RAISED, STAR

AMBIGUOUS = "The mark in this number may end the thousands or stand before decimals."
DATE_OR_FRACTION = "Strokes or dashes stand between the digits: this may be a date, a fraction, or several numbers."

AROUND = f"{LETTERS}{CURRENCY}{STAR} "
_NUMBER = re.compile(r"(?P<minus>-?)(?P<body>[.,]?[0-9]+(?:[.,/-][0-9]+)*)[-.,/]*")
_GROUPS = re.compile(r"[0-9]{1,3}(?:(?P<mark>[.,])[0-9]{3})(?:(?P=mark)[0-9]{3})+")
_ENDS_A_GROUP = re.compile(r"[-.,0-9]*[.,][0-9]{3}")
_GROUPS_AND_DECIMALS = re.compile(r"(?P<whole>[0-9]{1,3}(?:(?P<mark>[.,])[0-9]{3})+)(?!(?P=mark))[.,](?P<rest>[0-9]+)")
_DECIMALS = re.compile(r"(?P<whole>[0-9]*)[.,](?P<rest>[0-9]+)")


@dataclass(frozen=True, slots=True)
class Written:
    """A number as it is written.

    Attributes:
        value: "20.5", "-52", "13,400", "8/9/2025": with a point before decimals, without marks that surely end
            thousands.
        doubt: A sentence where the value has more than one meaning; else empty.
    """

    value: str
    doubt: str = ""

    @property
    def without_groups(self) -> str:
        """The value without marks that may end thousands: "13400" of "13,400", and "20.5" as it is."""
        return re.sub("[.,]", "", self.value) if self.doubt and _ENDS_A_GROUP.fullmatch(self.value) else self.value


def as_written(text: str) -> Written | None:
    """The number that a text shows.

    Args:
        text: In the alphabet of `ml.reading.forms.signs`.

    Returns:
        None where the text is no number: it has no digit, or letters between them.
    """
    found = _NUMBER.fullmatch(text.strip(AROUND).replace(RAISED, ".").lstrip("/"))
    if found is None:
        return None
    written = _body(found["body"])
    return Written(found["minus"] + written.value, written.doubt)


def digit_strings(text: str) -> set[str]:
    """The strings that a recogniser of digits alone may read: a text without signs, each inner stroke perhaps a 1."""
    head, *groups = re.sub("[^0-9/]", "", re.sub("^[^0-9]+|[^0-9]+$", "", text)).split("/")
    most = WRITTEN.most_strokes
    strokes = product(("", "1"), repeat=min(len(groups), most))
    rest = "".join(groups[most:])
    return {head + "".join(map("".join, zip(chosen, groups, strict=False))) + rest for chosen in strokes}


def _body(body: str) -> Written:
    if body.isdigit():
        return Written(body)
    if "/" in body or "-" in body:
        return Written(body, DATE_OR_FRACTION)
    if _GROUPS.fullmatch(body):
        return Written(re.sub("[.,]", "", body))
    if groups := _GROUPS_AND_DECIMALS.fullmatch(body):
        return Written(re.sub("[.,]", "", groups["whole"]) + "." + groups["rest"])
    if (decimals := _DECIMALS.fullmatch(body)) is None:
        return Written(body, DATE_OR_FRACTION)
    if len(decimals["rest"]) == 3 and 0 < len(decimals["whole"]) <= 3 and not decimals["whole"].startswith("0"):
        return Written(body, AMBIGUOUS)
    return Written(f"{decimals['whole']}.{decimals['rest']}")
