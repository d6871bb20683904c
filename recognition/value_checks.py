"""Checks on the value that a person gives a field: what the reader holds a value against, as far as typing can fail it.

An amount of 0, a day far from the upload, and a length unlike all others of a table's column are slips of typing alone,
and the reader has no such check. A check is a sentence on what does not hold. A field is compared with others only
where nobody is asked about them any more: of two fields that contradict each other, the one that is decided on later
tells it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from decimal import Decimal

from django.utils import timezone

from ml.reading.forms.layouts import Kind, Layout, LayoutField
from ml.reading.forms.routing import is_routing_number
from recognition.amounts import amount_of
from recognition.models import Decision, FieldReading
from recognition.values import day_of

CHECK_DIGIT = "The check digit is wrong: this is no routing number, or one of its digits is mistyped."
NO_FORM = "This does not have the form that belongs here."
ZERO = "The amount is 0."
FAR_OFF = "This is {years} years {way} the document was uploaded."
UNREAD_SYMBOL = "A ? stands for a symbol that is not read."
NO_LINE = "This is not how the MICR line of this layout is built."
ELSEWHERE = "“{other}” says the same number, and there stands {value}."
IN_LINE = "The MICR line has {value} in this place."
NOT_IN_FIELD = "The line has {here} in the place of “{other}”, where {value} stands."
NO_SUM = "The amounts add up to {parts}, and “{total}” says {total_value}."

UNLIKE_COLUMN = "All other numbers of this column have {digits}, decimals aside."

LEAST_ALIKE = 5
"""So many other numbers of a column tell how many digits belong there. Fewer are alike by chance."""

YEARS_BACK, YEARS_AHEAD = 120, 10
"""Dates farther from the upload are mistyped: nobody who fills in a form is older, no paper is valid longer."""


def checks_of(reading: FieldReading, value: str) -> list[str]:
    """The checks against a value of this field; uses what `prefetch_related` fetched for the page.

    The objection to a cheque's date is not among them: `recognition.cheques` tells it.
    """
    if value and reading.table_id is not None:
        return [*_unlike_column(reading, value)]
    if not value or not reading.of_layout:
        return []
    checks: list[str] = [sentence for judge in _JUDGES for sentence in judge(reading, value)]
    field, layout = reading.layout_field, reading.page.layout_read
    if field is not None and layout is not None:
        others = _settled(reading)
        checks += [sentence for compare in _COMPARISONS for sentence in compare(field, value, layout, others)]
        checks += _totals(field, value, layout, others, _empty(reading, layout))
    return checks


def standing_checks(reading: FieldReading) -> list[str]:
    """The reader's checks of what it read; of what a person decided, those that speak against their value."""
    decision = reading.decision
    if decision is None:
        return list(reading.checks)
    return [check for check in checks_of(reading, decision.value) if check not in decision.overrode]


def _unlike_column(cell: FieldReading, value: str) -> Iterator[str]:
    """The value has another number of digits than all other settled numbers of its column: a slip, or a lost mark."""
    column = [
        other
        for other in cell.page.readings.all()
        if (other.table_id, other.column) == (cell.table_id, cell.column) and other.pk != cell.pk
    ]
    lengths = [_whole_digits(other.current_value) for other in column if other.current_value and not other.needs_person]
    usual = lengths[0] if len(lengths) >= LEAST_ALIKE and len({*lengths}) == 1 else None
    if usual is not None and _whole_digits(value) not in (None, usual):
        yield UNLIKE_COLUMN.format(digits=f"{usual} digit{'' if usual == 1 else 's'}")


def _whole_digits(value: str) -> int | None:
    """How many digits stand before the decimals; None where the value is no plain number."""
    found = re.fullmatch(r"-?([0-9]+)(?:\.[0-9]+)?", value)
    return len(found[1]) if found else None


def _settled(reading: FieldReading) -> dict[str, FieldReading]:
    """The page's other fields with a value on which nobody is asked, by name."""
    return {other.field: other for other in _others(reading) if other.current_value and not other.needs_person}


def _others(reading: FieldReading) -> Iterator[FieldReading]:
    return (other for other in reading.page.readings.all() if other.of_layout and other.pk != reading.pk)


def _empty(reading: FieldReading, layout: Layout) -> set[str]:
    """The names of the page's other fields in which nothing stands."""
    optional = {field.name for field in layout.fields if not field.required}
    return {other.field for other in _others(reading) if _is_empty(other, may_be=other.field in optional)}


def _is_empty(reading: FieldReading, *, may_be: bool) -> bool:
    """Whether a person said that nothing stands there, or the reader saw nothing where nothing has to stand."""
    if reading.decision is not None:
        return reading.decision.verdict == Decision.Verdict.ABSENT
    return may_be and not (reading.value or reading.text or reading.checks)


