"""Repeats: a sheet's readings in, the same out after each number that stands in two places was compared with itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ml.reading.elements import Reading
from ml.reading.fields.constants import REPEATS
from ml.reading.forms.layouts import Layout

NEXT_LIKELIEST = "Read as {first} at first; {value}, the next likeliest, is what stands in the other place: {other}."
CONTRADICTION = "Two places contradict each other: here {here} was read, and {there} in the other: {other}."


def check_repeats(readings: Sequence[Reading], layout: Layout) -> tuple[Reading, ...]:
    """Compare the two places of each number that stands in two places of a sheet.

    If both have the same value and one of them passes, so does the other. If they differ, and the first place has the
    second's value among its runners-up, that becomes its value, for a person to confirm. Otherwise both go to a person,
    with a check each.

    Args:
        readings: Of all fields of a sheet.
        layout: Its fields name the other place of a number (`same_as`).

    Returns:
        The readings in the same order.
    """
    by_name = {reading.field: reading for reading in readings}
    for field in layout.fields:
        if field.same_as:
            here, there = by_name[field.name], by_name[field.same_as]
            by_name[field.name], by_name[field.same_as] = _check_places(here, there)
    return tuple(by_name[reading.field] for reading in readings)


def _check_places(here: Reading, there: Reading) -> tuple[Reading, Reading]:
    if not here.value or not there.value:
        return here, there
    if _without_zeros(here.value) == _without_zeros(there.value):
        if there.accepted and not here.accepted:
            here = replace(here, accepted=True, checks=(), confidence=there.confidence)
        return here, there
    confirmed = _confirmed_runner_up(here, there)
    if confirmed is not None:
        return confirmed, there
    return _contradicted(here, there), _contradicted(there, here) if here.confidence >= REPEATS.believed else there


def _confirmed_runner_up(here: Reading, there: Reading) -> Reading | None:
    """The reading with the runner-up that the other place confirms; None if none is likely enough."""
    likely = (hypothesis for hypothesis in here.hypotheses if hypothesis.probability >= REPEATS.runner_up)
    for hypothesis in likely:
        value = hypothesis.text
        if _without_zeros(value) == _without_zeros(there.value):
            sentence = NEXT_LIKELIEST.format(first=here.value, value=value, other=_spoken(there))
            changed = replace(here, value=value, text=value, digits=(), confidence=hypothesis.probability)
            return replace(changed, accepted=False, checks=(sentence,))
    return None


def _contradicted(here: Reading, there: Reading) -> Reading:
    sentence = CONTRADICTION.format(here=here.value, there=there.value, other=_spoken(there))
    return replace(here, accepted=False, checks=(sentence, *here.checks))


def _spoken(reading: Reading) -> str:
    """A field's name for people."""
    return reading.field.replace("_", " ").replace("-", " ")


def _without_zeros(value: str) -> str:
    """A number without the zeros that only fill its place up."""
    return value.lstrip("0")
