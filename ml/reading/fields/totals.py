"""An amount that is the sum of others, held beside them: it tells whether all were read right."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from ml.reading.elements import Hypothesis, Reading
from ml.reading.fields.constants import TOTALS
from ml.reading.forms.layouts import Layout, LayoutField
from ml.reading.forms.money import NO_CENTS

NEXT_LIKELIEST = "Read as {first} at first; with {value} the amounts add up to what “{total}” says."
CONTRADICTION = "The amounts add up to {parts}, and “{total}” says {total_read}: one was misread, or added up wrongly."


@dataclass(frozen=True, slots=True)
class _Choice:
    """A runner-up of one amount.

    Attributes:
        at: Which amount's.
        value: As a reading has it: "1234.50".
        shift: What it adds to the parts' sum less the total, in cents.
        odds: How likely it is beside what was read.
    """

    at: int
    value: str
    shift: int
    odds: float


def check_totals(readings: Sequence[Reading], layout: Layout, threshold: float) -> tuple[Reading, ...]:
    """Readings of a sheet, in their order, after each total was held beside its parts.

    Where they add up, one of them misread is next to impossible, and all are as sure as that. Where they do with one
    or two runners-up, these take the place of what was read, and it is said; how likely that makes them decides whether
    a person has to confirm. Where they do not, somebody misread or added up wrongly: whatever may be it goes to a
    person, who is told.

    Args:
        readings: All of a sheet.
        layout: With fields that are the sum of others.
        threshold: The least confidence that passes, 0 to 1.
    """
    own = {one.field: one for one in readings}
    fields = {field.name: field for field in layout.fields}
    for field in layout.fields:
        if field.sum_of:
            names = (*field.sum_of, field.name)
            settled = _settled([own[name] for name in names], [fields[name] for name in names], threshold)
            own.update(zip(names, settled, strict=True))
    return tuple(own[one.field] for one in readings)


def _settled(amounts: Sequence[Reading], fields: Sequence[LayoutField], threshold: float) -> Sequence[Reading]:
    """Parts, and last their total."""
    if any(not one.value and (field.required or one.checks) for one, field in zip(amounts, fields, strict=True)):
        return amounts  # where one is not read, nothing can be said
    chances = [
        min(max(one.confidence, TOTALS.least_confidence), TOTALS.most_confidence)
        if one.value
        else TOTALS.most_confidence
        for one in amounts
    ]
    off = sum(_cents(one.value) * (1 if at < len(amounts) - 1 else -1) for at, one in enumerate(amounts))
    fitting = [(math.prod(one.odds for one in way), way) for way in _ways(amounts, off)]
    best, way = max(fitting, key=lambda one: one[0], default=(0.0, ()))
    as_read = math.prod(chances)
    others = (1 - as_read) * TOTALS.by_chance + (as_read * TOTALS.added_wrongly * TOTALS.looks_misread if way else 0.0)
    chance = as_read * best / (as_read * sum(odds for odds, _ in fitting) + others)
    if chance < TOTALS.believed:
        return _contradicting(amounts, fields[-1], chances, off, threshold)
    changed = {choice.at: choice for choice in way}
    return [
        _changed(one, changed[at], chance, fields[-1], threshold)
        if at in changed
        else _confirmed(one, chance, threshold)
        for at, one in enumerate(amounts)
    ]


def _ways(amounts: Sequence[Reading], off: int) -> Iterator[tuple[_Choice, ...]]:
    """Sets of runners-up with which the parts add up to the total: none, one, or of several amounts one each."""
    choices = [choice for at, one in enumerate(amounts) for choice in _choices(one, at, at == len(amounts) - 1)]
    for count in range(TOTALS.most_changed + 1):
        for way in combinations(choices, count):
            if len({choice.at for choice in way}) == count and off + sum(choice.shift for choice in way) == 0:
                yield way


def _choices(amount: Reading, at: int, is_total: bool) -> list[_Choice]:
    """An amount's runners-up, and itself with its last two digits as cents where no mark for these was found."""
    if not amount.value:
        return []
    values = {one.digits: one.probability for one in amount.hypotheses if one.digits != amount.value}
    if NO_CENTS in amount.checks:
        values[_as_amount(_cents(amount.value) // 100)] = amount.confidence
    sign = -1 if is_total else 1
    own, sure = _cents(amount.value), max(amount.confidence, TOTALS.least_confidence)
    return [_Choice(at, value, sign * (_cents(value) - own), chance / sure) for value, chance in values.items()]


def _confirmed(amount: Reading, chance: float, threshold: float) -> Reading:
    if not amount.value or chance < threshold:
        return amount
    return replace(_weighed(amount, amount.value, max(amount.confidence, chance)), accepted=True, checks=())


def _changed(amount: Reading, choice: _Choice, chance: float, total: LayoutField, threshold: float) -> Reading:
    told = NEXT_LIKELIEST.format(first=amount.value, value=choice.value, total=_told(total))
    shown = replace(_weighed(amount, choice.value, chance), text=choice.value, digits=())
    return replace(shown, accepted=chance >= threshold, checks=(told,))


def _weighed(amount: Reading, value: str, chance: float) -> Reading:
    """An amount with a value that is so likely; its other readings share what is left as they did."""
    others = [one for one in amount.hypotheses if one.digits != value]
    rest = max(sum(one.probability for one in others), 1e-12)
    less = (Hypothesis(one.digits, one.probability / rest * (1 - chance)) for one in others)
    return replace(amount, value=value, confidence=chance, hypotheses=(Hypothesis(value, chance), *less))


def _contradicting(
    amounts: Sequence[Reading], total: LayoutField, chances: Sequence[float], off: int, threshold: float
) -> list[Reading]:
    """All that are not sure enough not to be what is wrong."""
    total_read = _cents(amounts[-1].value)
    told = CONTRADICTION.format(parts=_as_amount(off + total_read), total=_told(total), total_read=amounts[-1].value)
    odds = [(1 - chance) / chance for chance in chances]
    whole = sum(odds) + TOTALS.added_wrongly
    least = max(threshold, TOTALS.blameless)
    doubted = []
    for one, own in zip(amounts, odds, strict=True):
        confidence = min(one.confidence, 1 - own / whole)
        passes = one.accepted and confidence >= least
        checks = one.checks if passes or not one.value else (told, *one.checks)
        share = confidence / max(one.confidence, TOTALS.least_confidence)  # the rest is what nobody read
        readings = tuple(Hypothesis(other.digits, share * other.probability) for other in one.hypotheses)
        doubted.append(replace(one, accepted=passes, confidence=confidence, checks=checks, hypotheses=readings))
    return doubted


def _told(field: LayoutField) -> str:
    """As the form prints it, on one line."""
    return " ".join(field.spoken.split())


def _cents(value: str) -> int:
    return int(value.replace(".", "")) if value else 0


def _as_amount(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
