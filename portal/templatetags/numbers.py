"""Numbers as people read them."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.http import urlencode

from ml.reading.forms.layouts import Kind
from portal.cards import row_template, shown_value, state_badge
from portal.tables import address_of
from recognition.models import FieldReading

register = template.Library()
register.filter(shown_value)
register.filter(state_badge)
register.filter(row_template)
register.filter(address_of)

FITS_WELL, FITS_IN_PART = 0.7, 0.3
"""The least fit of a layout that fits well, and of one that fits in part.

The second is low, because a chosen layout without a MICR line fits by its shape alone, which never exceeds 0.5.
"""

SURE = 0.99
"""In a number that needs a look, digits up to this confidence are marked as the reason. It changes only their look."""


@register.filter
def in_words(reading: FieldReading) -> str:
    """The value that holds now, for a label or a sentence: "4,240,000.00" or "Thursday, 1 December 2016"."""
    return shown_value(reading).words


@register.filter
def percent(share: float) -> str:
    """0.98765 as "98.8 %". It is never rounded up to 100 % or down to 0 %."""
    if 0 < share < 0.001:
        return "<0.1 %"
    return f"{min(share * 100, 99.9):.1f} %" if share < 1 else "100 %"


@register.filter
def megabytes(count: int) -> str:
    """A number of bytes as "1.5 MB", or as "12 kB" where it is small."""
    if count < 1024**2:
        return f"{max(1, round(count / 1024)):,} kB"
    return f"{count / 1024**2:,.1f}".removesuffix(".0") + " MB"


@register.filter
def millions(count: int) -> str:
    """80000000 as "80 million"."""
    return f"{count / 1e6:,.1f}".removesuffix(".0") + " million"


@register.filter
def mark(digit: int | None) -> str:
    """A digit as pages show it, or "?" where there is none."""
    return "?" if digit is None else str(digit)


@register.filter
def doubtful(digit: dict[str, Any], number: FieldReading | dict[str, Any]) -> bool:
    """Whether a digit is marked as doubtful: it is none, or its number needs a look and it is one of the reasons."""
    if digit["digit"] is None:
        return True
    if isinstance(number, FieldReading):
        accepted, digits = number.accepted, number.digits
    else:
        accepted, digits = number["accepted"], number["digits"]
    least = min(other["confidence"] for other in digits)
    return not accepted and digit["confidence"] <= max(SURE, least)


@register.filter
def padded(box: list[int]) -> dict[str, Any]:
    """A box [x, y, w, h] with a little paper around it, and the same as an SVG `view`."""
    return _view(box, min(0.06 * max(box[2:]), 0.4 * min(box[2:])))


@register.filter
def cut(number: FieldReading) -> dict[str, Any]:
    """The box that is cut out of the page to show a number or field. A field that is only shown gets no padding."""
    return _view(number.own_box, 0) if number.kind == Kind.SHOW else padded(number.own_box)


def _view(box: list[int], edge: float) -> dict[str, Any]:
    left, top, width, height = box
    x, y, wide, high = (round(n, 1) for n in (left - edge, top - edge, width + 2 * edge, height + 2 * edge))
    return {"x": x, "y": y, "width": wide, "height": high, "view": f"{x} {y} {wide} {high}"}


SPOKEN = {"?": "unreadable", ".": "point"}


@register.filter
def spoken(value: str) -> str:
    """A value digit by digit, for screen readers: "1, 2, unreadable"."""
    return ", ".join(SPOKEN.get(mark, mark) for mark in value)


@register.filter
def fits_in_words(fit: float) -> str:
    """How well a layout fits a page, in words."""
    return "fits well" if fit >= FITS_WELL else "fits in part" if fit >= FITS_IN_PART else "hardly fits"


@register.simple_tag
def address_with(query: str, **changes: Any) -> str:
    """The query string with the changes added."""
    added = urlencode(changes)
    return f"?{query}&{added}" if query else f"?{added}"
