"""Read every field of a sheet: a sheet with its layout in, one reading for each field out.

Each field is looked for in its zone. All recognisers are asked about its line, and their posteriors are combined. Last,
the fields are checked against each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ml.reading.elements import Box, Page, Provenance, Reading
from ml.reading.fields.candidate_lines import (
    CandidateLine,
    date_in_letters,
    find_candidates,
    has_currency_sign,
    rank_lines,
    row_candidate,
)
from ml.reading.fields.cells import read_cells
from ml.reading.fields.checks.repeats import check_repeats
from ml.reading.fields.checks.totals import check_totals
from ml.reading.fields.decide import decide
from ml.reading.fields.legal_amount import Heard, hear_words, words_alone
from ml.reading.fields.line_ends import extend_to_ends
from ml.reading.fields.micr_fields import read_micr_line, read_micr_part
from ml.reading.fields.recognise import recogniser_posteriors
from ml.reading.fields.verdict import held_against_words
from ml.reading.forms.layouts import Kind, LayoutField
from ml.reading.ink.zones import Zone
from ml.reading.reader import Reader
from ml.reading.sheets.align import Aligned

NOTHING_FOUND = "Nothing was found here that could be this field."
CROWDED = "There are more marks here than any writing has, so nothing was read: look at the picture."
OUT_OF_VIEW = "The picture does not show this part of the sheet."
IN_LETTERS = "A part of the date stands in letters, and is for a person to read."


def read_fields(sheet: Aligned, reader: Reader) -> tuple[Reading, ...]:
    """Read every field of a sheet's layout, in the layout's order. Of a table only its place is told."""
    readings = [_read_field(sheet, field, reader) for field in sheet.layout.fields]
    threshold = reader.field_decision_rule.threshold(reader.error_rate)
    checked = check_totals(check_repeats(readings, sheet.layout), sheet.layout, threshold)
    held = tuple(held_against_words(*pair) for pair in zip(readings, checked, strict=True))
    return _words_in_place(held, sheet)


def _words_in_place(readings: tuple[Reading, ...], sheet: Aligned) -> tuple[Reading, ...]:
    """Place each field with an amount in words on the line that was read."""
    lines = {reading.field: reading.words.box for reading in readings if reading.words is not None}
    amounts = {field.name: field.words_of for field in sheet.layout.fields}
    return tuple(
        replace(reading, box=lines[amounts[reading.field]]) if amounts.get(reading.field) in lines else reading
        for reading in readings
    )


def _read_field(sheet: Aligned, field: LayoutField, reader: Reader) -> Reading:
    """Read a field; where an amount has no figures that can be read, its words may still tell it to a person."""
    reading = _read_place(sheet, field, reader)
    if field.kind is Kind.AMOUNT and not reading.value:
        return replace(reading, words=words_alone(field, sheet, reader))
    return reading


def _read_place(sheet: Aligned, field: LayoutField, reader: Reader) -> Reading:
    provenance = _provenance(sheet, reader)
    if field.in_micr and sheet.micr is not None:
        return read_micr_part(sheet.micr, sheet.layout, field, provenance)
    if field.kind is Kind.MICR and sheet.micr is not None:
        return read_micr_line(sheet.micr, field, provenance)
    box = sheet.box_of(field.place)
    if box is None:
        return _unread(field, _whole(sheet.page), provenance, OUT_OF_VIEW)
    if field.kind in (Kind.SHOW, Kind.TABLE):
        return _unread(field, box, provenance)
    if field.kind is Kind.MICR or field.in_micr:
        return _unread(field, box, provenance, NOTHING_FOUND)
    return _read_zone(Zone.of(sheet.page, box, sheet.per_mm), field, sheet, reader)


def _read_zone(zone: Zone, field: LayoutField, sheet: Aligned, reader: Reader) -> Reading:
    """Find the field's line in its zone, and read it."""
    provenance = _provenance(sheet, reader)
    if zone.is_crowded:
        return _unread(field, zone.place, provenance, CROWDED)
    row = row_candidate(zone, field, reader) if field.boxed else None
    if row is not None:
        heard = hear_words(field, zone.on_page(row.box), sheet, reader)
        return _read_line(row, zone, field, heard, reader, provenance)
    candidates = find_candidates(zone, field, reader)
    lines = rank_lines(candidates, field.kind)
    if lines:
        line, heard = _line_and_words(lines, zone, field, sheet, reader)
        signed = field.kind is Kind.AMOUNT and any(has_currency_sign(candidate, line) for candidate in candidates)
        return replace(_read_line(line, zone, field, heard, reader, provenance), signed=signed)
    if field.kind is Kind.DATE and (text := date_in_letters(candidates)):
        return replace(_unread(field, zone.place, provenance, IN_LETTERS), text=text)
    return _unread(field, zone.place, provenance, *([NOTHING_FOUND] if field.required else []))


def _line_and_words(
    lines: Sequence[CandidateLine], zone: Zone, field: LayoutField, sheet: Aligned, reader: Reader
) -> tuple[CandidateLine, Heard | None]:
    """The field's line among those that may be it, the likeliest first, and what the words of an amount say."""
    heard = hear_words(field, zone.on_page(lines[0].box), sheet, reader)
    line = lines[0] if heard is None else heard.line_among(lines)
    if line is not lines[0]:  # what was left out of the words was not the figures
        heard = hear_words(field, zone.on_page(line.box), sheet, reader)
    return line, heard


def _read_line(
    line: CandidateLine,
    zone: Zone,
    field: LayoutField,
    heard: Heard | None,
    reader: Reader,
    provenance: Provenance,
) -> Reading:
    """Ask all recognisers about the field's line, and decide."""
    more_beside, cells = False, None
    if field.boxed:
        cells = read_cells(zone, field, reader)
    else:
        line, more_beside = extend_to_ends(line, zone, field, reader)
        if (bare := zone.without_feet(line.line)) is not None:
            line = replace(line, variants=(bare,))
    posteriors = recogniser_posteriors(line, field, reader, cells)
    return decide(line, posteriors, field, zone, reader, provenance, more_beside=more_beside, heard=heard)


def _unread(field: LayoutField, box: Box, provenance: Provenance, *checks: str) -> Reading:
    """The reading of a field without a value: it is only shown, or nothing was found."""
    return Reading(field.name, "", "", 0.0, False, (), box, provenance, checks, kind=field.kind.value)


def _whole(page: Page) -> Box:
    height, width = page.pixels.shape[:2]
    return Box(0, 0, width, height)


def _provenance(sheet: Aligned, reader: Reader) -> Provenance:
    layout = sheet.layout
    settings = f"layout={layout.name} version={layout.version} error_rate={reader.error_rate:g}"
    return Provenance(reader.sha256, settings)
