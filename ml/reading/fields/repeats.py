"""A number that stands in two places of a sheet, held side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ml.reading.elements import Reading
from ml.reading.fields.constants import REPEATS
from ml.reading.forms.layouts import Layout

NEXT_LIKELIEST = "Read as {first} at first; {value}, the next likeliest, is what stands in the other place: {other}."
CONTRADICTION = "Two places contradict each other: here {here} was read, and {there} in the other: {other}."


def compared(readings: Sequence[Reading], layout: Layout) -> tuple[Reading, ...]:
    """Readings of a sheet, in their order, after numbers that stand in two places were held side by side.

    Where both say the same, and one is sure of it, so is the other. Where they differ, and the one place may also be
    read as the other says, that is its value, for a person to confirm; else both go to a person, and both say why.
    """
    own = {one.field: one for one in readings}
    for field in layout.fields:
        if field.same_as:
            here, there = own[field.name], own[field.same_as]
            own[field.name], own[field.same_as] = _side_by_side(here, there)
    return tuple(own[one.field] for one in readings)


def _side_by_side(here: Reading, there: Reading) -> tuple[Reading, Reading]:
    if not here.value or not there.value:
        return here, there
    if _plain(here.value) == _plain(there.value):
        sure = there.accepted and not here.accepted
        return (replace(here, accepted=True, checks=(), confidence=there.confidence) if sure else here), there
    likely = (one for one in here.hypotheses if one.probability >= REPEATS.runner_up)
    fitting = next((one for one in likely if _plain(one.digits) == _plain(there.value)), None)
    if fitting is not None:
        told = NEXT_LIKELIEST.format(first=here.value, value=fitting.digits, other=_told(there))
        chance = fitting.probability
        settled = replace(here, value=fitting.digits, text=fitting.digits, digits=(), confidence=chance)
        return replace(settled, accepted=False, checks=(told,)), there
    return _disputed(here, there), _disputed(there, here) if here.confidence >= REPEATS.believed else there


def _disputed(here: Reading, there: Reading) -> Reading:
    told = CONTRADICTION.format(here=here.value, there=there.value, other=_told(there))
    return replace(here, accepted=False, checks=(told, *here.checks))


def _told(reading: Reading) -> str:
    """A field's name as people say it."""
    return reading.field.replace("_", " ").replace("-", " ")


def _plain(value: str) -> str:
    """Without noughts that only fill a place."""
    return value.lstrip("0")