def _misfit(reading: FieldReading, value: str) -> Iterator[str]:
    """Amounts and dates are typed in another form than the paper has, so that their layout's form says nothing."""
    field = reading.layout_field if reading.kind in (Kind.DIGITS, Kind.POSTAL_CODE) else None
    if field is None or field.mismatch(value) is None:
        return
    if field.length is None or field.length[0] <= len(value) <= field.length[1]:
        yield NO_FORM
        return
    least, most = field.length
    wanted = f"{least}" if least == most else f"{least} to {most}"
    yield f"This has {len(value)} digit{'' if len(value) == 1 else 's'}, and {wanted} belong here."


def _check_digit(reading: FieldReading, value: str) -> Iterator[str]:
    if reading.field == "routing_number" and not is_routing_number(value):
        yield CHECK_DIGIT


def _zero(reading: FieldReading, value: str) -> Iterator[str]:
    if reading.kind == Kind.AMOUNT and not Decimal(value):
        yield ZERO


def _far_off(reading: FieldReading, value: str) -> Iterator[str]:
    day = day_of(value) if reading.kind == Kind.DATE else None
    if day is None:
        return
    years = day.year - timezone.localtime(reading.page.document.created_at).year
    if not -YEARS_BACK <= years <= YEARS_AHEAD:
        yield FAR_OFF.format(years=abs(years), way="after" if years > 0 else "before")


def _unread_symbol(reading: FieldReading, value: str) -> Iterator[str]:
    if reading.kind == Kind.MICR and "?" in value:
        yield UNREAD_SYMBOL


_JUDGES: tuple[Callable[[FieldReading, str], Iterator[str]], ...] = (
    _misfit, _check_digit, _zero, _far_off, _unread_symbol,
)  # fmt: skip
"""Each looks at the value alone."""


def _repeats(field: LayoutField, value: str, layout: Layout, others: dict[str, FieldReading]) -> Iterator[str]:
    """Another place of the same number has another value."""
    places = {field.same_as, *(other.name for other in layout.fields if other.same_as == field.name)}
    for other in (others[place] for place in places if place in others):
        if other.current_value.lstrip("0") != value.lstrip("0"):
            yield ELSEWHERE.format(other=other.label, value=other.current_value)


def _part_of_line(field: LayoutField, value: str, layout: Layout, others: dict[str, FieldReading]) -> Iterator[str]:
    """A part of the MICR line has another value there."""
    line = next((other for other in others.values() if other.kind == Kind.MICR), None)
    there = _parts(layout, line.current_value).get(field.in_micr) if line is not None and field.in_micr else None
    if there is not None and there != value:
        yield IN_LINE.format(value=there)


def _whole_line(field: LayoutField, value: str, layout: Layout, others: dict[str, FieldReading]) -> Iterator[str]:
    """The MICR line has another form, or one of its parts another value in its own field."""
    if field.kind is not Kind.MICR or layout.micr is None:
        return
    parts = _parts(layout, value)
    if not parts and "?" not in value:
        yield NO_LINE
    for part in layout.fields:
        here, other = parts.get(part.in_micr), others.get(part.name)
        if here and other is not None and other.current_value != here:
            yield NOT_IN_FIELD.format(here=here, other=other.label, value=other.current_value)
        elif here and other is None and part.name == "routing_number" and not is_routing_number(here):
            yield CHECK_DIGIT


def _parts(layout: Layout, line: str) -> dict[str, str]:
    """The digits of each named part of a MICR line; empty where the line has another form."""
    spans = layout.micr.parts(line) if layout.micr is not None else None
    texts = {name: line[start:end] for name, (start, end) in (spans or {}).items()}
    return {name: "".join(filter(str.isdigit, text)) for name, text in texts.items()}


def _totals(
    field: LayoutField, value: str, layout: Layout, others: dict[str, FieldReading], empty: AbstractSet[str]
) -> Iterator[str]:
    """A total is not the sum of its parts, and all its other amounts are settled. An empty part adds nothing."""
    read = {name: other.current_value for name, other in others.items()} | {field.name: value}
    values = dict.fromkeys(empty, "0") | read
    for total in layout.fields:
        is_asked = total.sum_of and field.name in (total.name, *total.sum_of)
        if not is_asked or total.name not in read or not values.keys() >= {*total.sum_of}:
            continue
        parts = sum((Decimal(values[name]) for name in total.sum_of), Decimal())
        if parts != Decimal(values[total.name]):
            spoken = [amount_of(f"{amount:.2f}", total.convention) for amount in (parts, Decimal(values[total.name]))]
            yield NO_SUM.format(parts=spoken[0], total=total.display_name, total_value=spoken[1])


_COMPARISONS: tuple[Callable[[LayoutField, str, Layout, dict[str, FieldReading]], Iterator[str]], ...] = (
    _repeats, _part_of_line, _whole_line,
)  # fmt: skip
"""Each compares the value with other fields of the page."""
