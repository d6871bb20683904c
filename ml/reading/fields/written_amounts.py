"""The figures that an amount may be written in: a value and a convention in, texts out.

A recogniser can be asked how likely each of them is on a line, also where it did not propose the value by itself.
"""

from __future__ import annotations

from decimal import Decimal

from ml.reading.forms.money import Convention
from ml.reading.forms.signs import CURRENCY, RAISED

_WHOLE = ("", "/-", "/")
"""What stands behind an amount without cents: nothing, or a closing stroke."""


def written_forms(value: Decimal, convention: Convention) -> list[str]:
    """The usual ways to write an amount in figures, in the signs of `ml.reading.forms.signs`.

    Args:
        value: The amount, of whole hundredths.
        convention: Tells the marks.
    """
    whole, cents = f"{value:.2f}".split(".")
    mark = "," if convention.decimal == "." else "."
    wholes = dict.fromkeys((whole, _grouped(whole, mark, 3), _grouped(whole, mark, 2)))
    ends = [f"{convention.decimal}{cents}", f"{RAISED}{cents}", f"{RAISED}{cents}/100"]
    if cents == "00" and not convention.cents_always:
        ends += [*_WHOLE, f"{convention.decimal}{cents}/-"]
    return [f"{sign}{digits}{end}" for sign in ("", CURRENCY) for digits in wholes for end in ends]


def _grouped(digits: str, mark: str, size: int) -> str:
    """Digits with marks: the last three are a group, those before are groups of a size (India: 2)."""
    head, groups = digits[:-3], [digits[-3:]]
    while head:
        head, group = head[:-size], head[-size:]
        groups.insert(0, group)
    return mark.join(groups)
