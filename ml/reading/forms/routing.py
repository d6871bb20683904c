"""Checks routing numbers of American banks by their check digit: digits in, true or false out."""

from __future__ import annotations

_WEIGHTS = (3, 7, 1, 3, 7, 1, 3, 7, 1)


def is_routing_number(digits: str) -> bool:
    """Whether nine digits, weighted by 3, 7 and 1, add up to a multiple of ten above zero.

    Source: American Bankers Association, "Routing Number Administration Policy", check digit.
    """
    if len(digits) != len(_WEIGHTS) or not (digits.isascii() and digits.isdigit()):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True))
    return total > 0 and total % 10 == 0
