"""Numbers and fields as JSON, in the form that the command, the exports and the pad share."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ml.reading.elements import Cell, Digit, PageReading, Reading, Table, Words, Writing


def digit_as_json(digit: Digit) -> dict[str, Any]:
    """A digit: `digit` (0 to 9 or null), `confidence`, `box` [x, y, w, h] in pixels, `alternatives`."""
    return {
        "digit": digit.digit,
        "confidence": round(digit.confidence, 6),
        "box": list(digit.box.xywh),
        "alternatives": [{"digit": a.digit, "confidence": round(a.confidence, 6)} for a in digit.alternatives],
    }


def number_as_json(reading: Reading) -> dict[str, Any]:
    """A number: `value`, `text`, `confidence`, `accepted`, `box` [x, y, w, h] in pixels, `digits` and more.

    `typed` says whether it was taken from the text of a PDF, `printed` whether a machine printed it. `readings` are the
    likeliest values, best first. `writing` says how the number was written.
    """
    return {
        "value": reading.value,
        "text": reading.text,
        "confidence": round(reading.confidence, 6),
        "accepted": reading.accepted,
        "typed": reading.typed,
        "printed": reading.printed,
        "box": list(reading.box.xywh),
        "digits": [digit_as_json(digit) for digit in reading.digits],
        "readings": readings_as_json(reading),
        "writing": writing_as_json(reading.writing),
    }


def field_as_json(reading: Reading) -> dict[str, Any]:
    """A field of a layout: `name`, `kind`, `value`, `text`, `confidence`, `accepted`, `checks` and more.

    A table has no value. It is accepted where it is as the layout says, and stands among the page's `tables`.
    The `value` of an amount is a decimal, "1234.50", and `currency` goes with it. The `value` of a date is a day,
    "2026-01-31". `words` is what the amount in words says: `text`, `value`, `confidence`, `box`, and `agreement`:
    "agrees", "contradicts" or "unsure"; null where none was read.
    """
    return {
        "name": reading.field,
        "kind": reading.kind,
        "value": reading.value,
        "currency": reading.currency or None,
        "text": reading.text,
        "confidence": round(reading.confidence, 6),
        "accepted": reading.accepted,
        "checks": list(reading.checks),
        "box": list(reading.box.xywh),
        "digits": [digit_as_json(digit) for digit in reading.digits],
        "readings": readings_as_json(reading),
        "words": words_as_json(reading.words),
    }


def words_as_json(words: Words | None) -> dict[str, Any] | None:
    """An amount in words: `text`, `value`, `confidence`, `agreement`, and `box` [x, y, w, h] in pixels."""
    if words is None:
        return None
    return {
        "text": words.text,
        "value": words.value,
        "confidence": round(words.confidence, 6),
        "agreement": words.agreement.value,
        "box": list(words.box.xywh),
    }


def table_as_json(table: Table) -> dict[str, Any]:
    """A table: `box` [x, y, w, h] in pixels, and `rows`: in each the cells that begin there, from the left.

    Of a table that a layout names, `field` is the field's name, `columns` are the columns' names from the left, and so
    many `header_rows` stand above the first value. Any other has null, none and 0.
    """
    return {
        "field": table.field or None,
        "columns": list(table.columns),
        "header_rows": table.header_rows,
        "box": list(table.box.xywh),
        "rows": [[cell_as_json(cell) for cell in row] for row in table.rows],
    }


def cell_as_json(cell: Cell) -> dict[str, Any]:
    """A cell: `row` and `column` from 0, `rows` and `columns` that it spans, `box` [x, y, w, h] in pixels, and more.

    `text`, `value`, `confidence`, `accepted` and `checks` are those of its reading. An empty cell has no text, no value
    and no confidence, and is accepted.
    """
    read = cell.reading
    return {
        "row": cell.row,
        "column": cell.column,
        "rows": cell.rows,
        "columns": cell.columns,
        "text": "" if read is None else read.text,
        "value": "" if read is None else read.value,
        "confidence": None if read is None else round(read.confidence, 6),
        "accepted": read is None or read.accepted,
        "checks": [] if read is None else list(read.checks),
        "box": list(cell.box.xywh),
    }


def page_as_json(page: PageReading) -> dict[str, Any]:
    """A page: `page` (its number), `layout` (name, version, fit, or null), `faults`, `fields`, `numbers`, `tables`.

    The numbers of tables are among `numbers` too.
    """
    used = page.layout
    layout = None if used is None else {"name": used.name, "version": used.version, "fit": round(used.fit, 4)}
    return {
        "page": page.page.number,
        "layout": layout,
        "faults": list(page.faults),
        "fields": [field_as_json(reading) for reading in page.fields],
        "numbers": [number_as_json(reading) for reading in page.readings],
        "tables": [table_as_json(table) for table in page.tables],
    }


def readings_as_json(reading: Reading) -> list[dict[str, Any]]:
    """The likeliest values, each with `value` and `confidence`."""
    return [
        {"value": hypothesis.text, "confidence": round(hypothesis.probability, 6)} for hypothesis in reading.hypotheses
    ]


def writing_as_json(writing: Writing | None) -> dict[str, Any] | None:
    """How it was written: `words`, `slant` in degrees, `pen` and `height` in pixels, `spacing`, `unevenness`, `ink`."""
    if writing is None:
        return None
    figures = asdict(writing) | {"ink": "#{:02x}{:02x}{:02x}".format(*writing.ink)}
    return {name: round(figure, 3) if isinstance(figure, float) else figure for name, figure in figures.items()}
