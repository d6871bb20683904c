"""MICR fields: a MICR line in, a reading of the whole line or of one of its parts out.

The symbols' confidences, 0 to 1, multiply to that of the field. Boxes are in pixels of the page.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from ml.reading.elements import Alternative, Box, Digit, Provenance, Reading
from ml.reading.fields.constants import MICR_FIELDS
from ml.reading.forms.layouts import Layout, LayoutField
from ml.reading.forms.routing import is_routing_number
from ml.reading.micr.line import MicrLine, MicrSymbol

UNREADABLE = "Something in the MICR line is no symbol of it: a smudge, or writing over it."
UNCLEAR = "The print is not clear enough to be sure of every symbol."
NOT_IN_LINE = "The MICR line has no such part, or not where it should be."
NO_ROUTING_NUMBER = "The check digit is wrong: this is no routing number, or one of its digits was misread."


def read_micr_line(line: MicrLine, field: LayoutField, provenance: Provenance) -> Reading:
    """The reading of the whole line."""
    checks = (UNREADABLE,) if "?" in line.text else ()
    return _reading(line.symbols, line.text, field, provenance, checks)


def read_micr_part(line: MicrLine, layout: Layout, field: LayoutField, provenance: Provenance) -> Reading:
    """The reading of the part of the line that a field names, by the layout's pattern."""
    parts = layout.micr.parts(line.text) if layout.micr is not None else None
    span = parts.get(field.in_micr) if parts else None
    if span is None:
        missing = (NOT_IN_LINE,) if field.required else ()
        return Reading(field.name, "", "", 0.0, False, (), line.box, provenance, missing, kind=field.kind.value)
    first = span[0] - line.text[: span[0]].count(" ")  # the text has spaces, the symbols have not
    text = line.text[span[0] : span[1]]
    symbols = line.symbols[first : first + len(text.replace(" ", ""))]
    value = "".join(symbol.symbol for symbol in symbols if symbol.symbol.isdigit())
    checks = [why] if (why := field.mismatch(value)) else []
    if field.name == "routing_number" and not is_routing_number(value):
        checks.append(NO_ROUTING_NUMBER)
    return replace(_reading(symbols, text, field, provenance, tuple(checks)), value=value)


def _reading(
    symbols: Sequence[MicrSymbol], text: str, field: LayoutField, provenance: Provenance, checks: tuple[str, ...]
) -> Reading:
    confidence = math.prod(symbol.confidence for symbol in symbols)
    if not checks and confidence < MICR_FIELDS.least_confidence:
        checks = (UNCLEAR,)
    return Reading(
        field=field.name,
        text=text,
        value=text,
        confidence=confidence,
        accepted=not checks,
        digits=tuple(_digit(symbol) for symbol in symbols if symbol.symbol.isdigit()),
        box=reduce(Box.union, (symbol.box for symbol in symbols)),
        provenance=provenance,
        checks=checks,
        kind=field.kind.value,
    )


def _digit(symbol: MicrSymbol) -> Digit:
    others = tuple(
        Alternative(int(other), probability) for other, probability in symbol.alternatives if other.isdigit()
    )
    return Digit(int(symbol.symbol), symbol.confidence, others, symbol.box)
