"""Numbers as people read them."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.http import urlencode

register = template.Library()

SURE = 0.99
"""A digit below this is drawn as doubtful; only its look hangs on it."""


@register.filter
def percent(share: float) -> str:
    """0.98765 as "98.8 %"; never rounded up to certainty."""
    return f"{min(share * 100, 99.9):.1f} %" if share < 1 else "100 %"


@register.filter
def megabytes(count: int) -> str:
    """Bytes as "1.5 MB", small ones as "12 kB"."""
    if count < 1024**2:
        return f"{max(1, round(count / 1024)):,} kB"
    return f"{count / 1024**2:,.1f}".removesuffix(".0") + " MB"


@register.filter
def millions(count: int) -> str:
    """80000000 as "80 million"."""
    return f"{count / 1e6:,.1f}".removesuffix(".0") + " million"


@register.filter
def mark(digit: int | None) -> str:
    """A digit as it is shown; "?" for what is none."""
    return "?" if digit is None else str(digit)


@register.filter
def doubtful(digit: dict[str, Any]) -> bool:
    """Whether a digit is shown with the sign of doubt."""
    return digit["digit"] is None or digit["confidence"] < SURE


@register.filter
def cut(box: list[int]) -> str:
    """A view box around [x, y, w, h] with some paper around it, square, so that all digits look alike in size."""
    left, top, width, height = box
    side = max(width, height) * 1.3
    return f"{left + width / 2 - side / 2:.1f} {top + height / 2 - side / 2:.1f} {side:.1f} {side:.1f}"


@register.filter
def spoken(value: str) -> str:
    """Digit by digit, for the voice: "1, 2, unreadable"."""
    return ", ".join("unreadable" if mark == "?" else mark for mark in value)


@register.simple_tag
def address_with(query: str, **changes: Any) -> str:
    """The query string with something added."""
    added = urlencode(changes)
    return f"?{query}&{added}" if query else f"?{added}"
