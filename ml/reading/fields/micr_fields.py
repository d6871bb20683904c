"""The MICR line as fields: the line whole, and its parts with what each has to satisfy."""

from __future__ import annotations

import math
from dataclasses import replace

from ml.reading.elements import Alternative, Digit, Provenance, Reading
from ml.reading.fields.constants import MICR_FIELDS
from ml.reading.forms.layouts import Layout, LayoutField
from ml.reading.forms.routing import is_routing_number
from ml.reading.micr.line import MicrLine, MicrSymbol

UNREADABLE = "Something in the MICR line is no symbol of it: a smudge, or writing over it."
UNCLEAR = "The print is not clear enough to be sure of every symbol."
NOT_IN_LINE = "The MICR line has no such part, or not where it should be."
NO_ROUTING_NUMBER = "The check digit is wrong: this is no routing number, or one of its digits was misread."


def micr_line(line: MicrLine, field: LayoutField, provenance: Provenance) -> Reading:
    """The whole line."""
    checks = (UNREADABLE,) if "?" in line.text else ()
    return _reading(line.symbols, line.text, field, provenance, checks)


def part_of_micr(line: MicrLine, layout: Layout, field: LayoutField, provenance: Provenance) -> Reading:
    """A part of the line, by the layout's pattern."""
    parts = layout.micr.parts(line.text) if layout.micr is not None else None
    span = parts.get(field.in_micr) if parts else None
    if span is None:
        missing = (NOT_IN_LINE,) if field.required else ()
        return Reading(field.name, "", "", 0.0, False, (), line.box, provenance, missing, kind=field.kind.value)
    # The text has spaces, the symbols have not.
    first = span[0] - line.text[: span[0]].count(" ")
    text = line.text[span[0] : span[1]]
    symbols = line.symbols[first : first + len(text.replace(" ", ""))]
    value = "".join(symbol.symbol for symbol in symbols if symbol.symbol.isdigit())
    checks = [why] if (why := field.fits(value)) else []
    if field.name == "routing_number" and not is_routing_number(value):
        checks.append(NO_ROUTING_NUMBER)
    return replace(_reading(symbols, text, field, provenance, tuple(checks)), value=value)


def _reading(
    symbols: tuple[MicrSymbol, ...], text: str, field: LayoutField, provenance: Provenance, checks: tuple[str, ...]
) -> Reading:
    confidence = math.prod(symbol.confidence for symbol in symbols)
    told = checks or ((UNCLEAR,) if confidence < MICR_FIELDS.least_confidence else ())
    box = symbols[0].box
    for symbol in symbols[1:]:
        box = box.union(symbol.box)
    return Reading(
        field=field.name,
        text=text,
        value=text,
        confidence=confidence,
        accepted=not told,
        digits=tuple(_digit(symbol) for symbol in symbols if symbol.symbol.isdigit()),
        box=box,
        provenance=provenance,
        checks=told,
        kind=field.kind.value,
    )


def _digit(symbol: MicrSymbol) -> Digit:
    others = tuple(Alternative(int(one), chance) for one, chance in symbol.alternatives if one.isdigit())
    return Digit(int(symbol.symbol), symbol.confidence, others, symbol.box)
